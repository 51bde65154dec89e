#include "programs/cli/report.h"

#include "programs/cli/commands.h"

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace kintsugi::cli {
namespace {

std::string kind_of(Errc code, const Tongue& say) {
  switch (code) {
    case Errc::NotFound: return say("error.not_found");
    case Errc::Refused: return say("error.refused");
    case Errc::Conflict: return say("error.conflict");
    case Errc::Invalid: return say("error.invalid");
    case Errc::Transient: return say("error.transient");
    case Errc::Corrupt: break;
  }
  return say("error.corrupt");
}

bool has_japanese(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0xE3; });
}

}  // namespace

int exit_of(const Error& error) {
  switch (error.code) {
    case Errc::NotFound: return not_found;
    case Errc::Refused: return denied;
    case Errc::Conflict: return conflict;
    case Errc::Invalid: return usage;
    case Errc::Transient: return unavailable;
    case Errc::Corrupt: return failed;
  }
  return failed;
}

int report(const Error& error) {
  if (!error.what.empty()) std::fprintf(stderr, "kintsugi: %s\n", error.what.c_str());
  return exit_of(error);
}

std::string in_words(const std::string& mistake, const Tongue& say) {
  if (say.language() == Language::en) return mistake;
  std::string ja = in_japanese(mistake, {error_wordings(), form_wordings()});
  return ja.empty() ? mistake : ja;
}

std::string in_words(const Error& error, const Tongue& say) {
  if (say.language() == Language::en || error.what.empty()) return error.what;
  std::string ja = in_japanese(error.what, {error_wordings(), form_wordings()});
  return has_japanese(ja) ? ja : kind_of(error.code, say) + ": " + error.what;
}

int report(const Error& error, const Tongue& say) {
  return report(Error{error.code, in_words(error, say)});
}

}  // namespace kintsugi::cli

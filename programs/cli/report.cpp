#include "programs/cli/commands.h"

#include <cstdio>

namespace kintsugi::cli {

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

}  // namespace kintsugi::cli

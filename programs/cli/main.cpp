#include "programs/cli/commands.h"
#include "programs/cli/unknown_word.h"

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
  std::fprintf(stderr, "kintsugi: %s\n", error.what.c_str());
  return exit_of(error);
}

}  // namespace kintsugi::cli

int main(int count, char** words) {
  using namespace kintsugi::cli;
  CLI::App app{"Kintsugi: the handling of a fault in a remotely serviced medical device", "kintsugi"};
  app.require_subcommand(1);
  int exit = ok;
  add_installation(app, exit);
  add_demo(app, exit);
  add_workflow(app, exit);
  add_audit(app, exit);
  add_database(app, exit);
  add_outbox(app, exit);
  add_vault(app, exit);
  add_intake(app, exit);
  if (const auto mistake = unknown_word(app, {words + 1, words + count})) {
    std::fprintf(stderr, "kintsugi: %s\n", mistake->c_str());
    return usage;
  }
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? ok : usage;
  }
  return exit;
}

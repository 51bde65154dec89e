#include "adapters/sodium/phone.h"
#include "programs/cli/client/words.h"
#include "programs/cli/commands.h"

#include <fmt/format.h>

#include <memory>

namespace kintsugi::cli {
namespace {

int run(const std::string& file, const Tongue& say) {
  const auto code = sodium::Phone(file).next_code(SystemClock());
  if (code) {
    fmt::print("{}\n", *code);
    return ok;
  }
  if (code.error().code == Errc::NotFound) return report({Errc::Invalid, say("data.file", file)});
  if (code.error().code == Errc::Invalid) return report({Errc::Invalid, say("code.secret", file)});
  return report({code.error().code, say("profile.unwritable", file + ".used")});
}

}  // namespace

void add_code(CLI::App& app, int& exit, const Tongue& say) {
  auto file = std::make_shared<std::string>();
  CLI::App* one = app.add_subcommand("code", "a one-time code that was not given out before; may wait half a minute");
  one->add_option("file", *file, "the secret of the codes, as join --otpauth-file wrote it")->required();
  one->callback([file, &exit, say] { exit = run(*file, say); });
}

}  // namespace kintsugi::cli

#include "adapters/sodium/hasher.h"
#include "engine/base/clock.h"
#include "programs/cli/client/reading.h"
#include "programs/cli/client/terminal.h"
#include "programs/cli/client/words.h"
#include "programs/cli/commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <thread>
#include <unistd.h>

namespace kintsugi::cli {
namespace {

constexpr std::chrono::milliseconds look_at_clock_again{200};

// The step whose code was given out last is kept beside the secret, because a code is good once.
std::int64_t last_step(const Tongue& say, const std::string& file) {
  std::int64_t step = 0;
  if (::access(file.c_str(), R_OK) != 0) return step;
  if (const auto text = whole_file(say, file)) std::from_chars(text->data(), text->data() + text->size(), step);
  return step;
}

int run(const std::string& file, const Tongue& say) {
  const auto uri = whole_file(say, file);
  if (!uri) return report(uri.error());
  const auto secret = sodium::secret_of(std::string_view(*uri).substr(0, uri->find_first_of("\r\n")));
  if (!secret) return report({Errc::Invalid, say("code.secret", file)});
  const SystemClock clock;
  const std::string used = file + ".used";
  // The server takes the code of the step before and of the step after as well, each once.
  const std::int64_t earliest = last_step(say, used) + 1;
  const std::int64_t latest = sodium::step_of(clock.now()) + 2 * sodium::code_steps_off_max + 1;
  const std::int64_t wanted = std::clamp(earliest, sodium::step_of(clock.now()) - sodium::code_steps_off_max, latest);
  while (sodium::step_of(clock.now()) + sodium::code_steps_off_max < wanted)
    std::this_thread::sleep_for(look_at_clock_again);
  if (auto kept = write_private(say, used, std::to_string(wanted) + "\n"); !kept) return report(kept.error());
  fmt::print("{}\n", sodium::code_of(*secret, wanted));
  return ok;
}

}  // namespace

void add_code(CLI::App& app, int& exit, const Tongue& say) {
  auto file = std::make_shared<std::string>();
  CLI::App* one = app.add_subcommand("code", "a one-time code that was not given out before; may wait half a minute");
  one->add_option("file", *file, "the secret of the codes, as join --otpauth-file wrote it")->required();
  one->callback([file, &exit, say] { exit = run(*file, say); });
}

}  // namespace kintsugi::cli

#include "adapters/intake/limits.h"
#include "adapters/intake/spool.h"
#include "engine/base/clock.h"
#include "programs/cli/commands.h"
#include "programs/cli/report.h"
#include "programs/server/home.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <string>

namespace kintsugi::cli {
namespace {

// What a mail server reads from a pipe (sysexits.h). Whatever goes wrong on our side is `try again`: it keeps the
// mail.
constexpr int mail_no_data = 65;
constexpr int mail_try_again = 75;

// Everything that comes, so that the sender is not cut off; what is kept is one byte more than a mail may have.
std::string read_mail_from(std::FILE* in, bool& whole) {
  std::string out;
  std::array<char, 65'536> buffer;
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), in)) > 0;)
    out.append(buffer.data(), std::min(n, intake::message_bytes_max + 1 - out.size()));
  whole = std::ferror(in) == 0;
  return out;
}

int take_from_pipe(const std::string& data, const Tongue& say) {
  const auto later = [](const std::string& why) {
    std::fprintf(stderr, "kintsugi: %s\n", why.c_str());
    return mail_try_again;
  };
  bool whole = false;
  const std::string bytes = read_mail_from(stdin, whole);
  if (!whole) return later(say("intake.unreadable"));
  if (bytes.empty()) return mail_no_data;
  const auto home = open_home(data);
  if (!home) return later(in_words(home.error(), say));
  SystemClock clock;
  SystemEntropy entropy;
  const intake::Spool spool(home->intake());
  if (auto done = spool.prepare(clock.now()); !done) return later(in_words(done.error(), say));
  if (auto done = spool.put(bytes, clock.now(), entropy); !done) return later(in_words(done.error(), say));
  return ok;
}

}  // namespace

void add_intake(CLI::App& app, int& exit, const Tongue& say) {
  auto data = std::make_shared<std::string>();
  CLI::App* noun = app.add_subcommand("intake", "what comes in by mail")->require_subcommand(1);
  CLI::App* mail = noun->add_subcommand(
      "mail", "take one mail from standard input, for a mail server's pipe; exit codes are those of sysexits");
  mail->add_option("--data", *data, "the installation")->envname("KINTSUGI_DATA")->required();
  mail->callback([data, &exit, say] { exit = take_from_pipe(*data, say); });
}

}  // namespace kintsugi::cli

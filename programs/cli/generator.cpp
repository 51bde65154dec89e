#include "programs/cli/client/reading.h"
#include "programs/cli/client/terminal.h"
#include "programs/cli/commands.h"
#include "programs/cli/proof.h"
#include "programs/cli/qr.h"

#include <fmt/format.h>

#include <memory>
#include <unistd.h>

// The generator of one's codes, and the codes for the day on which it is lost.
namespace kintsugi::cli {
namespace {

struct GeneratorOptions {
  VisitOptions visit;
  bool from_stdin = false;
};

// The new secret holds only once it has made a code, so whoever breaks off here keeps the old one.
int change(const GeneratorOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const auto proof = ask_proof(options.from_stdin, say);
  if (!proof) return report(proof.error());
  const Reply reply = visit->api.submit("/api/v1/code-enrolments", *proof);
  if (!reply.good()) return visit->refuse(reply);
  const std::string uri = text_of(reply.json, "otpauth_uri");
  fmt::print("{}\n{}\n", say("generator.show"), uri);
  if (::isatty(STDOUT_FILENO) == 1) fmt::print("{}", qr_text(uri));
  std::fflush(stdout);
  const auto code =
      options.from_stdin ? line_of_input(say, "code") : ask_secret(say, say("ask.first_code"), from_input);
  if (!code) return report(code.error());
  const Reply confirmed = visit->api.submit("/api/v1/code-enrolments/confirm", {{"code", *code}});
  if (!confirmed.good()) return visit->refuse(confirmed);
  fmt::print("{}\n", say("generator.done"));
  return ok;
}

int recovery_codes(const GeneratorOptions& options, const Tongue& say) {
  auto visit = Visit::begin(options.visit, say);
  if (!visit) return report(visit.error());
  const auto proof = ask_proof(options.from_stdin, say);
  if (!proof) return report(proof.error());
  const Reply reply = visit->api.submit("/api/v1/recovery-codes", *proof);
  if (!reply.good()) return visit->refuse(reply);
  std::string text = say("recovery.show") + "\n";
  for (const Json& one : list_of(reply.json, "recovery_codes"))
    if (one.is_string()) text += "  " + one.get<std::string>() + "\n";
  visit->show(reply, text);
  return ok;
}

}  // namespace

void add_generator(CLI::App& app, int& exit, const Tongue& say) {
  const auto command = [&](const char* name, const char* what, int (*run)(const GeneratorOptions&, const Tongue&)) {
    auto options = std::make_shared<GeneratorOptions>();
    CLI::App* one = app.add_subcommand(name, what);
    add_profile(*one, options->visit);
    one->callback([options, run, &exit, say] { exit = run(*options, say); });
    return std::pair{one, options};
  };
  {
    auto [one, options] =
        command("generator", "change the generator of your codes; the old one is good until the new one's first code",
                change);
    one->add_flag("--password-stdin", options->from_stdin,
                  "password, code and first code of the new secret, a line each, from standard input");
  }
  {
    auto [one, options] =
        command("recovery-codes",
                "ten codes for the day on which the generator is lost; shown once, the old ones end", recovery_codes);
    add_output(*one, options->visit);
    one->add_flag("--password-stdin", options->from_stdin, "password and code, a line each, from standard input");
  }
}

}  // namespace kintsugi::cli

#include "programs/cli/commands.h"
#include "programs/cli/opened.h"

#include <fmt/format.h>

#include <memory>

namespace kintsugi::cli {
namespace {

int invite(const std::string& data, const std::vector<std::string>& mails) {
  SystemClock clock;
  SystemEntropy entropy;
  auto server = opened(data, clock, entropy);
  if (!server) return report(server.error());
  for (const std::string& mail : mails) {
    const Person* person = (*server)->conductor().directory()->person_by_mail(mail);
    if (person == nullptr) return report({Errc::NotFound, "nobody here has the mail address " + mail});
    const auto code = (*server)->accounts().invite(person->id);
    if (!code) return report(code.error());
    fmt::print("{}\t{}\n", mail, *code);
  }
  return ok;
}

}  // namespace

void add_people(CLI::App& app, int& exit) {
  struct Options {
    std::string data;
    std::vector<std::string> mails;
  };
  auto options = std::make_shared<Options>();
  CLI::App* noun = app.add_subcommand("person", "people of an installation")->require_subcommand(1);
  CLI::App* one = noun->add_subcommand(
      "invite", "codes with which they set their first passwords, good for 72 h; the server must not be running");
  one->add_option("--data", options->data, "the installation")->envname("KINTSUGI_DATA")->required();
  one->add_option("mail", options->mails, "mail addresses, as the masters have them")->required();
  one->callback([options, &exit] { exit = invite(options->data, options->mails); });
}

}  // namespace kintsugi::cli

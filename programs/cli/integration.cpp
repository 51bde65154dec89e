#include "programs/cli/commands.h"
#include "programs/cli/opened.h"
#include "programs/cli/report.h"

#include <fmt/format.h>

#include <memory>

// Systems that report faults for the devices of a hospital; docs/api/compat.md.
namespace kintsugi::cli {
namespace {

struct IntegrationOptions {
  std::string data, id, hospital, name;
  Integration labels;
  int overlap_h = 24;
};

int give_token(Server& server, const IntegrationId& id, int overlap_h, const Tongue& say) {
  const auto token = server.integrations().new_token(id, std::chrono::hours(overlap_h));
  if (!token) return report(token.error(), say);
  fmt::print("{}\n", *token);
  return ok;
}

int run_add(const IntegrationOptions& options, const Tongue& say) {
  SystemClock clock;
  SystemEntropy entropy;
  auto server = opened(options.data, clock, entropy);
  if (!server) return report(server.error(), say);
  Integration wanted = options.labels;
  wanted.tenant = OrganisationId{options.hospital};
  wanted.name = {options.name, options.name};
  const auto made = (*server)->integrations().add(std::move(wanted));
  if (!made) return report(made.error(), say);
  fmt::print("{}\n", made->id.text());
  return give_token(**server, made->id, 0, say);
}

int run_token(const IntegrationOptions& options, const Tongue& say) {
  SystemClock clock;
  SystemEntropy entropy;
  auto server = opened(options.data, clock, entropy);
  if (!server) return report(server.error(), say);
  return give_token(**server, IntegrationId{options.id}, options.overlap_h, say);
}

}  // namespace

void add_integration(CLI::App& app, int& exit, const Tongue& say) {
  auto options = std::make_shared<IntegrationOptions>();
  CLI::App* noun = app.add_subcommand("integration", "other systems that report faults")->require_subcommand(1);
  const auto verb = [&](const char* name, const char* what) {
    CLI::App* one = noun->add_subcommand(name, what);
    one->add_option("--data", options->data, "the installation")->envname("KINTSUGI_DATA")->required();
    return one;
  };
  CLI::App* one = verb("add", "a new one of a hospital, with its token; the server must not be running");
  one->add_option("--hospital", options->hospital, "whose devices it reports for: org_…")->required();
  one->add_option("--name", options->name, "what people call it")->required();
  one->add_option("--device-label", options->labels.device_label, "label of an alert that is a device's id");
  one->add_option("--serial-label", options->labels.serial_label, "label of an alert that is a serial number");
  one->add_option("--code-label", options->labels.code_label, "label of an alert that is the fault code");
  one->add_option("--severity-label", options->labels.severity_label, "label of an alert that is the severity");
  one->callback([options, &exit, say] { exit = run_add(*options, say); });
  one = verb("token", "a new token for one of them; shown once");
  one->add_option("id", options->id, "integration_…")->required();
  one->add_option("--overlap-hours", options->overlap_h, "how long the old token stays good")
      ->check(CLI::Range(0, 720));
  one->callback([options, &exit, say] { exit = run_token(*options, say); });
}

}  // namespace kintsugi::cli

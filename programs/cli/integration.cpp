#include "programs/cli/commands.h"
#include "programs/cli/opened.h"

#include <fmt/format.h>

#include <memory>

namespace kintsugi::cli {
namespace {

int run_token(const std::string& data, const std::string& id, int overlap_h) {
  SystemClock clock;
  SystemEntropy entropy;
  auto server = opened(data, clock, entropy);
  if (!server) return report(server.error());
  const auto token = (*server)->integrations().new_token(IntegrationId{id}, std::chrono::hours(overlap_h));
  if (!token) return report(token.error());
  fmt::print("{}\n", *token);
  return ok;
}

}  // namespace

void add_integration(CLI::App& app, int& exit) {
  auto data = std::make_shared<std::string>();
  auto id = std::make_shared<std::string>();
  auto overlap = std::make_shared<int>(24);
  CLI::App* noun = app.add_subcommand("integration", "other systems that report faults")->require_subcommand(1);
  CLI::App* token = noun->add_subcommand("token", "a new token for one of them; shown once");
  token->add_option("--data", *data, "the installation")->envname("KINTSUGI_DATA")->required();
  token->add_option("id", *id, "integration_…")->required();
  token->add_option("--overlap-hours", *overlap, "how long the old token stays good")->check(CLI::Range(0, 720));
  token->callback([data, id, overlap, &exit] { exit = run_token(*data, *id, *overlap); });
}

}  // namespace kintsugi::cli

#include "adapters/sqlite/store.h"
#include "programs/cli/commands.h"
#include "programs/cli/opened.h"

#include <fmt/format.h>

#include <memory>

namespace kintsugi::cli {
namespace {

// What it is, in the words of docs/mails.md and docs/api/access-point.md: `mail M09`, `order open access_point`.
std::string kind_of(const Effect& effect) {
  if (effect.mail) return "mail " + effect.mail->mail;
  if (effect.order) return fmt::format("order {} {}", name_of(effect.order->order), name_of(effect.order->hop));
  if (effect.announcement) return fmt::format("webhook {}", name_of(effect.announcement->change));
  return "destroy_key";
}

Instant since(const OutboxRow& row) {
  return row.settled_at == Instant{} ? row.effect.at : row.settled_at;
}

int list(const std::string& data, const std::string& state) {
  const auto home = open_home(data);
  if (!home) return report(home.error());
  auto store = sqlite::Store::look_at(home->database().string());
  if (!store) return report(store.error());
  OutboxFilter filter;
  filter.state = from_name<EffectState>(state);
  filter.limit = 1000;
  const auto rows = (*store)->outbox(filter);
  if (!rows) return report(rows.error());
  for (const OutboxRow& row : *rows)
    fmt::print("{}  {}  {:<24} {:<9} since {}  {} attempts  {}\n", row.effect.id.text(), row.effect.case_id.text(),
               kind_of(row.effect), name_of(row.state), to_text(since(row)), row.attempts, row.last_error);
  fmt::print("{} effects {}\n", rows->size(), state);
  if (state == name_of(EffectState::gave_up) && !rows->empty())
    fmt::print("put the cause right, then: kintsugi outbox redrive --data {} {}\n", data,
               rows->front().effect.id.text());
  return ok;
}

int redrive(const std::string& data, const std::string& effect) {
  SystemClock clock;
  SystemEntropy entropy;
  auto server = opened(data, clock, entropy);
  if (!server) return report(server.error());
  // Whoever can read the directory is the machine's operator; the log knows him by no other name.
  Actor operator_at_machine;
  operator_at_machine.id = (*server)->home().node + "-operator";
  operator_at_machine.kind = Role::sys;
  operator_at_machine.auth = "job";
  if (auto done = (*server)->conductor().redrive(EffectId{effect}, operator_at_machine, Role::sys); !done)
    return report(done.error());
  fmt::print("{} waits for its next attempt; the server makes it when it is started\n", effect);
  return ok;
}

}  // namespace

void add_outbox(CLI::App& app, int& exit) {
  struct Options {
    std::string data, state = "gave_up", effect;
  };
  auto options = std::make_shared<Options>();
  CLI::App* noun = app.add_subcommand("outbox", "what is to be done in the world")->require_subcommand(1);
  CLI::App* show = noun->add_subcommand("list", "effects in one state");
  show->add_option("--data", options->data, "the installation")->envname("KINTSUGI_DATA")->required();
  show->add_option("--state", options->state, "waiting, leased, delivered, gave_up or withdrawn")
      ->check(CLI::IsMember({"waiting", "leased", "delivered", "gave_up", "withdrawn"}));
  show->callback([options, &exit] { exit = list(options->data, options->state); });
  CLI::App* again =
      noun->add_subcommand("redrive", "try one again that was given up; the server must not be running");
  again->add_option("--data", options->data, "the installation")->envname("KINTSUGI_DATA")->required();
  again->add_option("effect", options->effect, "effect_…")->required();
  again->callback([options, &exit] { exit = redrive(options->data, options->effect); });
}

}  // namespace kintsugi::cli

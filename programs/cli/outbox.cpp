#include "adapters/sqlite/store.h"
#include "programs/cli/commands.h"
#include "programs/cli/opened.h"
#include "programs/cli/outbox_served.h"
#include "programs/cli/report.h"

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

int list(const std::string& data, const std::string& state, const Tongue& say) {
  const auto home = open_home(data);
  if (!home) return report(home.error(), say);
  auto store = sqlite::Store::look_at(home->database().string());
  if (!store) return report(store.error(), say);
  OutboxFilter filter;
  filter.state = from_name<EffectState>(state);
  filter.limit = 1000;
  const auto rows = (*store)->outbox(filter);
  if (!rows) return report(rows.error(), say);
  for (const OutboxRow& row : *rows)
    fmt::print("{}  {}  {:<24} {:<9} {}  {}\n", row.effect.id.text(), row.effect.case_id.text(), kind_of(row.effect),
               name_of(row.state), say("outbox.tried", kintsugi::to_text(since(row)), row.attempts), row.last_error);
  fmt::print("{}\n", say("outbox.count", rows->size(), state));
  if (state == name_of(EffectState::gave_up) && !rows->empty())
    fmt::print("{}\n", say("outbox.redrive", data, rows->front().effect.id.text()));
  return ok;
}

int redrive(const std::string& data, const std::string& effect, const Tongue& say) {
  SystemClock clock;
  SystemEntropy entropy;
  auto server = opened(data, clock, entropy);
  if (!server) return report(server.error(), say);
  // Whoever can read the directory is the machine's operator; the log knows him by no other name.
  Actor operator_at_machine;
  operator_at_machine.id = (*server)->home().node + "-operator";
  operator_at_machine.kind = Role::sys;
  operator_at_machine.auth = "job";
  if (auto done = (*server)->conductor().redrive(EffectId{effect}, operator_at_machine, Role::sys); !done)
    return report(done.error(), say);
  fmt::print("{}\n", say("outbox.waits", effect));
  return ok;
}

}  // namespace

void add_outbox(CLI::App& app, int& exit, const Tongue& say) {
  struct Options {
    std::string data, state = "gave_up", effect;
    VisitOptions visit;
  };
  auto options = std::make_shared<Options>();
  CLI::App* noun = app.add_subcommand("outbox", "what is to be done in the world")->require_subcommand(1);
  const auto verb = [&](const char* name, const char* what) {
    CLI::App* one = noun->add_subcommand(name, what);
    one->add_option("--data", options->data, "the installation itself; else the profile's server")
        ->envname("KINTSUGI_DATA");
    add_profile(*one, options->visit);
    add_output(*one, options->visit);
    add_server(*one, options->visit);
    return one;
  };
  CLI::App* show = verb("list", "effects in one state");
  show->add_option("--state", options->state, "waiting, leased, delivered, gave_up or withdrawn")
      ->check(CLI::IsMember({"waiting", "leased", "delivered", "gave_up", "withdrawn"}));
  show->callback([options, show, &exit, say] {
    exit = works_in_directory(*show) ? list(options->data, options->state, say)
                                     : list_outbox(options->visit, options->state, say);
  });
  CLI::App* again = verb("redrive", "try one again that was given up; with --data the server must not be running");
  again->add_option("effect", options->effect, "effect_…")->required();
  again->callback([options, again, &exit, say] {
    exit = works_in_directory(*again) ? redrive(options->data, options->effect, say)
                                      : redrive_effect(options->visit, options->effect, say);
  });
}

}  // namespace kintsugi::cli

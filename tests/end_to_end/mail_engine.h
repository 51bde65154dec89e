#pragma once

#include "adapters/memory/store.h"
#include "adapters/smtp/mailer.h"
#include "engine/run/courier.h"
#include "engine/run/timekeeper.h"
#include "tests/end_to_end/mail_world.h"
#include "tests/support/memory_vault.h"
#include "workflows/fault_response/workflow.h"

#include <algorithm>
#include <set>

// An engine whose clock is the test's and whose sockets and mail server are real.
namespace kintsugi::testing {

inline const Instant mail_morning = *instant_from("2026-03-04T00:00:00Z");

// The real mailer, with a note of which letters the server took, in their order.
struct NotingMailer final : Mailer {
  smtp::Mailer line;
  std::vector<std::string> taken;  // message ids
  int away = 0;
  explicit NotingMailer(const smtp::Config& config) : line(config) {}
  Result<Posted> post(const Letter& letter, Instant at) override {
    auto posted = line.post(letter, at);
    if (posted)
      taken.push_back(letter.message_id);
    else
      ++away;
    return posted;
  }
};

struct MailEngine {
  memory::Store store;
  MemoryVault vault;
  ManualClock clock{mail_morning};
  SeededEntropy entropy{11};
  const Workflow& workflow = fault_response::fault_response();
  Conductor conductor{{.workflow = workflow,
                       .store = store,
                       .vault = vault,
                       .clock = clock,
                       .entropy = entropy,
                       .node = "outage",
                       .log_base = "audit.alpha.example"}};
  Timekeeper timekeeper{conductor, store, clock, "outage"};
  Config config;  // only its mail
  std::unique_ptr<NotingMailer> mailer;
  std::unique_ptr<Courier> courier;

  explicit MailEngine(const MailServer& mails, std::vector<Master> masters = world()) {
    use_mail_server(mails, config, masters);
    REQUIRE(conductor.open());
    REQUIRE(conductor.put_masters(masters));
    config.mail->connect_limit = 5s;
    mailer = std::make_unique<NotingMailer>(*config.mail);
    courier = std::make_unique<Courier>(Courier::Parts{.conductor = conductor,
                                                       .store = store,
                                                       .vault = vault,
                                                       .workflow = workflow,
                                                       .clock = clock,
                                                       .entropy = entropy,
                                                       .controller = {},
                                                       .mailer = mailer.get(),
                                                       .console_url = "https://kintsugi.example",
                                                       .mail_domain = "kintsugi.example"});
  }

  CaseId report(const char* nick, const char* code) { return report(device(nick), code, "unknown"); }
  CaseId report(const DeviceId& id, const char* code, const char* care) {
    Submission fault;
    fault.event = "fault";
    fault.actor.id = id.text();
    fault.actor.kind = Role::device;
    fault.actor.org = conductor.directory()->device(id)->tenant;
    fault.actor.auth = "token";
    fault.payload = {
        {"action", "trigger"}, {"dedup_key", code}, {"code", code}, {"care", care}, {"details", "stands still"}};
    const Outcome outcome = conductor.submit(std::move(fault));
    INFO(to_json_text(outcome));
    REQUIRE(outcome.kind == Outcome::Kind::moved);
    return outcome.case_id;
  }
  void acknowledge(const CaseId& id) {
    Submission one;
    one.event = "acknowledge";
    one.case_id = id;
    one.actor.kind = Role::none;
    one.actor.id = person("abe").text();
    one.actor.person = person("abe");
    one.actor.org = organisation("alpha");
    one.actor.auth = "pwd";
    const Outcome outcome = conductor.submit(std::move(one));
    INFO(to_json_text(outcome));
    REQUIRE(outcome.kind == Outcome::Kind::moved);
  }

  // Lets time go by, stopping wherever a timer or a delivery is due.
  void pass(Duration time) {
    const Instant until = clock.now() + time;
    for (int stops = 0; stops < 2000; ++stops) {
      while (timekeeper.step() + courier->step() > 0) {
      }
      if (clock.now() == until) return;
      Instant next = until;
      for (const auto& due : {store.next_timer(), store.next_effect()})
        if (due && *due > clock.now()) next = std::min(next, *due);
      clock.set(next);
    }
    FAIL("too many stops on the way");
  }

  std::set<std::string> readers(const Mail& mail) {
    const auto directory = conductor.directory();
    std::set<std::string> out;
    for (const PersonId& one : mail.to)
      out.insert(directory->person(one)->mail);
    for (const OrganisationId& one : mail.desks)
      out.insert(directory->organisation(one)->duty_desk_mail);
    return out;
  }
  // Mails in one state, oldest first.
  std::vector<OutboxRow> mails(std::optional<EffectState> state) {
    auto rows = store.outbox({.state = state, .limit = 10'000}).value();
    std::ranges::reverse(rows);
    std::erase_if(rows, [](const OutboxRow& row) { return !row.effect.mail; });
    return rows;
  }
};

}  // namespace kintsugi::testing

#include "adapters/memory/store.h"
#include "adapters/smtp/mailer.h"
#include "engine/run/courier.h"
#include "engine/run/timekeeper.h"
#include "tests/end_to_end/mail_world.h"
#include "tests/support/memory_vault.h"
#include "workflows/fault_response/workflow.h"

#include <algorithm>
#include <set>

// An hour without a mail server: the engine's clock is the test's, the sockets and the mail server are real.
namespace kintsugi::testing {
namespace {

const Instant morning = *instant_from("2026-03-04T00:00:00Z");

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

struct Engine {
  memory::Store store;
  MemoryVault vault;
  ManualClock clock{morning};
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

  explicit Engine(const MailServer& mails) {
    std::vector<Master> masters = world();
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

  CaseId report(const char* nick, const char* code) {
    Submission fault;
    fault.event = "fault";
    fault.actor.id = device(nick).text();
    fault.actor.kind = Role::device;
    fault.actor.org = conductor.directory()->device(device(nick))->tenant;
    fault.actor.auth = "token";
    fault.payload = {{"action", "trigger"}, {"dedup_key", code}, {"code", code}, {"details", "stands still"}};
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

}  // namespace

TEST_CASE("after an hour without a mail server every mail arrives once, in the order of its case", "[mail][engine]") {
  MailServer mails;
  mails.stop();  // its port is known, and nobody listens there
  Engine engine(mails);
  std::vector<CaseId> cases{engine.report("ct-1", "E-217"), engine.report("mr-2", "E-300")};
  engine.pass(5min);
  engine.acknowledge(cases[0]);
  engine.pass(15min);
  cases.push_back(engine.report("us-9", "E-9"));
  engine.pass(40min);
  REQUIRE(engine.clock.now() == morning + 1h);
  CHECK(engine.mailer->taken.empty());
  CHECK(engine.mailer->away > 20);
  CHECK(engine.mails(EffectState::delivered).empty());
  CHECK(engine.mails(EffectState::gave_up).empty());
  CHECK(engine.mails(std::nullopt).size() > cases.size());

  mails.start();
  engine.pass(11min);  // longer than the longest wait between two attempts
  const auto all = engine.mails(std::nullopt);
  CHECK(engine.mails(EffectState::delivered).size() == all.size());

  std::size_t letters = 0;
  for (const CaseId& id : cases) {
    std::vector<std::string> decided;
    for (const OutboxRow& row : all) {
      if (row.effect.case_id != id) continue;
      decided.push_back(row.effect.id.text() + "@kintsugi.example");
      letters += engine.readers(*row.effect.mail).size();
    }
    std::vector<std::string> taken = engine.mailer->taken;
    std::erase_if(taken, [&](const std::string& one) { return std::ranges::count(decided, one) == 0; });
    CHECK(taken == decided);
  }
  CHECK(engine.mailer->taken.size() == all.size());

  // What lies in the mailboxes: as many letters as there were readers, none twice.
  const auto arrived = mails.wait_for(letters);
  CHECK(arrived.size() == letters);
  std::set<std::pair<std::string, std::string>> different;
  for (const auto& [recipient, mail] : arrived)
    different.emplace(recipient, mail.message_id);
  CHECK(different.size() == arrived.size());
}

}  // namespace kintsugi::testing

#include "engine/base/digest.h"
#include "engine/run/courier.h"
#include "tests/support/toy_engine.h"
#include "tests/support/wait.h"

#include <future>

namespace kintsugi::toy {
namespace {

struct FakeMailer final : Mailer {
  std::vector<Letter> sent;
  std::vector<std::string> refused;
  int failures = 0;
  bool refuses = false;
  Result<Posted> post(const Letter& letter, Instant) override {
    if (refuses) return fail(Errc::Refused, "no such person");
    if (failures > 0) {
      --failures;
      return fail(Errc::Transient, "away");
    }
    sent.push_back(letter);
    return Posted{.sent = sha256(letter.body), .refused = refused};
  }
};

struct FakeController final : Controller {
  std::vector<std::pair<OrderKind, std::string>> seen;
  int failures = 0;
  Result<std::vector<HopAnswer>> carry_out(const Order& order, const std::string& key) override {
    seen.emplace_back(order.order, key);
    if (failures > 0) {
      --failures;
      return fail(Errc::Transient, "nothing heard");
    }
    const HopState state = order.order == OrderKind::open ? HopState::open : HopState::closed;
    return std::vector<HopAnswer>{{.hop = order.hop, .state = state, .generation = order.generation, .identity = {}}};
  }
};

struct Desk {
  World world;
  FakeMailer mailer;
  FakeController controller;
  bool manual = false;
  Courier::Parts parts() {
    return {.conductor = *world.conductor,
            .store = world.store,
            .vault = world.vault,
            .workflow = world.workflow,
            .clock = world.clock,
            .entropy = world.entropy,
            .controller = [this](const AccessPointId&) -> Controller* { return manual ? nullptr : &controller; },
            .mailer = &mailer,
            .console_url = "https://kintsugi.example",
            .mail_domain = "kintsugi.example"};
  }
  std::vector<OutboxRow> rows(EffectState state) {
    return world.store.outbox({.state = state, .case_id = {}}).value();
  }
  // Records of one event in the hospital's log.
  std::vector<Json> records(const std::string& event) {
    std::vector<Json> out;
    for (const std::string& body : world.records(world.hospital_log()))
      if (Json record = Json::parse(body); record.at("ev") == event) out.push_back(std::move(record));
    return out;
  }
};

}  // namespace

TEST_CASE("a mail is handed over once and the row keeps the digest of its bytes", "[run][courier]") {
  Desk desk;
  desk.world.open_case();
  Courier courier(desk.parts());
  CHECK(courier.step() == 1);
  CHECK(courier.step() == 0);
  REQUIRE(desk.mailer.sent.size() == 1);
  CHECK(desk.mailer.sent[0].to == std::vector<std::string>{"desk@centre.example"});
  const auto rows = desk.rows(EffectState::delivered);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].sent == sha256("https://kintsugi.example"));
}

TEST_CASE("a delivery that fails is tried again later and later, and then given up loudly", "[run][courier]") {
  Desk desk;
  const CaseId opened = desk.world.open_case();
  auto parts = desk.parts();
  parts.attempts_max = 3;
  Courier courier(parts);
  desk.mailer.failures = 100;
  CHECK(courier.step() == 0);
  const auto waiting = desk.rows(EffectState::waiting);
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0].due > desk.world.clock.now());
  CHECK(courier.step() == 0);
  CHECK(desk.mailer.failures == 99);
  for (int i = 0; i < 2; ++i) {
    desk.world.clock.advance(1min);
    courier.step();
  }
  CHECK(desk.mailer.failures == 97);
  const auto given_up = desk.rows(EffectState::gave_up);
  REQUIRE(given_up.size() == 1);
  CHECK(desk.world.file(opened).reopened == 1);  // the case was told

  SECTION("until a person sends it again") {
    desk.mailer.failures = 0;
    REQUIRE(desk.world.conductor->redrive(given_up[0].effect.id, person(), Role::hcf_sysadm));
    CHECK(courier.step() == 1);
    CHECK(desk.mailer.sent.size() == 1);
  }
}

TEST_CASE("what is given up stands in the hospital's log, and so does who sent it again", "[run][courier]") {
  Desk desk;
  const CaseId opened = desk.world.open_case();
  desk.mailer.refuses = true;
  Courier courier(desk.parts());
  courier.step();
  const auto given_up = desk.rows(EffectState::gave_up);
  REQUIRE(given_up.size() == 1);
  const std::string effect = given_up[0].effect.id.text();
  auto told = desk.records("effect.gave_up");
  REQUIRE(told.size() == 1);
  CHECK(told[0].at("case") == "c-" + opened.text().substr(5));
  CHECK(told[0].at("act").at("kind") == "service");
  CHECK(told[0].at("x") == Json{{"delivery", "e-" + effect.substr(7)}, {"effect", "mail"}, {"attempt", 1}});

  desk.mailer.refuses = false;
  int woken = 0;
  desk.world.conductor->on_commit([&](const Conductor::Committed& news) { woken += news.effects ? 1 : 0; });
  REQUIRE(desk.world.conductor->redrive(given_up[0].effect.id, person(), Role::hcf_sysadm));
  CHECK(woken == 1);
  CHECK(desk.world.conductor->redrive(given_up[0].effect.id, person(), Role::hcf_sysadm).error().code ==
        Errc::Refused);
  CHECK(desk.world.conductor->redrive(EffectId{"effect_none"}, person(), Role::hcf_sysadm).error().code ==
        Errc::NotFound);
  CHECK(woken == 1);
  told = desk.records("effect.redriven");
  REQUIRE(told.size() == 1);
  CHECK(told[0].at("act").at("id") == "u-" + sato.text().substr(7));
  CHECK(told[0].at("act").at("role") == "hcf_sysadm");
  CHECK(told[0].at("x").at("delivery") == "e-" + effect.substr(7));
  CHECK(courier.step() == 1);
  CHECK(desk.mailer.sent.size() == 1);
  CHECK(desk.records("effect.gave_up").size() == 1);
}

TEST_CASE("an order that is given up is recorded with its hospital", "[run][courier]") {
  Desk desk;
  desk.world.working_case();
  desk.controller.failures = 1;
  auto parts = desk.parts();
  parts.attempts_max = 1;
  Courier courier(parts);
  courier.step();
  REQUIRE(desk.rows(EffectState::gave_up).size() == 1);
  const auto told = desk.records("effect.gave_up");
  REQUIRE(told.size() == 1);
  CHECK(told[0].at("x").at("effect") == "order");
}

TEST_CASE("nothing is given up without its record: both are committed, or neither is", "[run][courier]") {
  Desk desk;
  desk.world.open_case();
  desk.mailer.refuses = true;
  Courier courier(desk.parts());
  desk.world.store.audits_to_fail = 1;
  courier.step();
  REQUIRE(desk.world.store.audits_to_fail == 0);
  CHECK(desk.rows(EffectState::gave_up).empty());
  CHECK(desk.records("effect.gave_up").empty());
  // The lease ends, and the delivery is tried and given up once more.
  desk.world.clock.advance(2min);
  courier.step();
  CHECK(desk.rows(EffectState::gave_up).size() == 1);
  CHECK(desk.records("effect.gave_up").size() == 1);
}

TEST_CASE("a recipient that was refused becomes a note of the case", "[run][courier]") {
  Desk desk;
  const CaseId opened = desk.world.open_case();
  desk.mailer.refused = {"desk@centre.example"};
  Courier courier(desk.parts());
  CHECK(courier.step() == 1);
  CHECK(desk.world.file(opened).reopened == 1);
  CHECK(desk.rows(EffectState::delivered).size() == 1);
}

TEST_CASE("what a hop answers becomes an event in the commit that settles the order", "[run][courier]") {
  Desk desk;
  const CaseId working = desk.world.working_case();
  Courier courier(desk.parts());
  desk.world.store.commits = 0;
  CHECK(courier.step() == 2);
  CHECK(desk.world.file(working).test_result);
  CHECK(desk.rows(EffectState::waiting).empty());
}

TEST_CASE("an order for which no controller answers waits for a person", "[run][courier]") {
  Desk desk;
  desk.world.working_case();
  desk.manual = true;
  Courier courier(desk.parts());
  courier.step();
  CHECK(desk.controller.seen.empty());
  CHECK(desk.rows(EffectState::delivered).size() == 2);
}

TEST_CASE("orders of one case keep their order, and one that fails holds up no other case", "[run][courier]") {
  Desk desk;
  const CaseId first = desk.world.working_case(1);
  desk.world.conductor->submit(desk.world.on(first, "stop"));
  desk.controller.failures = 1;
  Courier courier(desk.parts());
  courier.step();
  CHECK(desk.controller.seen.size() == 1);  // the closing waits for the opening before it
  const CaseId second = desk.world.working_case(2);
  courier.step();
  CHECK(desk.controller.seen.size() == 2);
  CHECK(desk.world.file(second).test_result);
  desk.world.clock.advance(10s);
  courier.step();
  REQUIRE(desk.controller.seen.size() == 4);
  CHECK(desk.controller.seen[2].first == OrderKind::open);
  CHECK(desk.controller.seen[3].first == OrderKind::close);
}

TEST_CASE("a closing is never given up, and never waits longer than a minute", "[run][courier]") {
  Desk desk;
  const CaseId working = desk.world.working_case();
  Courier courier(desk.parts());
  courier.step();
  desk.world.conductor->submit(desk.world.on(working, "stop"));
  desk.controller.failures = 60;
  for (int i = 0; i < 60; ++i) {
    courier.step();
    desk.world.clock.advance(60s);
  }
  CHECK(desk.controller.failures == 0);
  CHECK(courier.step() == 1);
}

TEST_CASE("an opening that was held up until its grant ended is not sent, and the closing behind it is",
          "[run][courier]") {
  Desk desk;
  const CaseId opened = desk.world.open_case();
  // Each time a new process: the case is written past the conductor here, and read again by it.
  const auto deliver = [&] {
    desk.world.begin();
    Courier(desk.parts()).step();
  };
  deliver();
  const GrantId grant{id("grant", 1)};
  const auto order = [&](unsigned n, OrderKind kind, std::int64_t generation) {
    Effect out;
    out.id = EffectId{id("effect", n)};
    out.case_id = opened;
    out.tenant = hospital;
    out.lane = "access_point";
    out.closing = kind == OrderKind::close;
    out.at = desk.world.clock.now();
    out.order = Order{.order = kind, .hop = Hop::access_point, .grant = grant, .generation = generation};
    return out;
  };
  const auto write = [&](GrantEnd end, std::int64_t generation, std::vector<Effect> effects) {
    CaseFile file = desk.world.file(opened);
    file.grants = {Grant{.id = grant, .generation = generation, .end = end}};
    ++file.version;
    LapWrites lap;
    lap.files.push_back({.file = &file, .is_new = false, .open = true});
    lap.effects = std::move(effects);
    REQUIRE(desk.world.conductor->chore([&](Batch& batch) { return batch.write(lap); }));
  };
  write(GrantEnd::none, 1, {order(101, OrderKind::open, 1)});
  desk.controller.failures = 100;  // the line is down
  deliver();
  REQUIRE(desk.controller.seen.size() == 1);

  SECTION("because it was revoked") {
    write(GrantEnd::revoked, 1, {order(102, OrderKind::close, 1)});
  }
  SECTION("because a later generation took over") {
    write(GrantEnd::none, 2, {order(102, OrderKind::close, 1)});
  }
  desk.controller.failures = 0;
  desk.controller.seen.clear();
  desk.world.clock.advance(1min);
  deliver();
  REQUIRE(desk.controller.seen.size() == 1);
  CHECK(desk.controller.seen[0].first == OrderKind::close);
  const auto settled = desk.world.store.outbox({.id = EffectId{id("effect", 101)}})->at(0);
  CHECK(settled.state == EffectState::delivered);
  CHECK(settled.last_error == "not sent: its grant is over");
}

TEST_CASE("a delivery that hangs holds up no other", "[run][courier]") {
  struct Hanging final : Controller {
    std::promise<void> reached;
    std::promise<void> let_go;
    Result<std::vector<HopAnswer>> carry_out(const Order&, const std::string&) override {
      reached.set_value();
      let_go.get_future().wait();
      return fail(Errc::Refused, "too late");
    }
  } hanging;
  Desk desk;
  REQUIRE(desk.world.conductor->put_masters(masters(22)));
  desk.world.working_case(1);
  auto parts = desk.parts();
  parts.workers = 2;
  parts.controller = [&](const AccessPointId&) { return &hanging; };
  Courier courier(parts);
  desk.world.conductor->on_commit([&](const Conductor::Committed& news) {
    if (news.effects) courier.wake();
  });
  courier.start();
  hanging.reached.get_future().wait();
  for (unsigned n = 2; n < 22; ++n)
    desk.world.open_case(n);
  CHECK(wait_until([&] { return desk.rows(EffectState::delivered).size() == 21; }, 10s));
  hanging.let_go.set_value();
  courier.stop();
  CHECK(desk.rows(EffectState::gave_up).size() == 1);
}

TEST_CASE("what a dead run had claimed is carried out as soon as the next one starts", "[run][courier]") {
  Desk desk;
  desk.world.open_case();
  REQUIRE(desk.world.conductor->chore([&](Batch& batch) -> Result<> {
    auto claimed = batch.claim(desk.world.clock.now(), 60s, 10);
    if (!claimed) return pass(claimed);
    CHECK(claimed->size() == 1);
    return {};
  }));
  REQUIRE(desk.rows(EffectState::leased).size() == 1);
  Courier courier(desk.parts());
  courier.start();  // the clock of this test stands still: no lease ends
  CHECK(wait_until([&] { return desk.rows(EffectState::delivered).size() == 1; }, 10s));
  courier.stop();
  CHECK(desk.mailer.sent.size() == 1);
}

TEST_CASE("a hurried closing is carried out at once, with the key of its row in the outbox", "[run][courier]") {
  Desk desk;
  const CaseId working = desk.world.working_case();
  Courier courier(desk.parts());
  courier.step();
  desk.controller.seen.clear();
  desk.world.conductor->submit(desk.world.on(working, "stop"));
  REQUIRE(desk.world.hurried.size() == 1);
  courier.hurry(desk.world.hurried[0]);
  courier.step();
  REQUIRE(desk.controller.seen.size() == 2);
  CHECK(desk.controller.seen[0] == desk.controller.seen[1]);
}

TEST_CASE("a test hospital reaches no real access point", "[run][courier]") {
  Desk desk;
  Organisation organisation;
  organisation.id = hospital;
  organisation.test_hospital = true;
  AccessPoint point;
  point.id = access_point;
  point.owner = hospital;
  point.kind = AccessPointKind::http;
  REQUIRE(desk.world.conductor->put_masters({master("organisation", hospital.text(), hospital, organisation),
                                             master("access_point", access_point.text(), hospital, point)}));
  desk.world.working_case();
  Courier courier(desk.parts());
  courier.step();
  CHECK(desk.controller.seen.empty());
  CHECK(desk.rows(EffectState::gave_up).size() == 1);
}

}  // namespace kintsugi::toy

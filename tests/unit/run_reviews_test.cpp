#include "adapters/memory/store.h"
#include "engine/run/registry.h"
#include "engine/run/reviews.h"
#include "tests/support/flaky_store.h"
#include "tests/support/memory_vault.h"
#include "tests/support/play.h"

#include <algorithm>
#include <functional>

// Whoever loses what he acts by is out, and his approval counts no more, in the very commit that takes it from him.
namespace kintsugi::testing {
namespace {

template <class Map>
void add_all(std::vector<Master>& out, const char* kind, const Map& all) {
  for (const auto& [id, one] : all)
    out.push_back({.kind = kind, .id = id.text(), .tenant = "", .body = to_json_text(one)});
}

Master row_of(const Person& one) {
  return {.kind = "person", .id = one.id.text(), .tenant = one.employer.text(), .body = to_json_text(one)};
}

// The engine on a store in memory, with one case of the small world in it. Nobody drives it but the test.
struct Engine {
  explicit Engine(const Play& play) : clock(play.now), case_id(play.file.id) {
    REQUIRE(conductor.open());
    std::vector<Master> masters;
    add_all(masters, "organisation", play.directory.organisations());
    add_all(masters, "person", play.directory.people());
    add_all(masters, "device", play.directory.devices());
    add_all(masters, "contract", play.directory.contracts());
    REQUIRE(conductor.put_masters(masters));
    REQUIRE(conductor.chore([&](Batch& batch) {
      LapWrites writes;
      writes.files.push_back({.file = &play.file, .is_new = true, .open = true});
      return batch.write(writes);
    }));
  }

  // One commit, or none: afterwards nothing has been done beside it.
  Result<> change(std::string_view who, const std::function<void(Person&)>& how) {
    Person one = *conductor.directory()->person(person(who));
    how(one);
    const int before = store.commits;
    auto done = conductor.put_masters({row_of(one)});
    CHECK(store.commits == before + (done ? 1 : 0));
    return done;
  }
  CaseFile file() { return *store.read_case(case_id); }
  std::string state() { return file().state; }
  std::vector<std::string> letters(std::string_view which, std::string_view what) {
    std::vector<std::string> out;
    const auto rows = store.outbox({});
    REQUIRE(rows);
    for (const OutboxRow& row : *rows)
      if (row.effect.mail && row.effect.mail->mail == which) {
        const auto& facts = row.effect.mail->facts;
        const auto found = facts.find(std::string(what));
        out.push_back(found == facts.end() ? "" : found->second);
      }
    return out;
  }

  memory::Store memory;
  FlakyStore store{memory};
  testing::MemoryVault vault;
  ManualClock clock;
  SeededEntropy entropy{7};
  const CaseId case_id;
  std::vector<Effect> hurried;
  Conductor conductor{{.workflow = fault_response::fault_response(),
                       .store = store,
                       .vault = vault,
                       .clock = clock,
                       .entropy = entropy,
                       .node = "node-1",
                       .log_base = "audit.example",
                       .journal_path = "",
                       .hurry = [this](const Effect& one) { hurried.push_back(one); },
                       .audit_working = {}}};
  Reviews reviews{conductor, store, fault_response::fault_response(), clock, "node-1"};
};

Play connected() {
  Play play;
  bring_to(play, "connected");
  return play;
}

// Before the approvers, with the hospital's first slot filled.
Play half_approved() {
  Play play;
  bring_to(play, "conn_requested");
  play.send("sysadm", "approve");
  REQUIRE(play.file.request->approvals.size() == 1);
  return play;
}

void loses_all_roles(Person& one) {
  one.roles.clear();
}

}  // namespace

TEST_CASE("what takes from a listed worker what let him in revokes his grant in the same commit", "[run][reviews]") {
  const Play play = connected();
  Engine engine(play);
  const Instant now = play.now;
  const auto change = [&](const std::function<void(Person&)>& how) { REQUIRE(engine.change("svc", how)); };
  SECTION("he has left (RA34)") {
    change([&](Person& one) { one.left_at = now; });
  }
  SECTION("his pledge is over") {
    change([&](Person& one) { one.pledge_until = now; });
  }
  SECTION("his training is over") {
    change([&](Person& one) { one.training_until = now; });
  }
  SECTION("his role is taken away") {
    change(loses_all_roles);
  }
  SECTION("his posting there has ended") {
    change([&](Person& one) { one.roles.front().until = now; });
  }
  SECTION("he works on other devices now") {
    change([&](Person& one) { one.product_lines = {"ct"}; });
  }
  CHECK(engine.state() == "disconnecting");
  CHECK(engine.file().grant()->end == GrantEnd::revoked);
  CHECK(engine.hurried.size() == 3);
  CHECK(engine.reviews.step() == 0);
}

TEST_CASE("the letter says whether a worker has left or lost what he needs", "[run][reviews]") {
  const Play play = connected();
  Engine engine(play);
  SECTION("left") {
    REQUIRE(engine.change("svc", [&](Person& one) { one.left_at = play.now; }));
    CHECK(engine.letters("M15", "what") == std::vector<std::string>{"leaver"});
  }
  SECTION("lost") {
    REQUIRE(engine.change("svc", [&](Person& one) { one.pledge_until = play.now; }));
    CHECK(engine.letters("M15", "what") == std::vector<std::string>{"worker_lost"});
  }
}

TEST_CASE("nobody is cut by what does not touch him", "[run][reviews]") {
  const Play play = connected();
  Engine engine(play);
  const Instant closes = play.file.grant()->window.closes;
  SECTION("somebody else leaves") {
    REQUIRE(engine.change("svc2", [&](Person& one) { one.left_at = play.now; }));
  }
  SECTION("an approver leaves after his approval has armed the grant") {
    REQUIRE(engine.change("sysadm", [&](Person& one) { one.left_at = play.now; }));
  }
  SECTION("a pledge ends with the window") {
    REQUIRE(engine.change("svc", [&](Person& one) { one.pledge_until = closes; }));
    engine.clock.advance(closes - play.now);
  }
  SECTION("a pledge will end later") {
    REQUIRE(engine.change("svc", [&](Person& one) { one.pledge_until = play.now + 1min; }));
  }
  CHECK(engine.reviews.step() == 0);
  CHECK(engine.state() == "connected");
}

TEST_CASE("a day that comes takes back as a change does", "[run][reviews]") {
  const Play play = connected();
  Engine engine(play);
  const Instant soon = play.now + 1min;
  SECTION("the last day") {
    REQUIRE(engine.change("svc", [&](Person& one) { one.left_at = soon; }));
  }
  SECTION("the end of a role") {
    REQUIRE(engine.change("svc", [&](Person& one) { one.roles.front().until = soon; }));
  }
  SECTION("the end of a pledge") {
    REQUIRE(engine.change("svc", [&](Person& one) { one.pledge_until = soon; }));
  }
  CHECK(engine.reviews.step() == 0);
  CHECK(engine.state() == "connected");
  engine.clock.advance(1min);
  CHECK(engine.reviews.step() == 1);
  CHECK(engine.state() == "disconnecting");
  CHECK(engine.reviews.step() == 0);
}

TEST_CASE("what is not committed takes nothing, and what a store refused is asked again", "[run][reviews]") {
  const Play play = connected();
  Engine engine(play);
  SECTION("the change fails, and with it nobody has left; the order to close is on its way all the same") {
    engine.store.commits_to_fail = 1;
    CHECK_FALSE(engine.change("svc", [&](Person& one) { one.left_at = play.now; }));
    CHECK(engine.conductor.directory()->person(person("svc"))->left_at == Instant{});
    CHECK(engine.hurried.size() == 3);
    REQUIRE(engine.change("svc", [&](Person& one) { one.left_at = play.now; }));
    CHECK(engine.state() == "disconnecting");
  }
  SECTION("a day comes while the store is away") {
    REQUIRE(engine.change("svc", [&](Person& one) { one.left_at = play.now + 1min; }));
    engine.clock.advance(1min);
    engine.store.away = true;
    CHECK(engine.reviews.step() == 0);
    engine.store.away = false;
    CHECK(engine.reviews.step() == 1);
  }
}

TEST_CASE("before anything is armed the approval of somebody who lost his role counts no more", "[run][reviews]") {
  const Play play = half_approved();
  Engine engine(play);
  SECTION("the role is taken away") {
    REQUIRE(engine.change("sysadm", loses_all_roles));
  }
  SECTION("he has left") {
    REQUIRE(engine.change("sysadm", [&](Person& one) { one.left_at = play.now; }));
  }
  SECTION("his posting has ended") {
    REQUIRE(engine.change("sysadm", [&](Person& one) { one.roles.front().until = play.now; }));
  }
  CHECK(engine.state() == "conn_requested");
  CHECK(engine.file().request->approvals.empty());
  CHECK(engine.file().version == play.file.version + 1);
  CHECK(engine.letters("M10", "what") == std::vector<std::string>{"approval_lapsed"});
  CHECK(engine.letters("M09", "slot") == std::vector<std::string>{"hcf_sysadm"});
  const auto rows = engine.store.audit_rows("audit.example/hcf/" + organisation("sakura").text(), 0, 100);
  REQUIRE(rows);
  CHECK(std::ranges::count_if(*rows, [](const AuditRow& one) {
          return one.body.find("\"approval_lapsed\"") != std::string::npos;
        }) == 1);
}

TEST_CASE("an approval stands while whoever gave it could still give it", "[run][reviews]") {
  const Play play = half_approved();
  Engine engine(play);
  SECTION("another approver goes") {
    REQUIRE(engine.change("sysadm2", loses_all_roles));
  }
  SECTION("he gets another role beside it") {
    REQUIRE(engine.change("sysadm", [&](Person& one) {
      one.roles.push_back({.role = Role::hcf_priv, .at = organisation("sakura"), .from = {}, .until = {}});
    }));
  }
  CHECK(engine.file().request->approvals.size() == 1);
}

TEST_CASE("one person in both of the hospital's slots loses both answers", "[run][reviews]") {
  Play play;
  Policy policy;
  policy.tenant = organisation("sakura");
  policy.version = 1;
  policy.allow_combined_hcf_slots = true;
  play.directory.put(policy);
  Organisation sakura = *play.directory.organisation(organisation("sakura"));
  sakura.policy_version = 1;
  play.directory.put(sakura);
  Person both = *play.directory.person(person("sysadm"));
  both.roles.push_back({.role = Role::hcf_netadm, .at = organisation("sakura"), .from = {}, .until = {}});
  play.directory.put(both);
  bring_to(play, "conn_requested");
  play.send("sysadm", "approve");
  play.send("sysadm", "approve", {{"slot", "hcf_netadm"}});
  REQUIRE(play.file.request->approvals.size() == 2);
  Engine engine(play);
  REQUIRE(engine.conductor.put_masters({{.kind = "policy",
                                         .id = policy.tenant.text() + "/1",
                                         .tenant = policy.tenant.text(),
                                         .body = to_json_text(policy)}}));
  REQUIRE(engine.change("sysadm", loses_all_roles));
  CHECK(engine.file().request->approvals.empty());
}

TEST_CASE("a deputy's answer stands when his days are over, and falls with the role he stood in for",
          "[run][reviews]") {
  Play play;
  Person principal = *play.directory.person(person("netadm"));
  principal.deputies.push_back({.person = person("sec"),
                                .role = Role::hcf_netadm,
                                .at = organisation("sakura"),
                                .from = play.now - 1h,
                                .until = play.now + 1h});
  play.directory.put(principal);
  bring_to(play, "conn_requested");
  REQUIRE(row_of(play.send("sec", "approve", {{"slot", "hcf_netadm"}})) == "F15");
  Engine engine(play);
  SECTION("his days are over") {
    REQUIRE(engine.change("netadm", [](Person& one) { one.deputies.clear(); }));
    CHECK(engine.file().request->approvals.size() == 1);
  }
  SECTION("the one whom he stood in for has lost the role") {
    REQUIRE(engine.change("netadm", loses_all_roles));
    CHECK(engine.file().request->approvals.empty());
  }
  SECTION("he has left himself") {
    REQUIRE(engine.change("sec", [&](Person& one) { one.left_at = play.now; }));
    CHECK(engine.file().request->approvals.empty());
  }
}

TEST_CASE("a person who is retired in the registry is cut in that commit, with a record before it",
          "[run][reviews]") {
  const Play play = connected();
  Engine engine(play);
  Registry registry(engine.conductor, engine.store, engine.clock, engine.entropy);
  Actor manager;
  manager.id = person("mgr").text();
  manager.kind = Role::none;
  manager.auth = "pwd+otp";
  manager.person = person("mgr");
  manager.org = organisation("hikari");
  Registry::Order order;
  order.written.retire = {person("svc").text()};
  order.reply = [](const Registry::Plan&, const Directory&) { return std::string("{}"); };
  int seen_out = 0;
  order.also = [&](Batch&, const Registry::Plan& plan) -> Result<> {
    seen_out += static_cast<int>(plan.change.people.size());
    return {};
  };
  const int before = engine.store.commits;
  const auto applied = registry.apply(manager, order);
  INFO((applied ? std::string() : applied.error().what));
  REQUIRE(applied);
  REQUIRE(applied->kind == Registry::Applied::Kind::applied);
  CHECK(std::ranges::count(applied->plan.consequences, "grant_revoked", &Consequence::name) == 1);
  CHECK(seen_out == 1);
  CHECK(engine.state() == "disconnecting");
  // One commit that writes; the look for the idempotency key is none, because none was given.
  CHECK(engine.store.commits == before + 1);
}

}  // namespace kintsugi::testing

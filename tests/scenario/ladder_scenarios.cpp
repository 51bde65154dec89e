#include "engine/base/digest.h"
#include "engine/base/entropy.h"
#include "tests/scenario/theatre.h"

#include <catch2/catch.hpp>

#include <algorithm>

// Nobody answers, somebody sleeps, everything breaks at once: who is told, when, and in how many letters.
namespace kintsugi::testing {
namespace {

template <class T>
void put(Theatre& t, const char* kind, const std::string& id, const OrganisationId& owner, const T& value) {
  REQUIRE(t.conductor().put_masters({{.kind = kind, .id = id, .tenant = owner.text(), .body = to_json_text(value)}}));
}

// A fault as a device reports it, with what it does to care.
CaseId breaks(Theatre& t, const DeviceId& id, const std::string& code, const std::string& care) {
  Submission submission;
  submission.event = "fault";
  submission.actor.id = id.text();
  submission.actor.kind = Role::device;
  submission.actor.org = t.conductor().directory()->device(id)->tenant;
  submission.actor.auth = "token";
  submission.payload = {
      {"action", "trigger"}, {"dedup_key", id.text() + ":" + code},     {"device", id.text()},  {"code", code},
      {"care", care},        {"occurred_at", to_text(t.clock().now())}, {"details", "it beeps"}};
  const Outcome outcome = t.conductor().submit(std::move(submission));
  INFO(to_json_text(outcome));
  REQUIRE(outcome.kind == Outcome::Kind::moved);
  return outcome.case_id;
}

void retire_shifts(Theatre& t) {
  for (const char* nick : {"abe", "kimura"}) {
    Duty over;
    over.person = person(nick);
    over.at = organisation("alpha");
    over.from = *instant_from("2020-01-01T00:00:00Z");
    over.until = t.clock().now() - 1h;
    put(t, "duty", new_id_text("duty", over.from, sha256(std::string(nick)), 0), over.at, over);
  }
}

Target rung_target(Whom whom, Role role, Side side, int tier = 1) {
  return {.whom = whom, .role = role, .side = side, .tier = tier, .person = {}};
}

// A roster of two weekly turns in two tiers, and a ladder over them.
void put_on_call(Theatre& t) {
  retire_shifts(t);
  for (int tier = 1; tier <= 2; ++tier) {
    Roster roster;
    roster.id = RosterId{new_id_text("roster", t.clock().now(), sha256("roster"), static_cast<unsigned>(tier))};
    roster.at = organisation("alpha");
    roster.tier = tier;
    Layer layer;
    layer.name = tier == 1 ? "first line" : "second line";
    layer.people = {tier == 1 ? person("abe") : person("ueda")};
    layer.first_day = "2026-01-05";
    roster.layers = {layer};
    put(t, "roster", roster.id.text(), roster.at, roster);
  }
  Policy policy;
  policy.tenant = organisation("midori");
  policy.version = 1;
  Ladder ladder;
  ladder.name = LadderName::unanswered;
  const auto wait = [](Duration time) { return Term{.wall = time, .business_days = 0}; };
  ladder.rungs = {{.ask = {rung_target(Whom::on_call, Role::none, Side::rsc, 1)},
                   .by = AskedBy::mail,
                   .waits = wait(5min),
                   .repeats = 1},
                  {.ask = {rung_target(Whom::on_call, Role::none, Side::rsc, 2)},
                   .by = AskedBy::mail,
                   .waits = wait(5min),
                   .repeats = 0},
                  {.ask = {rung_target(Whom::role, Role::rsc_mgr, Side::rsc),
                           rung_target(Whom::duty_desk, Role::none, Side::rsc)},
                   .by = AskedBy::mail,
                   .waits = {},
                   .repeats = 0}};
  policy.ladders = {ladder};
  put(t, "policy", policy.tenant.text() + "/1", policy.tenant, policy);
  Organisation midori = *t.conductor().directory()->organisation(organisation("midori"));
  midori.policy_version = 1;
  put(t, "organisation", midori.id.text(), midori.id, midori);
}

std::vector<const Letter*> letters_to(const Theatre& t, const std::string& address, std::string_view subject = "") {
  std::vector<const Letter*> out;
  for (const Letter& one : const_cast<Theatre&>(t).mail().all())
    if (std::ranges::count(one.to, address) > 0 && one.subject.find(subject) != std::string::npos)
      out.push_back(&one);
  return out;
}
constexpr std::string_view urgent = "Nobody has acted in time";

std::vector<DeviceId> put_devices(Theatre& t, int count) {
  const Device pattern = *t.conductor().directory()->device(device("ct-1"));
  std::vector<Master> masters;
  std::vector<DeviceId> out;
  for (int i = 0; i < count; ++i) {
    Device one = pattern;
    one.id = DeviceId{new_id_text("device", t.clock().now(), sha256("storm"), static_cast<unsigned>(i))};
    one.serial = "SN-storm-" + std::to_string(i);
    out.push_back(one.id);
    masters.push_back(
        {.kind = "device", .id = one.id.text(), .tenant = one.tenant.text(), .body = to_json_text(one)});
  }
  Contract contract = t.conductor().directory()->contracts().begin()->second;
  for (const auto& [id, one] : t.conductor().directory()->contracts())
    if (one.tenant == pattern.tenant) contract = one;
  contract.devices.insert(contract.devices.end(), out.begin(), out.end());
  masters.push_back({.kind = "contract",
                     .id = contract.id.text(),
                     .tenant = contract.tenant.text(),
                     .body = to_json_text(contract)});
  REQUIRE(t.conductor().put_masters(masters));
  return out;
}

OutboxRow letter_of(Theatre& t, const CaseId& id, std::string_view mail) {
  const auto rows = t.store().outbox({.state = {}, .case_id = id, .limit = 100});
  REQUIRE(rows);
  const auto found = std::ranges::find_if(
      *rows, [&](const OutboxRow& row) { return row.effect.mail && row.effect.mail->mail == mail; });
  REQUIRE(found != rows->end());
  return *found;
}

}  // namespace

TEST_CASE("nobody answers a P1 at night: the stand-in, the second line, the manager, and then for ever",
          "[scenario][ladder]") {
  Theatre t;
  t.clock().set(*instant_from("2026-03-04T22:00:00+09:00"));
  put_on_call(t);
  Duty sick;
  sick.person = person("kimura");
  sick.at = organisation("alpha");
  sick.from = t.clock().now() - 1h;
  sick.until = t.clock().now() + 24h;
  sick.instead_of = person("abe");
  sick.reason = DutyReason::sick;
  put(t, "duty", new_id_text("duty", t.clock().now(), sha256("sick"), 0), sick.at, sick);

  t.reports("E-STOP");
  t.pass(14min);
  CHECK(letters_to(t, "kimura@alpha.example").size() == 1);  // M01, and not to the sick man
  CHECK(letters_to(t, "abe@alpha.example").empty());
  CHECK(letters_to(t, "hara@alpha.example").empty());
  t.pass(10min);  // 15 and 20 minutes: asked, and once more
  CHECK(letters_to(t, "kimura@alpha.example", urgent).size() == 2);
  CHECK(letters_to(t, "ueda@alpha.example").empty());
  t.pass(2min);  // 25 minutes: the second line
  CHECK(letters_to(t, "ueda@alpha.example", urgent).size() == 1);
  CHECK(letters_to(t, "hara@alpha.example").empty());
  t.pass(5min);  // 30 minutes: the manager and the desk
  CHECK(letters_to(t, "hara@alpha.example", urgent).size() == 1);
  CHECK(letters_to(t, "desk@alpha.example", urgent).size() == 1);
  t.pass(8h);  // every quarter of an hour until somebody comes
  CHECK(letters_to(t, "hara@alpha.example", urgent).size() >= 32);
  CHECK(t.state() == "notified");
  CHECK(letters_to(t, "sato@midori.example", urgent).size() >= 35);  // the hospital hears every time
  CHECK(t.records_of("t_ack_expired") >= 35);
  CHECK(t.file().asked.size() <= asked_max);
  // Whom the ladder asked may take it.
  CHECK(t.does("kimura", "acknowledge").state == "acknowledged");
  t.verify();
}

TEST_CASE("who acknowledges takes back what has not been delivered, and a delivered letter has no follower",
          "[scenario][ladder]") {
  Theatre t;
  put_on_call(t);
  t.mail().away = true;
  t.reports("E-STOP");
  t.pass(26min);
  const auto asked = t.file().asked;
  REQUIRE(asked.size() == 3);
  CHECK(t.does("abe", "acknowledge").state == "acknowledged");
  for (const Asked& one : asked) {
    const auto row = t.store().outbox({.state = {}, .case_id = {}, .id = one.letter, .limit = 1});
    REQUIRE(row);
    CHECK(row->front().state == EffectState::withdrawn);
  }
  t.mail().away = false;
  t.pass(12min);
  CHECK(t.mails_sent("M05") == 0);
  CHECK(t.mails_sent("M01") == 1);  // what happened is still told
  CHECK(t.mails_sent("M04") == 1);
}

TEST_CASE("letters of a P3 case wait for the morning, and go at once when it becomes P1", "[scenario][ladder]") {
  Theatre t;
  t.clock().set(*instant_from("2026-03-04T22:00:00+09:00"));
  for (const char* nick : {"midori", "alpha"}) {
    Organisation one = *t.conductor().directory()->organisation(organisation(nick));
    one.quiet = {.from = 21 * 60, .until = 7 * 60, .zone = ""};
    put(t, "organisation", one.id.text(), one.id, one);
  }
  const CaseId small = breaks(t, device("ct-1"), "E-1", "none");
  const CaseId grave = breaks(t, device("mr-2"), "E-2", "none");
  t.pass(1h);
  CHECK(t.mail().all().empty());
  CHECK(t.does_on(grave, "tanaka", "set_priority", {{"priority", "p1"}, {"reason", "care has stopped"}}).kind ==
        Outcome::Kind::moved);
  t.settle();
  REQUIRE(t.mail().all().size() == 2);  // what waited, and that it is P1 now
  for (const Letter& one : t.mail().all())
    CHECK(one.subject.find(t.file(grave).number) != std::string::npos);
  t.pass(7h + 59min);
  CHECK(letter_of(t, small, "M01").state == EffectState::waiting);
  t.pass(1min);  // seven o'clock
  CHECK(letter_of(t, small, "M01").state == EffectState::delivered);
}

TEST_CASE("a storm reaches each reader as a few letters, P1 first and alone, and every case says in which",
          "[scenario][ladder]") {
  Theatre t;
  const auto devices = put_devices(t, 60);
  std::vector<CaseId> cases;
  for (const DeviceId& one : devices)
    cases.push_back(breaks(t, one, "E-7", "degraded"));
  const CaseId worst = breaks(t, device("ct-1"), "E-STOP", "stopped");
  t.settle();
  const auto early = t.mail().all();
  REQUIRE(early.size() == 11);  // P1 and the ten that go alone
  CHECK(early.front().subject.find(t.file(worst).number) != std::string::npos);
  t.pass(61s);
  const auto all = t.mail().all();
  REQUIRE(all.size() == 12);
  const Letter& shared = all.back();
  CHECK(shared.subject.find("50 faults") != std::string::npos);
  CHECK(shared.subject.find("障害通知 50件") != std::string::npos);
  int told_together = 0;
  for (const CaseId& id : cases) {
    const OutboxRow row = letter_of(t, id, "M01");
    CHECK(row.state == EffectState::delivered);
    const std::string number = t.file(id).number;
    if (row.letter.empty()) {
      CHECK(std::ranges::any_of(early,
                                [&](const Letter& one) { return one.subject.find(number) != std::string::npos; }));
      continue;
    }
    ++told_together;
    CHECK(shared.message_id.find(row.letter.text()) == 0);
    CHECK(row.sent == sha256(shared.body));
    CHECK(shared.body.find(number) != std::string::npos);
  }
  CHECK(told_together == 50);
  // An hour later nobody has taken any of them: the ladder's letters are bundled too.
  t.pass(62min);
  CHECK(t.mail().all().size() < 40);
  for (const CaseId& id : cases)
    CHECK(letter_of(t, id, "M05").state == EffectState::delivered);
}

}  // namespace kintsugi::testing

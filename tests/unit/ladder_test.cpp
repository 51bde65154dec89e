#include "tests/support/play.h"
#include "workflows/fault_response/letters.h"

#include <algorithm>

// Who is asked when nobody acts: ladders as data, climbed by a case, and taken down with their reason.
namespace kintsugi::testing {
namespace {

using fault_response::letter;

std::vector<PersonId> people(std::initializer_list<std::string_view> nicknames) {
  std::vector<PersonId> out;
  for (const std::string_view one : nicknames)
    out.push_back(person(one));
  std::ranges::sort(out);
  return out;
}
std::vector<PersonId> sorted(std::vector<PersonId> some) {
  std::ranges::sort(some);
  return some;
}

Target everybody(Role role) {
  return {.whom = Whom::role, .role = role, .side = side_of(role), .tier = 1, .person = {}};
}
Target first_line() {
  return {.whom = Whom::on_call, .role = Role::none, .side = Side::rsc, .tier = 1, .person = {}};
}
Target named(std::string_view nickname) {
  return {.whom = Whom::person, .role = Role::none, .side = Side::rsc, .tier = 1, .person = person(nickname)};
}
Target desk(Side side) {
  return {.whom = Whom::duty_desk, .role = Role::none, .side = side, .tier = 1, .person = {}};
}
Rung rung(std::vector<Target> ask, Duration waits = {}, int repeats = 0) {
  return {
      .ask = std::move(ask), .by = AskedBy::mail, .waits = {.wall = waits, .business_days = 0}, .repeats = repeats};
}

void put_ladder(Directory& directory, std::string_view org, Ladder ladder) {
  Policy policy;
  policy.tenant = organisation(org);
  policy.version = 1;
  policy.ladders = {std::move(ladder)};
  REQUIRE(mistakes_in(policy).empty());
  directory.put(policy);
  Organisation one = *directory.organisation(organisation(org));
  one.policy_version = 1;
  directory.put(one);
}

void put_on_call(Directory& directory, std::string_view nickname) {
  Duty one;
  one.person = person(nickname);
  one.at = organisation("hikari");
  one.from = tokyo(-1, 0, 0);
  directory.put(one);
}

// Letters of the ladder in the order in which they were written.
std::vector<const Effect*> asked_by(const Play& p, std::string_view mail = "M05") {
  std::vector<const Effect*> out;
  for (const Effect& one : p.effects)
    if (one.mail && one.mail->mail == mail) out.push_back(&one);
  return out;
}
bool withdrew(const Play& p, const EffectId& id) {
  return std::ranges::any_of(p.laps, [&](const Decision& lap) { return std::ranges::count(lap.withdrawn, id) > 0; });
}

Instant workflow_deadline(const CaseFile& file, std::string_view timer) {
  const auto found = std::ranges::find(file.timers, timer, &Timer::event);
  REQUIRE(found != file.timers.end());
  return found->due;
}

Directory night_world() {
  Directory out = small_world();
  put_on_call(out, "svc");
  Ladder ladder;
  ladder.name = LadderName::unanswered;
  ladder.rungs = {rung({first_line()}, 5min, 1), rung({named("svc2")}, 10min),
                  rung({everybody(Role::rsc_mgr), desk(Side::rsc), desk(Side::hcf)})};
  put_ladder(out, "sakura", ladder);
  return out;
}

}  // namespace

TEST_CASE("the built-in ladder asks everybody who could take the case, then the manager, then for ever", "[ladder]") {
  Play p;
  p.send("mr1", "notify");
  p.advance_to(p.now + 1h);
  REQUIRE(asked_by(p).size() == 1);
  CHECK(sorted(asked_by(p)[0]->mail->to) == people({"svc", "svc2", "sysadm", "sysadm2"}));
  CHECK(asked_by(p)[0]->mail->desks.size() == 2);
  p.advance_to(p.now + 1h);
  REQUIRE(asked_by(p).size() == 2);
  CHECK(std::ranges::count(asked_by(p)[1]->mail->to, person("mgr")) == 1);
  p.advance_to(p.now + 13h);  // every T_REMIND of P2, four hours
  CHECK(asked_by(p).size() == 5);
  CHECK(asked_by(p).back()->mail->facts.at("level") == "2");
}

TEST_CASE("a hospital's own ladder says whom, after how long and how often, and its last rung is asked for ever",
          "[ladder]") {
  Play p(night_world());
  p.send("mr1", "notify", {{"care", "stopped"}});
  const Instant told = p.now;
  std::vector<Duration> when;
  for (int i = 0; i < 120; ++i)
    p.advance_to(told + i * 1min);
  for (const Effect* one : asked_by(p))
    when.push_back(one->at - told);
  // T_ACK 15 min; rung 1 twice, five minutes each; rung 2 ten minutes; then every T_REMIND of P1.
  REQUIRE(when.size() >= 6);
  CHECK(std::vector(when.begin(), when.begin() + 6) ==
        std::vector<Duration>{15min, 20min, 25min, 35min, 50min, 65min});
  const auto letters = asked_by(p);
  // The hospital's own administrator is always told.
  CHECK(sorted(letters[0]->mail->to) == people({"svc", "sysadm", "sysadm2"}));
  CHECK(sorted(letters[1]->mail->to) == sorted(letters[0]->mail->to));
  CHECK(sorted(letters[2]->mail->to) == people({"svc2", "sysadm", "sysadm2"}));
  CHECK(sorted(letters[3]->mail->to) == people({"mgr", "sysadm", "sysadm2"}));
  CHECK(letters[3]->mail->desks.size() == 2);
  CHECK(letters[5]->mail->facts.at("level") == "3");
  CHECK(std::ranges::all_of(letters, [](const Effect* one) { return one->urgent && one->bundle.empty(); }));
}

TEST_CASE("whoever acknowledges takes down what is pending, and nobody is asked any more", "[ladder]") {
  Play p(night_world());
  p.send("mr1", "notify", {{"care", "stopped"}});
  p.advance_to(p.now + 26min);
  REQUIRE(p.file.asked.size() == 3);
  p.send("svc", "acknowledge");
  REQUIRE(p.file.state == "acknowledged");
  CHECK(p.file.asked.empty());
  CHECK(p.file.escalation == 0);
  for (const Effect* one : asked_by(p))
    CHECK(withdrew(p, one->id));
  const auto before = asked_by(p).size();
  p.advance_to(p.now + 20min);
  CHECK(asked_by(p).size() == before);
}

TEST_CASE("whom the ladder asked may take the case although he is not on call", "[ladder]") {
  Play p(night_world());
  p.send("mr1", "notify", {{"care", "stopped"}});
  CHECK(fails(p.ask("svc2", "acknowledge"), "not_on_duty"));
  p.advance_to(p.now + 26min);
  CHECK(row_of(p.send("svc2", "acknowledge")) == "F05");
}

TEST_CASE("a later letter takes the place of an undelivered one that said less to nobody else", "[ladder]") {
  Play p;
  p.send("mr1", "notify");
  p.advance_to(p.now + 2h);
  const auto letters = asked_by(p);
  REQUIRE(letters.size() == 2);
  CHECK(withdrew(p, letters[0]->id));
  // Rung 2 of the night world asks somebody else: rung 1's letter stays.
  Play other(night_world());
  other.send("mr1", "notify", {{"care", "stopped"}});
  other.advance_to(other.now + 26min);
  CHECK(withdrew(other, asked_by(other)[0]->id));
  CHECK_FALSE(withdrew(other, asked_by(other)[1]->id));
}

TEST_CASE("the vendor says whom of its people to ask, the hospital how long it waits", "[ladder]") {
  Ladder hospital;
  hospital.name = LadderName::unanswered;
  hospital.rungs = {rung({first_line(), everybody(Role::hcf_sysadm)}, 5min), rung({everybody(Role::hcf_sec)}, 7min)};
  Ladder vendor;
  vendor.name = LadderName::unanswered;
  vendor.rungs = {rung({named("svc")}, 90min), rung({named("svc2")}),
                  rung({named("mgr"), everybody(Role::hcf_priv)})};
  const Ladder both = joined(hospital, &vendor);
  REQUIRE(both.rungs.size() == 3);
  CHECK(both.rungs[0].ask == std::vector{everybody(Role::hcf_sysadm), named("svc")});
  CHECK(both.rungs[0].waits.wall == 5min);
  CHECK(both.rungs[1].ask == std::vector{everybody(Role::hcf_sec), named("svc2")});
  CHECK(both.rungs[2].ask ==
        std::vector{everybody(Role::hcf_sec), named("mgr")});  // not its place to name the hospital's
  CHECK(joined(hospital, nullptr) == hospital);
}

TEST_CASE("a rung by telephone writes to the desks whom they are to call", "[ladder]") {
  Directory world = small_world();
  Person mgr = *world.person(person("mgr"));
  mgr.phone = "090-1111-2222";
  world.put(mgr);
  Ladder ladder;
  ladder.name = LadderName::unanswered;
  ladder.rungs = {rung({named("mgr")})};
  ladder.rungs[0].by = AskedBy::telephone;
  put_ladder(world, "sakura", ladder);
  Play p(world);
  p.send("mr1", "notify", {{"care", "stopped"}});
  p.advance_to(p.now + 15min);
  REQUIRE(asked_by(p).size() == 1);
  const Effect& effect = *asked_by(p)[0];
  CHECK(sorted(effect.mail->to) == people({"sysadm", "sysadm2"}));
  CHECK(effect.mail->desks.size() == 2);
  REQUIRE(p.file.asked.size() == 1);
  CHECK(p.file.asked[0].by_telephone);
  const Letter written = letter(effect, {p.file, p.directory, "https://k.example", "k.example"});
  CHECK(written.body.find("1. mgr 090-1111-2222") != std::string::npos);
  CHECK(written.body.find("電話連絡先") != std::string::npos);
}

TEST_CASE("the letter says the rung, since when, who was asked before, and whom to call in order", "[ladder]") {
  Directory world = night_world();
  for (const char* nickname : {"svc", "svc2", "mgr"}) {
    Person one = *world.person(person(nickname));
    one.phone = std::string("03-") + nickname;
    world.put(one);
  }
  Play p(world);
  p.send("mr1", "notify", {{"care", "stopped"}});
  p.advance_to(p.now + 26min);
  const auto letters = asked_by(p);
  REQUIRE(letters.size() == 3);
  const Letter written = letter(*letters[2], {p.file, p.directory, "https://k.example", "k.example"});
  const auto says = [&](std::string_view part) { return written.body.find(part) != std::string::npos; };
  CHECK(says("Level: 2"));
  CHECK(says("Asked before\n- 2026-03-04 09:15 +0900 (level 1): svc\n- 2026-03-04 09:20 +0900 (level 1): svc\n"));
  CHECK(says("これまでに依頼した相手\n- 2026-03-04 09:15 +0900 (段階 1): svc\n"));
  CHECK(
      says("Whom to call, in this order\n1. svc2 03-svc2\n2. mgr 03-mgr\n3. hikari duty desk 03-0000-0000\n"
           "4. sakura duty desk 03-0000-0000\n"));
}

TEST_CASE("the case shows who was asked when, who comes next and at what time", "[ladder]") {
  Play p(night_world());
  const auto& workflow = fault_response::fault_response();
  p.send("mr1", "notify", {{"care", "stopped"}});
  auto view = workflow.ladder(p.file, p.directory, p.now);
  CHECK(view.what == "t_ack_expired");
  CHECK(view.asked.empty());
  CHECK(view.next_level == 1);
  CHECK(view.next_at == p.now + 15min);
  CHECK(view.next_people == people({"svc"}));
  p.advance_to(p.now + 20min);
  view = workflow.ladder(p.file, p.directory, p.now);
  REQUIRE(view.asked.size() == 2);
  CHECK(view.asked[0].people == people({"svc"}));
  CHECK(view.next_level == 2);
  CHECK(view.next_people == people({"svc2"}));
  CHECK(view.next_at == p.now + 5min);
  p.send("svc", "acknowledge");
  CHECK(workflow.ladder(p.file, p.directory, p.now).what == "t_triage_expired");
}

TEST_CASE("letters of a P3 case wait for quiet hours to end, those of P1 and P2 never", "[ladder]") {
  Directory world = small_world();
  Person sysadm = *world.person(person("sysadm"));
  sysadm.quiet = {.from = 18 * 60, .until = 7 * 60, .zone = ""};
  world.put(sysadm);
  Organisation hikari = *world.organisation(organisation("hikari"));
  hikari.quiet = {.from = 20 * 60, .until = 6 * 60, .zone = ""};
  world.put(hikari);
  const auto dues = [&](const char* care) {
    Play p(world);
    p.now = tokyo(0, 22, 0);
    p.send("mr1", "notify", {{"care", care}});
    std::map<Instant, std::size_t> out;
    for (const Effect* one : asked_by(p, "M01"))
      out[one->due] += one->mail->to.size() + one->mail->desks.size();
    return out;
  };
  const auto waiting = dues("none");
  REQUIRE(waiting.size() == 3);
  CHECK(waiting.count(Instant{}) == 1);    // sysadm2, psm and the hospital's desk: no quiet hours
  CHECK(waiting.at(tokyo(1, 6, 0)) == 4);  // whom the centre employs, and its desk
  CHECK(waiting.at(tokyo(1, 7, 0)) == 1);  // the administrator's own
  CHECK(dues("degraded").size() == 1);
  CHECK(dues("stopped").size() == 1);
}

TEST_CASE("a case that becomes P1 sends what waits at once and is answered sooner", "[ladder]") {
  Play p;
  p.now = tokyo(0, 22, 0);
  p.send("mr1", "notify", {{"care", "none"}});
  const auto due = [&] { return workflow_deadline(p.file, "t_ack_expired"); };
  CHECK(due() > p.now + 4h);
  p.send("clin", "set_priority", {{"priority", "p1"}});
  CHECK(p.laps.back().mails_now);
  CHECK(due() == p.now + 15min);
  const auto told = asked_by(p, "M01");
  REQUIRE(told.size() == 2);
  CHECK(told[1]->urgent);
  p.send("clin", "set_priority", {{"priority", "p2"}});
  CHECK_FALSE(p.laps.back().mails_now);
  CHECK(due() == p.now + 15min);  // what runs is not moved away
}

TEST_CASE("letters about access to a device are urgent for everybody and wait for nobody", "[ladder]") {
  Directory world = small_world();
  for (const char* org : {"sakura", "hikari"}) {
    Organisation one = *world.organisation(organisation(org));
    one.quiet = {.from = 0, .until = 24 * 60, .zone = ""};
    world.put(one);
  }
  Play p(world);
  p.send("mr1", "notify", {{"care", "none"}});
  bring_to(p, "connected");
  for (const Effect& one : p.effects)
    if (one.mail && (one.mail->mail == "M09" || one.mail->mail == "M11" || one.mail->mail == "M16")) {
      CHECK(one.due == Instant{});
      CHECK(one.bundle.empty());
    }
}

TEST_CASE("a policy says every mistake of its ladders", "[ladder]") {
  Policy policy;
  Ladder empty;
  empty.name = LadderName::unanswered;
  Ladder wrong;
  wrong.name = LadderName::stalled;
  wrong.rungs = {rung({}), rung({everybody(Role::sys)}, 5min, 11), rung({named("")}, -5min)};
  wrong.rungs[2].ask = {{.whom = Whom::person, .role = Role::none, .side = Side::rsc, .tier = 1, .person = {}}};
  policy.ladders = {empty, wrong, wrong};
  CHECK(mistakes_in(policy).size() == 1 + 2 * 5 + 1);
}

TEST_CASE("a policy's term is at most a year, however it is counted", "[ladder]") {
  const auto sound = [](Term term) {
    Policy policy;
    policy.terms = {{.timer = TimerName::t_sign, .p1 = {}, .p2 = term, .p3 = {}}};
    Policy asking;
    asking.ladders = {{.name = LadderName{}, .rungs = {rung({}, 0s)}}};
    asking.ladders[0].rungs[0].waits = term;
    const auto about = [](const Policy& one, const std::string& place) {
      const auto all = mistakes_in(one);
      return std::ranges::count(all, place, &Mistake::place);
    };
    return about(policy, "/terms/0/p2") == 0 && about(asking, "/ladders/0/rungs/0/waits") == 0;
  };
  CHECK(sound({.wall = 366 * 24h, .business_days = 0}));
  CHECK_FALSE(sound({.wall = 366 * 24h + 1us, .business_days = 0}));
  CHECK_FALSE(sound({.wall = Duration::max(), .business_days = 0}));
  CHECK(sound({.wall = {}, .business_days = 366}));
  CHECK_FALSE(sound({.wall = {}, .business_days = 367}));
}

}  // namespace kintsugi::testing

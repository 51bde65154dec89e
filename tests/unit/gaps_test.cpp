#include "engine/on_call/gaps.h"

#include "tests/support/play.h"

#include <algorithm>

// What is wrong with rosters and ladders, found before anybody needs them.
namespace kintsugi::testing {
namespace {

const OrganisationId centre = organisation("hikari");
const OrganisationId hospital = organisation("sakura");
const Instant now = tokyo(0, 9, 0);

Roster weekly(std::vector<PersonId> people) {
  Layer layer;
  layer.name = "primary";
  layer.people = std::move(people);
  layer.first_day = "2026-01-05";
  Roster out;
  out.id = id_of<RosterId>("roster", "mr");
  out.at = centre;
  out.layers = {layer};
  return out;
}

std::vector<Gap> of_kind(const std::vector<Gap>& gaps, Gap::Kind kind) {
  std::vector<Gap> out;
  std::ranges::copy_if(gaps, std::back_inserter(out), [&](const Gap& one) { return one.kind == kind; });
  return out;
}
std::vector<Gap> gaps(const Directory& directory, const OrganisationId& org = centre) {
  return gaps_in(directory, org, now, now + gaps_ahead);
}

}  // namespace

TEST_CASE("an organisation without rosters has no holes, because everybody is asked", "[on_call]") {
  CHECK(of_kind(gaps(small_world()), Gap::Kind::nobody_on_call).empty());
}

TEST_CASE("a hole in the first line is refused in hours that a contract promises, with its time", "[on_call]") {
  Directory world = small_world();
  Roster roster = weekly({person("svc"), person("svc2")});
  roster.layers[0].hours = {{.days = {1, 2, 3, 4, 5}, .from = 9 * 60, .until = 12 * 60}};
  world.put(roster);
  const auto holes = of_kind(gaps(world), Gap::Kind::nobody_on_call);
  REQUIRE_FALSE(holes.empty());
  CHECK(holes[0].from == tokyo(0, 12, 0));
  CHECK(holes[0].until == tokyo(1, 9, 0));
  CHECK(holes[0].refuses);  // the contract's hours are 09:00 to 17:00
  CHECK(holes[0].subject == "mr");
  // Nights and weekends are in no contract.
  roster.layers[0].hours = {{.days = {1, 2, 3, 4, 5}, .from = 9 * 60, .until = 17 * 60}};
  Directory office = small_world();
  office.put(roster);
  const auto nights = of_kind(gaps(office), Gap::Kind::nobody_on_call);
  REQUIRE_FALSE(nights.empty());
  CHECK(std::ranges::none_of(nights, &Gap::refuses));
  const Text words = in_words(nights[0], office, centre);
  CHECK(words.en.find("nobody is on call") != std::string::npos);
  CHECK(words.en.find("2026-03-04 17:00 +0900") != std::string::npos);
  CHECK(words.ja.find("当番がいません") != std::string::npos);
}

TEST_CASE("people of a roster who do not exist, have left or cannot be reached are named", "[on_call]") {
  Directory world = small_world();
  Person svc2 = *world.person(person("svc2"));
  svc2.left_at = tokyo(3, 0, 0);
  world.put(svc2);
  Person svc = *world.person(person("svc"));
  svc.mail.clear();
  world.put(svc);
  world.put(weekly({person("svc"), person("svc2"), person("nobody"), person("mgr")}));
  const auto all = gaps(world);
  REQUIRE(of_kind(all, Gap::Kind::no_contact).size() == 1);
  CHECK(of_kind(all, Gap::Kind::no_contact)[0].subject == person("svc").text());
  REQUIRE(of_kind(all, Gap::Kind::left).size() == 1);
  CHECK(of_kind(all, Gap::Kind::left)[0].from == svc2.left_at);
  CHECK(of_kind(all, Gap::Kind::unknown_person).size() == 1);
  CHECK(of_kind(all, Gap::Kind::not_entitled).size() == 1);  // the manager takes no case
}

TEST_CASE("a rung of an own ladder that reaches nobody is refused, with the time from which it does", "[on_call]") {
  Directory world = small_world();
  Person sec = *world.person(person("sec"));
  sec.roles[0].until = tokyo(5, 0, 0);
  world.put(sec);
  CHECK(of_kind(gaps(world, hospital), Gap::Kind::rung_reaches_nobody).empty());  // the desks are on every rung
  Policy policy;
  policy.tenant = hospital;
  policy.version = 1;
  Ladder ladder;
  ladder.name = LadderName::sign_off;
  ladder.rungs = {{.ask = {{.whom = Whom::role, .role = Role::hcf_sec, .side = Side::hcf, .tier = 1, .person = {}}},
                   .by = AskedBy::mail,
                   .waits = {},
                   .repeats = 0}};
  policy.ladders = {ladder};
  world.put(policy);
  Organisation org = *world.organisation(hospital);
  org.policy_version = 1;
  const Directory before = world;
  world.put(org);
  const auto found = of_kind(gaps(world, hospital), Gap::Kind::rung_reaches_nobody);
  REQUIRE_FALSE(found.empty());
  CHECK(found[0].refuses);
  CHECK(found[0].from == tokyo(5, 0, 0));
  CHECK(found[0].where == "sign_off/1");
  CHECK_FALSE(check_on_call(before, world, hospital, now).mistakes.empty());
  // What stood before the change stops nobody from changing something else.
  CHECK(check_on_call(world, world, hospital, now).mistakes.empty());
  CHECK_FALSE(check_on_call(world, world, hospital, now).warnings.empty());
}

}  // namespace kintsugi::testing

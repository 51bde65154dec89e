#include "programs/demo/story.h"
#include "programs/server/masters_file.h"
#include "programs/stage/world.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <set>

// The demo's world, read as a masters file like anybody's.
namespace kintsugi::testing {
namespace {

const Instant now = *instant_from("2026-03-04T09:00:00Z");

// The world after it was imported, and how to import more.
struct Read {
  SeededEntropy entropy{5};
  demo::World world = demo::make_world(now, entropy);
  std::shared_ptr<const Directory> known = std::make_shared<Directory>();

  Read() { import(world.file); }
  void import(const Json& file) {
    const MastersRead read = read_masters_file(file, *known, now, entropy);
    for (const Mistake& one : read.mistakes)
      FAIL_CHECK(to_text(one));
    REQUIRE(read.mistakes.empty());
    known = std::make_shared<Directory>(changed(*known, read.masters));
  }
};

}  // namespace

TEST_CASE("the demo's world passes the validation of every import, and so does its ward", "[demo]") {
  Read read;
  const demo::Ward ward = demo::make_ward(*read.known, read.world.scanner, 240, now, read.entropy);
  read.import(ward.file);
  for (const DeviceId& monitor : ward.monitors) {
    const Contract* contract = read.known->contract_of(monitor, now);
    REQUIRE(contract != nullptr);
    CHECK(contract->rsc == read.world.vendor);
  }
}

TEST_CASE("in the demo's world somebody holds every role, in both languages and with something to try", "[demo]") {
  const Read read;
  std::set<Role> held;
  std::set<std::string> languages;
  for (const demo::Introduction& one : read.world.people) {
    CAPTURE(one.person.mail);
    for (const Text& text : {one.person.name, one.may_try}) {
      CHECK_FALSE(text.ja.empty());
      CHECK_FALSE(text.en.empty());
    }
    languages.insert(one.person.language);
    for (const RoleHeld& role : one.person.roles)
      if (role.at == read.world.hospital || role.at == read.world.vendor) held.insert(role.role);
  }
  for (const auto& [role, name] : names_of(Role::none)) {
    CAPTURE(name);
    const bool of_people = role != Role::none && role != Role::device && role != Role::sys;
    CHECK(held.contains(role) == of_people);
  }
  CHECK(languages == std::set<std::string>{"en", "ja"});
  CHECK(std::ranges::any_of(read.world.people, [&](const demo::Introduction& one) {
    return one.person.employer == read.world.vendor && !one.person.roles.empty() &&
           one.person.roles.front().role == Role::hcf_psm;
  }));
}

TEST_CASE("the demo's hospitals differ: a whole one, one with combined slots abroad, one that is only a test",
          "[demo]") {
  const Read read;
  int combined = 0, tests = 0;
  std::set<std::string> zones;
  for (const auto& [id, house] : read.known->organisations()) {
    zones.insert(house.calendar.zone);
    if (house.side != Side::hcf) continue;
    tests += house.test_hospital ? 1 : 0;
    combined += read.known->policy_of(id).allow_combined_hcf_slots ? 1 : 0;
  }
  CHECK(combined == 1);
  CHECK(tests == 1);
  CHECK(zones.size() == 2);
  // Two vendors in one hospital, each with devices of its own.
  std::set<OrganisationId> vendors;
  for (const auto& [id, device] : read.known->devices())
    if (device.tenant == read.world.hospital) vendors.insert(read.known->contract_of(id, now)->rsc);
  CHECK(vendors.size() == 2);
}

TEST_CASE("every story has a name of its own and is told in both languages", "[demo][stories]") {
  std::set<std::string_view> names;
  for (const demo::Story& one : demo::stories()) {
    CAPTURE(one.name);
    CHECK(names.insert(one.name).second);
    CHECK(demo::story_named(one.name) == &one);
    for (const Text& text : {one.title, one.watch}) {
      CHECK_FALSE(text.ja.empty());
      CHECK_FALSE(text.en.empty());
    }
  }
  CHECK(names.size() == 6);
}

}  // namespace kintsugi::testing

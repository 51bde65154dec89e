#include "engine/masters/mistakes.h"
#include "engine/masters/preview.h"
#include "tests/support/world.h"

#include <catch2/catch.hpp>

#include <algorithm>

// What a change would do to open cases, and to what the two sides can still do.
namespace kintsugi::testing {
namespace {

const Instant now = *instant_from("2026-03-04T09:00:00Z");

Directory world_directory() {
  Directory out;
  for (const Master& one : world()) {
    if (one.kind == "organisation") out.put(*from_json_text<Organisation>(one.body));
    if (one.kind == "person") out.put(*from_json_text<Person>(one.body));
    if (one.kind == "access_point") out.put(*from_json_text<AccessPoint>(one.body));
    if (one.kind == "device") out.put(*from_json_text<Device>(one.body));
    if (one.kind == "contract") out.put(*from_json_text<Contract>(one.body));
    if (one.kind == "duty") out.put(*from_json_text<Duty>(one.body));
  }
  return out;
}

// A case on ct-1 with a request of abe's that waits for all its approvers.
CaseFile requested() {
  CaseFile out;
  out.id = CaseId{"case_00000000000000000000000001"};
  out.number = "K26-0000001-1";
  out.tenant = organisation("midori");
  out.rsc = organisation("alpha");
  out.device = device("ct-1");
  out.state = "conn_requested";
  out.owner = person("abe");
  out.request.emplace();
  out.request->by = person("abe");
  out.request->workers = {person("abe")};
  return out;
}

CaseFile granted() {
  CaseFile out = requested();
  for (const auto& [slot, nick] : {std::pair{Role::hcf_sysadm, "sato"}, std::pair{Role::hcf_netadm, "suzuki"},
                                   std::pair{Role::rsc_netadm, "ono"}})
    out.request->approvals.push_back({.slot = slot, .by = person(nick), .approved = true, .at = now});
  out.grants.emplace_back();
  return out;
}

std::vector<Consequence> would(const Directory& directory, const Masters& change, const CaseFile& file) {
  const std::vector open{std::make_shared<const CaseFile>(file)};
  return consequences_of(directory, changed(directory, change), change, open, now);
}
std::vector<std::string> names(const std::vector<Consequence>& consequences) {
  std::vector<std::string> out;
  for (const Consequence& one : consequences) {
    CHECK_FALSE(one.text.ja.empty());
    CHECK_FALSE(one.text.en.empty());
    out.push_back(one.name);
  }
  return out;
}
bool has(const std::vector<Consequence>& consequences, const std::string& name, const CaseFile& file) {
  return std::ranges::any_of(consequences,
                             [&](const Consequence& one) { return one.name == name && one.case_id == file.id; });
}

Masters leaves(const Directory& directory, const char* nick) {
  Masters out;
  out.people = {*directory.person(person(nick))};
  out.people[0].left_at = now;
  return out;
}

}  // namespace

TEST_CASE("an approver who goes is named, and a slot with nobody left too", "[masters]") {
  const Directory directory = world_directory();
  const auto found = would(directory, leaves(directory, "suzuki"), requested());
  CHECK(has(found, "approver_gone", requested()));
  CHECK(has(found, "slot_without_anybody", requested()));
  CHECK(std::ranges::count(names(found), "slot_without_anybody") == 2);  // of the request, and of the hospital
  CHECK(std::ranges::count(names(found), "sign_in_ends") == 1);
  CHECK(would(directory, leaves(directory, "tanaka"), requested()).size() == 1);  // his sign-in
}

TEST_CASE("who has asked or is to work counts as nobody's approver", "[masters]") {
  const Directory directory = world_directory();
  CaseFile file = requested();
  file.request->workers = {person("kimura")};  // keeps the centre's network too
  CHECK(who_could_fill(directory, Role::rsc_netadm, file, now) == std::vector{person("ono")});
  const auto hcf = who_could_fill(directory, Role::hcf_sysadm, file, now);
  CHECK(hcf == std::vector{person("sato")});  // and not the vendor's man, whatever somebody has ticked
}

TEST_CASE("a worker who goes loses the grant that lets him in", "[masters]") {
  const Directory directory = world_directory();
  const auto asked = would(directory, leaves(directory, "abe"), requested());
  CHECK(has(asked, "worker_gone", requested()));
  CHECK(has(asked, "owner_gone", requested()));
  CHECK(has(would(directory, leaves(directory, "abe"), granted()), "grant_revoked", granted()));
}

TEST_CASE("whoever loses pledge or role loses the grant that lets him in, too", "[masters]") {
  const Directory directory = world_directory();
  Masters change;
  change.people = {*directory.person(person("abe"))};
  SECTION("his pledge") {
    change.people[0].pledge_until = now - 1h;
  }
  SECTION("his role") {
    std::erase_if(change.people[0].roles, [](const RoleHeld& one) { return one.role == Role::rsc_svc; });
  }
  CaseFile file = granted();
  file.grants.back().window = {.opens = now, .closes = now + 1h};
  CHECK(has(would(directory, change, file), "grant_revoked", file));
  CHECK(has(would(directory, change, requested()), "worker_gone", requested()));
}

TEST_CASE("an approval that would count no more is told with its slot", "[masters]") {
  const Directory directory = world_directory();
  CaseFile file = requested();
  file.request->approvals.push_back({.slot = Role::hcf_netadm, .by = person("suzuki"), .approved = true, .at = now});
  const auto found = would(directory, leaves(directory, "suzuki"), file);
  CHECK(has(found, "approval_lapses", file));
  CHECK_FALSE(has(would(directory, leaves(directory, "tanaka"), file), "approval_lapses", file));
}

TEST_CASE("a version of a policy under which a case is open cannot be retired, and the case is named", "[masters]") {
  Directory directory = world_directory();
  Policy policy;
  policy.tenant = organisation("midori");
  policy.version = 1;
  directory.put(policy);
  Masters change;
  change.policies = {policy};
  change.policies[0].retired_at = now;
  CaseFile file = requested();
  file.policy_version = 1;
  const auto found = would(directory, change, file);
  REQUIRE(has(found, "policy_in_use", file));
  CHECK(std::ranges::find(found, "policy_in_use", &Consequence::name)->blocks);
  file.policy_version = 2;
  CHECK_FALSE(has(would(directory, change, file), "policy_in_use", file));
}

TEST_CASE("the way to a device cannot be changed under a living grant", "[masters]") {
  const Directory directory = world_directory();
  Masters change;
  change.access_points = {*directory.access_point(access_point_of("midori"))};
  change.access_points[0].kind = AccessPointKind::manual;
  const auto found = would(directory, change, granted());
  REQUIRE(found.size() == 1);
  CHECK(found[0].name == "door_moves");
  CHECK(found[0].blocks);
  CHECK(would(directory, change, requested()).empty());
  CaseFile closed = granted();
  closed.grants.back().proved_closed_at = now;
  CHECK(would(directory, change, closed).empty());
}

TEST_CASE("a device that loses its contract is told, with the case that is open on it", "[masters]") {
  const Directory directory = world_directory();
  Masters change;
  change.contracts = {*directory.contract_of(device("ct-1"), now)};
  change.contracts[0].until = now;
  const auto found = would(directory, change, requested());
  CHECK(has(found, "no_contract", requested()));
  CHECK(std::ranges::count(names(found), "device_without_contract") == 2);
}

TEST_CASE("a device that comes without a door or a product line is told what that means", "[masters]") {
  const Directory directory = world_directory();
  Masters change;
  change.devices.push_back(*directory.device(device("ct-1")));
  Device& one = change.devices[0];
  const auto lacking = [&] {
    auto out = names(would(directory, change, requested()));
    std::erase_if(out, [](const std::string& name) { return !name.starts_with("device_without_"); });
    return out;
  };
  CHECK(lacking().empty());
  one.access_point = {};
  one.product_line = {};
  one.exit = {};
  CHECK(lacking() == std::vector<std::string>{"device_without_access_point", "device_without_exit",
                                              "device_without_product_line"});
  one.id = DeviceId{"device_new"};
  one.serial = "SN-NEW";
  CHECK(lacking() == std::vector<std::string>{"device_without_contract", "device_without_access_point",
                                              "device_without_exit", "device_without_product_line"});
  one.retired_at = now;
  CHECK(lacking().empty());
}

TEST_CASE("a new policy moves no running clock and tells what would have been", "[masters]") {
  const Directory directory = world_directory();
  CaseFile file = requested();
  file.request->at = now;
  file.request->window = {.opens = now + 3h, .closes = now + 5h};
  file.timers.push_back({.event = "t_approve_expired", .due = now + 2h});
  file.timers.push_back({.event = "t_approve_final", .due = now + 3h});
  Masters change;
  change.policies.emplace_back();
  change.policies[0].tenant = organisation("midori");
  change.policies[0].version = 1;
  change.policies[0].slots = {Role::hcf_sysadm, Role::rsc_netadm};
  change.policies[0].terms = {{.timer = TimerName::t_approve, .p1 = {}, .p2 = {.wall = 30min}, .p3 = {}}};
  change.organisations = {*directory.organisation(organisation("midori"))};
  change.organisations[0].policy_version = 1;
  const auto found = would(directory, change, file);
  CHECK(has(found, "slot_would_go", file));
  const auto deadline = std::ranges::find(found, "deadline_would_be", &Consequence::name);
  REQUIRE(deadline != found.end());
  CHECK(deadline->facts.at("would_be") == to_text(now + 30min));
  const auto final =
      std::find_if(deadline + 1, found.end(), [](const auto& one) { return one.name == "deadline_would_be"; });
  REQUIRE(final != found.end());
  CHECK(final->facts.at("would_be") == to_text(now + 1h));
  CHECK(std::ranges::count(names(found), "policy_for_new_cases") == 1);
}

TEST_CASE("nobody on call is told before it happens", "[masters]") {
  const Directory directory = world_directory();
  Masters change;
  for (const Duty& duty : directory.duties_of(organisation("alpha"))) {
    change.duties.push_back(duty);
    change.duties.back().until = now;
  }
  REQUIRE_FALSE(change.duties.empty());
  CHECK(std::ranges::count(names(would(directory, change, requested())), "nobody_on_duty") == 1);
}

}  // namespace kintsugi::testing

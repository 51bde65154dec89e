#include "tests/drill/cast.h"

#include "tests/drill/world.h"
#include "tests/support/world.h"

#include <fmt/format.h>

#include <algorithm>

namespace kintsugi::drill {
namespace {

using enum Role;
using testing::organisation;

template <class T>
Master master(const char* kind, const std::string& id, const OrganisationId& owner, const T& value) {
  return {.kind = kind, .id = id, .tenant = owner.text(), .body = to_json_text(value)};
}
Master master(const Person& one) {
  return master("person", one.id.text(), one.employer, one);
}

std::vector<Person> working_people(World& world) {
  std::vector<Person> out;
  for (const auto& [id, one] : world.directory()->people())
    if (one.left_at == Instant{} && !one.roles.empty()) out.push_back(one);
  return out;
}

Person newcomer(const std::string& nick, const OrganisationId& employer, const OrganisationId& at,
                const std::vector<Role>& roles, Instant now) {
  Person out;
  out.id = testing::person(nick);
  out.name = {nick, nick};
  out.employer = employer;
  out.mail = nick + "@new.example";
  out.pledge_until = out.training_until = now + std::chrono::hours(24 * 4000);
  out.product_lines = {"ct", "mr", "us"};
  out.country = "JP";
  for (const Role role : roles)
    out.roles.push_back({.role = role, .at = at, .from = now - std::chrono::hours(24 * 40)});
  return out;
}

void put(World& world, std::vector<Master> masters, const std::string& what) {
  const bool done = world.put_masters(std::move(masters));
  world.trail().tell("  " + what + (done ? "" : ", in vain"));
}

}  // namespace

void somebody_leaves(World& world, Dice& dice) {
  auto people = working_people(world);
  if (people.empty()) return;
  Person one = dice.pick(people);
  one.left_at = world.now();
  put(world, {master(one)}, one.name.en + " leaves");
}

// One who has said yes to something, or is to work, loses what he acts by in a minute.
void somebody_is_about_to_go(World& world, Dice& dice) {
  std::vector<PersonId> people;
  for (const auto& [id, file] : world.cases()) {
    if (!file.request || file.request->dead) continue;
    for (const Approval& one : file.request->approvals)
      people.push_back(one.by);
    if (dice.one_in(2)) people.insert(people.end(), file.request->workers.begin(), file.request->workers.end());
  }
  if (people.empty()) return;
  roles_end(world, dice.pick(people), 1min);
}

void roles_end(World& world, const PersonId& id, Duration from_now) {
  Person one = *world.directory()->person(id);
  for (RoleHeld& held : one.roles)
    held.until = world.now() + from_now;
  put(world, {master(one)}, fmt::format("{} has his roles for {} s more", one.name.en, from_now / 1s));
}

void somebody_comes(World& world, Dice& dice) {
  const bool hospital = dice.one_in(2);
  const OrganisationId at = organisation(hospital ? dice.any_of({"midori", "aoba"}) : "alpha");
  const Role role = hospital ? dice.any_of({hcf_sysadm, hcf_netadm, hcf_clin, hcf_psm, hcf_priv, hcf_sec, hcf_duty})
                             : dice.any_of({rsc_svc, rsc_netadm, rsc_l2, rsc_mgr});
  const std::string nick = fmt::format("new-{}-{}", name_of(role), dice.below(1'000'000));
  // Now and then the vendor's man stands in the hospital, or one man has two hats.
  const OrganisationId employer = hospital && dice.one_in(8) ? organisation("alpha") : at;
  std::vector<Role> roles{role};
  if (dice.one_in(3)) roles.push_back(hospital ? hcf_netadm : rsc_netadm);
  Person one = newcomer(nick, employer, at, roles, world.now());
  // For a time only; or with a hat of the other house, too.
  if (dice.one_in(5)) one.roles.front().until = world.now() + std::chrono::minutes(dice.between(10, 200));
  if (at == organisation("alpha") && dice.one_in(5)) {
    one.roles.front().role = rsc_svc;
    one.roles.push_back({.role = hcf_sysadm, .at = organisation("midori"), .from = one.roles.front().from});
  }
  put(world, {master(one)}, nick + " comes");
}

void somebody_loses(World& world, Dice& dice) {
  auto people = working_people(world);
  if (people.empty()) return;
  Person one = dice.pick(people);
  const bool role = dice.one_in(2);
  if (role)
    one.roles.front().until = world.now();
  else
    one.pledge_until = world.now();
  put(world, {master(one)}, one.name.en + (role ? " loses a role" : " has no pledge any more"));
}

void policy_changes(World& world, Dice& dice) {
  const OrganisationId tenant = organisation(dice.any_of({"midori", "aoba"}));
  const auto directory = world.directory();
  const Organisation* hospital = directory->organisation(tenant);
  if (hospital == nullptr) return;
  Policy policy = directory->policy_of(tenant);
  policy.tenant = tenant;
  policy.version = hospital->policy_version + 1;
  switch (dice.below(6)) {
    case 0: policy.slots = {hcf_sysadm, hcf_netadm, rsc_netadm, hcf_priv}; break;
    case 1: policy.slots = {hcf_sysadm, rsc_netadm}; break;
    case 2: policy.allow_combined_hcf_slots = !policy.allow_combined_hcf_slots; break;
    case 3: policy.allow_break_glass = !policy.allow_break_glass; break;
    case 4:
      policy.product_line_checks = {"image_quality"};
      policy.allow_break_glass = dice.one_in(2);
      break;
    default:
      policy.attendance_required = !policy.attendance_required;
      policy.connect_attempts_max = dice.between(1, 3);
      policy.site_window_max = std::chrono::hours(dice.any_of({2, 4, 8}));
      break;
  }
  Organisation changed = *hospital;
  changed.policy_version = policy.version;
  put(world,
      {master("policy", fmt::format("{}/{}", tenant.text(), policy.version), tenant, policy),
       master("organisation", tenant.text(), tenant, changed)},
      fmt::format("{} has policy {}", hospital->name.en, policy.version));
}

void contract_changes(World& world, Dice& dice) {
  const auto directory = world.directory();
  std::vector<Contract> all;
  for (const auto& [id, one] : directory->contracts())
    all.push_back(one);
  if (all.empty()) return;
  Contract one = dice.pick(all);
  if (dice.one_in(4)) {
    // A device goes to another RSC, or out of the contract.
    const std::size_t last = one.devices.size() - 1;
    if (dice.one_in(2))
      one.rsc = organisation(one.rsc == organisation("alpha") ? "beta" : "alpha");
    else if (last > 0)
      one.devices.erase(one.devices.begin() + static_cast<std::ptrdiff_t>(last));
    put(world, {master("contract", one.id.text(), one.tenant, one)}, "a contract is for others");
    return;
  }
  one.around_the_clock = !one.around_the_clock;
  one.window_max = std::chrono::hours(dice.between(1, 4));
  one.sessions_max = dice.between(1, 3);
  one.hours.zone = dice.any_of({"Asia/Tokyo", "Europe/Berlin", "America/New_York"});
  one.hours.holidays = {"2026-03-30", "2026-12-31", "2027-05-03", "2027-05-04", "2027-05-05"};
  put(world, {master("contract", one.id.text(), one.tenant, one)}, "a contract is changed");
}

void full_house(World& world) {
  std::vector<Master> out;
  const auto add = [&](const char* nick, const char* at, Role role) {
    out.push_back(master(newcomer(fmt::format("last-{}-{}", nick, name_of(role)), organisation(at), organisation(at),
                                  {role}, world.now())));
  };
  for (const char* hospital : {"midori", "aoba"})
    for (const Role role : {hcf_sysadm, hcf_netadm, hcf_clin, hcf_psm, hcf_priv, hcf_sec})
      add(hospital, hospital, role);
  for (const char* vendor : {"alpha", "beta"})
    for (const Role role : {rsc_svc, rsc_netadm, rsc_l2, rsc_mgr})
      add(vendor, vendor, role);
  put(world, std::move(out), "new people come for every role");
}

}  // namespace kintsugi::drill

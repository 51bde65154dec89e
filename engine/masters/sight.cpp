#include "engine/masters/sight.h"

#include "engine/masters/authority.h"

#include <algorithm>

namespace kintsugi {
namespace {

bool is_over(Instant until, Instant now) {
  return until != Instant{} && until <= now;
}

}  // namespace

Sight::Sight(const Directory& directory, const PersonId& person, Instant now)
    : directory_(directory), person_(person), now_(now) {
  const Person* one = directory.person(person);
  if (one == nullptr || is_over(one->left_at, now)) return;
  const Proposer who{.person = person, .now = now, .chance = {}, .at_the_machine = false};
  own_.insert(one->employer);
  for (const auto& [id, organisation] : directory.organisations()) {
    if (!directory.roles_of(*one, id, now).empty()) own_.insert(id);
    if (administers(directory, who, id)) administered_.insert(id);
    if (keeps_doors(directory, who, id)) doors_.insert(id);
  }
  for (const auto& [id, contract] : directory.contracts()) {
    if (is_over(contract.until, now)) continue;
    if (own_.contains(contract.tenant)) partners_.insert(contract.rsc);
    if (own_.contains(contract.rsc)) partners_.insert(contract.tenant);
  }
}

std::optional<Organisation> Sight::of(const Organisation& one) const {
  return is_near(one.id) ? std::optional(one) : std::nullopt;
}

std::optional<Site> Sight::of(const Site& one) const {
  return is_near(one.organisation) ? std::optional(one) : std::nullopt;
}

std::optional<Person> Sight::of(const Person& one) const {
  const bool here = std::ranges::any_of(one.roles, [&](const RoleHeld& held) { return is_own(held.at); });
  if (!is_near(one.employer) && !here) return std::nullopt;
  if (is_his(one.employer) || one.id == person_) return one;
  Person seen = one;
  seen.mail.clear();
  seen.phone.clear();
  seen.country.clear();
  const auto elsewhere = [&](const auto& held) { return !is_own(held.at) && held.at != one.employer; };
  std::erase_if(seen.roles, elsewhere);
  std::erase_if(seen.deputies, [&](const Deputy& held) { return !is_own(held.at); });
  return seen;
}

std::optional<AccessPoint> Sight::of(const AccessPoint& one) const {
  if (!is_near(one.owner)) return std::nullopt;
  AccessPoint seen = one;
  if (!doors_.contains(one.owner)) seen.url.clear();
  return seen;
}

std::optional<Device> Sight::of(const Device& one) const {
  if (is_own(one.tenant)) return one;
  const bool served = std::ranges::any_of(directory_.contracts(), [&](const auto& entry) {
    const Contract& contract = entry.second;
    return is_own(contract.rsc) && !is_over(contract.until, now_) && std::ranges::count(contract.devices, one.id) > 0;
  });
  if (!served) return std::nullopt;
  Device seen = one;
  seen.address.clear();
  return seen;
}

std::optional<Contract> Sight::of(const Contract& one) const {
  return is_own(one.tenant) || is_own(one.rsc) ? std::optional(one) : std::nullopt;
}

std::optional<Roster> Sight::of(const Roster& one) const {
  return is_near(one.at) ? std::optional(one) : std::nullopt;
}

std::optional<Duty> Sight::of(const Duty& one) const {
  return is_near(one.at) ? std::optional(one) : std::nullopt;
}

std::optional<Policy> Sight::of(const Policy& one) const {
  return is_near(one.tenant) ? std::optional(one) : std::nullopt;
}

Masters Sight::all() const {
  Masters out = all_of(directory_);
  for_each_list([&](const auto& list) {
    auto& some = out.*list.at;
    auto kept = some.begin();
    for (auto& one : some)
      if (auto seen = of(one)) *kept++ = std::move(*seen);
    some.erase(kept, some.end());
  });
  return out;
}

Masters Sight::his() const {
  Masters out = all_of(directory_);
  for_each_list([&](const auto& list) {
    std::erase_if(out.*list.at, [&](const auto& one) { return !is_his(owner_of(one)); });
  });
  for (const auto& [id, contract] : directory_.contracts())
    if (is_his(contract.rsc) && !is_his(contract.tenant)) out.contracts.push_back(contract);
  std::ranges::sort(out.contracts, {}, &Contract::id);
  // Of its policies the one in force: the others are what was, and do not change.
  std::erase_if(out.policies, [&](const Policy& one) {
    const Organisation* hospital = directory_.organisation(one.tenant);
    return hospital == nullptr || hospital->policy_version != one.version;
  });
  return out;
}

}  // namespace kintsugi

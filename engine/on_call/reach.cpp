#include "engine/on_call/reach.h"

#include "engine/on_call/on_call.h"

#include <algorithm>

namespace kintsugi {
namespace {

std::vector<PersonId> on_call_or_all(const Directory& directory, const Target& target, const Sides& sides,
                                     Instant when) {
  const bool rsc = side_of(target) == Side::rsc;
  const OrganisationId& at = rsc ? sides.rsc : sides.hospital;
  if (at.empty()) return {};
  const int tier = target.whom == Whom::owner ? 1 : target.tier;
  auto out = people_on_call(directory, {.at = at, .product_line = sides.product_line, .tier = tier}, when);
  if (out.empty() && tier == 1) out = directory.holders(rsc ? Role::rsc_svc : Role::hcf_duty, at, when);
  return out;
}

std::vector<PersonId> people_of(const Directory& directory, const Target& target, const Sides& sides, Instant when) {
  switch (target.whom) {
    case Whom::role: {
      const OrganisationId& at = side_of(target.role) == Side::rsc ? sides.rsc : sides.hospital;
      return at.empty() ? std::vector<PersonId>{} : directory.holders(target.role, at, when);
    }
    case Whom::owner:
      if (is_there(directory, sides.owner, when)) return {sides.owner};
      return on_call_or_all(directory, target, sides, when);
    case Whom::on_call: return on_call_or_all(directory, target, sides, when);
    case Whom::person:
      return is_there(directory, target.person, when) ? std::vector{target.person} : std::vector<PersonId>{};
    case Whom::duty_desk: break;
  }
  return {};
}

template <class T>
void add_once(std::vector<T>& list, const T& one) {
  if (!one.empty() && !std::ranges::count(list, one)) list.push_back(one);
}

}  // namespace

Reached reached(const Directory& directory, const Rung& rung, const Sides& sides, Instant when) {
  Reached out;
  for (const Target& target : rung.ask) {
    if (target.whom == Whom::duty_desk) add_once(out.desks, target.side == Side::rsc ? sides.rsc : sides.hospital);
    for (const PersonId& one : people_of(directory, target, sides, when))
      add_once(out.people, one);
  }
  return out;
}

Ladder ladder_for(const Directory& directory, const Policy& policy, const OrganisationId& rsc, LadderName name) {
  const Ladder& hospital = ladder_of(policy, name);
  if (rsc.empty()) return hospital;
  const auto& own = directory.policy_of(rsc).ladders;
  const auto found = std::ranges::find(own, name, &Ladder::name);
  return joined(hospital, found == own.end() ? nullptr : &*found);
}

}  // namespace kintsugi

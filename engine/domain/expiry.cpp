#include "engine/domain/expiry.h"

#include <algorithm>

namespace kintsugi {

std::vector<Expiry> expiries_of(const Directory& directory, const Person& person, Instant now, Duration ahead) {
  std::vector<Expiry> out;
  if (person.left_at != Instant{} && person.left_at <= now) return out;
  const Instant horizon = now + ahead;
  const auto roles = directory.roles_of(person, person.employer, now);
  const bool works = std::ranges::any_of(roles, [](Role one) { return one == Role::rsc_svc || one == Role::rsc_l2; });
  const auto add = [&](Expiry::What what, Instant until, Role role = Role::none, const PersonId& deputy = {}) {
    out.push_back({.what = what, .person = person.id, .role = role, .deputy = deputy, .until = until});
  };
  if (works && person.pledge_until <= horizon) add(Expiry::What::pledge, person.pledge_until);
  if (works && person.training_until <= horizon) add(Expiry::What::training, person.training_until);
  for (const RoleHeld& held : person.roles)
    if (held.until > now && held.until <= horizon) add(Expiry::What::role, held.until, held.role);
  for (const Deputy& one : person.deputies)
    if (one.until > now && one.until <= horizon && one.from <= now)
      add(Expiry::What::deputy, one.until, one.role, one.person);
  std::ranges::stable_sort(out, {}, &Expiry::until);
  return out;
}

}  // namespace kintsugi

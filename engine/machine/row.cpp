#include "engine/machine/row.h"

#include "engine/base/entropy.h"

#include <algorithm>

namespace kintsugi::machine {
namespace {

// The hospital of an event that opens a case is not in a file yet: it is where the device stands that the event
// names, whoever employs him who reports it (a primary serviceman may be the vendor's); without one, his own
// organisation.
const OrganisationId& hospital_of(const Situation& s) {
  if (!s.file.id.empty()) return s.file.tenant;
  if (const auto named = s.event.payload.find("device"); named != s.event.payload.end() && named->is_string())
    if (const Device* device = s.directory.device(DeviceId{named->get<std::string>()})) return device->tenant;
  return s.event.actor.org;
}
const OrganisationId& place_of(const Situation& s, Role role) {
  if (side_of(role) != Side::rsc) return hospital_of(s);
  return s.file.id.empty() ? s.event.actor.org : s.file.rsc;
}

bool holds_role(const Situation& s, const Person& person, Role role) {
  const OrganisationId& at = place_of(s, role);
  if (at.empty()) return false;
  const auto roles = s.directory.roles_of(person, at, s.event.at);
  return std::ranges::count(roles, role) > 0;
}

Role wanted(const Event& event) {
  if (event.as != Role::none) return event.as;
  if (const auto slot = event.payload.find("slot"); slot != event.payload.end() && slot->is_string())
    return from_name<Role>(slot->get_ref<const std::string&>()).value_or(Role::none);
  return Role::none;
}

bool is_own_device(const Situation& s) {
  return s.file.id.empty() || s.file.device.text() == s.event.actor.id;
}

FailedCheck failed(std::string_view name, std::span<const Role> lifted_by) {
  FailedCheck out{.name = std::string(name), .lifted_by = {}, .since = {}};
  for (const Role role : lifted_by)
    if (role != Role::none) out.lifted_by.push_back(role);
  return out;
}

}  // namespace

std::string Lap::new_id_text(std::string_view prefix, Instant at, unsigned n) const {
  return kintsugi::new_id_text(prefix, at, event.chance, n);
}

Role role_for(const Situation& s, std::span<const Role> by) {
  const Actor& actor = s.event.actor;
  const auto accepts = [&](Role role) { return std::ranges::count(by, role) > 0; };
  if (actor.kind == Role::sys) return accepts(Role::sys) ? Role::sys : Role::none;
  if (actor.kind == Role::device) return accepts(Role::device) && is_own_device(s) ? Role::device : Role::none;
  const Person* person = s.directory.person(actor.person);
  if (person == nullptr) return Role::none;
  if (const Role chosen = wanted(s.event); chosen != Role::none)
    return accepts(chosen) && holds_role(s, *person, chosen) ? chosen : Role::none;
  for (const Role role : by)
    if (holds_role(s, *person, role)) return role;
  return Role::none;
}

bool takes_part(const Situation& s) {
  const Actor& actor = s.event.actor;
  if (actor.kind == Role::sys) return true;
  if (actor.kind == Role::device) return is_own_device(s);
  const Person* person = s.directory.person(actor.person);
  if (person == nullptr) return false;
  if (s.file.id.empty())
    return !s.directory.roles_of(*person, actor.org, s.event.at).empty() ||
           !s.directory.roles_of(*person, hospital_of(s), s.event.at).empty();
  const auto has = [&](const OrganisationId& at, Side side) {
    if (at.empty()) return false;
    const auto roles = s.directory.roles_of(*person, at, s.event.at);
    return std::ranges::any_of(roles, [&](Role role) { return side_of(role) == side || role == Role::auditor; });
  };
  return has(s.file.tenant, Side::hcf) || has(s.file.rsc, Side::rsc);
}

Judgement judge(const RowSpec& row, const Situation& s, bool all) {
  Judgement out;
  if (!takes_part(s)) {
    out.kind = Refusal::Kind::forbidden;
    out.failed.push_back(failed("not_a_participant", {}));
    return out;
  }
  out.as = role_for(s, row.by);
  if (out.as == Role::none) {
    out.kind = Refusal::Kind::forbidden;
    // Who chose a role that he does not hold is told of that one.
    const Role chosen = wanted(s.event);
    const bool is_one = std::ranges::count(row.by, chosen) > 0;
    out.failed.push_back(failed("role_not_allowed", is_one ? std::span<const Role>(&chosen, 1) : row.by));
    return out;
  }
  for (const Check* check : row.checks)
    if (!check->holds(s)) {
      out.failed.push_back(failed(check->name, check->lifted_by));
      if (!all) break;
    }
  return out;
}

}  // namespace kintsugi::machine

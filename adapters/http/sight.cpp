#include "adapters/http/sight.h"

#include <algorithm>

namespace kintsugi::http {

std::vector<OrganisationId> organisations_of(const Directory& directory, const PersonId& id, Instant at) {
  std::vector<OrganisationId> out;
  const Person* person = directory.person(id);
  if (person == nullptr) return out;
  for (const auto& [organisation, value] : directory.organisations())
    if (!directory.roles_of(*person, organisation, at).empty()) out.push_back(organisation);
  return out;
}

bool runs_something(const Directory& directory, const PersonId& id, Instant at) {
  const Person* person = directory.person(id);
  if (person == nullptr) return false;
  const auto runs = [&](const auto& one) {
    const auto roles = directory.roles_of(*person, one.first, at);
    return std::ranges::any_of(who_runs_it, [&](Role role) { return std::ranges::count(roles, role) > 0; });
  };
  return std::ranges::any_of(directory.organisations(), runs);
}

}  // namespace kintsugi::http

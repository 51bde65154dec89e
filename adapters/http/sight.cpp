#include "adapters/http/sight.h"

#include <algorithm>

namespace kintsugi::http {

bool sees(const Directory& directory, const PersonId& id, const OrganisationId& tenant, const OrganisationId& rsc,
          Instant at) {
  const Person* person = directory.person(id);
  return person != nullptr && (!directory.roles_of(*person, tenant, at).empty() ||
                               (!rsc.empty() && !directory.roles_of(*person, rsc, at).empty()));
}

std::vector<OrganisationId> organisations_of(const Directory& directory, const PersonId& id, Instant at) {
  std::vector<OrganisationId> out;
  const Person* person = directory.person(id);
  if (person == nullptr) return out;
  for (const auto& [organisation, value] : directory.organisations())
    if (!directory.roles_of(*person, organisation, at).empty()) out.push_back(organisation);
  return out;
}

}  // namespace kintsugi::http

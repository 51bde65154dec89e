#include "adapters/http/sight.h"

namespace kintsugi::http {

std::vector<OrganisationId> organisations_of(const Directory& directory, const PersonId& id, Instant at) {
  std::vector<OrganisationId> out;
  const Person* person = directory.person(id);
  if (person == nullptr) return out;
  for (const auto& [organisation, value] : directory.organisations())
    if (!directory.roles_of(*person, organisation, at).empty()) out.push_back(organisation);
  return out;
}

}  // namespace kintsugi::http

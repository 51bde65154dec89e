#pragma once

#include "engine/domain/case_file.h"
#include "engine/domain/event.h"

#include <vector>

// Who may see what. A case is seen by the people of its hospital and by those of the centre that serves it, and
// for everybody else it does not exist.
namespace kintsugi::http {

bool sees(const Directory& directory, const PersonId& person, const OrganisationId& tenant, const OrganisationId& rsc,
          Instant at);

// The organisations in which the person holds a role now, by id.
std::vector<OrganisationId> organisations_of(const Directory& directory, const PersonId& person, Instant at);

}  // namespace kintsugi::http

#pragma once

#include "engine/domain/case_file.h"
#include "engine/domain/event.h"

#include <vector>

namespace kintsugi::http {

// The organisations in which the person holds a role now, by id.
std::vector<OrganisationId> organisations_of(const Directory& directory, const PersonId& person, Instant at);

}  // namespace kintsugi::http

#pragma once

#include "engine/domain/case_file.h"
#include "engine/domain/directory.h"
#include "engine/domain/event.h"

#include <array>
#include <vector>

namespace kintsugi::http {

// The organisations in which the person holds a role now, by id.
std::vector<OrganisationId> organisations_of(const Directory& directory, const PersonId& person, Instant at);

// The roles of those who run the two sides' systems: the outbox, webhooks and health are theirs to see.
inline constexpr std::array who_runs_it{Role::hcf_sysadm, Role::hcf_netadm, Role::rsc_netadm, Role::rsc_mgr};
// Does this person run anything, anywhere?
bool runs_something(const Directory& directory, const PersonId& person, Instant at);

}  // namespace kintsugi::http

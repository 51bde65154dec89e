#pragma once

#include "engine/masters/masters.h"

#include <set>

namespace kintsugi {

// Every mistake that this change would bring, each with its place and what to do about it; empty when it may be
// stored. An entry of the change has its place in the change (`/devices/3/access_point`), another one that the change
// would spoil has its id there (`/devices/device_…/exit`). Mistakes that stood in the directory before, in entries
// that the change does not touch, are not its fault and are not named.
//
// The one place where masters are judged: the import, the API and the command line all come here.
std::vector<Mistake> mistakes_in(const Directory& directory, const Masters& change, Instant now);

// Whose rosters, shifts and ladders the change could make holes in.
std::set<OrganisationId> whose_on_call(const Masters& change);

// Is this the address of one mailbox, in lower case? Not all that RFC 5321 allows, but all that hospitals use.
bool is_mail_address(std::string_view text);

// Who administers an organisation's masters: its system administrators, or its service managers, in their own right
// and not as somebody's deputy. A vendor's people never administer a hospital's.
Role administering_role(Side side);
std::vector<PersonId> administrators_of(const Directory& directory, const OrganisationId& at, Instant now);

}  // namespace kintsugi

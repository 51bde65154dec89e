#pragma once

#include "engine/domain/directory.h"

#include <string>
#include <vector>

// Whom a rung of a ladder reaches.
namespace kintsugi {

// Where a ladder is climbed: the case's two sides, its owner and its device's product line.
struct Sides {
  OrganisationId hospital;
  OrganisationId rsc;
  std::string product_line;
  PersonId owner;  // empty: nobody has taken it; then the first line is asked in his place
};

struct Reached {
  std::vector<PersonId> people;       // in the order of the targets, each once
  std::vector<OrganisationId> desks;  // the same
};

// Everybody on this rung then, leavers excluded. Where nobody is on call, everybody who could be (rsc_svc of the RSC)
// is reached: better all than none.
Reached reached(const Directory& directory, const Rung& rung, const Sides& sides, Instant when);

// The ladder of this hospital in this matter, joined with the RSC's own. `policy` is the hospital's.
Ladder ladder_for(const Directory& directory, const Policy& policy, const OrganisationId& rsc, LadderName name);

}  // namespace kintsugi

#pragma once

#include "engine/domain/decision.h"
#include "engine/domain/workflow.h"

#include <vector>

namespace kintsugi {

// Adds to `effects` one announcement for every webhook whose owner may see the case and wants this change: the
// hospital of the case, and the RSC under whose contract it runs. `from` is the state before, empty for a new case;
// `chance` is the lap's, and `n` tells its announcements apart. Costs nothing when there are no webhooks.
void announce(const Workflow& workflow, const Directory& directory, const CaseFile& after, const std::string& from,
              Instant at, const Digest& chance, std::vector<Effect>& effects);

// What a step from one state to another was (CaseChange says in which order they are tried).
CaseChange change_of(const Workflow& workflow, const std::string& from, const CaseFile& after);

}  // namespace kintsugi

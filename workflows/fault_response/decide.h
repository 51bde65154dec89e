#pragma once

#include "engine/domain/workflow.h"

namespace kintsugi::fault_response {

// One event on one case. Pure: everything it may look at is in the situation.
Verdict decide(const Situation& situation);
// The automatic event that a case file as it stands asks for.
std::optional<std::string> follow_up(const CaseFile& file);
// The event that it asks for because of what the masters say by now (Workflow::review).
std::optional<std::string> review(const CaseFile& file, const Directory& directory, const Policy& policy,
                                  Instant now);
Route route(const Situation& situation);
std::vector<ActionView> actions(const Situation& situation);

}  // namespace kintsugi::fault_response

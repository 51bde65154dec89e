#pragma once

#include "engine/domain/workflow.h"

namespace kintsugi::fault_response {

// One event on one case. Pure: everything it may look at is in the situation.
Verdict decide(const Situation& situation);
// The automatic event that a case file as it stands asks for.
std::optional<std::string> follow_up(const CaseFile& file);
Route route(const Situation& situation);
std::vector<ActionView> actions(const Situation& situation);

}  // namespace kintsugi::fault_response

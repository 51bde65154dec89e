#pragma once

#include "engine/domain/workflow.h"
#include "engine/on_call/reach.h"

#include <optional>
#include <string_view>

// The ladder of whoever should have acted: which one a case climbs, where it stands, who comes next.
namespace kintsugi::fault_response {

// The timer of the case that climbs a ladder, if one runs.
const Timer* climbing_timer(const CaseFile& file);
// Which ladder this timer climbs in this case.
LadderName ladder_name(std::string_view timer, const CaseFile& file);
// The letter that asks: M05, or the one of the matter itself, again.
std::string_view letter_of(LadderName name);

Sides sides_of(const CaseFile& file, const Directory& directory);
Ladder ladder_of_case(const CaseFile& file, const Directory& directory, const Policy& policy, LadderName name);

// Workflow::ladder.
LadderView ladder_view(const CaseFile& file, const Directory& directory, Instant now);

// The telephone list: who was asked last, then who comes next, then the duty desks. Before anybody was asked it
// begins with the owner, or with the first line on call.
std::vector<LadderView::Call> telephone_list(const CaseFile& file, const Directory& directory, const LadderView& view,
                                             Instant now);

}  // namespace kintsugi::fault_response

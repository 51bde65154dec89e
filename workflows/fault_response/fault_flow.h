#pragma once

#include "engine/machine/row.h"

#include <string_view>
#include <vector>

// The table of the fault response, seen from outside the one file that includes Boost.MSM.
namespace kintsugi::fault_response {

std::vector<StateInfo> flow_states();  // labels are empty
const std::vector<const machine::RowSpec*>& flow_rows();
bool knows_state(std::string_view state);

// One lap on the machine: `state` (by name, known) becomes the state afterwards. `asking` is lap.now.event, and holds
// the role used when it moved.
machine::Handled process(machine::Lap& lap, Event& asking, bool open, std::string& state);

}  // namespace kintsugi::fault_response

#pragma once

#include "engine/machine/row.h"

#include <vector>

namespace kintsugi::fault_response {

// Notes change the case file and not the state. They are checked and recorded like rows and use the same words; they
// are simply not worth a place in the state machine.
const std::vector<machine::RowSpec>& notes();
// Does this note exist in this state?
bool note_applies(const machine::RowSpec& note, std::string_view state, bool open);

}  // namespace kintsugi::fault_response

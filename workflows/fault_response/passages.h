#pragma once

#include "engine/machine/structure.h"

namespace kintsugi::fault_response {

// What the table of the fault response must prove about itself (docs/rules.md, Invariants).
const StructureRules& structure_rules();

}  // namespace kintsugi::fault_response

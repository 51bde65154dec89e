#pragma once

#include "engine/domain/workflow.h"

namespace kintsugi::fault_response {

// The guideline's 故障時対応のワークフロー, from the automatic notice to the signed certificate: 22 states, the 95
// rows of docs/rules.md and the notes beside them. One value for the whole program; any thread.
const Workflow& fault_response();

}  // namespace kintsugi::fault_response

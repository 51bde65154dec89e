#pragma once

#include "engine/domain/workflow.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The invariants I1 to I14 (docs/rules.md), each as far as one step of the workflow can show it: what the case was,
// what was asked, and what was decided. They are written from the sentences of the rules and not from the table: they
// read files, effects and masters, and use none of the workflow's own guards. Whoever can get at `Workflow::decide`
// (a Workflow is a value and can be wrapped) can hold them against every decision that an engine takes.
//
// What must be true of a file between two laps stands in workflows/fault_response/invariants.h; a step in the middle
// of a lap need not have it yet. All functions are pure and may be called from any thread.
namespace kintsugi::testing {

struct Step {
  const Situation& now;
  const Verdict& verdict;

  const CaseFile& before() const { return now.file; }
  const Event& event() const { return now.event; }
  const Decision* decision() const { return std::get_if<Decision>(&verdict); }
};

struct StepInvariant {
  std::string_view name;  // I1 … I14; one name may have several sentences
  std::string_view says;
  // What is wrong with the step, or nothing.
  std::optional<std::string> (*complaint)(const Step&);
};

// In the order of their names.
const std::vector<StepInvariant>& step_invariants();

// All that is wrong with this step, each with name, sentence and what was found; empty when all is well.
std::vector<std::string> complaints(const Step& step);

// Questions that the checks share with whoever else looks at steps.
bool is_opening(const Effect& effect);                     // arms or opens a hop
bool is_closing_order(const Effect& effect);               // ends one
bool ever_opening(const std::vector<Effect>& effects);     // is one of them
bool closes_all_hops(const std::vector<Effect>& effects);  // exit, access point and route
bool has_open_hop(const Grant& grant);                     // by what its hops have said last
bool is_cut(std::string_view event);                       // revoke, emergency_disconnect, policy_violation
const Grant* live_grant_of(const CaseFile& file);          // not proved closed
bool is_timer(std::string_view event);                     // one of the workflow's clocks

// The parts of the list.
std::vector<StepInvariant> access_invariants();  // I1 to I4, I7 to I9, I14
std::vector<StepInvariant> people_invariants();  // I5, I6, I13
std::vector<StepInvariant> record_invariants();  // I2, I10 to I12

}  // namespace kintsugi::testing

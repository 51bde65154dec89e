#pragma once

#include "engine/domain/workflow.h"

#include <string>
#include <vector>

// What can be proved about a table without running it: nothing here looks at a case, a clock or a guard's code, only
// at the graph of states and at the names of checks. A finding is a proof that the table breaks a rule; no findings
// is not a proof that guards are right.
namespace kintsugi {

// A broken rule with an example: states joined by the arcs that lead to the place.
struct Finding {
  std::string rule;               // reachable, can_end, cut, passage, proof, exclusive, known
  std::string what;               // one sentence
  std::vector<std::string> path;  // "acknowledged", "F14 request_connection", "conn_requested", …
};

// Every path from one state to another must go through at least one of these. An empty `from` is the start.
struct Passage {
  std::string from;
  std::string to;
  std::vector<std::string> through;
};

// What a workflow with remote access promises beyond being a sound graph.
struct StructureRules {
  std::string cut_event;            // must exist wherever access is not surely closed (I4)
  std::vector<Role> cut_by;         // and for each of these roles
  std::vector<std::string> proofs;  // checks that prove that access is closed
  std::vector<Passage> passages;
};

// Arcs lead from and to states that exist; every state can be reached and can reach an end.
std::vector<Finding> unsound_states(const Workflow& workflow);

// States whose access is not surely closed and that lack the cutting event for one of its roles. A state that the
// cutting event leads to needs none: it is what cutting looks like.
std::vector<Finding> uncuttable_states(const Workflow& workflow, const StructureRules& rules);

// Ways from `from` to `to` around `through`; the path is a shortest one.
std::vector<Finding> ways_around(const Workflow& workflow, const Passage& passage);

// Arcs that leave an armed, open, closing or unproved access behind without a proof of closing: to a state that says
// closed, or from closing (or unproved) back towards opening.
std::vector<Finding> unproved_closings(const Workflow& workflow, const StructureRules& rules);

// Two arcs for one state, event and role of which one's checks are all among the other's: both can hold at once, and
// then the table does not say which is taken. Two arcs without checks are the plainest case.
std::vector<Finding> ambiguous_arcs(const Workflow& workflow);

// All of the above.
std::vector<Finding> structure_findings(const Workflow& workflow, const StructureRules& rules);

// "reachable: merged cannot be reached", then the path in one line.
std::string to_text(const Finding& finding);

}  // namespace kintsugi

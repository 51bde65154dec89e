#pragma once

#include "engine/domain/workflow.h"
#include "engine/ports/records.h"

#include <string>
#include <vector>

namespace kintsugi::drill {

// Mistakes that are planted on purpose, to see that they are found. Each lives in the test's world: the engine is the
// real one.
struct Mutant {
  std::string name;
  std::string what;   // for `drill --help` and the report
  std::string check;  // the check that has to find it
};
const std::vector<Mutant>& mutants();

// skipped_check: who asked for the connection may approve it.
Verdict without_requester_check(const Workflow& workflow, const Situation& situation);

// forgotten_record: of a lap that moves a case, one audit record is not written.
LapWrites without_a_record(const LapWrites& lap);

}  // namespace kintsugi::drill

#pragma once

#include "engine/domain/workflow.h"

#include <string>
#include <vector>

namespace kintsugi::fault_response {

// What must be true of a case file between any two laps, whatever happened to it: those of the invariants I1 to I14
// (docs/rules.md) that one file can show. Each is a pure function that names what it found.
struct Invariant {
  std::string_view name;  // I1 …
  std::string_view says;
  bool (*holds)(const CaseFile& file, const Policy& policy, Instant now);
};
const std::vector<Invariant>& invariants();

// The names of those that do not hold, with their sentence; empty when all is well.
std::vector<std::string> broken_invariants(const CaseFile& file, const Policy& policy, Instant now);

// Between two files of one case, the later one after a single lap: what may never be taken back.
std::vector<std::string> broken_between(const CaseFile& before, const CaseFile& after);

}  // namespace kintsugi::fault_response

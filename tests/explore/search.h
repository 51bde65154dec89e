#pragma once

#include "tests/explore/bounds.h"
#include "tests/explore/lap.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

// Breadth first through one bound: every state once, with the shortest story that leads to it.
namespace kintsugi::explore {

struct Finding {
  std::string rule;
  std::string found;               // the first time
  std::vector<std::string> story;  // the shortest, a line each: who, what, where the case then stands
  std::uint64_t times = 0;         // how many edges, or states, broke it
};

struct Result {
  std::string bound;
  std::size_t states = 0;
  std::size_t edges = 0;  // that lead from a state to a state
  std::size_t longest = 0;
  bool exhausted = false;  // nothing that the bound offers was left out
  std::size_t unexpanded = 0;
  std::set<std::string> stood_in;  // states of the workflow
  Tally tally;
  std::vector<Finding> findings;
};

// `states_max` bounds the states that are met; what lies beyond is not looked at.
Result explore(const Bound& bound, std::size_t states_max);

}  // namespace kintsugi::explore

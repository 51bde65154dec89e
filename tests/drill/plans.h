#pragma once

#include "tests/drill/acts.h"

#include <string>
#include <utility>
#include <vector>

namespace kintsugi::drill {

// What people want to do with a case in this state, with how much they want it.
const std::vector<std::pair<std::string, int>>& wishes_in(const std::string& state);

// What brings a case nearer to its end, the best first: what everybody does when he does his duty. `role` is who does
// it; an empty event waits.
struct Duty {
  std::string event;
  Role role = Role::none;
  Json payload = {};  // in place of the ordinary one, if it is not null
};
std::vector<Duty> duties_of(World& world, const CaseFile& file, Dice& dice);

}  // namespace kintsugi::drill

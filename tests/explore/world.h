#pragma once

#include "engine/domain/decision.h"
#include "engine/domain/directory.h"
#include "tests/support/nicknames.h"

#include <string>
#include <string_view>
#include <vector>

// The smallest world in which a case has both sides: one device, and two people a side with all the roles between
// them.
//
//   hospital: ada  system administrator, privacy, duty; a second network administrator, so that she can try to count
//   twice
//             ben  network administrator, clinical user, primary serviceman, safety
//   vendor:   cho  serviceman, manager
//             dan  network administrator, serviceman, second level; and a network administrator's role at the
//                  hospital that somebody should not have given him
//
// Masters change while a case runs, to one of the other variants: ada hands her administrator's role to ben; cho
// leaves and eve comes in her place. Where nobody is left at the hospital who may still answer for a slot, it
// appoints gil.
namespace kintsugi::explore {

enum class Masters {
  as_begun,
  ada_loses_role,
  cho_leaves,
  hal_comes,
  as_begun_and_gil,
  ada_loses_role_and_gil,
  cho_leaves_and_gil,
  hal_comes_and_gil
};
constexpr int masters_variants = 8;
constexpr Masters with_gil(Masters one) {
  constexpr int without = masters_variants / 2;
  const int number = static_cast<int>(one);
  return static_cast<Masters>(number < without ? number + without : number);
}

const Directory& masters(Masters variant);
// Everybody who may be asked to act, by nickname; people first, then the device and the engine.
const std::vector<std::string>& everybody();
// The nickname of a person of this world; "?" for nobody.
std::string_view nickname_of(const PersonId& id);

Actor actor_of(const std::string& who);

DeviceId the_device();
// Another case of the device, for links and merging, and the one that may hold the device's grant.
const CaseFile& other_case();

// When every story begins: Wednesday, 4 March 2026, 9:00 in Tokyo.
Instant beginning();

}  // namespace kintsugi::explore

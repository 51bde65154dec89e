#pragma once

#include "engine/run/conductor.h"

#include <memory>
#include <string>

namespace kintsugi {

// Somebody who has left is inside nowhere (RA34): looks for open grants that list a person whose leaver's report has
// come, and revokes each (F24) in the engine's own name. His sign-ins die by themselves, because whoever has left
// holds no role.
//
// One thread. step() returns how many grants it revoked; it costs nothing while nobody has left since the last one,
// and what a store refused to answer is asked again by the next.
class Leavers {
 public:
  Leavers(Conductor& conductor, Store& store, const Workflow& workflow, const Clock& clock, std::string node);
  int step();

 private:
  bool revoke_all(const std::vector<PersonId>& left, int& revoked);
  bool can_revoke(std::string_view state) const;

  Conductor& conductor_;
  Store& store_;
  const Workflow& workflow_;
  const Clock& clock_;
  std::string node_;
  std::shared_ptr<const Directory> seen_;  // of the last step that was carried through
  Instant upto_{};
};

}  // namespace kintsugi

#pragma once

#include "engine/domain/case_file.h"
#include "engine/masters/masters.h"

#include <map>
#include <memory>
#include <span>

namespace kintsugi {

// One thing that a change would do beyond the masters themselves: to a case that is open, or to what the two sides
// can still do. `blocks`: it may not be done while that is so, because something open still needs what it would take.
//
// On a policy: a case keeps the version under which it was opened, so a new one moves no running clock and takes no
// slot from a running request. What is told of them is what they would be like under the new one.
struct Consequence {
  std::string name;  // of the list in preview.cpp, for programs
  bool blocks = false;
  CaseId case_id;      // empty: of no one case
  std::string number;  // of the case
  std::map<std::string, std::string> facts;
  Text text;
  auto operator<=>(const Consequence&) const = default;
};

// From what stands, what would stand, and the open cases that either side of the change is concerned with. Pure.
std::vector<Consequence> consequences_of(const Directory& before, const Directory& after, const Masters& change,
                                         std::span<const std::shared_ptr<const CaseFile>> open_cases, Instant now);

// Who could fill this slot of a hospital's requests; for a running request without its requester, its workers and who
// has answered it already.
std::vector<PersonId> who_could_fill(const Directory& directory, Role slot, const OrganisationId& tenant,
                                     const OrganisationId& rsc, Instant now);
std::vector<PersonId> who_could_fill(const Directory& directory, Role slot, const CaseFile& file, Instant now);

}  // namespace kintsugi

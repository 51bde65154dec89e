#pragma once

#include "tests/explore/world.h"

#include <string>

// A point of the search: the case, and the little of the world around it that a decision may look at.
namespace kintsugi::explore {

struct Moment {
  CaseFile file;
  Instant now = beginning();
  Masters masters = Masters::as_begun;
  bool audit_working = true;
  bool other_has_grant = false;  // the other case of the device holds one that is not proved closed (I3)
};

const Policy& policy_of(const Moment& moment);
std::vector<CaseBrief> same_device(const Moment& moment);

// What decides the future of a moment, as text: two moments with the same text are one state of the search.
//
// Left out is what no guard and no clock asks: numbers and texts, who was told, when something happened. Ids become
// nicknames and positions. Instants that a guard or an acting clock compares with now or with each other become their
// order, what is over by now together; the distance between them is lost, so a state stands for every distance and is
// explored with the first that was met. Of clocks that only remind it is kept that they run.
std::string canonical(const Moment& moment);

// The instants at which time may stop next: the earliest clock or bound that lies ahead; empty if there is none, or
// if a clock is due and has not been fired yet.
Instant next_stop(const Moment& moment);

}  // namespace kintsugi::explore

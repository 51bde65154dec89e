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
// Left out is what no guard and no clock asks there: numbers and texts, who was told, when something happened. Ids
// become nicknames and positions. Instants that a guard or an acting clock compares with now or with each other
// become their order, what is over by now together; the distance between them is lost, so a state stands for every
// distance and is explored with the first that was met. Of a clock that only reminds it is kept that it runs:
// nobody's act looks at when it is due or how often it has rung, so it may ring at any time, before or after whatever
// else happens then. What is left out is held against the search itself (P9): a moment that was taken for a state
// that is known is asked the same questions and must give the same answers.
std::string canonical(const Moment& moment);

// What a clock is about, by a name that is the same in every story: "item 2", "incident 1", "report".
std::string about_of(const CaseFile& file, const std::string& about);

// A clock whose ringing moves the case or changes what is owed; the others write letters and orders to look again.
bool acts(const Moment& moment, const Timer& one);

// The earliest acting clock, or instant that a check compares with now, that lies ahead; empty if there is none.
Instant next_stop(const Moment& moment);

}  // namespace kintsugi::explore

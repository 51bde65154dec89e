#pragma once

#include "tests/drill/acts.h"

namespace kintsugi::drill {

// What the right person does next when he means to get this case done, without a slip: the way in, a session with all
// that belongs to one, and the way out. Chance alone seldom gets as far. Nothing where nobody has anything to do.
std::optional<Submission> onward(World& world, const CaseFile& file, Dice& dice);

// What somebody would like to do here and may not, or may only just: the act that a named check is for, at the moment
// when nothing else stands in its way. Nothing where nobody is tempted.
std::optional<Submission> tempted(World& world, const CaseFile& file, Dice& dice);

// The moments of a case just after which something is too late: the ends of its windows, its timers.
std::vector<Instant> moments_of(World& world, const CaseFile& file);

}  // namespace kintsugi::drill

#pragma once

#include "tests/drill/trail.h"
#include "tests/drill/world.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kintsugi::drill {

// How one story ended.
struct Ending {
  std::optional<Broken> broken;
  int step = 0;  // at which it broke; the number of steps if it broke at the end or not at all
  std::vector<std::string> trail;
  Digest digest{};  // of the trail
  Digest root{};    // of the hospitals' audit logs
};

// How many steps the story of this seed has.
int length_of(std::uint64_t seed);

// Plays the story of a seed: these of its steps, in order, and then the end, at which the weather clears and
// everybody does his duty. A step is a function of seed, number and the world as it stands; so a story can be
// shortened.
Ending play(const Options& options, const std::vector<int>& steps, Totals& totals);
Ending play(const Options& options, Totals& totals);

// The fewest steps found, within a bounded number of plays, that still break the same check.
std::vector<int> shortened_story(const Options& options, const Ending& ending, int plays_max);

}  // namespace kintsugi::drill

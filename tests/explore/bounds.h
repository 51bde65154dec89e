#pragma once

#include "tests/explore/moves.h"

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// The whole product of what a case can be is too large to be walked, so it is cut into bounds. Each begins where a
// story has led the case, and in its own states (`focus`) offers every event of its list to everybody, with every
// payload, every answer of the end points, every clock and, where it says so, what changes around the case. Beside
// them, and in all other states, the way home is played: what brings a case to its end in the ordinary manner. So a
// bound says of all that it reaches whether the rules hold there, and whether a case can still end from there.
namespace kintsugi::explore {

struct Bound {
  std::string name;
  std::string about;                // what it explores
  std::string fixed;                // what it leaves out, beside all other states
  std::vector<std::string> starts;  // stories, a line each: `who event [payload]`
  std::set<std::string, std::less<>> focus;
  std::vector<std::string> events;
  bool ordinary = false;  // ordinary payloads only, and end points that do as they are told
  bool by_one = false;    // of all who could do the same, the first who is let
  bool log = false;       // the audit log fails and works again
  bool other = false;     // another case of the device takes a grant and gives it back
  bool masters = false;   // ada loses her role, or cho leaves, once
  bool joins = false;     // or hal comes
  std::size_t grants_max = 1;
  std::size_t items_max = 1;
  std::size_t incidents_max = 1;
  std::size_t states_max = 250'000;  // of `make explore`; only `whole` comes to it
  std::size_t states_short = 1'000;  // of the test
};

const std::vector<Bound>& bounds();

// What anybody may do next inside the bound; the clock is not among it.
std::vector<Move> offered(const Bound& bound, const Moment& moment);
// What happens around the case.
std::vector<Move> world_moves(const Bound& bound, const Moment& moment);
// For each step homewards that is not offered anyway the moves that may be it, of which the first that is taken
// counts.
std::vector<std::vector<Move>> homewards(const Bound& bound, const Moment& moment);

}  // namespace kintsugi::explore

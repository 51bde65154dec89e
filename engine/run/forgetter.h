#pragma once

#include "engine/run/conductor.h"

#include <memory>

namespace kintsugi {

// How long is kept what is of use for a while only.
namespace kept {
inline constexpr Duration replies = std::chrono::hours(24);  // as the API promises: a repeat later is a new request
inline constexpr Duration step_ups{};                        // one that is over must not come back with the clock
// Whoever asks how somebody came in has a quarter to do it. That he did stands in the log for ever; from where, and
// with what client, is said of a person and goes.
inline constexpr Duration sign_ins = std::chrono::hours(24 * 90);
}  // namespace kept

// Forgets what nobody can use any more: stored replies, step-ups and sign-ins that are over. Small commits, so that
// nobody waits for one.
//
// step() forgets all of it in the caller's thread and returns how much that was. start() does it every ten minutes in
// a thread of its own. A store that is away is asked again the next time.
class Forgetter {
 public:
  Forgetter(Conductor& conductor, const Clock& clock);
  ~Forgetter();
  Forgotten step();
  void start();
  void stop();
  // Since the program began; any thread.
  Forgotten total() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace kintsugi

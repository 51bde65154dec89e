#pragma once

#include "engine/run/conductor.h"

#include <memory>

namespace kintsugi {

// Fires timers: looks for cases with one due and submits its event, once each, however often the engine restarted
// in between; a timer is gone in the commit of the lap it fired. A clock that jumps forward fires what has become
// due, in order; one that jumps back fires nothing twice.
//
// step() does what is due now and returns how many timers fired. start() repeats that in a thread of its own.
class Timekeeper {
 public:
  Timekeeper(Conductor& conductor, Store& store, const Clock& clock, std::string node);
  ~Timekeeper();
  int step();
  void start();
  void stop();
  // A timer has been set; wakes it if it would sleep longer. Empty: none was. Any thread.
  void expect(Instant due);

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace kintsugi

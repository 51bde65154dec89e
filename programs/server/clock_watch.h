#pragma once

#include "engine/base/clock.h"

#include <functional>

namespace kintsugi {

// Compares the clock of the wall with one that only runs forward: what the two have done between two looks must be
// the same. Deadlines are instants of the wall, so a jump moves every one of them. One thread.
class ClockWatch {
 public:
  static constexpr Duration jump_min = 1s;  // less is a clock being steered

  // `steady` counts from anywhere and never goes back.
  ClockWatch(const Clock& wall, std::function<Duration()> steady) : wall_(wall), steady_(std::move(steady)) {}

  struct Jump {
    Instant seen{};  // empty: none
    Duration by{};   // negative: back
  };
  // The last jump, this look included.
  Jump look() {
    const Instant wall = wall_.now();
    const Duration steady = steady_();
    if (looked_) {
      const Duration by = (wall - last_wall_) - (steady - last_steady_);
      if (by >= jump_min || by <= -jump_min) jump_ = {.seen = wall, .by = by};
    }
    looked_ = true;
    last_wall_ = wall;
    last_steady_ = steady;
    return jump_;
  }

 private:
  const Clock& wall_;
  const std::function<Duration()> steady_;
  bool looked_ = false;
  Instant last_wall_{};
  Duration last_steady_{};
  Jump jump_;
};

}  // namespace kintsugi

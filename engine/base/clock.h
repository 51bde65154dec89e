#pragma once

#include "engine/base/instant.h"

#include <mutex>

namespace kintsugi {

// Where time comes from. Handed in at construction and read once per lap; the core never sees it, because
// `at` is in the event. now() may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

// The machine's clock, and the only place that reads it.
class SystemClock final : public Clock {
 public:
  Instant now() const override;
};

// A clock that moves when told: for tests, the drill and the demo.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start) : now_(start) {}
  Instant now() const override {
    const std::scoped_lock lock(mutex_);
    return now_;
  }
  void advance(Duration by) {
    const std::scoped_lock lock(mutex_);
    now_ += by;
  }
  void set(Instant at) {
    const std::scoped_lock lock(mutex_);
    now_ = at;
  }

 private:
  mutable std::mutex mutex_;
  Instant now_;
};

}  // namespace kintsugi

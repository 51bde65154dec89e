#pragma once

#include "engine/base/instant.h"

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace kintsugi {

// How a loop sleeps: until somebody rings, its time is up, or it is stopped. A ring during the work is not lost: the
// next wait() returns at once. Any number of threads.
class Bell {
 public:
  using Heard = std::uint64_t;  // how many rings a waiter has answered; starts at 0

  void ring() {
    {
      const std::scoped_lock lock(mutex_);
      ++rings_;
    }
    rung_.notify_all();
  }
  void stop() {
    {
      const std::scoped_lock lock(mutex_);
      stopped_ = true;
    }
    rung_.notify_all();
  }
  // False once stopped.
  bool wait(Heard& heard, Duration most) {
    std::unique_lock lock(mutex_);
    rung_.wait_for(lock, most, [&] { return stopped_ || rings_ != heard; });
    heard = rings_;
    return !stopped_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable rung_;
  Heard rings_ = 0;
  bool stopped_ = false;
};

}  // namespace kintsugi

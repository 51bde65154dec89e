#pragma once

namespace kintsugi::cli {

// What scripts may rely on.
enum Exit : int {
  ok = 0,
  failed = 1,
  usage = 2,
  not_found = 3,
  denied = 4,
  conflict = 5,
  unavailable = 6,
  not_verified = 7,
  timed_out = 8,
};

}  // namespace kintsugi::cli

#include "engine/base/clock.h"

namespace kintsugi {

Instant SystemClock::now() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

}  // namespace kintsugi

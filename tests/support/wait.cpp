#include "tests/support/wait.h"

#include <poll.h>

namespace kintsugi {

bool wait_until(const std::function<bool()>& holds, std::chrono::milliseconds limit) {
  constexpr int look_again_ms = 5;
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    ::poll(nullptr, 0, look_again_ms);
  }
  return true;
}

}  // namespace kintsugi

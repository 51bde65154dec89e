#pragma once

#include <chrono>
#include <functional>

namespace kintsugi {

// Waits until the condition holds; false when it does not within the limit. Only for what happens in another
// process or thread and tells nobody.
bool wait_until(const std::function<bool()>& holds, std::chrono::milliseconds limit);

}  // namespace kintsugi

#pragma once

#include "engine/base/fields.h"

namespace kintsugi {

// A half-open stretch of time, [opens, closes), in which something may happen.
struct Window {
  Instant opens{};
  Instant closes{};

  bool contains(Instant at) const { return opens <= at && at < closes; }
  Duration length() const { return closes - opens; }
  auto operator<=>(const Window&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("opens", &Window::opens), field("closes", &Window::closes)};
  }
};

}  // namespace kintsugi

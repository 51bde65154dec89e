#pragma once

#include "engine/base/fields.h"

#include <string>
#include <vector>

namespace kintsugi {

// The hours of every day in which somebody wants no letter that can wait.
struct QuietHours {
  int from = 0;      // minutes after local midnight
  int until = 0;     // not after `from`: on the next day; equal: there are none
  std::string zone;  // IANA; empty: the calendar of the organisation
  auto operator<=>(const QuietHours&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("from", &QuietHours::from), field("until", &QuietHours::until),
                      field("zone", &QuietHours::zone)};
  }
};

// When it is quiet no longer: `at` itself outside the quiet hours. `zone` holds where the hours name none.
Instant quiet_until(const QuietHours& hours, const std::string& zone, Instant at);

// Every mistake, in words for the person who wrote them.
std::vector<std::string> mistakes_in(const QuietHours& hours);

}  // namespace kintsugi

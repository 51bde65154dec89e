#pragma once

#include "engine/base/fields.h"
#include "engine/base/instant.h"
#include "engine/base/mistake.h"

#include <array>
#include <string>
#include <vector>

namespace kintsugi {

// One side's working time: when its people are at work, in its own civil time zone.
//
// Paper deadlines (reports, signatures) run on the calendar of the side that must act; safety timers and every
// timer of a P1 case run on the wall clock and never come here.
struct Calendar {
  struct Hours {  // minutes after local midnight; opens == closes means a day off
    int opens = 0;
    int closes = 0;
    auto operator<=>(const Hours&) const = default;
    static constexpr auto fields() {
      return std::tuple{field("opens", &Hours::opens), field("closes", &Hours::closes)};
    }
  };

  std::string zone = "Asia/Tokyo";    // IANA name
  std::vector<Hours> week;            // Monday first, seven entries; empty means 09:00 to 17:00, Monday to Friday
  std::vector<std::string> holidays;  // local dates, `2027-01-01`

  auto operator<=>(const Calendar&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("zone", &Calendar::zone), field("week", &Calendar::week),
                      field("holidays", &Calendar::holidays)};
  }
};

// Every mistake in a calendar; empty when there is none.
std::vector<Mistake> mistakes_in(const Calendar& calendar);

// The instant at which `working` time has passed since `start`, counting only this calendar's hours. A local
// time that a change of summer time skips or repeats counts as the real time that passes.
Instant add_working_time(const Calendar& calendar, Instant start, Duration working);

// The instant at which `days` whole working days have passed: the same time of day, or closing time if that is
// earlier, on the day reached. A start outside working hours counts from the next opening.
Instant add_working_days(const Calendar& calendar, Instant start, int days);

// Is somebody at work at this instant?
bool is_working_time(const Calendar& calendar, Instant at);

// Local time with its offset, for people: `2026-03-04 18:35 +0900`.
std::string to_local_text(const Calendar& calendar, Instant at);

}  // namespace kintsugi

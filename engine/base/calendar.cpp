#include "engine/base/calendar.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>

namespace kintsugi {
namespace {

constexpr Calendar::Hours office_hours{9 * 60, 17 * 60};

const date::time_zone* zone_of(const Calendar& calendar) {
  try {
    return date::locate_zone(calendar.zone);
  } catch (const std::exception&) {
    return nullptr;
  }
}

// A calendar with an unknown zone never gets past mistakes_in(); UTC keeps a stored one from stopping the engine.
const date::time_zone& zone_or_utc(const Calendar& calendar) {
  const date::time_zone* zone = zone_of(calendar);
  return zone != nullptr ? *zone : *date::locate_zone("Etc/UTC");
}

Calendar::Hours hours_on(const Calendar& calendar, date::local_days day) {
  if (std::ranges::count(calendar.holidays, date::format("%F", day))) return {};
  const unsigned monday_first = date::weekday{day}.iso_encoding() - 1;
  if (calendar.week.size() == 7) return calendar.week[monday_first];
  return monday_first < 5 ? office_hours : Calendar::Hours{};
}

// A local time as an instant. In the hour that summer time skips, the instant of the change; in the hour that
// comes twice, the first one.
Instant instant_of(const date::time_zone& zone, date::local_days day, int minutes) {
  const auto local = date::local_time<Duration>{day} + std::chrono::minutes{minutes};
  return zone.to_sys(local, date::choose::earliest);
}

struct Shift {
  Instant opens, closes;
};

Shift shift_on(const Calendar& calendar, const date::time_zone& zone, date::local_days day) {
  const Calendar::Hours hours = hours_on(calendar, day);
  if (hours.opens >= hours.closes) return {};
  return {instant_of(zone, day, hours.opens), instant_of(zone, day, hours.closes)};
}

// A calendar without any working hour would search for ever.
constexpr int search_days_max = 400;

}  // namespace

std::vector<Mistake> mistakes_in(const Calendar& calendar) {
  std::vector<Mistake> out;
  if (zone_of(calendar) == nullptr)
    out.push_back(
        {"/zone",
         fmt::format("時間帯「{}」はありません。Asia/Tokyo のような IANA の名前を書いてください", calendar.zone),
         fmt::format("zone '{}' is unknown; write an IANA name such as Asia/Tokyo", calendar.zone)});
  if (!calendar.week.empty() && calendar.week.size() != 7)
    out.push_back({"/week", fmt::format("{} 日分あります。月曜から 7 日分を書いてください", calendar.week.size()),
                   fmt::format("has {} entries; give seven, Monday first", calendar.week.size())});
  bool any = calendar.week.empty();
  for (std::size_t i = 0; i < calendar.week.size(); ++i) {
    const auto& hours = calendar.week[i];
    if (hours.opens < 0 || hours.closes > 24 * 60 || hours.opens > hours.closes)
      out.push_back({fmt::format("/week/{}", i), "0 時からの分数で、始業を終業より前にしてください",
                     "hours are minutes of the day, opening before closing"});
    any = any || hours.opens < hours.closes;
  }
  if (!any) out.push_back({"/week", "勤務時間がまったくありません", "there is no working hour at all"});
  for (std::size_t i = 0; i < calendar.holidays.size(); ++i)
    if (const auto& holiday = calendar.holidays[i]; holiday.size() != 10 || !instant_from(holiday + "T00:00:00Z"))
      out.push_back({fmt::format("/holidays/{}", i),
                     fmt::format("「{}」は日付ではありません。2027-01-01 のように書いてください", holiday),
                     fmt::format("'{}' is not a date; write it like 2027-01-01", holiday)});
  return out;
}

Instant add_working_time(const Calendar& calendar, Instant start, Duration working) {
  const date::time_zone& zone = zone_or_utc(calendar);
  auto day = date::floor<date::days>(zone.to_local(start));
  for (int searched = 0; searched < search_days_max; ++day) {
    const Shift shift = shift_on(calendar, zone, day);
    const Instant from = std::max(start, shift.opens);
    if (from >= shift.closes) {
      ++searched;
      continue;
    }
    if (shift.closes - from >= working) return from + working;
    working -= shift.closes - from;
    searched = 0;
  }
  return start + working;
}

Instant add_working_days(const Calendar& calendar, Instant start, int days) {
  const date::time_zone& zone = zone_or_utc(calendar);
  auto day = date::floor<date::days>(zone.to_local(start));
  // Where does the first day begin? In this shift, or at the next opening.
  Shift shift = shift_on(calendar, zone, day);
  for (int searched = 0; start >= shift.closes && searched < search_days_max; ++searched)
    shift = shift_on(calendar, zone, ++day);
  const Instant from = std::max(start, shift.opens);
  const auto time_of_day = zone.to_local(from) - day;

  int searched = 0;
  for (int left = days; left > 0 && searched < search_days_max; ++searched) {
    shift = shift_on(calendar, zone, ++day);
    if (shift.opens < shift.closes) {
      --left;
      searched = 0;
    }
  }
  if (shift.opens >= shift.closes) return start + std::chrono::days{days};
  const Instant same_time = zone.to_sys(date::local_time<Duration>{day} + time_of_day, date::choose::earliest);
  return std::clamp(same_time, shift.opens, shift.closes);
}

bool is_working_time(const Calendar& calendar, Instant at) {
  const date::time_zone& zone = zone_or_utc(calendar);
  const Shift shift = shift_on(calendar, zone, date::floor<date::days>(zone.to_local(at)));
  return shift.opens <= at && at < shift.closes;
}

std::string to_local_text(const Calendar& calendar, Instant at) {
  const date::zoned_time<std::chrono::seconds> local{&zone_or_utc(calendar), date::floor<std::chrono::seconds>(at)};
  return date::format("%F %H:%M %z", local);
}

}  // namespace kintsugi

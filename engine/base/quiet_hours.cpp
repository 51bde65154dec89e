#include "engine/base/quiet_hours.h"

#include "engine/base/local_time.h"

namespace kintsugi {

Instant quiet_until(const QuietHours& hours, const std::string& zone, Instant at) {
  if (hours.from == hours.until) return at;
  const std::string& there = hours.zone.empty() ? zone : hours.zone;
  const CivilDay today = civil_day_of(at, there);
  // Those that began yesterday may last until today.
  for (const CivilDay day : {today - std::chrono::days{1}, today}) {
    const CivilDay last = hours.until > hours.from ? day : day + std::chrono::days{1};
    const Instant until = instant_of(last, hours.until, there);
    if (instant_of(day, hours.from, there) <= at && at < until) return until;
  }
  return at;
}

std::vector<std::string> mistakes_in(const QuietHours& hours) {
  std::vector<std::string> out;
  for (const int minute : {hours.from, hours.until})
    if (minute < 0 || minute > 24 * 60) out.emplace_back("quiet hours are minutes of the day, 0 to 1440");
  if (!hours.zone.empty() && !is_zone(hours.zone))
    out.push_back("quiet hours: zone '" + hours.zone + "' is unknown; write an IANA name such as Asia/Tokyo");
  return out;
}

}  // namespace kintsugi

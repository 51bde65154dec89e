#include "engine/domain/roster.h"

#include "engine/base/local_time.h"

#include <fmt/format.h>

namespace kintsugi {
namespace {

constexpr int day_minutes = 24 * 60;

void look_at(const Layer& layer, std::vector<std::string>& out) {
  const auto say = [&](std::string what) { out.push_back(fmt::format("layer '{}': {}", layer.name, what)); };
  if (layer.people.empty()) say("nobody takes turns in it");
  if (layer.people.size() > turns_max) say(fmt::format("more than {} people", turns_max));
  if (!civil_day_from(layer.first_day))
    say(fmt::format("first_day '{}' is no date like 2027-01-04", layer.first_day));
  if (layer.hands_over < 0 || layer.hands_over >= day_minutes) say("hands_over is a minute of the day, 0 to 1439");
  if (layer.length < 1 || layer.length * (layer.unit == TurnUnit::week ? 7 : 1) > turn_days_max)
    say(fmt::format("a turn lasts at least one day and at most {}", turn_days_max));
  for (const WeekHours& hours : layer.hours) {
    for (const int day : hours.days)
      if (day < 1 || day > 7) say("days are 1 (Monday) to 7 (Sunday)");
    if (hours.from < 0 || hours.from >= day_minutes || hours.until < 0 || hours.until > day_minutes)
      say("hours are minutes of the day, 0 to 1440");
  }
}

}  // namespace

std::vector<std::string> mistakes_in(const Roster& roster) {
  std::vector<std::string> out;
  if (roster.at.empty()) out.emplace_back("at: whose roster is it?");
  if (!roster.zone.empty() && !is_zone(roster.zone))
    out.push_back(fmt::format("zone '{}' is unknown; write an IANA name such as Asia/Tokyo", roster.zone));
  if (roster.tier < 1 || roster.tier > tiers_max) out.push_back(fmt::format("tier is 1 to {}", tiers_max));
  if (roster.layers.empty()) out.emplace_back("layers: there is none");
  if (roster.layers.size() > layers_max) out.push_back(fmt::format("layers: more than {}", layers_max));
  for (const Layer& layer : roster.layers)
    look_at(layer, out);
  return out;
}

}  // namespace kintsugi

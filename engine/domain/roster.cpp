#include "engine/domain/roster.h"

#include "engine/base/local_time.h"

#include <fmt/format.h>

namespace kintsugi {
namespace {

constexpr int day_minutes = 24 * 60;

class Looking {
 public:
  std::vector<Mistake> of(const Roster& roster) {
    if (roster.at.empty()) say("/at", "どの組織の当番表かを書いてください", "whose roster is it?");
    if (!roster.zone.empty() && !is_zone(roster.zone))
      say("/zone",
          fmt::format("時間帯「{}」はありません。Asia/Tokyo のような IANA の名前を書いてください", roster.zone),
          fmt::format("zone '{}' is unknown; write an IANA name such as Asia/Tokyo", roster.zone));
    if (roster.tier < 1 || roster.tier > tiers_max)
      say("/tier", fmt::format("1 から {} までにしてください", tiers_max), fmt::format("must be 1 to {}", tiers_max));
    if (roster.layers.empty()) say("/layers", "層を一つ以上書いてください", "give at least one layer");
    if (roster.layers.size() > layers_max)
      say("/layers", fmt::format("層は {} までです", layers_max), fmt::format("more than {} layers", layers_max));
    for (std::size_t i = 0; i < roster.layers.size(); ++i)
      look_at(roster.layers[i], fmt::format("/layers/{}", i));
    return std::move(out_);
  }

 private:
  void say(std::string place, std::string ja, std::string en) {
    out_.push_back({std::move(place), std::move(ja), std::move(en)});
  }

  void look_at(const Layer& layer, const std::string& place) {
    if (layer.people.empty()) say(place + "/people", "この層には誰もいません", "nobody takes turns in this layer");
    if (layer.people.size() > turns_max)
      say(place + "/people", fmt::format("一つの層は {} 人までです", turns_max),
          fmt::format("more than {} people", turns_max));
    if (!civil_day_from(layer.first_day))
      say(place + "/first_day",
          fmt::format("「{}」は日付ではありません。2027-01-04 のように書いてください", layer.first_day),
          fmt::format("'{}' is no date like 2027-01-04", layer.first_day));
    if (layer.hands_over < 0 || layer.hands_over >= day_minutes)
      say(place + "/hands_over", "0 時からの分数で、0 から 1439 までにしてください",
          "must be a minute of the day, 0 to 1439");
    if (layer.length < 1 || layer.length > turn_days_max / (layer.unit == TurnUnit::week ? 7 : 1))
      say(place + "/length", fmt::format("一回の番は 1 日から {} 日までです", turn_days_max),
          fmt::format("a turn lasts at least one day and at most {}", turn_days_max));
    for (std::size_t i = 0; i < layer.hours.size(); ++i)
      look_at(layer.hours[i], fmt::format("{}/hours/{}", place, i));
  }

  void look_at(const WeekHours& hours, const std::string& place) {
    for (const int day : hours.days)
      if (day < 1 || day > 7)
        say(place + "/days", "曜日は 1 (月曜) から 7 (日曜) までです", "days are 1 (Monday) to 7 (Sunday)");
    if (hours.from < 0 || hours.from >= day_minutes || hours.until < 0 || hours.until > day_minutes)
      say(place, "0 時からの分数で、0 から 1440 までにしてください", "hours are minutes of the day, 0 to 1440");
  }

  std::vector<Mistake> out_;
};

}  // namespace

std::vector<Mistake> mistakes_in(const Roster& roster) {
  return Looking().of(roster);
}

}  // namespace kintsugi

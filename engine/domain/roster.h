#pragma once

#include "engine/base/mistake.h"
#include "engine/domain/ids.h"
#include "engine/domain/role.h"

#include <string>
#include <vector>

// Who is on call, as it is written down: rosters that recur in civil time, and shifts that are named and dated. The
// questions are in engine/on_call.
namespace kintsugi {

// A part of the week, in the roster's civil time.
struct WeekHours {
  std::vector<int> days;  // on which it begins: 1 is Monday, 7 Sunday; empty: every day
  int from = 0;           // minutes after local midnight
  int until = 24 * 60;    // not after `from`: on the next day
  auto operator<=>(const WeekHours&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("days", &WeekHours::days), field("from", &WeekHours::from),
                      field("until", &WeekHours::until)};
  }
};

enum class TurnUnit { day, week };
constexpr auto names_of(TurnUnit) {
  return names<TurnUnit>({{TurnUnit::day, "day"}, {TurnUnit::week, "week"}});
}
// What a layer does on the holidays of its organisation's calendar.
enum class OnHolidays { as_usual, never, only };
constexpr auto names_of(OnHolidays) {
  using enum OnHolidays;
  return names<OnHolidays>({{as_usual, "as_usual"}, {never, "never"}, {only, "only"}});
}

// People who take turns. Turns are counted in civil days, so a change of summer time makes one of them an hour
// shorter or longer and never skips nor repeats one.
struct Layer {
  std::string name;
  std::vector<PersonId> people;  // in the order of their turns
  std::string first_day;         // local date of the first hand-over, `2027-01-04`; nobody is on before
  int hands_over = 9 * 60;       // minutes after local midnight
  TurnUnit unit = TurnUnit::week;
  int length = 1;                // of a turn, in units
  std::vector<WeekHours> hours;  // when the layer is on; empty: round the clock
  OnHolidays holidays = OnHolidays::as_usual;
  auto operator<=>(const Layer&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("name", &Layer::name),           field("people", &Layer::people),
                      field("first_day", &Layer::first_day), field("hands_over", &Layer::hands_over),
                      field("unit", &Layer::unit),           field("length", &Layer::length),
                      field("hours", &Layer::hours),         field("holidays", &Layer::holidays)};
  }
};

// At every moment the first layer with somebody on is the one that counts.
struct Roster {
  RosterId id;
  OrganisationId at;
  std::string product_line;  // empty: every line that has no roster of its own
  int tier = 1;              // 1 is the first line, 2 who is asked when it does not answer …
  std::string zone;          // IANA; empty: that of the organisation's calendar
  std::vector<Layer> layers;
  auto operator<=>(const Roster&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        field("id", &Roster::id),     field("at", &Roster::at),     field("product_line", &Roster::product_line),
        field("tier", &Roster::tier), field("zone", &Roster::zone), field("layers", &Roster::layers)};
  }
};

enum class DutyReason { planned, swap, sick, leave };
constexpr auto names_of(DutyReason) {
  using enum DutyReason;
  return names<DutyReason>({{planned, "planned"}, {swap, "swap"}, {sick, "sick"}, {leave, "leave"}});
}

// One person's dated shift. It overrides the rosters of its organisation, line and tier: whatever they say, or, with
// `instead_of`, only where they say that person. Where there is no roster, shifts are all there is.
struct Duty {
  DutyId id;
  PersonId person;
  OrganisationId at;
  std::string product_line;  // empty: all
  Instant from{};
  Instant until{};
  PersonId instead_of;
  DutyReason reason = DutyReason::planned;
  int tier = 1;
  auto operator<=>(const Duty&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("id", &Duty::id),
                      field("person", &Duty::person),
                      field("at", &Duty::at),
                      field("product_line", &Duty::product_line),
                      field("from", &Duty::from),
                      field("until", &Duty::until),
                      field("instead_of", &Duty::instead_of),
                      field("reason", &Duty::reason),
                      field("tier", &Duty::tier)};
  }
};

// Every mistake that a roster has by itself, with its place in it.
std::vector<Mistake> mistakes_in(const Roster& roster);

constexpr std::size_t layers_max = 8;
constexpr std::size_t turns_max = 64;  // people of one layer
constexpr int turn_days_max = 366;
constexpr int tiers_max = 5;

}  // namespace kintsugi

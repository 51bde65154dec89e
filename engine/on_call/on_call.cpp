#include "engine/on_call/on_call.h"

#include "engine/base/local_time.h"

#include <algorithm>
#include <chrono>
#include <set>

namespace kintsugi {
namespace {

using std::chrono::days;

bool holds(Instant from, Instant until, Instant when) {
  return from <= when && (until == Instant{} || when < until);
}

// A roster with what it takes to read it.
struct Plan {
  const Roster& roster;
  std::string zone;
  const std::vector<std::string>& holidays;
};

std::vector<Plan> plans_for(const Directory& directory, const OnCallFor& whom) {
  static const std::vector<std::string> no_holidays;
  const Organisation* at = directory.organisation(whom.at);
  std::vector<Plan> own;
  std::vector<Plan> general;
  for (const auto& [id, roster] : directory.rosters()) {
    if (roster.at != whom.at || roster.tier != whom.tier) continue;
    const std::string zone = !roster.zone.empty() ? roster.zone : at != nullptr ? at->calendar.zone : "";
    const Plan plan{roster, zone, at == nullptr ? no_holidays : at->calendar.holidays};
    if (roster.product_line.empty()) general.push_back(plan);
    if (!roster.product_line.empty() && roster.product_line == whom.product_line) own.push_back(plan);
  }
  return own.empty() ? general : own;
}

std::vector<const Duty*> shifts_for(const Directory& directory, const OnCallFor& whom) {
  std::vector<const Duty*> out;
  for (const Duty& duty : directory.duties_of(whom.at))
    if (duty.tier == whom.tier && (duty.product_line.empty() || duty.product_line == whom.product_line))
      out.push_back(&duty);
  return out;
}

int turn_days(const Layer& layer) {
  return std::max(layer.length, 1) * (layer.unit == TurnUnit::week ? 7 : 1);
}

// When the layer is on, of what begins on this day.
std::vector<std::pair<Instant, Instant>> hours_on(const Layer& layer, const Plan& plan, CivilDay day) {
  std::vector<std::pair<Instant, Instant>> out;
  if (layer.holidays != OnHolidays::as_usual) {
    const bool holiday = std::ranges::count(plan.holidays, to_text(day)) > 0;
    if (holiday != (layer.holidays == OnHolidays::only)) return out;
  }
  static const std::vector<WeekHours> whole_days(1);
  const int weekday = static_cast<int>(std::chrono::weekday{day}.iso_encoding());
  for (const WeekHours& one : layer.hours.empty() ? whole_days : layer.hours) {
    if (!one.days.empty() && !std::ranges::count(one.days, weekday)) continue;
    const CivilDay last = one.until > one.from ? day : day + days{1};
    out.emplace_back(instant_of(day, one.from, plan.zone), instant_of(last, one.until, plan.zone));
  }
  return out;
}

bool is_on(const Layer& layer, const Plan& plan, Instant when) {
  if (layer.hours.empty() && layer.holidays == OnHolidays::as_usual) return true;
  const CivilDay today = civil_day_of(when, plan.zone);
  for (const CivilDay day : {today - days{1}, today})
    for (const auto& [from, until] : hours_on(layer, plan, day))
      if (from <= when && when < until) return true;
  return false;
}

// Whose turn it is, whether he is there or not; empty when the layer is off.
PersonId turn_at(const Layer& layer, const Plan& plan, Instant when) {
  const auto first = civil_day_from(layer.first_day);
  if (!first || layer.people.empty() || !is_on(layer, plan, when)) return {};
  CivilDay day = civil_day_of(when, plan.zone);
  if (when < instant_of(day, layer.hands_over, plan.zone)) day -= days{1};
  if (day < *first) return {};
  const auto turn = static_cast<std::size_t>((day - *first).count() / turn_days(layer));
  return layer.people[turn % layer.people.size()];
}

void add_once(std::vector<OnCall>& out, OnCall one) {
  const auto place = std::ranges::lower_bound(out, one.person, {}, &OnCall::person);
  if (place == out.end() || place->person != one.person) out.insert(place, std::move(one));
}

// A shift that stands in for this person then, if there is one.
const Duty* stand_in(const std::vector<const Duty*>& shifts, const Directory& directory, const PersonId& person,
                     Instant when) {
  // The one that was written last holds.
  for (auto one = shifts.rbegin(); one != shifts.rend(); ++one)
    if ((*one)->instead_of == person && holds((*one)->from, (*one)->until, when) &&
        is_there(directory, (*one)->person, when))
      return *one;
  return nullptr;
}

std::optional<OnCall> on_call_of(const Plan& plan, const std::vector<const Duty*>& shifts, const Directory& directory,
                                 Instant when) {
  for (const Layer& layer : plan.roster.layers) {
    const PersonId turn = turn_at(layer, plan, when);
    if (turn.empty()) continue;
    if (const Duty* shift = stand_in(shifts, directory, turn, when))
      return OnCall{.person = shift->person,
                    .by = OnCallBy::shift,
                    .roster = plan.roster.id,
                    .layer = layer.name,
                    .instead_of = turn,
                    .reason = shift->reason};
    if (is_there(directory, turn, when))
      return OnCall{.person = turn,
                    .by = OnCallBy::turn,
                    .roster = plan.roster.id,
                    .layer = layer.name,
                    .instead_of = {},
                    .reason = DutyReason::planned};
  }
  return std::nullopt;
}

// Every instant between the two at which something may change.
std::set<Instant> edges(const Directory& directory, const OnCallFor& whom, Instant from, Instant until) {
  std::set<Instant> out{from};
  const auto add = [&](Instant at) {
    if (from < at && at < until) out.insert(at);
  };
  const auto add_leaving = [&](const PersonId& id) {
    if (const Person* person = directory.person(id)) add(person->left_at);
  };
  for (const Duty* shift : shifts_for(directory, whom)) {
    add(shift->from);
    add(shift->until);
    add_leaving(shift->person);
  }
  for (const Plan& plan : plans_for(directory, whom)) {
    const CivilDay last = civil_day_of(until, plan.zone) + days{1};
    for (const Layer& layer : plan.roster.layers) {
      for (const PersonId& id : layer.people)
        add_leaving(id);
      for (CivilDay day = civil_day_of(from, plan.zone) - days{1}; day <= last; day += days{1}) {
        add(instant_of(day, layer.hands_over, plan.zone));
        for (const auto& [begins, ends] : hours_on(layer, plan, day)) {
          add(begins);
          add(ends);
        }
      }
    }
  }
  return out;
}

}  // namespace

std::vector<OnCall> on_call(const Directory& directory, const OnCallFor& whom, Instant when) {
  std::vector<OnCall> out;
  const auto shifts = shifts_for(directory, whom);
  for (const Duty* one : shifts)
    if (one->instead_of.empty() && holds(one->from, one->until, when) && is_there(directory, one->person, when))
      add_once(out, {.person = one->person,
                     .by = OnCallBy::shift,
                     .roster = {},
                     .layer = {},
                     .instead_of = {},
                     .reason = one->reason});
  if (!out.empty()) return out;
  for (const Plan& plan : plans_for(directory, whom))
    if (auto found = on_call_of(plan, shifts, directory, when)) add_once(out, std::move(*found));
  return out;
}

std::vector<PersonId> people_on_call(const Directory& directory, const OnCallFor& whom, Instant when) {
  std::vector<PersonId> out;
  for (OnCall& one : on_call(directory, whom, when))
    out.push_back(std::move(one.person));
  return out;
}

std::vector<Stretch> stretches(const Directory& directory, const OnCallFor& whom, Instant from, Instant until) {
  std::vector<Stretch> out;
  until = std::min(until, from + days{days_ahead_max});
  if (until <= from) return out;
  for (const Instant at : edges(directory, whom, from, until)) {
    auto people = on_call(directory, whom, at);
    if (!out.empty() && out.back().people == people) continue;
    if (!out.empty()) out.back().until = at;
    out.push_back({.from = at, .until = until, .people = std::move(people)});
  }
  return out;
}

bool is_there(const Directory& directory, const PersonId& id, Instant when) {
  const Person* person = directory.person(id);
  return person != nullptr && (person->left_at == Instant{} || when < person->left_at);
}

bool has_rosters(const Directory& directory, const OnCallFor& whom) {
  return !plans_for(directory, whom).empty() || !shifts_for(directory, whom).empty();
}

}  // namespace kintsugi

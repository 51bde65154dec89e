#include "tests/explore/moves.h"

#include "workflows/fault_response/workflow.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace kintsugi::explore {
namespace {

using fault_response::fault_response;

// By state and event, the roles of all rows and notes.
const std::map<std::string, std::map<std::string, std::set<Role>>, std::less<>>& table() {
  static const auto all = [] {
    std::map<std::string, std::map<std::string, std::set<Role>>, std::less<>> out;
    for (const ArcInfo& arc : fault_response().arcs)
      out[arc.from][arc.event].insert(arc.by.begin(), arc.by.end());
    return out;
  }();
  return all;
}

bool holds_one_of(const Moment& moment, const std::string& who, const std::set<Role>& roles) {
  if (who == "sys") return roles.contains(Role::sys);
  if (who == "mr") return roles.contains(Role::device);
  const Directory& directory = masters(moment.masters);
  const Person* person = directory.person(testing::person(who));
  if (person == nullptr) return false;
  return std::ranges::any_of(std::array{"hospital", "vendor"}, [&](const char* at) {
    const auto held = directory.roles_of(*person, testing::organisation(at), moment.now);
    return std::ranges::any_of(held, [&](Role one) { return roles.contains(one); });
  });
}

}  // namespace

std::string Move::text() const {
  return who + " " + event + (with.empty() ? "" : " (" + with + ")") + (step_up ? "" : " (without second factor)");
}

std::vector<std::string> who_could(const Moment& moment, std::string_view event) {
  std::vector<std::string> out;
  const auto state = table().find(moment.file.state);
  if (state == table().end()) return out;
  const auto found = state->second.find(std::string(event));
  if (found == state->second.end()) return out;
  for (const std::string& who : everybody())
    if (holds_one_of(moment, who, found->second)) out.push_back(who);
  return out;
}

std::vector<Move> due_timers(const Moment& moment) {
  std::vector<Move> out;
  for (const Timer& one : moment.file.timers)
    if (one.due <= moment.now)
      out.push_back({.who = "sys",
                     .event = one.event,
                     .with = about_of(moment.file, one.about),
                     .timer_about = one.about,
                     .timer_round = one.round});
  return out;
}

Event event_of(const Moment& moment, const Move& move) {
  Event out;
  out.name = move.event;
  out.case_id = moment.file.id.empty() ? testing::id_of<CaseId>("case", "explored") : moment.file.id;
  out.actor = actor_of(move.who);
  out.at = moment.now;
  out.payload = move.payload;
  out.timer_about = move.timer_about;
  out.timer_round = move.timer_round;
  const bool person = out.actor.kind == Role::none;
  if (person && move.step_up) out.step_up = StepUp{moment.now};
  if (person && !move.step_up) out.actor.auth = "pwd";
  out.chance = sha256("chance " + std::to_string(moment.file.version));
  return out;
}

const std::vector<std::string>& events_in(std::string_view state) {
  static const auto all = [] {
    std::map<std::string, std::vector<std::string>, std::less<>> out;
    for (const auto& [name, events] : table())
      for (const auto& [event, roles] : events)
        out[name].push_back(event);
    return out;
  }();
  static const std::vector<std::string> none;
  const auto found = all.find(state);
  return found == all.end() ? none : found->second;
}

}  // namespace kintsugi::explore

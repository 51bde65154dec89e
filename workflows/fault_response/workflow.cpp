#include "workflows/fault_response/workflow.h"

#include "engine/base/digest.h"
#include "engine/machine/print.h"
#include "workflows/fault_response/climb.h"
#include "workflows/fault_response/decide.h"
#include "workflows/fault_response/fault_flow.h"
#include "workflows/fault_response/letter_parts.h"
#include "workflows/fault_response/letters.h"
#include "workflows/fault_response/notes.h"
#include "workflows/fault_response/schemas.h"
#include "workflows/fault_response/texts.h"
#include "workflows/fault_response/timers.h"

#include <algorithm>
#include <array>
#include <map>

namespace kintsugi::fault_response {
namespace {

using machine::RowSpec;

// Members of a record that an event of this workflow may write beside the common ones. What an event really writes
// is a few of them; the engine refuses everything that is not here.
constexpr std::array members = {
    "attempt",    "break_glass", "by_hand",       "care",       "channel",    "class",      "combined", "count",
    "deputy_for", "device",      "document",      "due",        "end",        "generation", "grant",    "hop",
    "hop_state",  "incident",    "incident_type", "item",       "item_state", "level",      "link",     "link_kind",
    "method",     "obligation",  "offset",        "opens",      "person",     "phi",        "priority", "proposal",
    "purpose",    "received",    "request",       "resolution", "restricted", "round",      "sessions", "settled",
    "size",       "slot",        "until",         "waived",     "why",        "workers"};

// These wait for nothing: they only take away.
constexpr std::array<std::string_view, 8> closings = {
    "revoke",       "emergency_disconnect", "policy_violation",    "connection_lost",
    "t_window_end", "t_idle_final",         "t_reconnect_expired", "t_window_unused"};

constexpr std::array<std::string_view, 5> asks_about_the_device = {
    "device_locked", "device_has_open_case", "merge_target_not_open", "fault_code_known", "fault_code_differs"};

bool is_person(Role role) {
  return role != Role::sys && role != Role::device && role != Role::none;
}

ArcInfo arc_of(const RowSpec& row, std::string_view from, bool note) {
  ArcInfo out;
  out.row = row.row;
  out.from = from;
  out.event = row.event;
  out.to = row.to.empty() ? from : row.to;
  out.by.assign(row.by.begin(), row.by.end());
  for (const machine::Check* check : row.checks)
    out.checks.emplace_back(check->name);
  for (const machine::Action& action : row.actions)
    out.actions.emplace_back(action.name);
  out.internal = row.to.empty();
  out.note = note;
  return out;
}

void add_arcs(Workflow& out, const RowSpec& row, bool note) {
  if (!row.from.empty()) {
    for (const std::string_view from : row.from)
      out.arcs.push_back(arc_of(row, from, note));
    return;
  }
  for (const StateInfo& state : out.states)
    if (!state.end) out.arcs.push_back(arc_of(row, state.name, note));
}

Json schema_of(const std::string& event) {
  const auto written = events();
  if (std::ranges::count(written, event) > 0) return payload_schema(event);
  return Json{
      {"$schema", "http://json-schema.org/draft-07/schema#"}, {"type", "object"}, {"additionalProperties", false}};
}

void add_events(Workflow& out) {
  std::map<std::string, EventInfo, std::less<>> all;
  for (const ArcInfo& arc : out.arcs) {
    EventInfo& one = all[arc.event];
    one.opens_case = one.opens_case || arc.from.empty();
    one.by_people = one.by_people || std::ranges::any_of(arc.by, is_person);
    for (const std::string& check : arc.checks) {
      one.needs_step_up = one.needs_step_up || check == "step_up_missing";
      one.needs_same_device = one.needs_same_device || std::ranges::count(asks_about_the_device, check) > 0;
    }
  }
  // A report finds its case itself: nobody posts what it becomes, and it is posted to no case.
  for (const char* routed : {"notify", "notify_duplicate", "notify_second_fault", "notify_unknown"})
    all[routed].by_people = false;
  all["fault"].by_people = true;
  all["fault"].opens_case = true;
  all["fault"].needs_same_device = true;
  for (auto& [name, one] : all) {
    one.name = name;
    one.label = event_label(name);
    one.schema = schema_of(name);
    one.closing = std::ranges::count(closings, name) > 0;
    one.x.assign(members.begin(), members.end());
    out.events.push_back(std::move(one));
  }
}

Workflow build() {
  Workflow out;
  out.name = "fault_response";
  out.version = "1.0";
  out.states = flow_states();
  for (StateInfo& state : out.states)
    state.label = state_label(state.name);
  for (const RowSpec* row : flow_rows())
    if (!row->from.empty()) add_arcs(out, *row, false);
  for (const RowSpec* row : flow_rows())
    if (row->from.empty()) add_arcs(out, *row, false);
  for (const RowSpec& note : notes())
    add_arcs(out, note, true);
  add_events(out);
  out.decide = decide;
  out.follow_up = follow_up;
  out.route = route;
  out.review = review;
  for (const StateInfo& state : out.states)
    if (std::ranges::any_of(out.arcs, [&](const ArcInfo& arc) {
          return arc.from == state.name && (arc.event == "revoke" || arc.event == "approval_lapsed");
        }))
      out.reviewed.push_back(state.name);
  out.letter = letter;
  out.digest_letter = digest_letter;
  out.ladder = ladder_view;
  out.text = text;
  out.actions = [](const Situation& situation) {
    auto list = actions(situation);
    for (ActionView& one : list)
      one.closing = std::ranges::count(closings, one.event) > 0;
    return list;
  };
  out.digest = sha256(to_table_json(out));
  return out;
}

}  // namespace

const Workflow& fault_response() {
  static const Workflow one = build();
  return one;
}

}  // namespace kintsugi::fault_response

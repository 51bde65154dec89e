#include "workflows/fault_response/decide.h"

#include "engine/base/ensure.h"
#include "engine/domain/standing.h"
#include "workflows/fault_response/fault_flow.h"
#include "workflows/fault_response/notes.h"
#include "workflows/fault_response/write.h"

#include <algorithm>
#include <map>

namespace kintsugi::fault_response {
namespace {

using machine::Handled;
using machine::RowSpec;

bool is_end(std::string_view state) {
  return state == "closed" || state == "cancelled" || state == "false_alarm" || state == "merged";
}
bool is_open(const CaseFile& file) {
  return !file.state.empty() && !is_end(file.state);
}

bool stands_at(const RowSpec& row, const CaseFile& file) {
  return row.from.empty() ? is_open(file) : std::ranges::count(row.from, file.state) > 0;
}

// Every row and note that this event could fire here, rows first.
std::vector<const RowSpec*> candidates(const CaseFile& file, std::string_view event) {
  std::vector<const RowSpec*> out;
  for (const RowSpec* row : flow_rows())
    if (row->event == event && stands_at(*row, file)) out.push_back(row);
  for (const RowSpec& note : notes())
    if (note.event == event && note_applies(note, file.state, is_open(file))) out.push_back(&note);
  return out;
}

// Checks see the role that a row would use; documents are for actions.
Event without_documents(const Event& event) {
  Event out;
  out.name = event.name;
  out.case_id = event.case_id;
  out.actor = event.actor;
  out.as = event.as;
  out.at = event.at;
  out.payload = event.payload;
  out.step_up = event.step_up;
  out.timer_about = event.timer_about;
  out.timer_round = event.timer_round;
  out.chance = event.chance;
  return out;
}

// What the check of this name looks at; who somebody is belongs to the situation.
machine::Asks asks_of(const RowSpec& row, std::string_view name) {
  const auto check = std::ranges::find(row.checks, name, &machine::Check::name);
  return check == row.checks.end() ? machine::Asks::situation : (*check)->asks;
}

// A case of an unknown device is asked about none of what its device would decide, before somebody names it.
bool waits_for_a_device(std::string_view event, std::string_view check) {
  return event == "identify_device" && check != "device_already_known" && check != "role_not_allowed";
}

// Of the roles that a row knows, those that can answer here: the slot that was meant, or the slots that are still
// open.
void name_who_can_answer(std::vector<FailedCheck>& failed, const RowSpec& row, const Situation& now) {
  const auto about_a_slot = [](const machine::Check* check) { return check->name == "slot_not_open"; };
  if (std::ranges::none_of(row.checks, about_a_slot) || !now.file.request || now.file.request->dead) return;
  const auto open = open_slots(now.policy, *now.file.request);
  for (FailedCheck& one : failed)
    if (one.name == "slot_not_open" || (one.name == "role_not_allowed" && one.lifted_by.size() > 1))
      one.lifted_by = open;
}

struct Nearest {
  const RowSpec* row = nullptr;
  machine::Judgement judged;
};

// The row that comes nearest: of twins, the one whose distinction holds.
Nearest nearest(const std::vector<const RowSpec*>& rows, const Situation& now, Event& asking) {
  Nearest best;
  std::pair<bool, std::size_t> distance;
  for (const RowSpec* row : rows) {
    const Role before = asking.as;
    asking.as = machine::role_for(now, row->by);
    if (asking.as == Role::none) asking.as = before;
    machine::Judgement one = machine::judge(*row, now, true);
    asking.as = before;
    const bool other_twin = std::ranges::any_of(
        one.failed, [&](const FailedCheck& check) { return asks_of(*row, check.name) == machine::Asks::twin; });
    const std::pair far(other_twin, one.failed.size());
    if (best.row != nullptr && far >= distance) continue;
    distance = far;
    best = {row, std::move(one)};
  }
  if (best.row != nullptr) name_who_can_answer(best.judged.failed, *best.row, now);
  return best;
}

// Who wants to cut and finds nothing left to cut is told so, and not that he pressed a wrong button.
std::string why_not_here(const Situation& now) {
  if (now.event.name != "emergency_disconnect" && now.event.name != "revoke") return "not_applicable";
  const Grant* grant = now.file.grant();
  if (grant == nullptr || grant->proved_closed()) return "nothing_open";
  return grant->end == GrantEnd::none ? "not_applicable" : "already_cut";
}

Refusal refusal_of(const std::vector<const RowSpec*>& rows, const Situation& now, Event& asking) {
  // Who has no part in the case learns nothing about it, not even what is possible.
  if (!machine::takes_part(now))
    return {.kind = Refusal::Kind::forbidden,
            .failed = {{.name = "not_a_participant", .lifted_by = {}, .since = {}}}};
  if (rows.empty())
    return {.kind = Refusal::Kind::not_applicable,
            .failed = {{.name = why_not_here(now), .lifted_by = {}, .since = now.file.state_since}}};
  auto judged = nearest(rows, now, asking).judged;
  ensure(!judged.failed.empty(), "the machine refused what every check allows");
  return {.kind = judged.kind, .failed = std::move(judged.failed)};
}

void run_note(const RowSpec& note, Lap& lap, Event& asking) {
  asking.as = machine::role_for(lap.now, note.by);
  lap.out.row = note.row;
  lap.out.as = asking.as;
  for (const machine::Action& action : note.actions)
    action.run(lap);
}

Beginning beginning_of(const Event& event, const Decision& decision) {
  Beginning out{.event = event.name, .by = event.actor.person, .as = decision.as, .why = {}};
  if (const auto why = decision.x.find("why"); why != decision.x.end() && why->second.is_string())
    out.why = why->second.get<std::string>();
  return out;
}

// A timer that fired is gone, unless its row has started it again.
void remove_fired(CaseFile& next, const Event& event) {
  std::erase_if(next.timers, [&](const Timer& one) {
    return one.event == event.name && one.about == event.timer_about && one.round == event.timer_round &&
           one.due <= event.at;
  });
}

}  // namespace

Verdict decide(const Situation& asked) {
  Event asking = without_documents(asked.event);
  const Situation now{.file = asked.file,
                      .event = asking,
                      .directory = asked.directory,
                      .policy = asked.policy,
                      .same_device = asked.same_device,
                      .audit_working = asked.audit_working,
                      .target = asked.target};
  const bool opens = asked.file.id.empty();
  ensure(opens || knows_state(asked.file.state), "a case is in a state that this build does not know");

  Decision out;
  out.from = asked.file.state;
  out.next = asked.file;
  Lap lap{.now = now, .event = asked.event, .out = out, .file = out.next};
  std::string state = asked.file.state;

  const Handled handled = process(lap, asking, is_open(asked.file), state);
  if (handled != Handled::moved) {
    const auto rows = candidates(asked.file, asking.name);
    const auto note = std::ranges::find_if(rows, [](const RowSpec* row) { return row->row == row->event; });
    if (handled == Handled::guard_said_no || note == rows.end()) return refusal_of(rows, now, asking);
    asking.as = machine::role_for(now, (*note)->by);
    const bool allowed = machine::judge(**note, now, false).failed.empty();
    asking.as = asked.event.as;
    if (!allowed) return refusal_of({*note}, now, asking);
    run_note(**note, lap, asking);
  }

  CaseFile& next = out.next;
  remove_fired(next, asked.event);
  if (state != asked.file.state) {
    next.state = state;
    next.state_since = asked.event.at;
    next.began = beginning_of(asked.event, out);
    next.escalation = 0;
    for (Asked& one : next.asked)
      if (!one.letter.empty()) out.withdrawn.push_back(std::move(one.letter));
    next.asked.clear();
    // Those of the state that is left; a request that was just made has asked anew.
    for (const AskedSlot& one : asked.file.asked_slots)
      if (std::erase(next.asked_slots, one) > 0) out.withdrawn.push_back(one.letter);
  }
  drop_strays(next);
  next.version = asked.file.version + 1;
  return out;
}

std::optional<std::string> follow_up(const CaseFile& file) {
  const Grant* grant = file.grant();
  const std::string& state = file.state;
  if (state == "data_deletion")
    return all_accounted(file) ? std::optional<std::string>("all_accounted") : std::nullopt;
  if (grant == nullptr) return std::nullopt;
  const auto any = [&](HopState wanted) {
    return std::ranges::any_of(std::array{Hop::exit, Hop::access_point, Hop::route},
                               [&](Hop hop) { return hop_of(*grant, hop).state == wanted; });
  };
  if (state == "connecting") {
    if (identity_mismatch(file)) return "policy_violation";
    if (any(HopState::refused)) return "t_open_expired";
    if (any(HopState::lost)) return "connection_lost";
    const bool open = std::ranges::all_of(std::array{Hop::exit, Hop::access_point, Hop::route},
                                          [&](Hop hop) { return hop_of(*grant, hop).state == HopState::open; });
    if (open) return "path_confirmed";
  }
  if ((state == "connected" || state == "check_online") && (any(HopState::lost) || any(HopState::closed)))
    return "connection_lost";
  if (state == "disconnecting" && closing_proved(*grant)) return "close_confirmed";
  if (state == "disc_unverified" && closing_proved(*grant)) return "close_confirmed_late";
  return std::nullopt;
}

std::optional<std::string> review(const CaseFile& file, const Directory& directory, const Policy&, Instant now) {
  if (file.state == "conn_requested")
    return approval_lost(directory, file, now) == nullptr ? std::nullopt
                                                          : std::optional<std::string>("approval_lapsed");
  const auto rows = candidates(file, "revoke");
  return rows.empty() || workers_lost(directory, file, now).empty() ? std::nullopt
                                                                    : std::optional<std::string>("revoke");
}

Route route(const Situation& s) {
  if (device_of(s) == nullptr) return {.event = "notify_unknown", .case_id = {}};
  const std::string code = text_in(s.event.payload, "code");
  const CaseBrief* parent = nullptr;
  for (const CaseBrief& one : s.same_device) {
    if (!one.open) continue;
    if (one.fault_code == code) return {.event = "notify_duplicate", .case_id = one.id};
    // Who is inside must hear of it; otherwise the oldest case carries the link.
    if (parent == nullptr || (one.live_grant && !parent->live_grant) ||
        (one.live_grant == parent->live_grant && one.opened_at < parent->opened_at))
      parent = &one;
  }
  if (parent != nullptr) return {.event = "notify_second_fault", .case_id = parent->id};
  return {.event = "notify", .case_id = {}};
}

std::vector<ActionView> actions(const Situation& s) {
  Event asking = without_documents(s.event);
  asking.step_up.reset();
  const Situation now{.file = s.file,
                      .event = asking,
                      .directory = s.directory,
                      .policy = s.policy,
                      .same_device = s.same_device,
                      .audit_working = s.audit_working,
                      .target = s.target};
  std::vector<ActionView> out;
  if (!machine::takes_part(now)) return out;
  std::map<std::string, std::vector<const RowSpec*>> by_event;
  for (const RowSpec* row : flow_rows())
    if (!row->from.empty() && stands_at(*row, s.file)) by_event[std::string(row->event)].push_back(row);
  for (const RowSpec& note : notes())
    if (note_applies(note, s.file.state, is_open(s.file))) by_event[std::string(note.event)].push_back(&note);

  for (const auto& [event, rows] : by_event) {
    asking.name = event;
    const bool for_people = std::ranges::any_of(rows, [](const RowSpec* row) {
      return std::ranges::any_of(row->by, [](Role role) { return role != Role::sys && role != Role::device; });
    });
    if (!for_people) continue;
    ActionView view{.event = event, .allowed = false, .blocked_by = {}, .needs_step_up = false, .closing = false};
    const auto [best, judged] = nearest(rows, now, asking);
    for (const FailedCheck& one : judged.failed)
      if (asks_of(*best, one.name) != machine::Asks::payload && !waits_for_a_device(event, one.name))
        view.blocked_by.push_back(one);
    for (FailedCheck& one : view.blocked_by)
      if (one.since == Instant{}) one.since = s.file.state_since;
    view.allowed = view.blocked_by.empty();
    for (const RowSpec* row : rows)
      for (const machine::Check* check : row->checks)
        view.needs_step_up = view.needs_step_up || check->name == "step_up_missing";
    out.push_back(std::move(view));
  }
  return out;
}

}  // namespace kintsugi::fault_response

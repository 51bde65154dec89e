#include "workflows/fault_response/actions.h"
#include "workflows/fault_response/note_actions.h"
#include "workflows/fault_response/timers.h"
#include "workflows/fault_response/write.h"

#include <algorithm>
#include <string_view>

// What the end points report, and which order follows from it.
namespace kintsugi::fault_response {
namespace {

using enum Role;

bool is_closing(std::string_view state) {
  return state == "disconnecting" || state == "disc_unverified" || state == "halted" || state == "connect_failed";
}

// A refusal to open says nothing new about a hop that is known to be closed; neither does silence.
bool adds_nothing(const HopReport& before, const HopReport& now) {
  return before.state == HopState::closed &&
         (now.state == HopState::refused || now.state == HopState::unknown || now.state == HopState::lost);
}

void put(Grant& grant, const HopReport& report) {
  std::erase_if(grant.hops, [&](const HopReport& one) { return one.hop == report.hop; });
  grant.hops.push_back(report);
}

// A log that fails meanwhile stops the opening where it is (I8); T_OPEN takes back what is open by then (F28).
void open_next(Lap& lap, Hop opened) {
  if (!lap.now.audit_working) return;
  const Grant& grant = *lap.file.grant();
  const Hop next = opened == Hop::exit ? Hop::access_point : Hop::route;
  if (opened != Hop::route && hop_of(grant, next).state != HopState::open) order(lap, OrderKind::open, next);
}

bool is_other_device(const Lap& lap, const std::string& identity) {
  const Device* device = lap.now.directory.device(lap.file.device);
  return !identity.empty() && (device == nullptr || (identity != device->serial && identity != device->udi));
}

// CONNECT_FAILED and HALTED wait for a person once the closing is proved; DISCONNECTING goes on by itself (F54).
void finish_waiting(Lap& lap) {
  Grant& grant = *lap.file.grant();
  const std::string& state = lap.file.state;
  if (!closing_proved(grant) || grant.proved_closed()) return;
  if (state != "halted" && state != "connect_failed") return;
  grant.proved_closed_at = lap.event.at;
  grant.reopened_at = {};
  drop_timer(lap, "t_close_expired");
  drop_timer(lap, "t_close_recheck");
  if (state == "connect_failed") set_timer(lap, "give_up", std::max(lap.event.at, grant.window.closes));
  if (state == "halted") {
    lap.file.write_running = false;
    lap.file.grace_until = {};
    owe_paper(lap);
    start_item_clock(lap);
    mail(lap, "M24", all_lanes(lap));
  }
}

// A door that is open after the proof takes the proof with it (RA27): it is shut again, and proved anew.
void doubt_proof(Lap& lap, const HopReport& report) {
  Grant& grant = *lap.file.grant();
  const bool is_open = report.state == HopState::open || report.state == HopState::reachable || report.sessions > 0;
  if (!grant.proved_closed() || !is_open) return;
  grant.reopened_at = lap.event.at;
  if (report.hop != Hop::probe) forget_look(grant);
  if (report.hop == Hop::probe)
    order_closing(lap, OrderKind::kill);
  else
    order(lap, OrderKind::kill, report.hop);
  drop_timer(lap, "give_up");
  start_timer(lap, "t_close_expired");
  set_timer(lap, "t_close_recheck", lap.event.at + recheck_every, 1);
  lap.out.outcome = 8;
  note(lap, "why", "reopened");
  mail_and_desks(lap, "M20", holders(lap, {hcf_netadm, rsc_netadm}), {{"since", to_text(lap.event.at)}});
}

}  // namespace

void report_hop(Lap& lap) {
  Grant& grant = *lap.file.grant();
  const Json& said = lap.event.payload;
  HopReport report{.hop = name_in_payload(said, "hop", Hop::exit),
                   .state = name_in_payload(said, "state", HopState::unknown),
                   .at = lap.event.at,
                   .generation = number_in(said, "generation"),
                   .sessions = number_in(said, "sessions"),
                   .by_hand = false};
  note(lap, "hop", std::string(name_of(report.hop)));
  note(lap, "hop_state", std::string(name_of(report.state)));
  note(lap, "generation", report.generation);
  if (report.sessions > 0) note(lap, "sessions", report.sessions);
  const bool other_grant = said.contains("grant") && text_in(said, "grant") != grant.id.text();
  if (other_grant || report.generation != grant.generation) {
    lap.out.outcome = 4;
    note(lap, "why", "generation_is_old");
    return;
  }

  const bool closing = is_closing(lap.file.state);
  if (closing && adds_nothing(hop_of(grant, report.hop), report)) return;
  put(grant, report);
  if (report.state == HopState::closed && report.sessions == 0 &&
      (report.hop == Hop::exit || flag_in(said, "accounts_disabled")))
    grant.accounts_disabled = true;

  if (lap.file.state == "connecting" && report.state == HopState::open) {
    if (report.hop == Hop::route && is_other_device(lap, text_in(said, "identity"))) {
      new_incident(lap, "policy_violation").opened_by = {};
      lap.out.outcome = 8;
    } else {
      open_next(lap, report.hop);
    }
  }
  if (!closing) return;
  doubt_proof(lap, report);
  // The look from outside comes after the last door, and after each that answers later, or it proves nothing.
  if (report.hop != Hop::probe && hops_closed(grant) && !closing_proved(grant))
    order(lap, OrderKind::check, Hop::probe);
  finish_waiting(lap);
}

}  // namespace kintsugi::fault_response

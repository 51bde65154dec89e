#include "workflows/fault_response/actions.h"
#include "workflows/fault_response/timers.h"
#include "workflows/fault_response/write.h"

#include <algorithm>

// Step 4: every way out leads through orders to close, and a proof that it was done.
namespace kintsugi::fault_response {

using enum Role;

namespace {

constexpr std::string_view back = "acknowledged";

void tell_ended(Lap& lap, std::string_view why) {
  note(lap, "why", std::string(why));
  mail(lap, "M15", all_lanes(lap), {{"what", std::string(why)}});
}

// The engine revokes only when somebody whom the grant lets in has lost what let him in (RA34).
std::string_view why_nobody_works(const Lap& lap) {
  const bool left = std::ranges::any_of(lap.file.request ? lap.file.request->workers : People{}, [&](const auto& id) {
    const Person* person = lap.now.directory.person(id);
    return person != nullptr && person->left_at != Instant{} && person->left_at <= lap.event.at;
  });
  return left ? "leaver" : "worker_lost";
}

void ask_hands(Lap& lap) {
  mail_and_desks(lap, "M20", holders(lap, {hcf_netadm, rsc_netadm}), {{"since", to_text(lap.file.state_since)}});
}

}  // namespace

void revoke_grant(Lap& lap) {
  void_request(lap);
  begin_closing(lap, OrderKind::kill, GrantEnd::revoked, back);
  tell_ended(lap, lap.out.as == sys ? why_nobody_works(lap) : "revoked");
}

void expire_grant(Lap& lap) {
  void_request(lap);
  begin_closing(lap, OrderKind::close, GrantEnd::expired, back);
  tell_ended(lap, "unused");
}

void withdraw_grant(Lap& lap) {
  begin_closing(lap, OrderKind::close, GrantEnd::withdrawn, back);
  tell_withdrawn(lap);
}

void leave_for_onsite(Lap& lap) {
  begin_closing(lap, OrderKind::close, GrantEnd::used, "onsite");
  mail(lap, "M14", holders(lap, {hcf_psm, hcf_clin, hcf_sysadm}));
}

void abort_repair(Lap& lap) {
  lap.file.resolution = "aborted";
  note(lap, "resolution", lap.file.resolution);
  begin_closing(lap, OrderKind::close, GrantEnd::used, "data_deletion");
  tell_ended(lap, "aborted");
}

void leave_for_deletion(Lap& lap) {
  begin_closing(lap, OrderKind::close, GrantEnd::used, "data_deletion");
}

// What was to be resumed is not: the window is over, somebody may not work any more, or nothing would be recorded.
void end_unresumed(Lap& lap) {
  if (lap.file.next != "conn_approved") return;
  void_request(lap);
  Grant& grant = *lap.file.grant();
  grant.end = lap.event.at < grant.window.closes ? GrantEnd::failed : GrantEnd::expired;
}

// The grant stays alive: it is armed again as soon as the closing is proved (F93).
void leave_for_now(Lap& lap) {
  begin_closing(lap, OrderKind::close, GrantEnd::none, "conn_approved");
  tell_ended(lap, "for_now");
}

void give_up_lost(Lap& lap) {
  void_request(lap);
  begin_closing(lap, OrderKind::kill, GrantEnd::failed, back);
  mail(lap, "M17", plus(holders(lap, {rsc_svc, hcf_sysadm}), holders(lap, {rsc_netadm, hcf_netadm})));
}

void end_window(Lap& lap) {
  // Grace moves the timer beyond the approved end (F43): what was done then was an overrun, however well meant.
  const Timer* fired = timer_of(lap.now.file, "t_window_end");
  const bool overrun = fired != nullptr && fired->due > lap.file.grant()->window.closes;
  void_request(lap);
  begin_closing(lap, OrderKind::kill, GrantEnd::expired, lap.file.state == "check_online" ? "check_offline" : back);
  if (overrun) lap.out.outcome = 4;
  tell_ended(lap, overrun ? "overrun" : "window_over");
}

void end_idle(Lap& lap) {
  void_request(lap);
  begin_closing(lap, OrderKind::close, GrantEnd::expired, back);
  tell_ended(lap, "idle");
}

void cut(Lap& lap) {
  void_request(lap);
  begin_closing(lap, OrderKind::kill, GrantEnd::halted, "");
  if (lap.file.grant()->proved_closed()) {  // after a failed attempt: the doors are told once more, the proof stands
    drop_timer(lap, "t_close_expired");
    owe_paper(lap);
    start_item_clock(lap);
  }
  start_timer(lap, "t_reminder");
  lap.out.outcome = 8;
  mail_and_desks(lap, "M21", plus(all_lanes(lap), holders(lap, {rsc_mgr, hcf_sec})));
}

void raise_violation(Lap& lap) {
  const bool raised = std::ranges::any_of(lap.file.incidents, [&](const Incident& one) {
    return one.type == "policy_violation" && one.state == IncidentState::open &&
           one.opened_at >= lap.file.state_since;
  });
  if (!raised) new_incident(lap, "policy_violation");
  const std::string what = text_in(lap.event.payload, "violation");
  note(lap, "why", what.empty() ? "identity_mismatch" : what);
}

void tell_halt_over(Lap& lap) {
  mail(lap, "M22", all_lanes(lap));
}

void abandon(Lap& lap) {
  lap.file.resolution = "aborted_by_hcf";
  note(lap, "resolution", lap.file.resolution);
  tell_halt_over(lap);
}

void closing_proved(Lap& lap) {
  Grant& grant = *lap.file.grant();
  if (!grant.proved_closed()) grant.proved_closed_at = lap.event.at;
  grant.reopened_at = {};
  lap.file.write_running = false;
  lap.file.grace_until = {};
  for (const HopReport& one : grant.hops)
    if (one.by_hand) note(lap, "by_hand", true);
  note_grant(lap);
  start_item_clock(lap);
  mail(lap, "M24", all_lanes(lap));
}

void closing_unproved(Lap& lap) {
  // Behind a door that may be open nothing is resumed: what comes after the proof is triage, unless more is owed.
  if (lap.file.next.empty() || lap.file.next == "conn_approved") {
    lap.file.next = back;
    void_request(lap);
    if (Grant& grant = *lap.file.grant(); grant.end == GrantEnd::none) grant.end = GrantEnd::failed;
  }
  lap.out.outcome = 8;
  set_timer(lap, "t_close_recheck", lap.event.at + recheck_every, 1);
  start_timer(lap, "t_reminder");
  note_grant(lap);
  ask_hands(lap);
}

void closing_still_unproved(Lap& lap) {
  lap.out.outcome = 8;
  set_timer(lap, "t_close_expired", lap.event.at + unproved_repeat, lap.event.timer_round + 1);
  set_timer(lap, "t_close_recheck", lap.event.at + recheck_every, 1);
  note(lap, "round", lap.event.timer_round + 1);
  ask_hands(lap);
}

void record_nonconformity(Lap& lap) {
  owe(lap, ObligationKind::nonconformity, {}, none, lap.out.row);
  note(lap, "obligation", "nonconformity");
  lap.out.outcome = 4;
}

void attest_closing(Lap& lap) {
  Grant& grant = *lap.file.grant();
  std::vector<std::string> hops = texts_in(lap.event.payload, "hops");
  hops.emplace_back("probe");  // what is unplugged by hand stands for the look from outside, too
  for (const std::string& name : hops)
    if (const auto hop = from_name<Hop>(name)) {
      std::erase_if(grant.hops, [&](const HopReport& one) { return one.hop == *hop; });
      grant.hops.push_back({.hop = *hop,
                            .state = HopState::closed,
                            .at = lap.event.at,
                            .generation = grant.generation,
                            .sessions = 0,
                            .by_hand = true});
    }
  grant.accounts_disabled = true;
  note(lap, "by_hand", true);
  note_grant(lap);
}

}  // namespace kintsugi::fault_response

#include "workflows/fault_response/actions.h"
#include "workflows/fault_response/timers.h"
#include "workflows/fault_response/write.h"

#include <algorithm>

// Step 3: the path is opened hop by hop, somebody works, and the room keeps its say.
namespace kintsugi::fault_response {

using enum Role;

namespace {

void start_opening(Lap& lap) {
  const Grant& grant = *lap.file.grant();
  order(lap, OrderKind::open, Hop::exit);
  set_timer(lap, "t_open_expired",
            std::min(lap.event.at + term_of(lap.now.policy, TimerName::t_open, lap.file.priority).wall,
                     grant.window.closes));
  note_grant(lap);
}

// How much may pass is decided where the way to the device begins; nobody waits for its answer, because looking on
// while a clinical user checks is no more than what was approved.
void limit_to_view(Lap& lap, bool only) {
  lap.file.grant()->view_only = only;
  order(lap, OrderKind::open, Hop::route);
}

}  // namespace

// The cut for idleness comes after twice T_IDLE; the terminal locks itself after the first.
void restart_idle(Lap& lap) {
  if (lap.file.write_running) return;  // a device that writes is not idle
  set_timer(lap, "t_idle_final",
            lap.event.at + 2 * term_of(lap.now.policy, TimerName::t_idle, lap.file.priority).wall);
}

void watch_window(Lap& lap, Instant closes) {
  set_timer(lap, "t_window_end", closes);
  drop_timer(lap, "window_warning");
  if (closes - warning_first > lap.event.at)
    set_timer(lap, "window_warning", closes - warning_first, 0);
  else if (closes - warning_last > lap.event.at)
    set_timer(lap, "window_warning", closes - warning_last, 1);
}

void open_first_hop(Lap& lap) {
  note(lap, "attempt", lap.file.grant()->attempts + 1);
  start_opening(lap);
}

void begin_session(Lap& lap) {
  doubt_nothing_taken(lap);
  Grant& grant = *lap.file.grant();
  // What was lost and came back (F41) is the session it was.
  if (!grant.session_begun) ++grant.sessions_used;
  grant.session_begun = true;
  watch_window(lap, std::max(grant.window.closes, lap.file.grace_until));
  restart_idle(lap);
  note_grant(lap);
  note(lap, "until", to_text(grant.window.closes));
  mail(lap, "M16", holders(lap, {hcf_sysadm, hcf_netadm, hcf_clin, hcf_psm}),
       {{"until", to_text(grant.window.closes)}, {"person", lap.file.owner.text()}});
}

void resume_work(Lap& lap) {
  limit_to_view(lap, false);
  restart_idle(lap);
}

void log_work(Lap& lap) {
  ++lap.file.work_entries;
  restart_idle(lap);
}

void put_file(Lap& lap) {
  log_work(lap);
  note(lap, "size", number_in(lap.event.payload, "size_bytes"));
}

void take_item(Lap& lap) {
  DataItem& item = *item_of(lap.file, id_in<ItemId>(lap.event.payload, "item"));
  item.state = ItemState::held_at_rsc;
  item.received_at = lap.event.at;
  item.content = digest_in(lap.event.payload, "content");
  item.size_bytes = number_in(lap.event.payload, "size_bytes");
  item.holder = id_in<PersonId>(lap.event.payload, "holder");
  if (item.holder.empty()) item.holder = lap.event.actor.person;
  restart_idle(lap);
  note_item(lap, item);
  note(lap, "class", std::string(name_of(item.kind)));
  note(lap, "phi", std::string(name_of(item.phi)));
  note(lap, "size", item.size_bytes);
  note_ids(lap, "received", {item.id.text()});
  mail(lap, "M18", item.phi == Phi::none ? holders(lap, {hcf_sysadm}) : holders(lap, {hcf_sysadm, hcf_priv}),
       {{"item", item.id.text()}});
}

void extend_window(Lap& lap) {
  Grant& grant = *lap.file.grant();
  grant.window.closes = instant_in(lap.event.payload, "until");
  drop_proposal(lap, "extension");
  // Each end point holds its own not-after (I9): all of them must hear the new one.
  for (const Hop hop : {Hop::exit, Hop::access_point, Hop::route})
    order(lap, OrderKind::open, hop);
  watch_window(lap, grant.window.closes);
  note_grant(lap);
  note(lap, "until", to_text(grant.window.closes));
  mail(lap, "M11", all_lanes(lap), {{"from", to_text(grant.window.opens)}, {"until", to_text(grant.window.closes)}});
}

// Somebody who is not in the request joins the running session: his own account, and no longer than he may work.
void let_second_level_in(Lap& lap) {
  const auto person = id_in<PersonId>(lap.event.payload, "person");
  Request& request = *lap.file.request;
  if (is_listed_worker(lap.file, person)) return;
  request.workers.push_back(person);
  for (const char* what : {"l2", "l2_hcf", "l2_rsc"})
    drop_proposal(lap, what);
  Grant& grant = *lap.file.grant();
  const Person& joins = *lap.now.directory.person(person);
  grant.window.closes = std::min({grant.window.closes, joins.pledge_until, joins.training_until});
  for (const Hop hop : {Hop::exit, Hop::access_point, Hop::route})
    order(lap, OrderKind::open, hop);
  watch_window(lap, std::max(grant.window.closes, lap.file.grace_until));
  std::vector<std::string> workers;
  for (const PersonId& one : request.workers)
    workers.push_back(one.text());
  note_ids(lap, "workers", workers);
  note_grant(lap);
  note(lap, "until", to_text(grant.window.closes));
}

void claim_repair(Lap& lap) {
  limit_to_view(lap, true);
  lap.file.test_result = true;
  lap.file.resolution = "repaired";
  note(lap, "resolution", lap.file.resolution);
}

void suspend(Lap& lap) {
  order(lap, OrderKind::close, Hop::route);
  lap.file.device_said_safe = false;
  const Instant due = due_in(lap, TimerName::t_reconnect, Side::rsc);
  set_timer(lap, "t_reconnect_expired", std::min(due, lap.file.grant()->window.closes));
  note_grant(lap);
  if (lap.file.write_running) mail_and_desks(lap, "M19", holders(lap, {hcf_clin, hcf_psm}));
}

void reopen_path(Lap& lap) {
  // A closing was ordered for the old generation, so whatever answers late for it is void.
  raise_generation(lap);
  start_opening(lap);
}

void tell_check_failed(Lap& lap) {
  lap.file.test_result = false;
  lap.file.resolution.clear();
  mail(lap, "M23", holders(lap, {rsc_svc, rsc_mgr}));
}

void return_to_use(Lap& lap) {
  const bool restricted = flag_in(lap.event.payload, "restricted_use");
  if (lap.file.hold.is_set()) lap.file.hold.lifted_at = lap.event.at;
  lap.file.hold.restricted_use = restricted;
  if (restricted) note(lap, "restricted", true);
}

void take_back(Lap& lap) {
  Grant& grant = *lap.file.grant();
  ++grant.attempts;
  // Whoever owns the hop that failed is told which one it was.
  Hop failed = Hop::exit;
  for (const Hop hop : {Hop::route, Hop::access_point, Hop::exit})
    if (hop_of(grant, hop).state != HopState::open) failed = hop;
  forget_look(grant);
  order_closing(lap, OrderKind::close);
  grant.ended_at = lap.event.at;
  start_timer(lap, "t_close_expired");
  start_timer(lap, "t_decide_expired");
  note(lap, "hop", std::string(name_of(failed)));
  note(lap, "attempt", grant.attempts);
  note_grant(lap);
  lap.out.outcome = 8;
  mail(lap, "M17",
       plus(holders(lap, {rsc_svc, hcf_sysadm}),
            failed == Hop::exit ? holders(lap, {rsc_netadm}) : holders(lap, {hcf_netadm})),
       {{"hop", std::string(name_of(failed))}});
}

void arm_again(Lap& lap) {
  raise_generation(lap);
  lap.file.grant()->session_begun = false;
  lap.file.grace_until = {};
  lap.file.next.clear();
  arm(lap);
}

void end_grant_failed(Lap& lap) {
  Grant* grant = lap.file.grant();
  if (grant == nullptr || lap.file.state != "connect_failed") return;
  void_request(lap);
  grant->end = GrantEnd::failed;
  grant->ended_at = lap.event.at;
  note_grant(lap);
}

void tell_gave_up(Lap& lap) {
  mail(lap, "M17", holders(lap, {rsc_svc, hcf_sysadm}));
}

}  // namespace kintsugi::fault_response

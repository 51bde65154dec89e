#include "workflows/fault_response/note_actions.h"

#include "workflows/fault_response/actions.h"
#include "workflows/fault_response/timers.h"
#include "workflows/fault_response/write.h"

#include <algorithm>

namespace kintsugi::fault_response {

using enum Role;

namespace {

constexpr Duration preliminary_within = 3 * 24h;  // APPI: 3 to 5 days of knowing; the shorter one
constexpr Duration final_within = 30 * 24h;
constexpr Duration final_within_malice = 60 * 24h;

Incident& the_incident(Lap& lap) {
  const auto id = id_in<IncidentId>(lap.event.payload, "incident");
  return *std::ranges::find(lap.file.incidents, id, &Incident::id);
}

void note_incident(Lap& lap, const Incident& incident) {
  note_id(lap, "incident", incident.id.text());
  note(lap, "incident_type", incident.type);
}

}  // namespace

// ---- the fault ---------------------------------------------------------------------------------------------

void device_is_normal(Lap& lap) {
  lap.file.fault.normal_since = lap.event.at;
  lap.file.fault.last_seen = lap.event.at;
  keep_attachments(lap);
}

void set_priority(Lap& lap) {
  const Priority before = lap.file.priority;
  raise_priority(lap, name_in_payload(lap.event.payload, "priority", before));
  lap.file.priority_by = lap.event.actor.person;
  const std::string now(name_of(lap.file.priority));
  note(lap, "priority", now);
  // Whoever has read that it can wait must hear that it cannot.
  if (lap.file.priority == Priority::p1 && before != Priority::p1 && lap.file.state == "notified")
    mail_and_desks(lap, "M01", holders(lap, {rsc_svc, hcf_sysadm, hcf_psm}), {{"priority", now}});
}

// A newer proposal of the same kind takes the place of the older.
void propose(Lap& lap) {
  const std::string what = lap.event.name == "propose_cancel"        ? "cancel"
                           : lap.event.name == "propose_false_alarm" ? "false_alarm"
                           : lap.event.name == "propose_merge"       ? "merge"
                           : lap.event.name == "propose_l2"          ? "l2"
                                                                     : "extension";
  drop_proposal(lap, what);
  Proposal one{.what = what,
               .by = lap.event.actor.person,
               .at = lap.event.at,
               .reason = id_in<DocumentId>(lap.event.payload, "reason"),
               .target = {},
               .person = {},
               .until = {}};
  one.target = id_in<CaseId>(lap.event.payload, "target");
  one.person = id_in<PersonId>(lap.event.payload, "person");
  one.until = instant_in(lap.event.payload, "until");
  note(lap, "proposal", what);
  note_id(lap, "link", one.target.text());
  note_id(lap, "person", one.person.text());
  if (one.until != Instant{}) note(lap, "until", to_text(one.until));
  mail(lap, "M05",
       holders(lap, what == "extension" ? std::initializer_list<Role>{hcf_sysadm, hcf_netadm}
                    : what == "l2"      ? std::initializer_list<Role>{hcf_sysadm, rsc_netadm}
                                        : std::initializer_list<Role>{hcf_sysadm, hcf_clin}),
       {{"what", what}, {"level", "0"}, {"since", to_text(lap.event.at)}});
  lap.file.proposals.push_back(std::move(one));
}

// Whoever could not be reached was not asked: a letter about an approval or a closing goes one rung higher at once.
void tell_bounced(Lap& lap) {
  const std::string which = text_in(lap.event.payload, "mail");
  note(lap, "why", "mail_bounced");
  if (which == "M09" && lap.file.state == "conn_requested" && lap.file.escalation == 0) {
    // Who was not reached was not asked: the first round is over at once (F18), and nobody waits for it.
    drop_timer(lap, "t_approve_expired");
    ask_again(lap);
    return;
  }
  if (which != "M09" && which != "M20" && which != "M21" && which != "M05") return;
  const People missed = people_in(lap.event.payload, "to");
  People to = holders(lap, {hcf_sysadm, hcf_duty, rsc_mgr});
  std::erase_if(to, [&](const PersonId& one) { return std::ranges::count(missed, one) > 0; });
  if (which == "M05") to = {};  // an escalation that bounces goes to the desks, not in circles
  mail_and_desks(lap, "M05", to, {{"what", "mail_bounced"}, {"level", "1"}, {"since", to_text(lap.event.at)}});
}

// Somebody found out which device an unreadable notice was about (F02). The contract's people are the ones who serve
// it, so their clock starts now.
void identify_device(Lap& lap) {
  const Device* device = lap.now.directory.device(id_in<DeviceId>(lap.event.payload, "device"));
  const Contract* contract = lap.now.directory.contract_of(device->id, lap.event.at);
  lap.file.device = device->id;
  lap.file.contract = contract->id;
  lap.file.rsc = contract->rsc;
  note_id(lap, "device", device->id.text());
  if (lap.file.state != "notified") return;
  start_timer(lap, "t_ack_expired");
  lap.file.fault.mailed_at = lap.event.at;
  mail_and_desks(lap, "M01", holders(lap, {rsc_svc, hcf_sysadm, hcf_psm}),
                 {{"priority", std::string(name_of(lap.file.priority))}});
}

// ---- before the connection -----------------------------------------------------------------------------------

void set_hold(Lap& lap) {
  lap.file.hold = {.by = lap.event.actor.person, .at = lap.event.at, .lifted_at = {}, .restricted_use = false};
}

void lift_hold(Lap& lap) {
  lap.file.hold.lifted_at = lap.event.at;
  lap.file.hold.restricted_use = flag_in(lap.event.payload, "restricted_use");
  if (lap.file.hold.restricted_use) note(lap, "restricted", true);
}

void assign_attendant(Lap& lap) {
  PersonId attendant = id_in<PersonId>(lap.event.payload, "attendant");
  if (attendant.empty()) attendant = lap.event.actor.person;
  note_id(lap, "person", attendant.text());
  lap.file.request->attendant = std::move(attendant);
}

// Good for T_BG, for one use, on this case only.
void consent_break_glass(Lap& lap) {
  drop_proposal(lap, "break_glass");
  const Instant until = lap.event.at + term_of(lap.now.policy, TimerName::t_bg, lap.file.priority).wall;
  lap.file.proposals.push_back({.what = "break_glass",
                                .by = lap.event.actor.person,
                                .at = lap.event.at,
                                .reason = id_in<DocumentId>(lap.event.payload, "reason"),
                                .target = {},
                                .person = {},
                                .until = until});
  note(lap, "until", to_text(until));
  note(lap, "break_glass", true);
}

// ---- the connection --------------------------------------------------------------------------------------------

// Not in the request, and allowed by the hospital all the same (F34).
void approve_file(Lap& lap) {
  const Digest content = digest_in(lap.event.payload, "content");
  auto& files = lap.file.request->files;
  if (!std::ranges::count(files, content)) files.push_back(content);
  note(lap, "count", files.size());
}

// One side's yes to a specialist who is not in the request (F36); it takes both.
void allow_second_level(Lap& lap) {
  const std::string what = side_of(lap.out.as) == Side::hcf ? "l2_hcf" : "l2_rsc";
  drop_proposal(lap, what);
  lap.file.proposals.push_back({.what = what,
                                .by = lap.event.actor.person,
                                .at = lap.event.at,
                                .reason = id_in<DocumentId>(lap.event.payload, "reason"),
                                .target = {},
                                .person = id_in<PersonId>(lap.event.payload, "person"),
                                .until = {}});
  note(lap, "proposal", "l2");  // whose yes it is, the record's role says
  note_id(lap, "person", lap.file.proposals.back().person.text());
}

void write_started(Lap& lap) {
  restart_idle(lap);
  lap.file.write_running = true;
  lap.file.device_said_safe = false;
  drop_timer(lap, "t_idle_final");  // a device that writes is not idle
}

void write_finished(Lap& lap) {
  lap.file.write_running = false;
  if (lap.file.state == "connected") restart_idle(lap);
  const Grant* grant = lap.file.grant();
  if (lap.file.grace_until == Instant{} || grant == nullptr) return;
  // Beyond the window it was grace until now; the window's clock, which is due at once, ends the access (F43).
  lap.file.grace_until = lap.event.at > grant->window.closes ? lap.event.at : Instant{};
  if (timer_of(lap.file, "t_window_end") != nullptr)
    set_timer(lap, "t_window_end", std::max(grant->window.closes, lap.event.at));
}

// The end points cut by their own clocks, so they hear the later end as well; the grant's window stays what was
// approved.
void consent_grace(Lap& lap) {
  const Instant until =
      lap.file.grant()->window.closes + term_of(lap.now.policy, TimerName::t_grace, lap.file.priority).wall;
  lap.file.grace_until = until;
  for (const Hop hop : {Hop::exit, Hop::access_point, Hop::route})
    order(lap, OrderKind::open, hop);
  set_timer(lap, "t_window_end", until);
  note(lap, "until", to_text(until));
}

void confirm_device_safe(Lap& lap) {
  lap.file.device_said_safe = true;
}

void warn_window(Lap& lap) {
  const Timer* end = timer_of(lap.file, "t_window_end");
  const Instant closes = end == nullptr ? lap.file.grant()->window.closes : end->due;
  if (lap.event.timer_round == 0 && closes - warning_last > lap.event.at)
    set_timer(lap, "window_warning", closes - warning_last, 1);
  note(lap, "until", to_text(closes));
  mail(lap, "M11", plus(holders(lap, {rsc_svc, hcf_clin}), lap.file.request ? lap.file.request->workers : People{}),
       {{"what", "window_warning"}, {"until", to_text(closes)}});
}

void look_again(Lap& lap) {
  const Grant& grant = *lap.file.grant();
  for (const Hop hop : {Hop::route, Hop::access_point, Hop::exit}) {
    const HopReport report = hop_of(grant, hop);
    if (report.state != HopState::closed || report.sessions > 0) order(lap, OrderKind::close, hop);
  }
  if (hops_closed(grant)) order(lap, OrderKind::check, Hop::probe);
  if (lap.event.timer_round < recheck_rounds_max)
    set_timer(lap, "t_close_recheck", lap.event.at + recheck_every, lap.event.timer_round + 1);
  note(lap, "round", lap.event.timer_round);
  note_grant(lap);
}

// ---- data -----------------------------------------------------------------------------------------------------

void declare_item(Lap& lap) {
  const Json& said = lap.event.payload;
  DataItem item;
  item.id = lap.new_id<ItemId>("item");
  item.kind = name_in_payload(said, "kind", ItemClass::log);
  item.phi = name_in_payload(said, "phi", Phi::unknown);
  item.declared_by = lap.event.actor.person;
  item.holder = id_in<PersonId>(said, "holder");
  if (item.holder.empty()) item.holder = item.declared_by;
  // Beside a live connection nothing is taken any more, only found: what is declared then is held already.
  const bool before_export = lap.file.state == "connected" || lap.file.state == "check_online";
  if (!before_export) {
    item.state = ItemState::held_at_rsc;
    item.received_at = lap.event.at;
    note_ids(lap, "received", {item.id.text()});
    doubt_nothing_taken(lap);
  }
  note_item(lap, item);
  note(lap, "class", std::string(name_of(item.kind)));
  note(lap, "phi", std::string(name_of(item.phi)));
  lap.file.items.push_back(std::move(item));
  if (before_export)
    mail(lap, "M18", holders(lap, {hcf_sysadm}), {{"what", "authorise"}, {"item", lap.file.items.back().id.text()}});
  else
    start_item_clock(lap);
}

void authorise_export(Lap& lap) {
  const bool allow = flag_in(lap.event.payload, "allow");
  for (std::string& text : texts_in(lap.event.payload, "items")) {
    DataItem& item = *item_of(lap.file, ItemId{std::move(text)});
    item.state = allow ? ItemState::authorised : ItemState::denied;
    item.authorised_by = lap.event.actor.person;
    if (!allow) item.settled_at = lap.event.at;
    note_item(lap, item);
  }
}

void countersign(Lap& lap) {
  lap.file.nothing_taken_countersigned_by = lap.event.actor.person;
}

void return_item(Lap& lap) {
  DataItem& item = *item_of(lap.file, id_in<ItemId>(lap.event.payload, "item"));
  item.certificate = id_in<DocumentId>(lap.event.payload, "evidence");
  settle_item(lap, item, ItemState::returned);
}

void deidentify_item(Lap& lap) {
  DataItem& item = *item_of(lap.file, id_in<ItemId>(lap.event.payload, "item"));
  item.verified_by = lap.event.actor.person;
  item.certificate = id_in<DocumentId>(lap.event.payload, "evidence");
  settle_item(lap, item, ItemState::deidentified_verified);
}

void lift_legal_hold(Lap& lap) {
  for (std::string& text : texts_in(lap.event.payload, "items")) {
    DataItem& item = *item_of(lap.file, ItemId{std::move(text)});
    item.state = item.before_hold;
    note_item(lap, item);
  }
}

// In an open case the item is owed again. In an ended one it stays as it is, and the privacy officer is asked for a
// decision until there is one.
void end_retention(Lap& lap) {
  DataItem* item = item_of(lap.file, ItemId{lap.event.timer_about});
  if (item == nullptr || item->state != ItemState::retained_with_consent) return;
  const bool open = lap.file.closed_at == Instant{};
  if (open) {
    item->state = ItemState::held_at_rsc;
    item->settled_at = {};
    item->received_at = lap.event.at;
    note_ids(lap, "received", {item->id.text()});
    start_item_clock(lap);
  } else {
    set_timer(lap, "t_retention_over", lap.event.at + retention_repeat, lap.event.timer_round + 1,
              lap.event.timer_about);
  }
  note_item(lap, *item);
  mail_and_desks(lap, "M27", holders(lap, {hcf_priv, hcf_sysadm, rsc_svc, rsc_netadm}),
                 {{"what", "retention_over"}, {"item", item->id.text()}});
}

// ---- incidents and what else is owed ------------------------------------------------------------------------------

void set_incident_clock(Lap& lap, Incident& incident, bool malice_possible) {
  incident.preliminary_due = incident.opened_at + preliminary_within;
  incident.final_due = incident.opened_at + (malice_possible ? final_within_malice : final_within);
  set_timer(lap, "t_incident_due",
            std::max(lap.event.at, incident.reports > 0 ? incident.final_due : incident.preliminary_due), 0,
            incident.id.text());
  note(lap, "due", to_text(incident.preliminary_due));
}

void assess_incident(Lap& lap) {
  Incident& incident = the_incident(lap);
  incident.state = IncidentState::assessed;
  incident.owner = id_in<PersonId>(lap.event.payload, "owner");
  set_incident_clock(lap, incident, flag_in(lap.event.payload, "malice_possible"));
  note_incident(lap, incident);
  note_id(lap, "person", incident.owner.text());
}

void report_incident(Lap& lap) {
  Incident& incident = the_incident(lap);
  incident.state = IncidentState::reported;
  ++incident.reports;
  if (text_in(lap.event.payload, "stage") == "final")
    drop_timer(lap, "t_incident_due", incident.id.text());
  else if (incident.final_due != Instant{})
    set_timer(lap, "t_incident_due", std::max(lap.event.at, incident.final_due), 0, incident.id.text());
  note_incident(lap, incident);
  note(lap, "count", incident.reports);
}

void close_incident(Lap& lap) {
  Incident& incident = the_incident(lap);
  incident.state = IncidentState::closed;
  drop_timer(lap, "t_incident_due", incident.id.text());
  note_incident(lap, incident);
}

void submit_safety_report(Lap& lap) {
  settle(lap, ObligationKind::safety_report, none, "", id_in<DocumentId>(lap.event.payload, "report"));
  note(lap, "obligation", "safety_report");
}

void answer_nonconformity(Lap& lap) {
  settle(lap, ObligationKind::nonconformity, none, text_in(lap.event.payload, "about"),
         id_in<DocumentId>(lap.event.payload, "answer"));
  note(lap, "obligation", "nonconformity");
}

void remind_obligation(Lap& lap) {
  const std::string& about = lap.event.timer_about;
  const int round = lap.event.timer_round + 1;
  set_timer(lap, "t_obligation_due", std::max(due_in(lap, TimerName::t_remind, Side::hcf), lap.event.at + 1h), round,
            about);
  const std::string kind = about.substr(0, about.find(':'));
  note(lap, "obligation", kind);
  note(lap, "round", round);
  People to = kind == "report"          ? holders(lap, {rsc_svc})
              : kind == "safety_report" ? holders(lap, {rsc_mgr, hcf_sec, hcf_sysadm})
                                        : holders(lap, {hcf_sysadm, hcf_netadm});
  if (round > 1) to = plus(to, kind == "report" ? holders(lap, {rsc_mgr, hcf_sysadm}) : holders(lap, {hcf_sec}));
  mail_and_desks(lap, "M05", to,
                 {{"what", kind}, {"level", std::to_string(round)}, {"since", to_text(lap.event.at)}});
}

void remind_incident(Lap& lap) {
  const Incident* incident = incident_of(lap.file, IncidentId{lap.event.timer_about});
  if (incident == nullptr || incident->state == IncidentState::closed) return;
  set_timer(lap, "t_incident_due", lap.event.at + 24h, lap.event.timer_round + 1, lap.event.timer_about);
  note_incident(lap, *incident);
  mail_and_desks(lap, "M28", plus(holders(lap, {hcf_priv, hcf_sec, rsc_mgr}), {incident->owner}),
                 {{"what", "due"}, {"until", to_text(incident->final_due)}});
}

}  // namespace kintsugi::fault_response

#include "workflows/fault_response/actions.h"
#include "workflows/fault_response/timers.h"
#include "workflows/fault_response/write.h"

#include <algorithm>

// Step 5: what was taken is given back, destroyed, or kept with somebody's written consent.
namespace kintsugi::fault_response {

using enum Role;

namespace {

DataItem& the_item(Lap& lap) {
  return *item_of(lap.file, id_in<ItemId>(lap.event.payload, "item"));
}

bool owes_items(const CaseFile& file) {
  return std::ranges::any_of(
      file.items, [](const DataItem& one) { return one.received_at != Instant{} && !is_final(one.state); });
}

// Since when the deletion is due: the proved closing of the last grant, or now if nobody was connected.
Instant clock_zero(const Lap& lap) {
  const Grant* grant = lap.file.grant();
  return grant != nullptr && grant->proved_closed_at != Instant{} ? grant->proved_closed_at : lap.event.at;
}

Duration wall(const Lap& lap, TimerName term) {
  return term_of(lap.now.policy, term, lap.file.priority).wall;
}

}  // namespace

void settle_item(Lap& lap, DataItem& item, ItemState end) {
  item.state = end;
  item.settled_at = lap.event.at;
  note_item(lap, item);
  if (item.received_at != Instant{}) note_ids(lap, "settled", {item.id.text()});
}

void start_item_clock(Lap& lap) {
  if (!owes_items(lap.file) || timer_of(lap.file, "t_delete_warn") != nullptr) return;
  set_timer(lap, "t_delete_warn", std::max(lap.event.at, clock_zero(lap) + wall(lap, TimerName::t_delete) / 2));
}

void start_deletion(Lap& lap) {
  lap.file.next.clear();
  const Instant due = clock_zero(lap) + wall(lap, TimerName::t_delete_max);
  // After a failure the next attempt gets time of its own.
  set_timer(lap, "t_delete_overdue", std::max(due, lap.event.at + wall(lap, TimerName::t_delete)));
  if (timer_of(lap.file, "t_delete_warn") == nullptr)
    set_timer(lap, "t_delete_warn",
              std::max(lap.event.at + wall(lap, TimerName::t_delete) / 2,
                       clock_zero(lap) + wall(lap, TimerName::t_delete) / 2));
}

void owe_paper(Lap& lap) {
  owe(lap, ObligationKind::report, due_in(lap, TimerName::t_report, Side::rsc));
  owe(lap, ObligationKind::report_approval, {});
  owe(lap, ObligationKind::log_review, due_in(lap, TimerName::t_log, Side::hcf));
}

void claim_nothing_taken(Lap& lap) {
  const bool asked = !lap.file.nothing_taken_by.empty();
  lap.file.nothing_taken_by = lap.event.actor.person;
  if (!asked) mail(lap, "M27", holders(lap, {rsc_netadm}), {{"what", "countersign"}});
}

void erase_item(Lap& lap) {
  DataItem& item = the_item(lap);
  item.state = ItemState::erased_claimed;
  item.erased_by = lap.event.actor.person;
  item.method = text_in(lap.event.payload, "method");
  note_item(lap, item);
  note(lap, "method", item.method);
  mail(lap, "M27", holders(lap, {rsc_netadm}), {{"what", "verify"}, {"item", item.id.text()}});
}

void verify_item(Lap& lap) {
  DataItem& item = the_item(lap);
  item.verified_by = lap.event.actor.person;
  item.certificate = id_in<DocumentId>(lap.event.payload, "certificate");
  settle_item(lap, item, ItemState::erased_verified);
  note(lap, "method", item.method);
}

void retain_item(Lap& lap) {
  DataItem& item = the_item(lap);
  item.retained_until = instant_in(lap.event.payload, "until");
  item.authorised_by = lap.event.actor.person;
  settle_item(lap, item, ItemState::retained_with_consent);
  set_timer(lap, "t_retention_over", item.retained_until, 0, item.id.text());
  note(lap, "until", to_text(item.retained_until));
}

void hold_items(Lap& lap) {
  for (std::string& text : texts_in(lap.event.payload, "items")) {
    DataItem& item = *item_of(lap.file, ItemId{std::move(text)});
    item.before_hold = item.state;
    item.state = ItemState::held;
    note_item(lap, item);
  }
  mail(lap, "M28", holders(lap, {hcf_priv, hcf_sec, rsc_mgr, rsc_svc, hcf_sysadm}), {{"what", "legal_hold"}});
}

void issue_certificate(Lap& lap) {
  drop_timer(lap, "t_delete_warn");
  start_timer(lap, "t_sign_expired");
  note(lap, "count", lap.file.items.size());
  mail(lap, "M25", holders(lap, {hcf_sysadm, hcf_priv}));
}

void fail_item(Lap& lap) {
  DataItem& item = the_item(lap);
  // Found again, or never gone: it is owed as before. A held item stays held.
  if (item.state == ItemState::erased_claimed) item.state = ItemState::held_at_rsc;
  note_item(lap, item);
  note(lap, "why", text_in(lap.event.payload, "cause"));
}

void tell_deletion_failed(Lap& lap) {
  lap.out.outcome = 12;
  start_timer(lap, "t_reminder");
  mail_and_desks(lap, "M26", holders(lap, {rsc_mgr, hcf_sysadm, hcf_priv}), {{"what", lap.event.name}});
}

void warn_deletion(Lap& lap) {
  const int round = lap.event.timer_round;
  const Instant full = clock_zero(lap) + wall(lap, TimerName::t_delete);
  const Instant again = round == 0 && full > lap.event.at ? full : lap.event.at + wall(lap, TimerName::t_delete) / 2;
  if (!owes_items(lap.file) && lap.file.state != "data_deletion") return;
  set_timer(lap, "t_delete_warn", again, round + 1);
  note(lap, "round", round + 1);
  mail(lap, "M27",
       round == 0 ? holders(lap, {rsc_svc, rsc_netadm}) : holders(lap, {rsc_svc, rsc_netadm, rsc_mgr, hcf_sysadm}),
       {{"until", to_text(full)}, {"level", std::to_string(round + 1)}});
}

void retry_item(Lap& lap) {
  if (!lap.event.payload.contains("item")) return;
  DataItem& item = the_item(lap);
  if (item.state == ItemState::erased_claimed) item.state = ItemState::held_at_rsc;
  note_item(lap, item);
  if (const auto kind = from_name<ItemClass>(text_in(lap.event.payload, "found_copy"))) {
    DataItem copy;
    copy.id = lap.new_id<ItemId>("item");
    copy.kind = *kind;
    copy.state = ItemState::held_at_rsc;
    copy.phi = item.phi;
    copy.declared_by = lap.event.actor.person;
    copy.authorised_by = item.authorised_by;
    copy.holder = item.holder;
    copy.received_at = lap.event.at;
    note_item(lap, copy);
    note(lap, "class", std::string(name_of(copy.kind)));
    note_ids(lap, "received", {copy.id.text()});
    lap.file.items.push_back(std::move(copy));
  }
}

void open_incident(Lap& lap) {
  Incident& incident = new_incident(lap, text_in(lap.event.payload, "type"));
  incident.owner = id_in<PersonId>(lap.event.payload, "owner");
  // A closed case owes nothing that has no owner (I2): what is found afterwards is its finder's, until it is
  // assigned.
  if (incident.owner.empty() && lap.file.state == "closed") incident.owner = lap.event.actor.person;
  set_incident_clock(lap, incident, flag_in(lap.event.payload, "malice_possible"));
  lap.out.outcome = 12;
  mail(lap, "M28", plus(holders(lap, {hcf_priv, hcf_sec, rsc_mgr}), {incident.owner}),
       {{"until", to_text(incident.preliminary_due)}});
}

void accept_residual(Lap& lap) {
  settle_item(lap, the_item(lap), ItemState::lost_or_residual);
  lap.out.outcome = 8;
  mail(lap, "M25", holders(lap, {hcf_sysadm, hcf_priv}), {{"what", "residual"}});
}

}  // namespace kintsugi::fault_response

#include "workflows/fault_response/actions.h"
#include "workflows/fault_response/note_actions.h"
#include "workflows/fault_response/timers.h"
#include "workflows/fault_response/write.h"

#include <algorithm>

// Step 1: a case begins, somebody takes it, and how it may end before anybody was inside.
namespace kintsugi::fault_response {

using enum Role;

namespace {

constexpr std::int64_t mail_every = 10;  // of repeated notices

Priority priority_of(const Fault& fault) {
  if (fault.harmed || fault.care == CareEffect::stopped) return Priority::p1;
  return fault.care == CareEffect::none ? Priority::p3 : Priority::p2;
}

Fault fault_of(const Event& event) {
  const Json& said = event.payload;
  Fault out;
  out.channel = name_in_payload(said, "channel", Channel::http);
  out.code = text_in(said, "code");
  out.dedup_key = text_in(said, "dedup_key");
  out.care = name_in_payload(said, "care", CareEffect::unknown);
  out.harmed = flag_in(said, "harmed");
  out.reporter = event.actor.person;
  out.notice = id_in<DocumentId>(said, "details");
  out.occurred_at = instant_in(said, "occurred_at");
  out.received_at = event.at;
  if (out.occurred_at == Instant{})
    out.occurred_at = event.at;
  else if (event.actor.kind == device)
    out.clock_offset = out.occurred_at - event.at;
  out.first_seen = out.last_seen = out.mailed_at = event.at;  // whatever opens a case is mailed
  return out;
}

// What every new case has. The number is given by whoever stores it.
CaseFile new_case(const Lap& lap, CaseId id) {
  CaseFile out;
  out.id = std::move(id);
  out.workflow = "fault_response";
  out.state = "notified";
  out.version = 1;
  out.opened_at = out.state_since = lap.event.at;
  out.began = {.event = lap.event.name, .by = lap.event.actor.person, .as = lap.out.as, .why = {}};
  out.fault = fault_of(lap.event);
  out.priority = priority_of(out.fault);
  out.priority_by = lap.event.actor.person;
  if (const Device* known = device_of(lap.now)) {
    out.device = known->id;
    out.tenant = known->tenant;
    if (const Contract* contract = lap.now.directory.contract_of(known->id, lap.event.at)) {
      out.contract = contract->id;
      out.rsc = contract->rsc;
    }
  } else {
    out.tenant = lap.event.actor.org;
  }
  out.policy_version = lap.now.directory.policy_of(out.tenant).version;
  return out;
}

void announce(Lap& lap) {
  note(lap, "priority", std::string(name_of(lap.file.priority)));
  note(lap, "channel", std::string(name_of(lap.file.fault.channel)));
  note(lap, "care", std::string(name_of(lap.file.fault.care)));
  note_id(lap, "device", lap.file.device.text());
  if (lap.file.fault.clock_offset != Duration{}) note(lap, "offset", lap.file.fault.clock_offset.count());
  if (lap.file.fault.harmed) owe(lap, ObligationKind::safety_report, due_in(lap, TimerName::t_report, Side::rsc));
  start_timer(lap, "t_ack_expired");
}

}  // namespace

void open_case(Lap& lap) {
  lap.file = new_case(lap, lap.event.case_id);
  keep_attachments(lap);
  announce(lap);
  mail_and_desks(lap, "M01", holders(lap, {rsc_svc, hcf_sysadm, hcf_psm}),
                 {{"priority", std::string(name_of(lap.file.priority))}});
}

void open_unknown_case(Lap& lap) {
  lap.file = new_case(lap, lap.event.case_id);
  keep_attachments(lap);
  // One RSC serves this hospital: its desk finds out which device it was. Several: the hospital does.
  std::vector<OrganisationId> rscs;
  for (const auto& [id, contract] : lap.now.directory.contracts())
    if (contract.tenant == lap.file.tenant && !contract.is_proposed() && !std::ranges::count(rscs, contract.rsc))
      rscs.push_back(contract.rsc);
  if (lap.file.rsc.empty() && rscs.size() == 1) lap.file.rsc = rscs.front();
  announce(lap);
  mail_and_desks(lap, "M02", holders(lap, {hcf_sysadm}));
}

void count_again(Lap& lap) {
  Fault& fault = lap.file.fault;
  ++fault.occurrences;
  fault.last_seen = lap.event.at;
  fault.normal_since = {};
  keep_attachments(lap);
  note(lap, "count", fault.occurrences);
  if (flag_in(lap.event.payload, "harmed") && !fault.harmed) {
    fault.harmed = true;
    raise_priority(lap, Priority::p1);
    note(lap, "priority", "p1");
    owe(lap, ObligationKind::safety_report, due_in(lap, TimerName::t_report, Side::rsc));
    fault.mailed_at = lap.event.at;
    mail_and_desks(lap, "M01", holders(lap, {rsc_svc, hcf_sysadm, hcf_psm}), {{"priority", "p1"}});
  }
  const Term& quiet = term_of(lap.now.policy, TimerName::t_dedup, lap.file.priority);
  const Instant again = due_after(lap.now.directory, lap.file, quiet, fault.mailed_at, Side::rsc);
  if (fault.occurrences % mail_every != 0 || lap.event.at < again) return;
  fault.mailed_at = lap.event.at;
  mail(lap, "M01", holders(lap, {rsc_svc, hcf_sysadm, hcf_psm}), {{"count", std::to_string(fault.occurrences)}});
}

void open_linked_case(Lap& lap) {
  const bool inside = lap.file.state == "connected" || lap.file.state == "check_online";
  const LinkKind kind = inside ? LinkKind::possible_side_effect : LinkKind::same_device;
  CaseFile other = new_case(lap, lap.new_id<CaseId>("case"));
  other.links.push_back({.kind = kind, .other = lap.file.id});
  const auto due = [&](TimerName name) {
    const Term& term = term_of(lap.now.policy, name, other.priority);
    return due_after(lap.now.directory, other, term, lap.event.at, Side::rsc);
  };
  other.timers.push_back({.event = "t_ack_expired", .due = due(TimerName::t_ack), .round = 0, .about = ""});
  if (other.fault.harmed) {
    const Instant report = due(TimerName::t_report);
    other.obligations.push_back({.kind = ObligationKind::safety_report,
                                 .slot = none,
                                 .about = "",
                                 .due = report,
                                 .done_at = {},
                                 .done_by = {},
                                 .document = {}});
    other.timers.push_back({.event = "t_obligation_due", .due = report, .round = 0, .about = "safety_report"});
  }
  lap.file.links.push_back({.kind = kind, .other = other.id});
  keep_attachments(lap);  // the notice's documents lie with this case
  note_id(lap, "link", other.id.text());
  note(lap, "link_kind", std::string(name_of(kind)));
  if (inside && lap.file.request)
    mail(lap, "M03", plus(holders(lap, {hcf_clin, hcf_sysadm}), lap.file.request->workers));
  // Whoever is inside is warned; somebody must take the new case all the same.
  mail_and_desks(lap, "M01", holders(lap, {rsc_svc, hcf_sysadm, hcf_psm}),
                 {{"priority", std::string(name_of(other.priority))}});
  lap.out.others.push_back(std::move(other));
}

void take_over(Lap& lap) {
  lap.file.owner = lap.event.actor.person;
  mail(lap, "M04", plus(holders(lap, {hcf_sysadm, hcf_psm, hcf_clin}), {lap.file.fault.reporter}),
       {{"person", lap.file.owner.text()}});
}

void start_triage(Lap& lap) {
  lap.file.next.clear();
  start_timer(lap, "t_triage_expired");
}

void start_decision(Lap& lap) {
  start_timer(lap, "t_decide_expired");
}

void hand_over(Lap& lap) {
  lap.file.owner = id_in<PersonId>(lap.event.payload, "person");
  note_id(lap, "person", lap.file.owner.text());
  mail(lap, "M04", plus(holders(lap, {hcf_sysadm, hcf_psm, hcf_clin, rsc_svc}), {lap.file.fault.reporter}),
       {{"person", lap.file.owner.text()}});
}

void add_second_level(Lap& lap) {
  const auto person = id_in<PersonId>(lap.event.payload, "person");
  if (!std::ranges::count(lap.file.team, person)) lap.file.team.push_back(person);
  note_id(lap, "person", person.text());
  mail(lap, "M06", plus(holders(lap, {hcf_sysadm, rsc_mgr}), {person}), {{"person", person.text()}});
}

void end_without_access(Lap& lap) {
  lap.file.closed_at = lap.event.at;
  lap.file.resolution = lap.event.name == "cancel"                ? "cancelled"
                        : lap.event.name == "confirm_false_alarm" ? "false_alarm"
                                                                  : "merged";
  note(lap, "resolution", lap.file.resolution);
  mail(lap, "M07", plus(holders(lap, {rsc_svc, hcf_sysadm, hcf_psm}), {lap.file.fault.reporter}));
}

// Both ends hold the link, and the target takes over what this case was linked with.
void link_merged(Lap& lap) {
  const auto target = id_in<CaseId>(lap.event.payload, "target");
  CaseFile other = *lap.now.target;
  ++other.version;
  const auto add = [&](const Link& link) {
    if (link.other != other.id && !std::ranges::count(other.links, link)) other.links.push_back(link);
  };
  add({.kind = LinkKind::merged_from, .other = lap.file.id});
  for (const Link& link : lap.file.links)
    add(link);
  lap.out.others.push_back(std::move(other));
  lap.file.links.push_back({.kind = LinkKind::merged_into, .other = target});
  note_id(lap, "link", target.text());
  note(lap, "link_kind", "merged_into");
}

void ask_clinical_check(Lap& lap) {
  start_timer(lap, "t_clin_expired");
  mail(lap, "M08", holders(lap, {hcf_clin, hcf_psm}));
}

void dispatch(Lap& lap) {
  doubt_nothing_taken(lap);
  const Contract* contract = contract_of(lap.now);
  const Term& term = term_of(lap.now.policy, TimerName::t_onsite, lap.file.priority);
  const Instant due = lap.file.priority == Priority::p1 && contract != nullptr
                          ? lap.event.at + contract->onsite_within
                          : due_after(lap.now.directory, lap.file, term, lap.event.at, Side::rsc);
  const Instant arrives = instant_in(lap.event.payload, "arrives_at");
  lap.file.next.clear();
  set_timer(lap, "t_onsite_expired", due);
  mail(lap, "M14",
       plus(holders(lap, {hcf_psm, hcf_clin, hcf_sysadm}), {id_in<PersonId>(lap.event.payload, "person")}),
       {{"until", to_text(arrives == Instant{} ? due : arrives)}});
}

void tell_onsite(Lap& lap) {
  Facts facts{{"progress", text_in(lap.event.payload, "progress")}};
  if (const Instant arrives = instant_in(lap.event.payload, "arrives_at"); arrives != Instant{})
    facts["until"] = to_text(arrives);
  mail(lap, "M14", holders(lap, {hcf_clin, hcf_sysadm, rsc_svc}), std::move(facts));
}

void withdraw_device(Lap& lap) {
  lap.file.resolution = "device_withdrawn";
  note(lap, "resolution", lap.file.resolution);
  // Its disks and memories go with it, and somebody must say where.
  DataItem media;
  media.id = lap.new_id<ItemId>("item");
  media.kind = ItemClass::device_part;
  media.state = ItemState::held_at_rsc;
  media.declared_by = media.authorised_by = lap.event.actor.person;
  media.received_at = lap.event.at;
  note_item(lap, media);
  note(lap, "class", "device_part");
  note_ids(lap, "received", {media.id.text()});
  lap.file.items.push_back(std::move(media));
}

void stop_after_access(Lap& lap) {
  lap.file.resolution = text_in(lap.event.payload, "resolution");
  note(lap, "resolution", lap.file.resolution);
  mail(lap, "M07", plus(holders(lap, {rsc_svc, hcf_sysadm, hcf_psm}), {lap.file.fault.reporter}));
  start_deletion(lap);
}

}  // namespace kintsugi::fault_response

#include "workflows/fault_response/actions.h"
#include "workflows/fault_response/timers.h"
#include "workflows/fault_response/write.h"

#include <algorithm>

// Step 2: the request goes round, and becomes a grant or nothing.
namespace kintsugi::fault_response {

using enum Role;

namespace {

Request request_of(const Lap& lap) {
  const Json& said = lap.event.payload;
  Request out;
  out.hash = digest_in(said, "request_hash");
  out.document = id_in<DocumentId>(said, "request_document");
  out.by = lap.event.actor.person;
  out.at = lap.event.at;
  out.purpose = text_in(said, "purpose");
  out.level = name_in_payload(said, "level", AccessLevel::view);
  out.window = window_in(said);
  out.sessions_max = std::max(1, static_cast<int>(number_in(said, "sessions_max")));
  out.workers = people_in(said, "workers");
  for (const std::string& one : texts_in(said, "files"))
    if (const auto bytes = from_base64(one); bytes && bytes->size() == Digest{}.size())
      std::ranges::copy(*bytes, out.files.emplace_back().begin());
  out.attendant = id_in<PersonId>(said, "attendant");
  out.attendance_waived = flag_in(said, "attendance_waived");
  out.phi_seen = flag_in(said, "phi_seen");
  out.phi_taken = flag_in(said, "phi_taken");
  return out;
}

void note_request(Lap& lap, const Request& request) {
  note(lap, "request", to_base64(request.hash));
  note(lap, "purpose", request.purpose);
  note(lap, "level", std::string(name_of(request.level)));
  note(lap, "opens", to_text(request.window.opens));
  note(lap, "until", to_text(request.window.closes));
  std::vector<std::string> workers;
  for (const PersonId& one : request.workers)
    workers.push_back(one.text());
  note_ids(lap, "workers", workers);
  if (request.attendance_waived) note(lap, "waived", true);
}

// An emergency stays with the case when a later request takes its place: its approvals may still be owed (F80).
void keep_emergency(CaseFile& file) {
  if (file.request && file.request->break_glass) file.emergencies.push_back(*file.request);
}

Approval answer_of(Lap& lap, const Request& request, bool approved) {
  const Role slot = lap.out.as;
  Approval out{.slot = slot,
               .by = lap.event.actor.person,
               .deputy_for = {},
               .approved = approved,
               .at = lap.event.at,
               .hash = digest_in(lap.event.payload, "request_hash"),
               .reason = id_in<DocumentId>(lap.event.payload, "reason"),
               .combined = false,
               .window = approved ? window_in(lap.event.payload) : Window{},
               .after_the_fact = false};
  const OrganisationId& at = side_of(slot) == Side::rsc ? lap.file.rsc : lap.file.tenant;
  if (const Person* person = lap.now.directory.person(out.by))
    if (const auto principal = lap.now.directory.deputises_for(*person, slot, at, lap.event.at))
      out.deputy_for = *principal;
  out.combined = std::ranges::any_of(request.approvals,
                                     [&](const Approval& other) { return other.by == out.by && other.slot != slot; });
  note(lap, "slot", std::string(name_of(slot)));
  note(lap, "request", to_base64(request.hash));
  if (out.combined) note(lap, "combined", true);
  if (out.window != Window{}) {
    note(lap, "opens", to_text(out.window.opens));
    note(lap, "until", to_text(out.window.closes));
  }
  note_id(lap, "deputy_for", out.deputy_for.text());
  return out;
}

// One person in both of the hospital's slots: both answers say so.
void add_answer(Request& request, Approval answer) {
  for (Approval& other : request.approvals)
    if (other.by == answer.by && other.slot != answer.slot) other.combined = true;
  request.approvals.push_back(std::move(answer));
}

// The holders of a slot and their deputies; Directory::holders knows both.
People approvers(const Lap& lap, const std::vector<Role>& slots) {
  People out;
  for (const Role slot : slots)
    out = plus(out, holders(lap, {slot}));
  return out;
}

// A letter for each slot: whoever has answered is asked no more, and the others still are.
void ask_slot(Lap& lap, Role slot, Facts facts = {}) {
  const Timer* last = timer_of(lap.file, "t_approve_final");
  facts.try_emplace("until", last == nullptr ? "" : to_text(last->due));
  facts["slot"] = name_of(slot);
  const std::size_t before = lap.out.effects.size();
  mail(lap, "M09", approvers(lap, {slot}), std::move(facts));
  for (std::size_t i = before; i < lap.out.effects.size(); ++i)
    lap.file.asked_slots.push_back({.slot = slot, .letter = lap.out.effects[i].id});
}

// What has not been delivered yet need not be.
void stop_asking(Lap& lap, Role slot) {
  std::erase_if(lap.file.asked_slots, [&](const AskedSlot& one) {
    if (one.slot != slot) return false;
    lap.out.withdrawn.push_back(one.letter);
    return true;
  });
}

}  // namespace

void file_request(Lap& lap) {
  keep_emergency(lap.file);
  lap.file.request = request_of(lap);
  note_request(lap, *lap.file.request);
}

void ask_approvers(Lap& lap) {
  const Request& request = *lap.file.request;
  const Term& term = term_of(lap.now.policy, TimerName::t_approve, lap.file.priority);
  const Instant first = due_after(lap.now.directory, lap.file, term, lap.event.at, Side::hcf);
  const Instant second = due_after(lap.now.directory, lap.file, term, first, Side::hcf);
  // The answer must come before the work was to begin; a window that begins at once leaves the first round's time.
  const Instant begins = std::max(request.window.opens, first);
  set_timer(lap, "t_approve_expired", first);
  set_timer(lap, "t_approve_final", std::min({second, begins, request.window.closes}));
  if (timer_of(lap.file, "t_approve_final")->due <= first) drop_timer(lap, "t_approve_expired");
  for (const Role slot : lap.now.policy.slots)
    ask_slot(lap, slot);
}

void ask_again(Lap& lap) {
  note(lap, "round", ++lap.file.escalation);
  const auto slots = open_slots(lap.now.policy, *lap.file.request);
  const Timer* last = timer_of(lap.file, "t_approve_final");
  const Facts facts{{"until", last == nullptr ? "" : to_text(last->due)},
                    {"level", "1"},
                    {"what", lap.event.name},
                    {"since", to_text(lap.file.state_since)}};
  for (const Role slot : slots)
    ask_slot(lap, slot, facts);
  Asked asked{.at = lap.event.at,
              .what = lap.event.name,
              .level = 1,
              .people = holders(lap, {hcf_sysadm, hcf_duty, rsc_svc}),
              .desks = {lap.file.tenant, lap.file.rsc},
              .letter = {},
              .by_telephone = false};
  const People to = asked.people;
  const auto desks = asked.desks;
  ask_by_letter(lap, std::move(asked), "M05", to, desks, facts);
}

void approve_slot(Lap& lap) {
  add_answer(*lap.file.request, answer_of(lap, *lap.file.request, true));
  stop_asking(lap, lap.out.as);
}

// Whoever gave it has lost what he gave it by: before anything is armed it counts no more, and its slot is open
// again.
void void_approval(Lap& lap) {
  const Approval lost = *approval_lost(lap.now.directory, lap.file, lap.event.at);
  std::erase(lap.file.request->approvals, lost);
  note(lap, "slot", std::string(name_of(lost.slot)));
  note(lap, "request", to_base64(lap.file.request->hash));
  note_id(lap, "person", lost.by.text());
  mail(lap, "M10", plus({lap.file.request->by}, holders(lap, {rsc_mgr, hcf_sysadm})),
       {{"what", "approval_lapsed"}, {"slot", std::string(name_of(lost.slot))}});
  ask_slot(lap, lost.slot);
}

// For the emergency that the answer names, which need not be the case's last request.
void post_approve(Lap& lap) {
  const Digest named = digest_in(lap.event.payload, "request_hash");
  const auto replaced = std::ranges::find(lap.file.emergencies, named, &Request::hash);
  Request& request = replaced == lap.file.emergencies.end() ? *lap.file.request : *replaced;
  Approval late = answer_of(lap, request, true);
  late.after_the_fact = true;
  add_answer(request, std::move(late));
  settle(lap, ObligationKind::post_approval, lap.out.as, to_base64(request.hash));
  note(lap, "obligation", "post_approval");
}

void reject_slot(Lap& lap) {
  add_answer(*lap.file.request, answer_of(lap, *lap.file.request, false));
  lap.file.resolution.clear();
  note(lap, "why", "rejected");
  mail(lap, "M12", plus(holders(lap, {rsc_mgr, hcf_sysadm}), {lap.file.request->by}),
       {{"slot", std::string(name_of(lap.out.as))}});
}

void time_out_request(Lap& lap) {
  note(lap, "why", "timeout");
  mail(lap, "M12", plus(holders(lap, {rsc_mgr, hcf_sysadm}), {lap.file.request->by}), {{"what", "timeout"}});
}

void void_request(Lap& lap) {
  if (lap.file.request) lap.file.request->dead = true;
}

// Who has answered already said yes to the wider window, so a narrower one needs no new answer from him; he is told.
void tell_requester(Lap& lap) {
  const Request& request = *lap.file.request;
  People to = plus({request.by}, approvers(lap, open_slots(lap.now.policy, request)));
  Facts facts{{"slot", std::string(name_of(lap.out.as))}};
  if (request.approvals.back().window != Window{}) {
    facts["what"] = "window_narrowed";
    for (const Approval& one : request.approvals)
      to = plus(std::move(to), {one.by});
  }
  mail(lap, "M10", to, std::move(facts));
}

void tell_withdrawn(Lap& lap) {
  mail(lap, "M10", plus({lap.file.request->by}, approvers(lap, lap.now.policy.slots)), {{"what", "withdrawn"}});
}

void file_break_glass(Lap& lap) {
  const Proposal consent = *proposal_of(lap.file, "break_glass");
  Request request = request_of(lap);
  request.break_glass = true;
  request.sessions_max = 1;
  // Opens now; no longer than T_BG, whatever was asked for.
  request.window.opens = lap.event.at;
  request.window.closes = std::min(request.window.closes,
                                   lap.event.at + term_of(lap.now.policy, TimerName::t_bg, lap.file.priority).wall);
  keep_emergency(lap.file);
  lap.file.request = std::move(request);
  note_request(lap, *lap.file.request);
  note(lap, "break_glass", true);
  Approval started = answer_of(lap, *lap.file.request, true);
  started.hash = lap.file.request->hash;
  // The RSC agreed to the emergency before its text existed: his approval names no hash.
  lap.file.request->approvals = {std::move(started),
                                 {.slot = rsc_netadm,
                                  .by = consent.by,
                                  .deputy_for = {},
                                  .approved = true,
                                  .at = consent.at,
                                  .hash = {},
                                  .reason = consent.reason,
                                  .combined = false,
                                  .window = {},
                                  .after_the_fact = false}};
  drop_proposal(lap, "break_glass");
  const Instant due = lap.event.at + term_of(lap.now.policy, TimerName::t_post, lap.file.priority).wall;
  const auto skipped = open_slots(lap.now.policy, *lap.file.request);
  for (const Role slot : skipped)
    owe(lap, ObligationKind::post_approval, due, slot, to_base64(lap.file.request->hash));
  mail_and_desks(lap, "M13", plus(holders(lap, {hcf_sec, rsc_mgr}), approvers(lap, skipped)),
                 {{"until", to_text(lap.file.request->window.closes)}});
}

void grant_access(Lap& lap) {
  const Request& request = *lap.file.request;
  const Contract* contract = contract_of(lap.now);
  Grant grant;
  grant.id = lap.new_id<GrantId>("grant");
  grant.window = approved_window(request);
  grant.window.closes = std::min(grant.window.closes, latest_close(lap.now, grant.window.opens, request.workers));
  grant.request_hash = request.hash;
  grant.break_glass = request.break_glass;
  grant.sessions_max = contract == nullptr ? 1 : std::min(request.sessions_max, contract->sessions_max);
  lap.file.next.clear();
  // What was said about an earlier access says nothing about this one.
  lap.file.write_running = false;
  lap.file.device_said_safe = false;
  lap.file.grace_until = {};
  lap.file.grants.push_back(std::move(grant));
}

void arm(Lap& lap) {
  const Grant& grant = *lap.file.grant();
  order(lap, OrderKind::arm, Hop::exit);
  order(lap, OrderKind::arm, Hop::access_point);
  const Duration wait = term_of(lap.now.policy, TimerName::t_noshow, lap.file.priority).wall;
  set_timer(lap, "t_window_unused", std::min(std::max(grant.window.opens, lap.event.at) + wait, grant.window.closes));
  note_grant(lap);
  note(lap, "opens", to_text(grant.window.opens));
  note(lap, "until", to_text(grant.window.closes));
  mail(lap, "M11", all_lanes(lap), {{"from", to_text(grant.window.opens)}, {"until", to_text(grant.window.closes)}});
}

}  // namespace kintsugi::fault_response

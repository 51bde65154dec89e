#include "workflows/fault_response/write.h"

#include "engine/audit/record.h"
#include "engine/base/digest.h"
#include "engine/base/ensure.h"
#include "engine/base/quiet_hours.h"
#include "engine/on_call/on_call.h"
#include "workflows/fault_response/timers.h"

#include <algorithm>
#include <array>
#include <set>

namespace kintsugi::fault_response {
namespace {

using enum Role;

std::string_view lane_of(Hop hop) {
  return hop == Hop::exit || hop == Hop::probe ? "exit" : "access_point";
}

Effect effect_of(Lap& lap, std::string_view lane) {
  Effect out;
  out.id = lap.new_id<EffectId>("effect");
  out.case_id = lap.file.id;
  out.tenant = lap.file.tenant;
  out.lane = lane;
  out.at = lap.event.at;
  return out;
}

// Letters that tell or ask something which can be read in the morning, or with others. Everything about access to a
// device, its safety or a breach goes at once and alone, in every case.
constexpr std::array patient = {"M01", "M02", "M04", "M05", "M06", "M07", "M08", "M14",
                                "M24", "M25", "M27", "M29", "M30", "M31", "M32"};
bool is_patient(std::string_view which) {
  return std::ranges::count(patient, which) > 0;
}

// The same people and desks of the same hospital give the same word.
std::string bundle_of(const OrganisationId& tenant, const Mail& letter) {
  std::string who = tenant.text();
  for (const PersonId& one : letter.to)
    who += '\n' + one.text();
  for (const OrganisationId& one : letter.desks)
    who += '\n' + one.text();
  constexpr std::size_t enough = 22;  // 128 bits
  return to_base64(sha256(who)).substr(0, enough);
}

// When the quiet hours of the receiver end; `at` itself if it is not quiet.
Instant quiet_until_of(const Directory& directory, const Person* person, const OrganisationId& employer, Instant at) {
  const Organisation* org = directory.organisation(employer);
  const std::string zone = org == nullptr ? "" : org->calendar.zone;
  if (person != nullptr && person->quiet != QuietHours{}) return quiet_until(person->quiet, zone, at);
  return org == nullptr ? at : quiet_until(org->quiet, zone, at);
}

EffectId write_part(Lap& lap, Mail letter, Instant due) {
  const bool waits = due > lap.event.at;
  Effect effect = effect_of(lap, waits ? "mail_quiet" : "mail");
  effect.urgent = lap.file.priority == Priority::p1;
  if (waits) effect.due = due;
  if (!effect.urgent && is_patient(letter.mail)) effect.bundle = bundle_of(lap.file.tenant, letter);
  effect.mail = std::move(letter);
  EffectId id = effect.id;
  lap.out.effects.push_back(std::move(effect));
  return id;
}

// One effect, or several when P3 letters wait for quiet hours that end at different times. The id is that of the one
// that goes first; empty when there is nobody to tell.
EffectId write_mail(Lap& lap, Mail letter) {
  const bool waits = lap.file.priority == Priority::p3 && is_patient(letter.mail);
  std::map<Instant, Mail> parts;
  const auto part = [&](Instant due) -> Mail& {
    return parts.try_emplace(due, Mail{.mail = letter.mail, .to = {}, .desks = {}, .facts = letter.facts})
        .first->second;
  };
  const Directory& directory = lap.now.directory;
  const Instant now = lap.event.at;
  for (const PersonId& id : letter.to) {
    const Person* person = directory.person(id);
    const OrganisationId employer = person == nullptr ? OrganisationId{} : person->employer;
    part(waits ? quiet_until_of(directory, person, employer, now) : now).to.push_back(id);
  }
  for (const OrganisationId& id : letter.desks)
    part(waits ? quiet_until_of(directory, nullptr, id, now) : now).desks.push_back(id);
  EffectId first;
  for (auto& [due, one] : parts) {
    const EffectId id = write_part(lap, std::move(one), due);
    if (first.empty()) first = id;
  }
  return first;
}

std::vector<OrganisationId> both_desks(const CaseFile& file) {
  std::vector<OrganisationId> out;
  for (const OrganisationId& one : {file.tenant, file.rsc})
    if (!one.empty()) out.push_back(one);
  return out;
}

}  // namespace

void set_timer(Lap& lap, std::string_view event, Instant due, int round, const std::string& about) {
  ensure(timer_rule(event) != nullptr, "a timer is started that has no rule");
  drop_timer(lap, event, about);
  lap.file.timers.push_back({.event = std::string(event), .due = due, .round = round, .about = about});
}

void start_timer(Lap& lap, std::string_view event, int round, const std::string& about) {
  const TimerRule* rule = timer_rule(event);
  ensure(rule != nullptr, "a timer is started that has no rule");
  set_timer(lap, event, due_in(lap, rule->term, rule->acts), round, about);
}

void drop_timer(Lap& lap, std::string_view event, const std::string& about) {
  std::erase_if(lap.file.timers, [&](const Timer& one) { return one.event == event && one.about == about; });
}

void drop_strays(CaseFile& file) {
  std::erase_if(file.timers, [&](const Timer& one) {
    const TimerRule* rule = timer_rule(one.event);
    return rule == nullptr || !lives_in(*rule, file.state);
  });
}

Instant due_in(const Lap& lap, TimerName term, Side acts) {
  return due_after(lap.now.directory, lap.file, term_of(lap.now.policy, term, lap.file.priority), lap.event.at, acts);
}

People plus(People some, const People& others) {
  some.insert(some.end(), others.begin(), others.end());
  std::erase_if(some, [](const PersonId& one) { return one.empty(); });
  std::ranges::sort(some);
  some.erase(std::ranges::unique(some).begin(), some.end());
  return some;
}

People holders(const Lap& lap, std::initializer_list<Role> roles) {
  const Directory& directory = lap.now.directory;
  People out;
  for (const Role role : roles) {
    if (role == rsc_svc && !lap.file.owner.empty()) {
      out.push_back(lap.file.owner);
      continue;
    }
    const OrganisationId& at = side_of(role) == Side::rsc ? lap.file.rsc : lap.file.tenant;
    if (at.empty()) continue;
    if (role == rsc_svc) {
      const Device* device = directory.device(lap.file.device);
      const auto duty = people_on_call(
          directory, {.at = at, .product_line = device == nullptr ? "" : device->product_line, .tier = 1},
          lap.event.at);
      out.insert(out.end(), duty.begin(), duty.end());
      if (!duty.empty()) continue;
    }
    const auto all = directory.holders(role, at, lap.event.at);
    out.insert(out.end(), all.begin(), all.end());
  }
  return plus(std::move(out), {});
}

People all_lanes(const Lap& lap) {
  People out = holders(lap, {hcf_clin, hcf_psm, hcf_sysadm, hcf_netadm, rsc_svc, rsc_netadm});
  return lap.file.request ? plus(std::move(out), lap.file.request->workers) : out;
}

void mail(Lap& lap, std::string_view which, const People& to, Facts facts) {
  write_mail(lap, {.mail = std::string(which), .to = to, .desks = {}, .facts = std::move(facts)});
}
void mail_and_desks(Lap& lap, std::string_view which, const People& to, Facts facts) {
  write_mail(lap, {.mail = std::string(which), .to = to, .desks = both_desks(lap.file), .facts = std::move(facts)});
}

void ask_by_letter(Lap& lap, Asked asked, std::string_view which, const People& to,
                   const std::vector<OrganisationId>& desks, Facts facts) {
  facts.try_emplace("level", std::to_string(asked.level));
  facts.try_emplace("since", to_text(lap.file.state_since));
  facts.try_emplace("what", asked.what);
  const std::size_t before = lap.out.effects.size();
  write_mail(lap, {.mail = std::string(which), .to = to, .desks = desks, .facts = std::move(facts)});
  auto& list = lap.file.asked;
  // One entry for each letter, because each can be withdrawn.
  for (std::size_t i = before; i < lap.out.effects.size(); ++i) {
    const Effect& effect = lap.out.effects[i];
    Asked one = asked;
    one.letter = effect.id;
    if (lap.out.effects.size() > before + 1 && !asked.by_telephone) {
      one.people = effect.mail->to;
      one.desks = effect.mail->desks;
    }
    list.push_back(std::move(one));
  }
  if (lap.out.effects.size() == before) list.push_back(std::move(asked));  // nobody has an address; said all the same
  while (list.size() > asked_max)
    list.erase(list.begin() + 1);
}

void raise_priority(Lap& lap, Priority priority) {
  const bool more = priority < lap.file.priority;
  lap.file.priority = priority;
  if (!more) return;
  lap.out.mails_now = true;
  for (Timer& timer : lap.file.timers) {
    const TimerRule* rule = timer_rule(timer.event);
    if (rule != nullptr && rule->ladder) timer.due = std::min(timer.due, due_in(lap, rule->term, rule->acts));
  }
}

void order(Lap& lap, OrderKind kind, Hop hop) {
  const Grant* grant = lap.file.grant();
  ensure(grant != nullptr, "an order without a grant");
  const Device* device = lap.now.directory.device(lap.file.device);
  Order out{.order = kind,
            .hop = hop,
            .grant = grant->id,
            .generation = grant->generation,
            .case_id = lap.file.id,
            .at = {},
            .device = lap.file.device,
            .level = AccessLevel::view,
            .window = grant->window,
            .workers = {}};
  if (device != nullptr) out.at = lane_of(hop) == "exit" ? device->exit : device->access_point;
  if (kind == OrderKind::open) {
    out.window.closes = std::max(out.window.closes, lap.file.grace_until);
    // Nothing is told to open, were it only for looking, at the end of its window, which a clock is about to close,
    // nor before it, to which a clock that was set has gone back (I1).
    if (!out.window.contains(lap.event.at)) return;
  }
  if (lap.file.request) {
    out.workers = lap.file.request->workers;
    if (!grant->view_only) out.level = lap.file.request->level;
  }
  Effect effect = effect_of(lap, lane_of(hop));
  effect.closing = kind == OrderKind::close || kind == OrderKind::kill;
  effect.urgent = true;
  effect.order = std::move(out);
  lap.out.effects.push_back(std::move(effect));
}

void order_closing(Lap& lap, OrderKind kind) {
  for (const Hop hop : {Hop::route, Hop::access_point, Hop::exit})
    order(lap, kind, hop);
}

void forget_look(Grant& grant) {
  std::erase_if(grant.hops, [](const HopReport& one) { return one.hop == Hop::probe; });
}

void begin_closing(Lap& lap, OrderKind kind, GrantEnd end, std::string_view next) {
  Grant* grant = lap.file.grant();
  ensure(grant != nullptr, "a closing without a grant");
  lap.file.next = next;
  if (next != "conn_approved" && lap.file.request) lap.file.request->dead = true;
  for (const char* what : {"extension", "l2", "l2_hcf", "l2_rsc"})
    drop_proposal(lap, what);
  if (grant->end == GrantEnd::none || end == GrantEnd::halted || end == GrantEnd::revoked) grant->end = end;
  grant->ended_at = lap.event.at;
  forget_look(*grant);
  order_closing(lap, kind);
  start_timer(lap, "t_close_expired");
  note_grant(lap);
}

void raise_generation(Lap& lap) {
  Grant* grant = lap.file.grant();
  ++grant->generation;
  grant->view_only = false;
  grant->hops.clear();
  grant->accounts_disabled = false;
  grant->end = GrantEnd::none;
  grant->ended_at = {};
  grant->proved_closed_at = {};
  grant->reopened_at = {};
  note_grant(lap);
}

void owe(Lap& lap, ObligationKind kind, Instant due, Role slot, const std::string& about) {
  const bool open = std::ranges::any_of(lap.file.obligations, [&](const Obligation& one) {
    return one.kind == kind && !one.done() && one.slot == slot && one.about == about;
  });
  if (open) return;
  lap.file.obligations.push_back(
      {.kind = kind, .slot = slot, .about = about, .due = due, .done_at = {}, .done_by = {}, .document = {}});
  if (due != Instant{})
    set_timer(lap, "t_obligation_due", due, 0,
              std::string(name_of(kind)) + (slot == none ? "" : ":" + std::string(name_of(slot))));
}

void settle(Lap& lap, ObligationKind kind, Role slot, const std::string& about, DocumentId document) {
  for (Obligation& one : lap.file.obligations)
    if (one.kind == kind && !one.done() && one.slot == slot && one.about == about) {
      one.done_at = lap.event.at;
      one.done_by = lap.event.actor.person;
      one.document = std::move(document);
      break;
    }
  // Of two emergencies one slot may owe two approvals; their clock is one.
  const bool owed = std::ranges::any_of(lap.file.obligations, [&](const Obligation& one) {
    return one.kind == kind && !one.done() && one.slot == slot && one.due != Instant{};
  });
  if (!owed)
    drop_timer(lap, "t_obligation_due",
               std::string(name_of(kind)) + (slot == none ? "" : ":" + std::string(name_of(slot))));
}

Incident& new_incident(Lap& lap, const std::string& type) {
  lap.file.incidents.push_back({.id = lap.new_id<IncidentId>("incident"),
                                .state = IncidentState::open,
                                .type = type,
                                .opened_by = lap.event.actor.person,
                                .opened_at = lap.event.at,
                                .owner = {},
                                .preliminary_due = {},
                                .final_due = {},
                                .reports = 0});
  note_id(lap, "incident", lap.file.incidents.back().id.text());
  note(lap, "incident_type", type);
  return lap.file.incidents.back();
}

void doubt_nothing_taken(Lap& lap) {
  lap.file.nothing_taken_by = {};
  lap.file.nothing_taken_countersigned_by = {};
}

void drop_proposal(Lap& lap, std::string_view what) {
  std::erase_if(lap.file.proposals, [&](const Proposal& one) { return one.what == what; });
}

void note(Lap& lap, std::string_view member, Json value) {
  lap.out.x[std::string(member)] = std::move(value);
}
void note_id(Lap& lap, std::string_view member, const std::string& id) {
  if (const std::string known = audit::record_id(id); !known.empty()) note(lap, member, known);
}
void note_ids(Lap& lap, std::string_view member, const std::vector<std::string>& ids) {
  std::set<std::string> known;  // as a record lists them: in order, each once
  for (const std::string& id : ids)
    known.insert(audit::record_id(id));
  known.erase("");
  if (!known.empty()) note(lap, member, known);
}
void note_item(Lap& lap, const DataItem& item) {
  note_id(lap, "item", item.id.text());
  note(lap, "item_state", std::string(name_of(item.state)));
}
void note_grant(Lap& lap) {
  const Grant* grant = lap.file.grant();
  if (grant == nullptr) return;
  note_id(lap, "grant", grant->id.text());
  note(lap, "generation", grant->generation);
  if (grant->end != GrantEnd::none) note(lap, "end", std::string(name_of(grant->end)));
}

}  // namespace kintsugi::fault_response

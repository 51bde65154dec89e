#include "workflows/fault_response/look.h"

#include "engine/domain/standing.h"

#include <algorithm>
#include <ranges>

namespace kintsugi::fault_response {
namespace {

const Json* member_of(const Json& payload, std::string_view member) {
  const auto found = payload.find(member);
  return found == payload.end() ? nullptr : &*found;
}

}  // namespace

std::string text_in(const Json& payload, std::string_view member) {
  const Json* found = member_of(payload, member);
  return found != nullptr && found->is_string() ? found->get<std::string>() : "";
}
bool flag_in(const Json& payload, std::string_view member) {
  const Json* found = member_of(payload, member);
  return found != nullptr && found->is_boolean() && found->get<bool>();
}
std::int64_t number_in(const Json& payload, std::string_view member) {
  const Json* found = member_of(payload, member);
  return found != nullptr && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}
Instant instant_in(const Json& payload, std::string_view member) {
  return instant_from(text_in(payload, member)).value_or(Instant{});
}
Digest digest_in(const Json& payload, std::string_view member) {
  Digest out{};
  const auto bytes = from_base64(text_in(payload, member));
  if (bytes && bytes->size() == out.size()) std::ranges::copy(*bytes, out.begin());
  return out;
}
std::vector<std::string> texts_in(const Json& payload, std::string_view member) {
  std::vector<std::string> out;
  if (const Json* found = member_of(payload, member); found != nullptr && found->is_array())
    for (const Json& one : *found)
      if (one.is_string()) out.push_back(one.get<std::string>());
  return out;
}
Window window_in(const Json& payload) {
  const Json* found = member_of(payload, "window");
  if (found == nullptr || !found->is_object()) return {};
  return {instant_in(*found, "opens"), instant_in(*found, "closes")};
}
std::vector<PersonId> people_in(const Json& payload, std::string_view member) {
  std::vector<PersonId> out;
  for (std::string& text : texts_in(payload, member))
    out.emplace_back(std::move(text));
  return out;
}

const Device* device_of(const Situation& s) {
  if (!s.file.device.empty()) return s.directory.device(s.file.device);
  if (const Device* named = s.directory.device(id_in<DeviceId>(s.event.payload, "device"))) return named;
  if (const std::string serial = text_in(s.event.payload, "serial"); !serial.empty())
    if (const Device* known = s.directory.device_by_serial(s.event.actor.org, serial)) return known;
  if (s.event.actor.kind == Role::device) return s.directory.device(DeviceId{s.event.actor.id});
  return nullptr;
}
const Contract* contract_of(const Situation& s) {
  if (!s.file.contract.empty()) return s.directory.contract(s.file.contract);
  const Device* device = device_of(s);
  return device == nullptr ? nullptr : s.directory.contract_of(device->id, s.event.at);
}
const Person* actor_of(const Situation& s) {
  return s.directory.person(s.event.actor.person);
}
bool is_listed_worker(const CaseFile& file, const PersonId& person) {
  return file.request && !person.empty() && std::ranges::count(file.request->workers, person) > 0;
}

const DataItem* item_of(const CaseFile& file, const ItemId& id) {
  const auto found = std::ranges::find(file.items, id, &DataItem::id);
  return found == file.items.end() ? nullptr : &*found;
}
DataItem* item_of(CaseFile& file, const ItemId& id) {
  const auto found = std::ranges::find(file.items, id, &DataItem::id);
  return found == file.items.end() ? nullptr : &*found;
}
std::vector<const DataItem*> items_named(const Situation& s) {
  std::vector<const DataItem*> out;
  if (s.event.payload.contains("item")) out.push_back(item_of(s.file, id_in<ItemId>(s.event.payload, "item")));
  for (std::string& text : texts_in(s.event.payload, "items"))
    out.push_back(item_of(s.file, ItemId{std::move(text)}));
  return out;
}
const Incident* incident_of(const CaseFile& file, const IncidentId& id) {
  const auto found = std::ranges::find(file.incidents, id, &Incident::id);
  return found == file.incidents.end() ? nullptr : &*found;
}
const Proposal* proposal_of(const CaseFile& file, std::string_view what) {
  const auto found = std::ranges::find_if(file.proposals, [&](const Proposal& one) { return one.what == what; });
  return found == file.proposals.end() ? nullptr : &*found;
}
const Timer* timer_of(const CaseFile& file, std::string_view event, std::string_view about) {
  const auto found =
      std::ranges::find_if(file.timers, [&](const Timer& one) { return one.event == event && one.about == about; });
  return found == file.timers.end() ? nullptr : &*found;
}

HopReport hop_of(const Grant& grant, Hop hop) {
  for (const HopReport& one : grant.hops)
    if (one.hop == hop && one.generation == grant.generation) return one;
  return {.hop = hop,
          .state = HopState::unknown,
          .at = {},
          .generation = grant.generation,
          .sessions = 0,
          .by_hand = false};
}

bool hops_closed(const Grant& grant) {
  return std::ranges::all_of(std::array{Hop::exit, Hop::access_point, Hop::route}, [&](Hop hop) {
    const HopReport report = hop_of(grant, hop);
    return report.state == HopState::closed && report.sessions == 0;
  });
}

bool closing_proved(const Grant& grant) {
  const HopReport probe = hop_of(grant, Hop::probe);
  if (!hops_closed(grant) || !grant.accounts_disabled) return false;
  if (probe.state != HopState::closed || probe.sessions > 0) return false;
  // A look from before the last answer of a hop proves nothing; one from before the closing was ordered is forgotten.
  // Reports stand in the order in which they came: between two of them the clock may have been set back.
  for (const HopReport& last : grant.hops | std::views::reverse)
    if (last.generation == grant.generation) return last.hop == Hop::probe;
  return false;
}

bool access_surely_closed(const CaseFile& file) {
  return file.grant() == nullptr || file.grant()->proved_closed();
}

bool identity_mismatch(const CaseFile& file) {
  return std::ranges::any_of(file.incidents, [&](const Incident& one) {
    return one.type == "policy_violation" && one.opened_by.empty() && one.opened_at >= file.state_since &&
           one.state == IncidentState::open;
  });
}

bool may_work(const Situation& s, const PersonId& id, Instant then) {
  return kintsugi::may_work(s.directory, s.file, id, s.event.at, then);
}

const Approval* approval_lost(const Directory& directory, const CaseFile& file, Instant now) {
  if (!file.request || file.request->dead) return nullptr;
  const auto& list = file.request->approvals;
  const auto found =
      std::ranges::find_if_not(list, [&](const Approval& one) { return stands(directory, file, one, now); });
  return found == list.end() ? nullptr : &*found;
}

bool consents_still(const Situation& s, const Proposal& consent, Role slot) {
  Approval one;
  one.slot = slot;
  one.by = consent.by;
  if (const Person* person = s.directory.person(consent.by))
    one.deputy_for =
        s.directory.deputises_for(*person, slot, side_of(slot) == Side::rsc ? s.file.rsc : s.file.tenant, s.event.at)
            .value_or(PersonId{});
  return stands(s.directory, s.file, one, s.event.at);
}

bool stands_for_hospital(const Situation& s) {
  const Person* person = actor_of(s);
  return person != nullptr && s.directory.stands_for(*person, s.event.as, s.file.tenant, s.event.at);
}

Window overlap(const Window& a, const Window& b) {
  return {std::max(a.opens, b.opens), std::min(a.closes, b.closes)};
}
Window approved_window(const Request& request) {
  Window out = request.window;
  for (const Approval& one : request.approvals)
    if (one.window != Window{}) out = overlap(out, one.window);
  return out;
}

const Request* request_owed(const CaseFile& file, Role slot, const Digest& named) {
  const Request* oldest = nullptr;
  const auto look_at = [&](const Request& request) {
    const bool owed = std::ranges::any_of(file.obligations, [&](const Obligation& one) {
      return one.kind == ObligationKind::post_approval && !one.done() && one.slot == slot &&
             one.about == to_base64(request.hash);
    });
    if (owed && (oldest == nullptr || request.hash == named)) oldest = &request;
  };
  for (const Request& one : file.emergencies)
    look_at(one);
  if (file.request) look_at(*file.request);
  return oldest;
}

const Request* request_answered(const Situation& s) {
  if (s.event.name == "post_approve")
    if (const Request* owed = request_owed(s.file, s.event.as, digest_in(s.event.payload, "request_hash")))
      return owed;
  return s.file.request ? &*s.file.request : nullptr;
}

std::vector<Role> open_slots(const Policy& policy, const Request& request) {
  std::vector<Role> out;
  for (const Role slot : policy.slots)
    if (std::ranges::none_of(request.approvals, [&](const Approval& one) { return one.slot == slot; }))
      out.push_back(slot);
  return out;
}

Instant latest_close(const Situation& s, Instant opens, const std::vector<PersonId>& workers) {
  Instant out = opens + s.policy.site_window_max;
  out = std::min(out, opens + term_of(s.policy, TimerName::t_maxwindow, s.file.priority).wall);
  if (const Contract* contract = contract_of(s)) {
    out = std::min(out, opens + contract->window_max);
    if (contract->until != Instant{}) out = std::min(out, contract->until);
  }
  for (const PersonId& id : workers)
    if (const Person* worker = s.directory.person(id))
      out = std::min({out, worker->pledge_until, worker->training_until});
  return out;
}

bool all_accounted(const CaseFile& file) {
  const bool answered = std::ranges::none_of(file.obligations, [](const Obligation& one) {
    return one.kind == ObligationKind::nonconformity && one.about == "F83" && !one.done();
  });
  const bool settled = std::ranges::all_of(file.items, [](const DataItem& one) { return is_final(one.state); });
  const bool taken =
      std::ranges::any_of(file.items, [](const DataItem& one) { return one.state != ItemState::denied; });
  return answered && settled && (taken || !file.nothing_taken_countersigned_by.empty());
}

bool all_done(const CaseFile& file, ObligationKind kind) {
  return std::ranges::count(file.obligations, kind, &Obligation::kind) > 0 && none_undone(file, kind);
}
bool none_undone(const CaseFile& file, ObligationKind kind) {
  return std::ranges::none_of(file.obligations,
                              [&](const Obligation& one) { return one.kind == kind && !one.done(); });
}

Instant due_after(const Directory& directory, const CaseFile& file, const Term& term, Instant from, Side acts) {
  if (term.business_days == 0) return from + term.wall;
  const Instant on_the_clock = from + std::chrono::days{term.business_days};
  if (file.priority == Priority::p1) return on_the_clock;
  if (acts == Side::rsc) {
    const Contract* contract = directory.contract(file.contract);
    if (contract == nullptr || contract->around_the_clock) return on_the_clock;
    return add_working_days(contract->hours, from, term.business_days);
  }
  const Organisation* hospital = directory.organisation(file.tenant);
  return hospital == nullptr ? on_the_clock : add_working_days(hospital->calendar, from, term.business_days);
}

}  // namespace kintsugi::fault_response

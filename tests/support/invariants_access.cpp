#include "tests/support/invariants.h"

#include <algorithm>
#include <set>

// I1, I3, I4, I7, I8, I9, I14: when a door may be told to open, and when it must be told to shut.
namespace kintsugi::testing {
namespace {

using Found = std::optional<std::string>;

// Until a timer that is due has been fired the world is a little ahead of the case.
constexpr Duration timekeeper_slack = 1min;

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::count(words, word) > 0;
}

std::string told(const Order& order) {
  return std::string(name_of(order.order)) + " " + std::string(name_of(order.hop)) + " of generation " +
         std::to_string(order.generation);
}

template <class Test>
Found first_opening(const Step& step, Test wrong) {
  const Decision* decision = step.decision();
  if (decision == nullptr) return {};
  for (const Effect& one : decision->effects)
    if (is_opening(one))
      if (const Found found = wrong(*decision, *one.order)) return *found + ": " + told(*one.order);
  return {};
}

// ---- I1 -----------------------------------------------------------------------------------------------------

Found opens_only_a_live_grant(const Step& step) {
  return first_opening(step, [&](const Decision& decision, const Order& order) -> Found {
    const Grant* grant = live_grant_of(decision.next);
    if (grant == nullptr) return "there is no live grant";
    if (order.grant != grant->id || order.generation != grant->generation) return "it is not the last grant's";
    if (grant->end != GrantEnd::none) return "the grant has ended";
    const bool fits = order.order == OrderKind::arm
                          ? decision.next.state == "conn_approved"
                          : one_of(decision.next.state, {"connecting", "connected", "check_online"});
    return fits ? Found{} : "in " + decision.next.state;
  });
}

Found opens_only_inside_the_window(const Step& step) {
  return first_opening(step, [&](const Decision& decision, const Order& order) -> Found {
    const Instant end = order.window.closes + timekeeper_slack;
    if (step.event().at >= end) return "its window is over";
    if (order.order == OrderKind::open && step.event().at < order.window.opens) return "its window has not begun";
    const Grant& grant = *decision.next.grant();
    const Instant latest =
        std::max(grant.window.closes, order.order == OrderKind::open ? decision.next.grace_until : Instant{});
    return order.window.closes > latest ? Found("it ends after the grant") : Found{};
  });
}

// The slots of the policy that nobody with the right to has filled, by the request of the grant.
Found opens_only_what_is_approved(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr || !ever_opening(decision->effects)) return {};
  const CaseFile& file = decision->next;
  if (!file.request || file.grant() == nullptr) return "there is no request";
  const Request& request = *file.request;
  if (request.dead) return "the request is dead";
  if (request.hash != file.grant()->request_hash) return "the grant is another request's";
  std::set<PersonId> people;
  bool hcf = false;
  bool rsc = false;
  for (const Approval& one : request.approvals) {
    if (!one.approved) return "a slot has said no";
    hcf = hcf || side_of(one.slot) == Side::hcf;
    rsc = rsc || side_of(one.slot) == Side::rsc;
    people.insert(one.by);
  }
  if (!hcf || !rsc || people.size() < 2) return "it is not two people of two sides";
  if (request.break_glass) return {};
  for (const Role slot : step.now.policy.slots)
    if (std::ranges::count(request.approvals, slot, &Approval::slot) != 1)
      return "slot " + std::string(name_of(slot)) + " is not answered once";
  return {};
}

// At the moment in which a grant is made, everybody who stands behind it could still do so.
Found grants_only_over_live_approvals(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr || decision->next.grants.size() <= step.before().grants.size()) return {};
  const CaseFile& file = decision->next;
  const Directory& directory = step.now.directory;
  for (const Approval& one : file.request->approvals) {
    const Person* person = directory.person(one.by);
    if (person == nullptr) return "an unknown person has approved";
    const Instant at = step.event().at;
    const bool of_hospital = side_of(one.slot) == Side::hcf;
    const auto roles = directory.roles_of(*person, of_hospital ? file.tenant : file.rsc, at);
    const bool deputy = !one.deputy_for.empty();
    if (!deputy && std::ranges::count(roles, one.slot) == 0)
      return "the role behind slot " + std::string(name_of(one.slot)) + " is gone";
    if (!deputy && of_hospital && !directory.stands_for(*person, one.slot, file.tenant, at))
      return "a vendor's person stands in slot " + std::string(name_of(one.slot));
  }
  if (!file.request->break_glass) return {};
  for (const Role slot : step.now.policy.slots) {
    const bool answered = std::ranges::count(file.request->approvals, slot, &Approval::slot) > 0;
    const bool owed = std::ranges::any_of(file.obligations, [&](const Obligation& duty) {
      return duty.kind == ObligationKind::post_approval && !duty.done() && duty.slot == slot;
    });
    if (!answered && !owed) return "slot " + std::string(name_of(slot)) + " is neither answered nor owed";
  }
  return {};
}

Found a_proof_stands_beside_no_open_hop(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr) return {};
  for (const Grant& one : decision->next.grants)
    if (one.proved_closed() && has_open_hop(one)) return "in " + decision->next.state;
  return {};
}

// What was said before the order may be of a door that was on its way to open: the order takes it away, and nothing
// but another look proves.
Found a_proof_is_of_after_the_order(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr) return {};
  const bool shuts = std::ranges::any_of(decision->effects, [](const Effect& one) {
    return one.order && one.order->hop == Hop::exit &&
           (one.order->order == OrderKind::close || one.order->order == OrderKind::kill);
  });
  for (const Grant& one : decision->next.grants) {
    const auto was = std::ranges::find(step.before().grants, one.id, &Grant::id);
    if (was == step.before().grants.end()) continue;
    const auto look = std::ranges::find_if(one.hops, [&](const HopReport& report) {
      return report.hop == Hop::probe && report.generation == one.generation;
    });
    if (shuts && was->ended_at != one.ended_at && look != one.hops.end()) return "the look was before the order";
    if (one.proved_closed() && !was->proved_closed() && look == one.hops.end()) return "nobody looked";
  }
  return {};
}

Found access_ends_in_a_proof(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr) return {};
  const bool may_live =
      one_of(decision->next.state, {"conn_approved", "connecting", "connected", "conn_lost", "check_online",
                                    "connect_failed", "disconnecting", "disc_unverified", "halted"});
  const Grant* live = live_grant_of(decision->next);
  return live != nullptr && !may_live ? Found("in " + decision->next.state) : Found{};
}

// ---- I3 -----------------------------------------------------------------------------------------------------

Found one_grant_a_device(const Step& step) {
  const auto alive = [](const CaseFile& file) {
    return std::ranges::count_if(file.grants, [](const Grant& one) { return !one.proved_closed(); });
  };
  if (const Decision* decision = step.decision(); decision != nullptr && alive(decision->next) > 1)
    return "the case has two";
  return first_opening(step, [&](const Decision&, const Order& order) -> Found {
    const bool other = std::ranges::any_of(
        step.now.same_device, [&](const CaseBrief& one) { return one.id != step.before().id && one.live_grant; });
    return other && order.order == OrderKind::arm ? Found("another case of the device has one") : Found{};
  });
}

Found another_fault_moves_no_window(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr || !one_of(step.event().name, {"notify_duplicate", "notify_second_fault"})) return {};
  return decision->next.grants == step.before().grants ? Found{} : "the grants have changed";
}

// ---- I4 -----------------------------------------------------------------------------------------------------

Found the_hospital_can_cut(const Step& step) {
  const Event& event = step.event();
  const CaseFile& file = step.before();
  if (step.decision() != nullptr || event.name != "emergency_disconnect" || event.as != Role::none) return {};
  if (live_grant_of(file) == nullptr || file.state == "halted") return {};
  const Person* person = step.now.directory.person(event.actor.person);
  if (person == nullptr) return {};
  const auto roles = step.now.directory.roles_of(*person, file.tenant, event.at);
  const bool of_hospital = std::ranges::any_of(roles, [](Role one) { return side_of(one) == Side::hcf; });
  return of_hospital ? Found("refused in " + file.state) : Found{};
}

Found a_cut_closes(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr || !is_cut(step.event().name)) return {};
  return closes_all_hops(decision->effects) ? Found{} : Found("not every hop is told");
}

Found whatever_ends_access_closes(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr || decision->next.state == step.before().state) return {};
  const bool enters = one_of(decision->next.state, {"disconnecting", "connect_failed", "halted"});
  // From there nothing was open: what was told to close is being proved.
  if (!enters || step.before().state == "disc_unverified") return {};
  return closes_all_hops(decision->effects) ? Found{} : "entering " + decision->next.state;
}

// What was revoked, cut, expired or withdrawn needs a new request.
Found what_ended_stays_ended(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr) return {};
  for (const Grant& was : step.before().grants)
    for (const Grant& is : decision->next.grants)
      if (is.id == was.id && was.end != GrantEnd::none && is.end == GrantEnd::none)
        return std::string(name_of(was.end)) + ", and then not";
  return {};
}

// ---- I7, I8, I9, I14 ----------------------------------------------------------------------------------------

Found silence_opens_nothing(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr || !is_timer(step.event().name)) return {};
  if (ever_opening(decision->effects)) return "a timer opened";
  if (decision->next.grants.size() > step.before().grants.size()) return "a timer granted";
  const bool ended = one_of(decision->next.state, {"closed", "cancelled", "false_alarm", "merged"});
  if (ended && decision->next.state != step.before().state) return "a timer ended the case";
  const auto answers = [](const CaseFile& file) { return file.request ? file.request->approvals.size() : 0; };
  return answers(decision->next) > answers(step.before()) ? Found("a timer approved") : Found{};
}

Found opening_needs_the_log(const Step& step) {
  if (step.now.audit_working) return {};
  // To change the window or the level of what is open opens nothing.
  const bool open = one_of(step.before().state, {"connected", "check_online"});
  return first_opening(step, [&](const Decision&, const Order& order) -> Found {
    return order.order == OrderKind::open && open ? Found{} : "the log does not work";
  });
}

Found closing_needs_no_log(const Step& step) {
  const auto* refusal = std::get_if<Refusal>(&step.verdict);
  if (refusal == nullptr || step.now.audit_working) return {};
  if (!is_cut(step.event().name) && !is_timer(step.event().name)) return {};
  const bool blamed =
      std::ranges::any_of(refusal->failed, [](const FailedCheck& one) { return one.name == "audit_not_working"; });
  return blamed ? Found("the log was asked for") : Found{};
}

Found every_end_point_knows_the_end(const Step& step) {
  return first_opening(step, [&](const Decision& decision, const Order& order) -> Found {
    if (order.window.closes == Instant{} || order.window.closes <= order.window.opens) return "it has no end";
    const Duration most = step.now.policy.site_window_max;
    if (decision.next.grant()->window.length() > most) return "the grant is longer than the site allows";
    return {};
  });
}

Found generations_only_rise(const Step& step) {
  const Decision* decision = step.decision();
  if (decision == nullptr) return {};
  const auto& before = step.before().grants;
  const auto& after = decision->next.grants;
  for (std::size_t i = 0; i < std::min(before.size(), after.size()); ++i) {
    if (after[i].generation < before[i].generation) return "a generation went back";
    const bool alive_again =
        before[i].proved_closed() && !after[i].proved_closed() && after[i].reopened_at == Instant{};
    if (alive_again && after[i].generation <= before[i].generation) return "it lives again in its old generation";
  }
  return {};
}

Found a_notice_grants_nothing(const Step& step) {
  const Decision* decision = step.decision();
  const Event& event = step.event();
  const bool notice = event.actor.kind == Role::device || event.name.starts_with("notify") ||
                      event.name == "mail_bounced" || event.name == "device_normal";
  if (decision == nullptr || !notice) return {};
  if (std::ranges::any_of(decision->effects, [](const Effect& one) { return one.order.has_value(); }))
    return "it gave an order";
  if (decision->next.grants != step.before().grants) return "a grant has changed";
  if (decision->next.request != step.before().request) return "the request has changed";
  for (const CaseFile& one : decision->others)
    if (one.grants.size() > (one.version == 1 ? 0 : one.grants.size())) return "the second case has a grant";
  return {};
}

}  // namespace

std::vector<StepInvariant> access_invariants() {
  return {
      {"I1", "only the live grant opens, and only where access may be open", opens_only_a_live_grant},
      {"I1", "nothing opens outside its window", opens_only_inside_the_window},
      {"I1", "only what both sides approved opens", opens_only_what_is_approved},
      {"I1", "a grant is made over approvals that could still be given", grants_only_over_live_approvals},
      {"I1", "proved closed never stands beside an open hop", a_proof_stands_beside_no_open_hop},
      {"I1", "a closing is proved by a look from after its order", a_proof_is_of_after_the_order},
      {"I1", "a grant lives only where access is armed, open or being closed", access_ends_in_a_proof},
      {"I3", "a device has at most one armed or open grant", one_grant_a_device},
      {"I3", "another fault moves no window", another_fault_moves_no_window},
      {"I4", "everybody of the hospital can cut where access is not surely closed", the_hospital_can_cut},
      {"I4", "every cut orders every hop to close", a_cut_closes},
      {"I4", "whatever ends access orders every hop to close", whatever_ends_access_closes},
      {"I4", "a grant that has ended never lives again", what_ended_stays_ended},
      {"I7", "no timer opens, grants, approves or ends a case", silence_opens_nothing},
      {"I8", "nothing opens without a working log", opening_needs_the_log},
      {"I8", "closing asks for no log", closing_needs_no_log},
      {"I9", "every end point is told when it must close by itself", every_end_point_knows_the_end},
      {"I9", "a generation only rises, and whatever lives again has a new one", generations_only_rise},
      {"I14", "a notice, a mail or a device grants nothing", a_notice_grants_nothing},
  };
}

}  // namespace kintsugi::testing

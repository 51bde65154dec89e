#include "workflows/fault_response/invariants.h"

#include "workflows/fault_response/look.h"
#include "workflows/fault_response/timers.h"

#include <algorithm>
#include <array>

namespace kintsugi::fault_response {
namespace {

constexpr Duration clock_slack = 1min;  // until a timer that is due has been fired

bool among(std::string_view state, std::initializer_list<std::string_view> states) {
  return std::ranges::count(states, state) > 0;
}
bool is_end(std::string_view state) {
  return among(state, {"closed", "cancelled", "false_alarm", "merged"});
}
bool may_be_open(std::string_view state) {
  return among(state, {"connecting", "connected", "conn_lost", "check_online"});
}

// Approvals of the current grant's request stand for both sides, by two people (2.3).
bool approved_by_two_sides(const CaseFile& file) {
  if (!file.request) return false;
  bool hcf = false;
  bool rsc = false;
  std::vector<PersonId> people;
  for (const Approval& one : file.request->approvals) {
    if (!one.approved) return false;
    hcf = hcf || side_of(one.slot) == Side::hcf;
    rsc = rsc || side_of(one.slot) == Side::rsc;
    people.push_back(one.by);
  }
  std::ranges::sort(people);
  return hcf && rsc && std::ranges::unique(people).begin() - people.begin() >= 2;
}

// The last one, and the emergencies that were replaced.
std::vector<const Request*> requests_of(const CaseFile& file) {
  std::vector<const Request*> out;
  for (const Request& one : file.emergencies)
    out.push_back(&one);
  if (file.request) out.push_back(&*file.request);
  return out;
}

// clang-format off
const std::array list = {
    Invariant{"I1", "access is armed or open only with approvals of two people on two sides, and only before its end",
      [](const CaseFile& file, const Policy& policy, Instant now) {
        if (!may_be_open(file.state) && file.state != "conn_approved") return true;
        const Grant* grant = file.grant();
        if (grant == nullptr || grant->end != GrantEnd::none || !approved_by_two_sides(file)) return false;
        if (!grant->break_glass && !open_slots(policy, *file.request).empty()) return false;
        return now <= std::max(grant->window.closes, file.grace_until) + clock_slack;
      }},
    Invariant{"I1", "in a state without access no hop is known to be open, and no grant is unproved",
      [](const CaseFile& file, const Policy&, Instant) {
        if (may_be_open(file.state) || among(file.state, {"conn_approved", "connect_failed", "disconnecting",
                                                          "disc_unverified", "halted"}))
          return true;
        return access_surely_closed(file);
      }},
    Invariant{"I2", "a closed case owes nothing",
      [](const CaseFile& file, const Policy&, Instant) {
        if (file.state != "closed") return true;
        const bool owed = std::ranges::any_of(file.obligations, [](const Obligation& one) { return !one.done(); });
        const bool data = std::ranges::any_of(file.items, [](const DataItem& one) { return !is_final(one.state); });
        const bool lives = std::ranges::any_of(file.grants, [](const Grant& one) {
          return !one.accounts_disabled || !one.proved_closed();
        });
        const bool nobodys = std::ranges::any_of(file.incidents, [](const Incident& one) {
          return one.state != IncidentState::closed && one.owner.empty();
        });
        return !owed && !data && !lives && !nobodys;
      }},
    Invariant{"I3", "at most one grant of a case lives",
      [](const CaseFile& file, const Policy&, Instant) {
        return std::ranges::count_if(file.grants, [](const Grant& one) { return one.proved_closed_at == Instant{}; }) <= 1;
      }},
    Invariant{"I5", "nobody approved what he requested or works on, and a person counts once",
      [](const CaseFile& file, const Policy&, Instant) {
        return std::ranges::all_of(requests_of(file), [](const Request* request) {
          const auto& approvals = request->approvals;
          return std::ranges::all_of(approvals, [&](const Approval& one) {
            const bool once = one.combined || std::ranges::count(approvals, one.by, &Approval::by) == 1;
            const bool own = one.by == request->by && !request->break_glass;
            return once && !own && std::ranges::count(request->workers, one.by) == 0;
          });
        });
      }},
    Invariant{"I5", "nobody verified what he erased",
      [](const CaseFile& file, const Policy&, Instant) {
        return std::ranges::none_of(file.items, [](const DataItem& one) {
          return !one.verified_by.empty() && one.verified_by == one.erased_by;
        });
      }},
    Invariant{"I6", "every approval names the hash of the request, except the consent to an emergency",
      [](const CaseFile& file, const Policy&, Instant) {
        return std::ranges::all_of(requests_of(file), [](const Request* request) {
          return std::ranges::all_of(request->approvals, [&](const Approval& one) {
            return one.hash == request->hash || (request->break_glass && one.hash == Digest{});
          });
        });
      }},
    Invariant{"I6", "an approval that is owed after the fact is owed to a request that the case still holds",
      [](const CaseFile& file, const Policy&, Instant) {
        return std::ranges::all_of(file.obligations, [&](const Obligation& one) {
          return one.kind != ObligationKind::post_approval || one.done() ||
                 std::ranges::any_of(requests_of(file),
                                     [&](const Request* request) { return to_base64(request->hash) == one.about; });
        });
      }},
    Invariant{"I7", "every timer lives in the state in which it waits",
      [](const CaseFile& file, const Policy&, Instant) {
        return std::ranges::all_of(file.timers, [&](const Timer& one) {
          const TimerRule* rule = timer_rule(one.event);
          return rule != nullptr && lives_in(*rule, file.state);
        });
      }},
    Invariant{"I7", "a case that waits for a person or for proof has a clock that will ask again",
      [](const CaseFile& file, const Policy&, Instant) {
        const bool silent_by_right = is_end(file.state);
        const bool proved_halt = among(file.state, {"connect_failed"}) && access_surely_closed(file);
        return silent_by_right || proved_halt || !file.timers.empty();
      }},
    Invariant{"I9", "no grant is longer than the site allows",
      [](const CaseFile& file, const Policy& policy, Instant) {
        const Duration most = policy.site_window_max;
        return std::ranges::all_of(file.grants, [&](const Grant& one) { return one.window.length() <= most; });
      }},
};
// clang-format on

}  // namespace

const std::vector<Invariant>& invariants() {
  static const std::vector<Invariant> all(list.begin(), list.end());
  return all;
}

std::vector<std::string> broken_invariants(const CaseFile& file, const Policy& policy, Instant now) {
  std::vector<std::string> out;
  for (const Invariant& one : list)
    if (!one.holds(file, policy, now)) out.push_back(std::string(one.name) + ": " + std::string(one.says));
  return out;
}

std::vector<std::string> broken_between(const CaseFile& before, const CaseFile& after) {
  std::vector<std::string> out;
  if (after.version != before.version + 1) out.emplace_back("a lap raises the version by one");
  if (!before.id.empty() && (after.id != before.id || after.tenant != before.tenant))
    out.emplace_back("a case keeps its id and its hospital");
  if (after.grants.size() < before.grants.size()) out.emplace_back("I12: a grant is never forgotten");
  for (std::size_t i = 0; i < std::min(before.grants.size(), after.grants.size()); ++i)
    if (after.grants[i].generation < before.grants[i].generation)
      out.emplace_back("W39: a generation never goes back");
  if (after.emergencies.size() < before.emergencies.size()) out.emplace_back("I12: an emergency is never forgotten");
  if (after.items.size() < before.items.size()) out.emplace_back("I12: a data item is never forgotten");
  if (after.obligations.size() < before.obligations.size()) out.emplace_back("I12: an obligation is never forgotten");
  if (after.incidents.size() < before.incidents.size()) out.emplace_back("I12: an incident is never forgotten");
  return out;
}

}  // namespace kintsugi::fault_response

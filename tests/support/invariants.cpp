#include "tests/support/invariants.h"

#include "workflows/fault_response/timers.h"

#include <algorithm>
#include <array>

namespace kintsugi::testing {

bool is_opening(const Effect& effect) {
  return effect.order && (effect.order->order == OrderKind::arm || effect.order->order == OrderKind::open);
}

bool is_closing_order(const Effect& effect) {
  return effect.order && (effect.order->order == OrderKind::close || effect.order->order == OrderKind::kill);
}

bool ever_opening(const std::vector<Effect>& effects) {
  return std::ranges::any_of(effects, is_opening);
}

bool closes_all_hops(const std::vector<Effect>& effects) {
  return std::ranges::all_of(std::array{Hop::exit, Hop::access_point, Hop::route}, [&](Hop hop) {
    return std::ranges::any_of(effects,
                               [&](const Effect& one) { return is_closing_order(one) && one.order->hop == hop; });
  });
}

bool has_open_hop(const Grant& grant) {
  return std::ranges::any_of(grant.hops, [&](const HopReport& one) {
    return one.generation == grant.generation &&
           (one.state == HopState::open || one.state == HopState::reachable || one.sessions > 0);
  });
}

bool is_cut(std::string_view event) {
  return event == "revoke" || event == "emergency_disconnect" || event == "policy_violation";
}

const Grant* live_grant_of(const CaseFile& file) {
  const Grant* grant = file.grant();
  return grant != nullptr && grant->proved_closed_at == Instant{} ? grant : nullptr;
}

bool is_timer(std::string_view event) {
  return fault_response::timer_rule(event) != nullptr;
}

const std::vector<StepInvariant>& step_invariants() {
  static const std::vector<StepInvariant> all = [] {
    std::vector<StepInvariant> out;
    for (const auto& part : {access_invariants(), people_invariants(), record_invariants()})
      out.insert(out.end(), part.begin(), part.end());
    const auto number = [](const StepInvariant& one) { return std::stoi(std::string(one.name.substr(1))); };
    std::ranges::stable_sort(out, {}, number);
    return out;
  }();
  return all;
}

std::vector<std::string> complaints(const Step& step) {
  std::vector<std::string> out;
  for (const StepInvariant& one : step_invariants())
    if (const auto found = one.complaint(step))
      out.push_back(std::string(one.name) + ": " + std::string(one.says) + " (" + *found + ")");
  return out;
}

}  // namespace kintsugi::testing

#include "adapters/access_point/simulated_site.h"

#include "adapters/access_point/wire.h"

#include <algorithm>

namespace kintsugi::access_point {

namespace {

constexpr std::array doors_in_order{Hop::exit, Hop::access_point, Hop::route};

}  // namespace

void SimulatedSite::install(const DeviceId& device, std::string serial) {
  serials_[device] = std::move(serial);
}

std::optional<HopAnswer> SimulatedSite::obey(const Order& order) {
  catch_up();
  const Faults& fault = faults(order.hop);
  if (fault.dead) return std::nullopt;

  const Key key{order.grant, order.hop};
  const auto carry_out = [&]() -> HopAnswer {
    if (order.hop == Hop::probe) {
      const HopState seen = passes_any(order.grant) ? HopState::reachable : HopState::closed;
      Door asked;
      asked.generation = order.generation;
      return answer(key, asked, seen);
    }
    // A question about something never heard of must not invent it.
    if (order.order == OrderKind::check && !doors_.contains(key)) return answer(key, {}, HopState::closed);

    Door& door = doors_[key];
    switch (order.order) {
      case OrderKind::arm:
      case OrderKind::open: return let_in(order, door);
      case OrderKind::close:
        if (order.generation < door.generation) return answer(key, door, HopState::refused);
        shut(key, door, order.generation);
        return answer(key, door, HopState::closed);
      case OrderKind::kill:  // fenced by nothing
        shut(key, door, std::max(order.generation, door.generation));
        return answer(key, door, HopState::closed);
      case OrderKind::check: break;
    }
    return answer(key, door, leaks(key, door) ? HopState::closed : door.state);
  };

  HopAnswer said = carry_out();
  log_.push_back({clock_.now(), order, said});
  return said;
}

bool SimulatedSite::is_fenced(const Order& order) const {
  const auto found = doors_.find({order.grant, order.hop});
  if (found == doors_.end() || faults_[index(order.hop)].forgets) return false;
  return order.generation <= found->second.fence || order.generation < found->second.generation;
}

HopAnswer SimulatedSite::let_in(const Order& order, Door& door) {
  const Key key{order.grant, order.hop};
  const Instant now = clock_.now();
  const bool stays_open = passes(door) && door.generation == order.generation;
  const bool opens = order.order == OrderKind::open || stays_open;
  const bool in_time = opens ? order.window.contains(now) : now < order.window.closes;
  const bool known = serials_.contains(order.device);
  if (is_fenced(order) || faults(order.hop).refuses_to_open || !in_time || !known)
    return answer(key, door, HopState::refused);

  door.state = opens ? HopState::open : HopState::armed;
  door.generation = order.generation;
  door.window = order.window;
  door.device = order.device;
  door.overdue = false;
  if (passes(door) && door.generation <= door.true_fence) note(Violation::Rule::opened_after_fence, key, door, now);
  return answer(key, door, door.state);
}

// Fences first: whatever happens to the door, no opening up to this generation is valid any more.
void SimulatedSite::shut(const Key& key, Door& door, std::int64_t fence) {
  door.fence = std::max(door.fence, fence);
  door.true_fence = std::max(door.true_fence, fence);
  door.generation = std::max(door.generation, fence);
  if (passes(door) && faults(key.second).closes_in_words) {
    note(Violation::Rule::closed_only_in_words, key, door, clock_.now());
    return;
  }
  door.state = HopState::closed;
  sessions_.erase(key.first);
}

// The dead-man: every door closes by this site's clock at its not-after, with or without an engine (I9).
void SimulatedSite::catch_up() {
  const Instant now = clock_.now();
  for (auto& [key, door] : doors_) {
    if (door.state == HopState::closed || now < door.window.closes) continue;
    if (faults(key.second).ignores_not_after) {
      if (passes(door) && !std::exchange(door.overdue, true))
        note(Violation::Rule::open_after_not_after, key, door, door.window.closes);
      continue;
    }
    if (leaks(key, door)) continue;
    door.fence = door.true_fence = std::max(door.true_fence, door.generation);
    door.state = HopState::closed;
    sessions_.erase(key.first);
    reports_.push_back(
        {key.first, answer(key, door, HopState::closed), Report::Cause::not_after, door.window.closes});
  }
}

Result<> SimulatedSite::connect(const GrantId& grant) {
  catch_up();
  for (const Hop hop : doors_in_order)
    if (!is_open(hop, grant)) return fail(Errc::Refused, "hop " + std::string(name_of(hop)) + " is not open");
  ++sessions_[grant];
  return {};
}

void SimulatedSite::press_button() {
  catch_up();
  const Instant now = clock_.now();
  for (auto& [key, door] : doors_) {
    if (key.second == Hop::exit || door.state == HopState::closed) continue;
    // The button cuts the line itself, so what the box says or forgets does not matter.
    door.fence = door.true_fence = std::max(door.true_fence, door.generation);
    door.state = HopState::closed;
    sessions_.erase(key.first);
    reports_.push_back({key.first, answer(key, door, HopState::closed), Report::Cause::button, now});
  }
}

const std::vector<SimulatedSite::Report>& SimulatedSite::reports() {
  catch_up();
  return reports_;
}

void SimulatedSite::report_delivered() {
  if (!reports_.empty()) reports_.erase(reports_.begin());
}

bool SimulatedSite::is_open(Hop hop, const GrantId& grant) {
  catch_up();
  if (hop == Hop::probe) return passes_any(grant);
  const auto found = doors_.find({grant, hop});
  return found != doors_.end() && passes(found->second);
}

std::int64_t SimulatedSite::sessions(const GrantId& grant) {
  catch_up();
  const auto found = sessions_.find(grant);
  return found == sessions_.end() ? 0 : found->second;
}

const std::vector<SimulatedSite::Violation>& SimulatedSite::violations() {
  catch_up();
  return violations_;
}

HopAnswer SimulatedSite::answer(const Key& key, const Door& door, HopState state) const {
  const auto& [grant, hop] = key;
  const Faults& fault = faults_[index(hop)];
  HopAnswer said;
  said.hop = hop;
  said.state = state;
  said.generation = door.generation + fault.generation_off;
  if (state != HopState::open) return said;
  if (const auto found = sessions_.find(grant); found != sessions_.end()) said.sessions = found->second;
  if (hop == Hop::route) said.identity = fault.identity.empty() ? serials_.at(door.device) : fault.identity;
  return said;
}

// Told to close, said so, and did not.
bool SimulatedSite::leaks(const Key& key, const Door& door) const {
  return passes(door) && door.generation <= door.true_fence && faults_[index(key.second)].closes_in_words;
}

bool SimulatedSite::passes_any(const GrantId& grant) const {
  return std::ranges::any_of(doors_in_order, [&](Hop hop) {
    const auto found = doors_.find({grant, hop});
    return found != doors_.end() && passes(found->second);
  });
}

void SimulatedSite::note(Violation::Rule rule, const Key& key, const Door& door, Instant at) {
  violations_.push_back({rule, key.second, key.first, door.generation, at});
}

Result<std::vector<HopAnswer>> SimulatedController::carry_out(const Order& order, const std::string&) {
  if (const auto call = call_for(order); !call) return pass(call);
  const std::scoped_lock lock(mutex_);
  const bool heard_in_time = site_.faults(order.hop).late <= limit_;
  const auto said = site_.obey(order);
  if (!said || !heard_in_time)
    return fail(Errc::Transient, std::string(name_of(order.hop)) + " did not answer; its state is unknown");
  return std::vector{*said};
}

}  // namespace kintsugi::access_point

#pragma once

#include "engine/domain/effect.h"

#include <string>
#include <vector>

namespace kintsugi {

// What a hop answered. It becomes the note `report_hop` of the case.
struct HopAnswer {
  Hop hop{};
  HopState state = HopState::unknown;
  std::int64_t generation = 0;
  std::int64_t sessions = 0;
  std::string identity;  // route: what the device said it is (serial), to be compared with the grant's
};

// The switch of the hospital, the exit of the RSC, the route to the device and the probe, behind one vocabulary.
// Three adapters speak it: HTTP to a controller (H01 to H06), the manual one, and later our own gate.
//
// carry_out() returns what was answered; an order that a person must carry out by hand answers nothing, and his
// attestation arrives as an event of its own. Transient when nothing was heard: the state is unknown, not failed
// (W40), and the order is sent again with the same key. Any thread.
class Controller {
 public:
  virtual ~Controller() = default;
  virtual Result<std::vector<HopAnswer>> carry_out(const Order& order, const std::string& idempotency_key) = 0;
};

}  // namespace kintsugi

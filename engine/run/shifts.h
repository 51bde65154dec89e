#pragma once

#include "engine/on_call/gaps.h"
#include "engine/run/conductor.h"

#include <optional>
#include <string>
#include <vector>

namespace kintsugi {

// Shifts over the rosters, put by people while the engine runs: somebody is ill, two swap, one goes on leave. An
// organisation's administrators may put any of its own; a person may hand his own turn to somebody else. Values and
// one commit with its record; any thread.
class Shifts {
 public:
  Shifts(Conductor& conductor, const Clock& clock) : conductor_(conductor), clock_(clock) {}

  struct Order {
    Duty shift;  // its id is given here
    std::optional<IdempotencyKey> key;
    Digest request{};  // of the body, for the key
  };
  struct Done {
    enum class Kind {
      put,
      not_his,  // also when there is no such organisation, so that nobody learns of it
      invalid,
      reused,  // the idempotency key came with another body before
    };
    Kind kind = Kind::put;
    Duty shift;
    std::vector<InputError> errors;
    std::vector<Gap> warnings;  // of the next days of the organisation, as they are with the shift
    bool replayed = false;      // shift and warnings are those of the first answer
  };
  Result<Done> put(const Actor& actor, const Order& order);

  static constexpr Duration longest = std::chrono::hours(24 * 92);

 private:
  bool may_put(const Directory& directory, const Actor& actor, const Duty& shift, Role& as) const;

  Conductor& conductor_;
  const Clock& clock_;
};

}  // namespace kintsugi

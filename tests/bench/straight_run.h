#pragma once

#include "tests/bench/world.h"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The straight run, as the table has it: notice, acknowledgement, request, three approvals, connection, repair,
// check, proved disconnection, nothing taken, report, signature. Every line is one request, and one transition is
// counted for it; what follows by itself (path_confirmed, close_confirmed, all_accounted) is counted apart.
//
// It is run in two stretches, because the request's hash is known only after `request_connection` and the proofs of
// identity (step-ups), bound to it, are made outside of the timed stretches.
namespace kintsugi::bench {

struct Act {
  Who who;
  const char* event;
  std::string (*body)(const struct Subject&);
  std::string_view state;  // in which the case must be afterwards
  bool step_up = false;
  int follow_ups = 0;  // automatic laps that must come with it
};

// One case on its way.
struct Subject {
  int device = 0;
  std::string id;
  std::string number;
  std::string version;       // as in If-Match, without quotes
  std::string request_hash;  // base64
};

std::span<const Act> opening();   // from the notice to the request
std::span<const Act> the_rest();  // from the first approval to the signature

// The token that stands for a second proof of identity in this act on this case.
std::string step_up_token(std::string_view case_id, const Act& act);
// The rows of all step-ups that a case will need.
std::vector<StoredStepUp> step_ups_of(const CaseId& id, const Digest& request_hash, Instant now);

}  // namespace kintsugi::bench

#pragma once

#include "engine/run/conductor.h"

#include <string>
#include <string_view>

namespace kintsugi {

// The tokens of systems that report faults for the devices of one hospital (docs/api/compat.md). A token is 256
// random bits, of which only the digest is stored; it is good for reporting faults and for nothing else. Any thread.
class Integrations {
 public:
  Integrations(Conductor& conductor, Store& store, const Clock& clock, Entropy& entropy)
      : conductor_(conductor), store_(store), clock_(clock), entropy_(entropy) {}

  // A new integration of this hospital; `wanted` without its id. NotFound if there is no such hospital.
  Result<Integration> add(Integration wanted);
  // A new token, shown this once and recorded in the hospital's log; the old one stays good until `overlap` has
  // passed. NotFound if there is no such integration.
  Result<std::string> new_token(const IntegrationId& id, Duration overlap);
  // Whose token this is. Refused when it is nobody's, too old, or of an integration that is disabled.
  Result<Integration> of_token(std::string_view token) const;

 private:
  Conductor& conductor_;
  Store& store_;
  const Clock& clock_;
  Entropy& entropy_;
};

}  // namespace kintsugi

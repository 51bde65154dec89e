#pragma once

#include "engine/domain/may.h"
#include "engine/run/conductor.h"

#include <vector>

namespace kintsugi {

// Systems that report faults for the devices of one hospital (docs/api/compat.md). Who may give a device its token
// may give one that reports for all of them; to everybody else they do not exist. Their tokens are Accounts' affair.
// Any thread.
class Integrations {
 public:
  Integrations(Conductor& conductor, Store& store, const Clock& clock, Entropy& entropy)
      : conductor_(conductor), store_(store), clock_(clock), entropy_(entropy) {}

  // May this actor look after the integrations of a hospital, and in which role?
  Permission looks_after(const Actor& actor, const OrganisationId& hospital) const;

  // A new integration; `wanted` without its id. NotFound if there is no such hospital or it is not his, Invalid with
  // the mistake when it has no name or too long a text.
  Result<Integration> add(const Actor& actor, Integration wanted);
  // It reports nothing any more, at once and for good, and its tokens have ended. NotFound as above.
  Result<Integration> retire(const Actor& actor, const IntegrationId& id);

  // NotFound for those that he does not look after.
  Result<Integration> one(const Actor& actor, const IntegrationId& id) const;
  std::vector<Integration> all(const Actor& actor) const;

 private:
  Result<> put(const Actor& actor, const Integration& integration);

  Conductor& conductor_;
  Store& store_;
  const Clock& clock_;
  Entropy& entropy_;
};

}  // namespace kintsugi

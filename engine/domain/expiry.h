#pragma once

#include "engine/domain/directory.h"

#include <vector>

namespace kintsugi {

// Something of a person that is good for a time only, and is over or soon will be.
struct Expiry {
  enum class What { pledge, training, role, deputy };
  What what{};
  PersonId person;
  Role role = Role::none;  // role, deputy
  PersonId deputy;         // deputy: who stands in for the person
  Instant until{};         // empty: it was never there
};
constexpr auto names_of(Expiry::What) {
  using enum Expiry::What;
  return names<Expiry::What>({{pledge, "pledge"}, {training, "training"}, {role, "role"}, {deputy, "deputy"}});
}

// What of this person is over, or will be within `ahead`, soonest first. Pledge and training concern those who may be
// named as workers (F14); roles and deputies that are over are history and not told.
std::vector<Expiry> expiries_of(const Directory& directory, const Person& person, Instant now, Duration ahead);

}  // namespace kintsugi

#pragma once

#include "engine/masters/masters.h"

#include <optional>
#include <set>

namespace kintsugi {

// What of the masters one person may see: all of his own organisations', and of those at the other end of their
// contracts as much as the work needs. Mail addresses and telephone numbers of people are for who administers them;
// where doors lead is for who keeps them. Nothing for everybody else's: to him it does not exist.
class Sight {
 public:
  Sight(const Directory& directory, const PersonId& person, Instant now);

  // As he may see it; empty if he may not.
  std::optional<Organisation> of(const Organisation& one) const;
  std::optional<Site> of(const Site& one) const;
  std::optional<Person> of(const Person& one) const;
  std::optional<AccessPoint> of(const AccessPoint& one) const;
  std::optional<Device> of(const Device& one) const;
  std::optional<Contract> of(const Contract& one) const;
  std::optional<Roster> of(const Roster& one) const;
  std::optional<Duty> of(const Duty& one) const;
  std::optional<Policy> of(const Policy& one) const;

  // Everything he may see, each list by id; a policy is named once it has a version.
  Masters all() const;
  // What he administers, in full: what he may write into a file, change, and apply.
  Masters his() const;

  const std::set<OrganisationId>& own() const { return own_; }

 private:
  bool is_own(const OrganisationId& id) const { return own_.contains(id); }
  bool is_near(const OrganisationId& id) const { return is_own(id) || partners_.contains(id); }
  bool is_his(const OrganisationId& id) const { return administered_.contains(id); }

  const Directory& directory_;
  const PersonId person_;
  const Instant now_;
  std::set<OrganisationId> own_;           // he works there or holds a role there
  std::set<OrganisationId> administered_;  // he administers it
  std::set<OrganisationId> doors_;         // he keeps its access points
  std::set<OrganisationId> partners_;      // at the other end of a contract
};

}  // namespace kintsugi

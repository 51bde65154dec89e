#pragma once

#include "tests/drill/acts.h"
#include "tests/drill/world.h"

#include <initializer_list>
#include <string>
#include <vector>

// One case as somebody finds it, and the questions that whoever acts on purpose asks about it (onward.cpp,
// temptations.cpp).
namespace kintsugi::drill {

struct Scene {
  World& world;
  const CaseFile& file;
  Dice& dice;

  using Act = std::optional<Submission>;
  // Without a slip, in the ordinary words or in these. Nobody: nothing.
  Act does(const PersonId& who, const std::string& event) const;
  Act does(const PersonId& who, const std::string& event, Json payload) const;
  // The same in words that differ here.
  Act does_but(const PersonId& who, const std::string& event, const Json& differs) const;

  PersonId one(Role role) const { return one_of(world, role, file, dice); }
  // Who holds the role, is employed where it stands and is none of these.
  PersonId one_but(Role role, const std::vector<PersonId>& others) const;
  // Who holds both.
  PersonId one_with(Role role, Role other) const;
  bool holds(const PersonId& who, Role role) const;
  PersonId worker() const;              // who stands in the request and holds a role for it
  std::vector<PersonId> asked() const;  // who has had a part in the request

  std::vector<const DataItem*> items(std::initializer_list<ItemState> states) const;
  const Proposal* proposal(std::string_view what) const;
  const Policy& policy() const;
  Role open_slot() const;  // of the request; none if there is none
  std::string said_hash() const { return to_base64(file.request->hash); }
  Json window(Duration length) const;  // from now on
  Instant now() const { return world.now(); }
};

}  // namespace kintsugi::drill

#pragma once

#include "engine/domain/directory.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Who is on call, and why he. Pure questions over the rosters and shifts of a Directory: civil time in, instants out,
// nothing remembered.
namespace kintsugi {

// What one asks about: whose people, for which product line (empty: for devices that are not known), which tier.
struct OnCallFor {
  OrganisationId at;
  std::string product_line;
  int tier = 1;
};

enum class OnCallBy { turn, shift };
constexpr auto names_of(OnCallBy) {
  return names<OnCallBy>({{OnCallBy::turn, "turn"}, {OnCallBy::shift, "shift"}});
}

// One person who is on call, and the reason: the turn of a layer, or a shift that overrides it.
struct OnCall {
  PersonId person;
  OnCallBy by = OnCallBy::turn;
  RosterId roster;      // of a turn, and of the turn that a shift with instead_of takes; otherwise empty
  std::string layer;    // the same
  PersonId instead_of;  // of a shift: whose turn it would be
  DutyReason reason = DutyReason::planned;  // of a shift
  auto operator<=>(const OnCall&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("person", &OnCall::person),         field("by", &OnCall::by),
                      field("roster", &OnCall::roster),         field("layer", &OnCall::layer),
                      field("instead_of", &OnCall::instead_of), field("reason", &OnCall::reason)};
  }
};

// Everybody who is on call then, by person; leavers are not, and the next layer takes a leaver's turn.
std::vector<OnCall> on_call(const Directory& directory, const OnCallFor& whom, Instant when);
std::vector<PersonId> people_on_call(const Directory& directory, const OnCallFor& whom, Instant when);

// A stretch of time in which nothing changes. Empty `people`: nobody is on call.
struct Stretch {
  Instant from{};
  Instant until{};
  std::vector<OnCall> people;
};

// From `from` to `until` without a gap between two stretches, each different from the one before: the hand-overs are
// where they meet. At most `days_ahead_max` days are looked at.
std::vector<Stretch> stretches(const Directory& directory, const OnCallFor& whom, Instant from, Instant until);
constexpr int days_ahead_max = 92;

// Is he known, and has he not left by then?
bool is_there(const Directory& directory, const PersonId& id, Instant when);

// Is anything written down about this (a roster or a shift), then or later?
bool has_rosters(const Directory& directory, const OnCallFor& whom);

}  // namespace kintsugi

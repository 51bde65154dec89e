#pragma once

#include "engine/domain/directory.h"

#include <string>
#include <string_view>
#include <vector>

// What is wrong with rosters, shifts and ladders of an organisation, looked at before it hurts: when they are saved,
// and by `kintsugi oncall check`.
namespace kintsugi {

// One thing, with place and time: `where` is a roster's id and layer or a ladder's name and rung, `subject` a person,
// an organisation or a product line.
struct Gap {
  enum class Kind {
    nobody_on_call,      // from … until, for `subject` (a product line, or every line)
    no_contact,          // a person who is asked has neither mail nor telephone; a telephone rung: no telephone
    desk_no_contact,     // the same of a duty desk
    left,                // a person of a roster or ladder has left, or leaves before his turn
    unknown_person,      // a roster or ladder names somebody who does not exist
    not_entitled,        // on call without the role to take a case (rsc_svc at an RSC)
    rung_reaches_nobody  // from … until, for the ladder and rung of `where`
  };
  Kind kind{};
  bool refuses = false;  // must not be saved; otherwise a warning
  std::string where;
  std::string subject;
  Instant from{};
  Instant until{};  // empty: for ever
  auto operator<=>(const Gap&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("kind", &Gap::kind),       field("refuses", &Gap::refuses), field("where", &Gap::where),
                      field("subject", &Gap::subject), field("from", &Gap::from),       field("until", &Gap::until)};
  }
};
constexpr auto names_of(Gap::Kind) {
  using enum Gap::Kind;
  return names<Gap::Kind>({{nobody_on_call, "nobody_on_call"},
                           {no_contact, "no_contact"},
                           {desk_no_contact, "desk_no_contact"},
                           {left, "left"},
                           {unknown_person, "unknown_person"},
                           {not_entitled, "not_entitled"},
                           {rung_reaches_nobody, "rung_reaches_nobody"}});
}

// Every gap of one organisation between these instants, by time. A hole in the first tier of a product line that has
// rosters refuses, as do people who do not exist and rungs that reach nobody; the rest are warnings.
std::vector<Gap> gaps_in(const Directory& directory, const OrganisationId& org, Instant from, Instant until);
constexpr Duration gaps_ahead = 14 * 24h;

// For whoever saves masters: what the change may not bring in, and what its writer is warned of. What stood before
// the change as well never stops it: it is warned of.
struct SaveCheck {
  std::vector<Gap> mistakes;
  std::vector<Gap> warnings;
};
SaveCheck check_on_call(const Directory& before, const Directory& after, const OrganisationId& org, Instant now);

// What it is, where and when, in the zone of the organisation's calendar.
Text in_words(const Gap& gap, const Directory& directory, const OrganisationId& org);

}  // namespace kintsugi

#pragma once

#include "engine/base/calendar.h"
#include "engine/domain/ids.h"
#include "engine/domain/ladder.h"
#include "engine/domain/role.h"
#include "engine/domain/term.h"

#include <array>
#include <map>
#include <string>
#include <vector>

namespace kintsugi {

struct Terms {
  TimerName timer{};
  Term p1, p2, p3;
  const Term& of(Priority priority) const {
    return priority == Priority::p1 ? p1 : priority == Priority::p2 ? p2 : p3;
  }
  auto operator<=>(const Terms&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("timer", &Terms::timer), field("p1", &Terms::p1), field("p2", &Terms::p2),
                      field("p3", &Terms::p3)};
  }
};

// What a hospital may choose, versioned. An RSC may have one too: of it only the ladders count (joined(), ladder.h).
// The rules that may not be switched off (one approver of each side, two people, nobody his own request, silence is
// refusal) are code and are not here.
struct Policy {
  OrganisationId tenant;  // empty in the built-in default
  int version = 0;
  std::vector<Role> slots = {Role::hcf_sysadm, Role::hcf_netadm, Role::rsc_netadm};
  bool allow_combined_hcf_slots = false;  // one person fills both HCF slots with two separate confirmations
  bool allow_break_glass = true;
  bool attendance_required = true;
  int connect_attempts_max = 3;                  // F29
  Duration site_window_max = 8h;                 // no window at this hospital is longer
  std::vector<Terms> terms;                      // timers that differ from the default
  std::vector<std::string> product_line_checks;  // check list of F50/F51 by name
  std::vector<Ladder> ladders;                   // that differ from the built-in ones
  Instant retired_at{};                          // empty: may be put in force; what ran under it stays readable
  auto operator<=>(const Policy&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("tenant", &Policy::tenant),
                      field("version", &Policy::version),
                      field("slots", &Policy::slots),
                      field("allow_combined_hcf_slots", &Policy::allow_combined_hcf_slots),
                      field("allow_break_glass", &Policy::allow_break_glass),
                      field("attendance_required", &Policy::attendance_required),
                      field("connect_attempts_max", &Policy::connect_attempts_max),
                      field("site_window_max", &Policy::site_window_max),
                      field("terms", &Policy::terms),
                      field("product_line_checks", &Policy::product_line_checks),
                      field("ladders", &Policy::ladders),
                      field("retired_at", &Policy::retired_at)};
  }
};

// The term of a timer: the hospital's, or the default of docs/rules.md.
const Term& term_of(const Policy& policy, TimerName timer, Priority priority);

// Who is asked in this matter, rung by rung: the hospital's own ladder, or the built-in one of docs/rules.md.
const Ladder& ladder_of(const Policy& policy, LadderName name);

// Every mistake of a policy: slots without one role of each side, timers named twice, terms that are negative or
// longer than a year, ladders without a rung or with one that names nobody.
std::vector<Mistake> mistakes_in(const Policy& policy);

}  // namespace kintsugi

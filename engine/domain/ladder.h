#pragma once

#include "engine/domain/ids.h"
#include "engine/domain/role.h"
#include "engine/domain/term.h"

#include <vector>

// Who is asked when nobody has acted in time, and who after him. A ladder is data of a policy; it never ends in
// silence: its last rung is asked again for ever.
namespace kintsugi {

// The matters in which somebody may be waited for in vain, each with the timers that climb its ladder.
enum class LadderName {
  unanswered,        // F06: nobody has taken the case
  stalled,           // F07, F61, F90: whoever took it does not go on
  clinical_check,    // F88: the device is not checked
  closing_unproved,  // F89: a path may still be open
  deletion_failed,   // F89: data is not accounted for
  halted,            // F89: the hospital has cut and not decided
  sign_off,          // F84: the hospital has not signed
};
constexpr auto names_of(LadderName) {
  using enum LadderName;
  return names<LadderName>({{unanswered, "unanswered"},
                            {stalled, "stalled"},
                            {clinical_check, "clinical_check"},
                            {closing_unproved, "closing_unproved"},
                            {deletion_failed, "deletion_failed"},
                            {halted, "halted"},
                            {sign_off, "sign_off"}});
}

enum class Whom { role, on_call, owner, person, duty_desk };
constexpr auto names_of(Whom) {
  using enum Whom;
  return names<Whom>(
      {{role, "role"}, {on_call, "on_call"}, {owner, "owner"}, {person, "person"}, {duty_desk, "duty_desk"}});
}

// Somebody to ask. Only the members that its kind names count.
struct Target {
  Whom whom = Whom::role;
  Role role = Role::none;  // role: everybody who holds it there then, deputies included
  Side side = Side::rsc;   // on_call, duty_desk: whose
  int tier = 1;            // on_call: 1 is the first line
  PersonId person;         // person
  auto operator<=>(const Target&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("whom", &Target::whom), field("role", &Target::role), field("side", &Target::side),
                      field("tier", &Target::tier), field("person", &Target::person)};
  }
};
// The side that a target belongs to; `system` for a named person, who may be of either.
Side side_of(const Target& target);

// mail: a letter to everybody on the rung. telephone: they are on the telephone list of the letter, which goes to
// the duty desks only: a desk calls them.
enum class AskedBy { mail, telephone };
constexpr auto names_of(AskedBy) {
  return names<AskedBy>({{AskedBy::mail, "mail"}, {AskedBy::telephone, "telephone"}});
}

struct Rung {
  std::vector<Target> ask;
  AskedBy by = AskedBy::mail;
  Term waits;       // for an answer, before the next is asked; empty: the term of the timer that climbs
  int repeats = 0;  // how often it is asked again before the next rung
  auto operator<=>(const Rung&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("ask", &Rung::ask), field("by", &Rung::by), field("waits", &Rung::waits),
                      field("repeats", &Rung::repeats)};
  }
};

struct Ladder {
  LadderName name{};
  TimerName then_every = TimerName::t_remind;  // between two askings of the last rung
  std::vector<Rung> rungs;
  auto operator<=>(const Ladder&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("name", &Ladder::name), field("then_every", &Ladder::then_every),
                      field("rungs", &Ladder::rungs)};
  }
};

// The ladder of docs/rules.md for this matter.
const Ladder& built_in_ladder(LadderName name);

// One ladder of two: the hospital's, with the RSC's own people where the RSC has a ladder of its own (each side says
// whom of its people to ask; how long the hospital waits, the hospital says). Rung for rung; where one is shorter,
// its last rung goes on. Null: the RSC has none.
Ladder joined(const Ladder& hospital, const Ladder* rsc);

// Where on the ladder the n-th asking stands (1 is the first), repeats counted: an index into rungs.
std::size_t rung_of(const Ladder& ladder, int asking);

constexpr std::size_t rungs_max = 12;
constexpr std::size_t targets_max = 16;  // of one rung
constexpr int repeats_max = 10;

}  // namespace kintsugi

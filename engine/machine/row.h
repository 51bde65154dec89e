#pragma once

#include "engine/domain/workflow.h"

#include <array>
#include <span>
#include <string_view>

// A table's row as plain data, and what its guard and its action are made of. Nothing here knows Boost: checks and
// actions live in units of their own that compile in a second.
namespace kintsugi::machine {

// What a check looks at. Whether somebody may do a thing can be said before he has written its payload, so a check of
// the payload is left out of that answer; a twin's check says only which of two rows is meant, never what is wrong.
enum class Asks { situation, payload, twin };

// One named condition. `holds` is pure; `name` is what a refusal says when it does not hold, and has a text in both
// languages. `lifted_by` are the roles that can make it hold (as many as there are, then none).
//
// In a Situation that a check sees, event.as is the role that would be used for the row.
struct Check {
  std::string_view name;
  bool (*holds)(const Situation&);
  std::array<Role, 6> lifted_by{};
  Asks asks = Asks::situation;
};

// One lap being decided: what is known, and the Decision being written. `file` is out.next.
struct Lap {
  const Situation& now;
  const Event& event;  // as it came, documents included
  Decision& out;
  CaseFile& file;
  unsigned ids = 0;  // ids made from the event's chance so far

  template <class AnyId>
  AnyId new_id(std::string_view prefix) {
    return AnyId{new_id_text(prefix, event.at, ids++)};
  }

 private:
  std::string new_id_text(std::string_view prefix, Instant at, unsigned n) const;
};

using Act = void (*)(Lap&);
struct Action {
  std::string_view name;
  Act run;
};

// One row. A note has states instead of a from and a to, and is internal.
struct RowSpec {
  std::string_view row;
  std::string_view event;
  std::span<const std::string_view> from;  // empty: any open state
  std::string_view to;                     // empty: internal
  std::span<const Action> actions;
  std::span<const Role> by;
  std::span<const Check* const> checks;
};

// How the machine answered: a row fired and its actions have run; there are rows, but none may fire now; no row.
enum class Handled { moved, guard_said_no, no_row };

// The role in which the event's actor would fire this row; Role::none if he may not.
//
// A person's roles are the ones he holds at the case's hospital, or, for roles of the RSC's side, at the case's RSC.
// `event.as` (or the payload's `slot`) chooses one; otherwise it is the first of the row's list that he holds.
Role role_for(const Situation& situation, std::span<const Role> by);
// Has he any role at all at this case's hospital or RSC? Nobody else is even told that the case exists.
bool takes_part(const Situation& situation);

// The row's guard: who, then every check in order. An empty answer means that the row may fire.
struct Judgement {
  Role as = Role::none;
  Refusal::Kind kind = Refusal::Kind::guard;
  std::vector<FailedCheck> failed;
};
// `all` collects every check that fails; otherwise it stops at the first.
Judgement judge(const RowSpec& row, const Situation& situation, bool all);

}  // namespace kintsugi::machine

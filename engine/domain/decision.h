#pragma once

#include "engine/domain/effect.h"
#include "engine/domain/event.h"

#include <map>
#include <string>
#include <variant>
#include <vector>

namespace kintsugi {

// Everything a decision may look at. Nothing else exists for it: no clock, no store, no log.
struct Situation {
  const CaseFile& file;  // empty (no id) for an event that opens a case
  const Event& event;
  const Directory& directory;
  const Policy& policy;                       // of file.policy_version
  const std::vector<CaseBrief>& same_device;  // other open cases of the device, when the workflow asked for them
  bool audit_working = true;                  // I8
  const CaseFile* target = nullptr;           // the open case of the same device that the payload's `target` names
};

// A named condition that did not hold, and who could make it hold. `name` has a text in both languages.
struct FailedCheck {
  std::string name;
  std::vector<Role> lifted_by;
  Instant since{};  // since when it blocks, if that is known
  static constexpr auto fields() {
    return std::tuple{field("name", &FailedCheck::name), field("lifted_by", &FailedCheck::lifted_by),
                      field("since", &FailedCheck::since)};
  }
};

// Why nothing happened. `kind` decides the HTTP status and the problem type.
struct Refusal {
  enum class Kind {
    not_applicable,  // the table has no row for this event in this state
    forbidden,       // this person may not fire it, whatever the case looks like
    guard,           // the checks named do not hold now
  };
  Kind kind = Kind::guard;
  std::vector<FailedCheck> failed;  // at least one
};
constexpr auto names_of(Refusal::Kind) {
  using enum Refusal::Kind;
  return names<Refusal::Kind>({{not_applicable, "not_applicable"}, {forbidden, "forbidden"}, {guard, "guard"}});
}

// What one lap does. `next` is the whole case file afterwards (version already raised); `x` are the event's own
// members of the audit record, from the closed list of docs/audit-record.md.
struct Decision {
  std::string row;  // F15, or the note's name
  std::string from;
  CaseFile next;
  Role as = Role::none;  // the role that was used
  int outcome = 0;       // 0, 4, 8, 12: DICOM's indicator
  std::map<std::string, Json> x;
  std::vector<Effect> effects;
  // Letters of this case whose reason has ended: what is not delivered yet never is. One that is delivered stays so.
  std::vector<EffectId> withdrawn;
  bool mails_now = false;  // letters of this case that wait for a later time go at once, each alone
  // Second cases touched in the same commit: opened by F04, or given the other end of a link by F12. Each gets a
  // record of its own with event `opened` or `linked`.
  std::vector<CaseFile> others;
};

using Verdict = std::variant<Decision, Refusal>;

}  // namespace kintsugi

#pragma once

#include "engine/masters/authority.h"
#include "engine/masters/difference.h"
#include "engine/masters/preview.h"
#include "engine/run/conductor.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kintsugi {

// Why masters were changed, from a closed list: records hold no typed text.
enum class ChangeReason { none, correction, joined, left, moved, reorganised, contract, security, drill };
constexpr auto names_of(ChangeReason) {
  using enum ChangeReason;
  return names<ChangeReason>({{none, "none"},
                              {correction, "correction"},
                              {joined, "joined"},
                              {left, "left"},
                              {moved, "moved"},
                              {reorganised, "reorganised"},
                              {contract, "contract"},
                              {security, "security"},
                              {drill, "drill"}});
}

// The registry: people plan changes of the masters, see what they would do, and make them. Each side changes its own;
// nothing that breaks a rule is ever stored, and nothing is half stored. What was changed is recorded with digests
// from before and after in the log of the hospital concerned, or in the system log.
//
// A plan writes nothing. Changes are made one at a time, each judged on the masters as the one before left them. Any
// thread.
class Registry {
 public:
  Registry(Conductor& conductor, Store& store, const Clock& clock, Entropy& entropy)
      : conductor_(conductor), store_(store), clock_(clock), entropy_(entropy) {}

  struct Plan {
    Masters change;  // completed, without what stands there already: hand this to apply()
    std::vector<Difference> differences;
    std::vector<Consequence> consequences;
    bool all_cases_seen = true;  // false: more are open than are looked through
    Digest digest{};             // of the change, of what it replaces, and of its consequences
    bool blocked() const;
  };
  // A plan, or what is wrong with it. `not_his` is said before anything else is looked at.
  struct Planned {
    enum class Kind { planned, not_his, invalid };
    Kind kind = Kind::planned;
    Plan plan;
    std::vector<Mistake> mistakes;
  };
  // `only_new`: what is there already is a mistake, as it is for an order that says so.
  Result<Planned> plan(const Actor& actor, const Masters& written, bool only_new = false) const;

  struct Order {
    Masters written;
    std::optional<Digest> digest;                     // of the plan; it must still be the same
    std::function<bool(const Directory&)> unchanged;  // or another fence; empty: none
    bool only_new = false;                            // what is there already is a mistake
    ChangeReason reason = ChangeReason::none;
    std::optional<IdempotencyKey> key;
    Digest request{};  // of the body, for the key
    // What is stored for the key and handed back. `after` is the directory with the change.
    std::function<std::string(const Plan&, const Directory& after)> reply;
    // Written in the same commit; must start afresh each time it is called. Empty: nothing.
    std::function<Result<>(Batch&, const Plan&)> also;
  };
  struct Applied {
    enum class Kind {
      applied,
      not_his,
      invalid,
      blocked,   // something open could then not be closed; `plan` tells
      conflict,  // it is not any more what was planned
      reused,    // the idempotency key came with another body before
    };
    Kind kind = Kind::applied;
    Plan plan;
    std::vector<Mistake> mistakes;
    std::string reply;
    bool replayed = false;
  };
  Result<Applied> apply(const Actor& actor, const Order& order) const;

 private:
  Result<Planned> plan_on(const Directory& directory, const Actor& actor, const Masters& written,
                          bool only_new) const;
  Result<std::vector<std::shared_ptr<const CaseFile>>> open_cases(const std::vector<OrganisationId>& of,
                                                                  bool& all) const;
  void note_refusal(const Actor& actor) const;

  Conductor& conductor_;
  Store& store_;
  const Clock& clock_;
  Entropy& entropy_;
};

// The rows and records of a change. In registry_rows.cpp.
MastersChange rows_of(const Directory& before, const Directory& after, const Masters& change, ChangeReason reason);

// The role in which he changes masters: the one with which he administers, or keeps the doors.
Role registrar_role(const Directory& directory, const Actor& actor, Instant now);

}  // namespace kintsugi

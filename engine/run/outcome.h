#pragma once

#include "engine/domain/decision.h"
#include "engine/ports/records.h"

#include <optional>
#include <string>
#include <vector>

namespace kintsugi {

// One thing the outside wants to happen: what every way in (API, mail, timers, access points) hands to the conductor.
struct Submission {
  std::string event;  // an event or note of the workflow, or `fault` for a report that must find its case
  CaseId case_id;     // empty for `fault` and for events that open a case
  Actor actor;
  Role as = Role::none;
  Json payload = Json::object();                 // in clear, checked against the event's schema by the conductor
  std::optional<std::int64_t> expected_version;  // If-Match; ignored by closings
  std::optional<Digest> step_up;                 // digest of the step-up token
  std::optional<IdempotencyKey> key;
  std::string timer_about;
  int timer_round = 0;
  Instant timer_due{};  // timer events: when it was due; nothing happens if that timer is gone meanwhile
  std::optional<Settlement> settles;  // the delivery whose answer this is: recorded in the same commit
};

// A place in the input and what is wrong with it, for RFC 9457's `errors`.
struct InputError {
  std::string pointer;  // JSON pointer
  std::string detail;
  static constexpr auto fields() {
    return std::tuple{field("pointer", &InputError::pointer), field("detail", &InputError::detail)};
  }
};

// How a submission ended. A value that can be stored, so that the same idempotency key gives the same answer, and
// that is put into words only when it is shown.
struct Outcome {
  enum class Kind {
    moved,      // decided and durable; `row` says which row or note
    refused,    // a rule said no; `refusal` names the checks. Durable too: the refusal is in the audit log
    invalid,    // the payload breaks its schema; nothing was written
    not_found,  // no such case, or not for this person: the same answer
    conflict,   // If-Match names an old version; `version` is the present one
    reused,     // the idempotency key came with another body before
    transient,  // not done, worth trying again
  };
  Kind kind = Kind::transient;
  CaseId case_id;
  std::string number;
  std::string event;  // as routed: `notify_duplicate` for a repeated fault
  std::string row;
  std::string from;
  std::string state;
  std::int64_t version = 0;
  std::int64_t occurrences = 0;          // faults only
  std::vector<std::string> followed_by;  // rows of the automatic laps that followed at once
  CaseId opened;                         // linked case opened by this lap (F04)
  Instant at{};                          // when it was decided
  std::string refusal_kind;              // name of Refusal::Kind
  std::vector<FailedCheck> failed;
  std::vector<InputError> errors;
  std::string problem;    // name of the problem type, for anything but `moved`
  bool replayed = false;  // not stored: this is the stored answer to an earlier request
  static constexpr auto fields() {
    return std::tuple{field("kind", &Outcome::kind),
                      field("case_id", &Outcome::case_id),
                      field("number", &Outcome::number),
                      field("event", &Outcome::event),
                      field("row", &Outcome::row),
                      field("from", &Outcome::from),
                      field("state", &Outcome::state),
                      field("version", &Outcome::version),
                      field("occurrences", &Outcome::occurrences),
                      field("followed_by", &Outcome::followed_by),
                      field("opened", &Outcome::opened),
                      field("at", &Outcome::at),
                      field("refusal_kind", &Outcome::refusal_kind),
                      field("failed", &Outcome::failed),
                      field("errors", &Outcome::errors),
                      field("problem", &Outcome::problem)};
  }
};
constexpr auto names_of(Outcome::Kind) {
  using enum Outcome::Kind;
  return names<Outcome::Kind>({{moved, "moved"},
                               {refused, "refused"},
                               {invalid, "invalid"},
                               {not_found, "not_found"},
                               {conflict, "conflict"},
                               {reused, "reused"},
                               {transient, "transient"}});
}

}  // namespace kintsugi

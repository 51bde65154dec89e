#pragma once

#include "engine/domain/document.h"

#include <optional>
#include <string>
#include <vector>

namespace kintsugi {

// Who does it. Built by the shell from a sign-in, a device token or the engine itself; the core believes it.
struct Actor {
  std::string id;         // person_…, device_…, or the engine node's name
  Role kind = Role::sys;  // `device`, `sys`, or `none` for a person, whose roles the Directory knows
  PersonId person;        // empty unless a person
  OrganisationId org;     // employer; the tenant for a device
  std::string auth;       // pwd, pwd+otp, token, mtls, job
  std::string sign_in;    // digest of the sign-in, never the token
  std::string address;    // from where (I13); kept in a document where work begins, never in the record
};

// A second proof of identity, made for exactly one act (approve, sign off, break glass …).
struct StepUp {
  Instant at{};
};

// Something that happened or that somebody wants to happen, on one case. `payload` has passed the event's JSON
// Schema, and every text of it has become a document: the payload holds that document's id in the text's place.
struct Event {
  std::string name;
  CaseId case_id;  // for events that open a case: the id the new case will have
  Actor actor;
  Role as = Role::none;  // the role he wants to use; none: the first that the row accepts
  Instant at{};          // set once, when the lap is decided
  Json payload = Json::object();
  std::vector<Document> documents;
  std::optional<StepUp> step_up;
  std::string timer_about;  // timer events: Timer::about
  int timer_round = 0;      // timer events: Timer::round
  Digest chance{};          // all randomness a decision may use (new ids)
};

}  // namespace kintsugi

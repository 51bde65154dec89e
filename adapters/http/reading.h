#pragma once

#include "engine/run/conductor.h"

#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace kintsugi::http {

// Puts it into the hospital's log who reads what. A document that is decrypted for somebody is recorded each time,
// durably, before he is shown it. That he looks at a case (`case.read`) or at the head of a log (`audit.read`) is
// recorded once in each hour of the clock, so that a page that asks every second does not fill the log; only the
// first look of the hour waits for a commit. Any thread.
class Readings {
 public:
  Readings(Conductor& conductor, const Clock& clock) : conductor_(conductor), clock_(clock) {}

  Result<> of_document(const Actor& actor, const CaseFile& file, const Document& document);
  // That he wanted to open a document and was not let, each time.
  void note_refusal(const Actor& actor, const CaseFile& file, const Document& document, const std::string& check);
  // These two let him look even if nothing can be written now: who is inside must be seen then, too, and the next
  // look tries again to record it.
  void note_case(const Actor& actor, const CaseFile& file);
  void note_trail(const Actor& actor, const OrganisationId& hospital, std::int64_t size);

 private:
  using Look = std::pair<PersonId, std::string>;  // who, and the event and what of
  bool is_noted(const Look& look);
  void note(const char* event, const Actor& actor, const OrganisationId& hospital, const OrganisationId& centre,
            const std::string& what, std::map<std::string, Json> x, const About& about);
  Role role_of(const Actor& actor, const OrganisationId& hospital, const OrganisationId& centre) const;

  Conductor& conductor_;
  const Clock& clock_;
  std::mutex mutex_;
  Instant hour_{};
  std::set<Look> noted_;  // in this hour, durably
};

}  // namespace kintsugi::http

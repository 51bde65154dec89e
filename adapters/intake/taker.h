#pragma once

#include "adapters/intake/ledger.h"
#include "adapters/intake/spool.h"
#include "engine/run/conductor.h"

#include <mutex>

namespace kintsugi::intake {

// Turns mails into laps. A mail is done with only when what it became is durable and stands in the ledger; until then
// whoever brought it keeps it and brings it again, and the same mail never becomes two cases.
//
// A notice is a fault reported by its device, a recovery its word that the fault is over, a comment is a note of its
// writer, and both are refused like anybody's: what a rule does not let in becomes a case of the manual queue.
// Unknown mails of one sender go into the case that the first of them opened, as long as nobody has taken it; over
// unknown_cases_per_hour all of a hospital's do. Over whole_mails_per_hour a notice that repeats itself is only
// counted, and any other mail leaves its text and no more. Loops are kept aside.
//
// Any thread; one mail at a time.
class Taker {
 public:
  struct Parts {
    Conductor& conductor;
    const Clock& clock;
    Config config;
    const Spool& spool;  // for what is kept aside
    Ledger ledger;
    std::string node;  // name of this engine in audit records
  };
  explicit Taker(Parts parts) : parts_(std::move(parts)) {}

  // Transient: bring it again. Corrupt: no rule lets it in, not even as an unknown one; a person must look.
  Result<Taken> take(std::string_view bytes);

 private:
  struct Letter;  // one mail on its way

  Result<> notice(Letter& letter);
  Result<> recovery(Letter& letter);
  Result<> comment(Letter& letter);
  Result<> unknown(Letter& letter);
  static Actor device_of(const Letter& letter);
  Result<bool> join(Letter& letter, const CaseId& id);
  Result<> settle(Letter& letter, const Outcome& outcome);
  Outcome submit(const Letter& letter, const std::string& event, Actor actor, Json payload, const CaseId& about);
  Actor engine_for(const OrganisationId& hospital) const;
  std::vector<CaseId> open_cases_for(const Letter& letter) const;

  Parts parts_;
  std::mutex mutex_;
};

}  // namespace kintsugi::intake

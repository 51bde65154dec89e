#pragma once

#include "engine/base/digest.h"
#include "engine/base/instant.h"
#include "engine/ports/store.h"
#include "tests/crash/ledger.h"
#include "tests/crash/site.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace kintsugi::crash {

// What a kill has cost, found from outside: in the database, in the log, in the mailbox and at the doors. Everything
// that is wrong is one sentence in `wrong`.
struct Findings {
  std::int64_t lost = 0;     // acknowledged and not there; decided and never delivered
  std::int64_t doubled = 0;  // one act recorded twice, one timer fired twice, one effect under two keys
  std::vector<std::string> wrong;
};

class Inquiry {
 public:
  explicit Inquiry(const Site& site) : site_(site) {}

  // After a restart, beside the running server: every acknowledged transition is in the log, the log verifies and
  // begins with what was signed before, and the program says so itself.
  void after_restart(const std::vector<Acknowledged>& acknowledged, Findings& out);

  // When nothing moves any more: no straight run has a step too many, no timer has fired twice or not at all, and
  // every effect has been delivered under its own key, and nothing else has.
  struct Deliveries {
    std::int64_t effects = 0;      // delivered, mails and orders
    std::int64_t redelivered = 0;  // of these, handed over more than once, with the same key
  };
  Deliveries at_the_end(const Ledger& ledger, demo::MailSink& sink, access_point::Simulator& doors, Findings& out);

 private:
  struct Lap {
    std::string event;
    Instant at{};
  };
  bool read_on(Store& store, Findings& out);
  void check_acknowledged(const std::vector<Acknowledged>& acknowledged, Findings& out) const;
  void check_logs(Store& store, Findings& out);
  void check_straight_runs(const std::set<std::string>& closed, Findings& out) const;
  void check_timers(Store& store, const std::set<std::string>& sleepers, Findings& out) const;

  const Site& site_;
  std::map<std::string, std::int64_t> read_;                // of each log
  std::map<std::string, std::vector<Lap>> laps_;            // by case, its steps in their order
  std::map<std::string, std::vector<std::string>> signed_;  // checkpoints of each log, oldest first
};

}  // namespace kintsugi::crash

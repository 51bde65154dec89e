#pragma once

#include "adapters/intake/config.h"
#include "engine/run/conductor.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace kintsugi::intake {

// The door for mails: looks into the spool, where `kintsugi intake mail` puts what a mail server pipes to it, and
// into the mailboxes of the configuration, and has the taker (taker.h) make of each mail what it is.
//
// step() takes what waits in the spool in the caller's thread; start() uses a thread of its own for the spool and one
// for each mailbox. stop() waits for the mail in hand.
class Intake {
 public:
  struct Parts {
    Conductor& conductor;
    const Clock& clock;
    Config config;
    std::filesystem::path directory;  // spool and ledger
    std::string node;
  };
  // Transient if the directory cannot be used.
  static Result<std::unique_ptr<Intake>> open(Parts parts);
  ~Intake();

  // A place where mails are looked for, and how the last look went.
  struct Place {
    std::string name;  // `spool`, or the mailbox's host
    Duration every{};
    Instant looked{};  // empty: not since the start
    bool well = true;
  };
  std::vector<Place> places() const;

  // How many mails were taken from the spool; fewer than wait there when the engine is busy.
  Result<int> step();
  void start();
  void stop();

 private:
  class Loops;
  explicit Intake(std::unique_ptr<Loops> loops);
  std::unique_ptr<Loops> loops_;
};

}  // namespace kintsugi::intake

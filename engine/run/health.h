#pragma once

#include "engine/base/clock.h"
#include "engine/domain/directory.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kintsugi {

enum class Condition {
  good,
  attention,  // it works, and a person should look
  wrong,      // it does not work, or soon will not
};
constexpr auto names_of(Condition) {
  return names<Condition>(
      {{Condition::good, "ok"}, {Condition::attention, "attention"}, {Condition::wrong, "wrong"}});
}

// What a look at one thing found, in both languages, and what to do about it (empty when nothing is to be done).
struct Found {
  Condition condition = Condition::good;
  Text found;
  Text todo;
};

// One thing that is looked at again and again. Names are for ever: alert rules and runbooks know them.
struct HealthCheck {
  std::string name;
  std::function<Found()> look;  // may wait for a disk or a server, and says so when they do not answer
  bool blocks = false;          // while it is wrong, no requests should be sent here
};

// Looks at every check each `every` in a thread of its own, so that asking is free and everybody is told the same.
// step() looks once in the caller's thread. Any thread may ask.
class Health {
 public:
  struct State {
    std::string name;
    bool blocks = false;
    Found found;
    Instant since{};   // in this condition; at most since the start
    Instant looked{};  // empty: not yet
  };

  Health(std::vector<HealthCheck> checks, const Clock& clock, Duration every = 5s);
  ~Health();
  void step();
  void start();
  void stop();

  std::vector<State> states() const;
  // The worst of all.
  Condition condition() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace kintsugi

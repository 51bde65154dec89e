#pragma once

#include "engine/base/digest.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace kintsugi::drill {

// A promise that was found broken; it ends the story.
struct Broken {
  std::string check;  // its name: the same name means the same finding
  std::string what;
};

// The engine is dead from here on. Thrown where a process can be killed: at a commit, at a door, at the mail server.
struct Killed {};

// What happened, one line a fact, in order.
class Trail {
 public:
  void tell(std::string line) { lines_.push_back(std::move(line)); }
  const std::vector<std::string>& lines() const { return lines_; }
  Digest digest() const {
    std::string all;
    for (const std::string& one : lines_)
      all += one + "\n";
    return sha256(all);
  }

 private:
  std::vector<std::string> lines_;
};

// What was played and what was seen, added up over stories.
struct Totals {
  std::int64_t stories = 0, steps = 0, cases = 0, laps = 0, records = 0, letters = 0;
  std::int64_t crashes = 0, commits_failed = 0, disk_faults = 0, power_cuts = 0, clock_jumps = 0;
  std::int64_t lost = 0, repeated = 0, delayed = 0, wrong = 0;  // messages to and from doors and mail servers
  std::map<std::string, std::int64_t> rows;                     // of the table and the notes: how often taken
  std::map<std::string, std::int64_t> refused;                  // named checks: how often they said no
  std::map<std::string, std::int64_t> held;  // what the drill looks at: how often it was seen to hold

  void add(const Totals& other);
};

}  // namespace kintsugi::drill

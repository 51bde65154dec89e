#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace kintsugi::crash {

// One answer that said that something is done.
struct Acknowledged {
  std::string case_id;
  std::string event;
  std::int64_t version = 0;  // of the case, after everything that followed
  int followed = 0;          // automatic laps that came with it
};

// What the clients were told, and what became of the requests that a kill cut off. Any thread.
class Ledger {
 public:
  struct Counts {
    std::int64_t acknowledged = 0;
    std::int64_t cut_after = 0;     // in flight at a kill, and found committed: the kill came before the reply
    std::int64_t cut_before = 0;    // in flight at a kill, and not committed
    std::int64_t asked_again = 0;   // acknowledged before a kill, asked again after it, and the stored reply came
    std::int64_t closed_cases = 0;  // straight runs played to their end
  };

  void add(Acknowledged one) {
    const std::scoped_lock lock(mutex_);
    ++counts_.acknowledged;
    all_.push_back(std::move(one));
  }
  void closed(const std::string& case_id) {
    const std::scoped_lock lock(mutex_);
    ++counts_.closed_cases;
    closed_.insert(case_id);
  }
  void left_alone(const std::string& case_id) {
    const std::scoped_lock lock(mutex_);
    sleepers_.insert(case_id);
  }
  void cut(bool committed) {
    const std::scoped_lock lock(mutex_);
    ++(committed ? counts_.cut_after : counts_.cut_before);
  }
  void asked_again() {
    const std::scoped_lock lock(mutex_);
    ++counts_.asked_again;
  }
  void complain(std::string what) {
    const std::scoped_lock lock(mutex_);
    complaints_.push_back(std::move(what));
  }

  Counts counts() const {
    const std::scoped_lock lock(mutex_);
    return counts_;
  }
  std::vector<Acknowledged> all() const {
    const std::scoped_lock lock(mutex_);
    return all_;
  }
  std::set<std::string> closed_cases() const {
    const std::scoped_lock lock(mutex_);
    return closed_;
  }
  std::set<std::string> sleepers() const {
    const std::scoped_lock lock(mutex_);
    return sleepers_;
  }
  std::vector<std::string> complaints() const {
    const std::scoped_lock lock(mutex_);
    return complaints_;
  }

 private:
  mutable std::mutex mutex_;
  Counts counts_;
  std::vector<Acknowledged> all_;
  std::set<std::string> closed_, sleepers_;
  std::vector<std::string> complaints_;
};

}  // namespace kintsugi::crash

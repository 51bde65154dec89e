#pragma once

#include "engine/base/instant.h"

#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace kintsugi {

// Who has failed to prove himself, from where, and who must therefore wait. It is made so that knowing mail addresses
// is not enough to shut anybody out:
//
//   a pair (person, place)     waits longer with each failure; nobody else's failures touch it
//   a network, over all people is refused for a while, but only as a stranger
//   strangers, all together    share what password hashes may cost, so that flooding does not stop the others
//   strangers to one person    are refused for a while if nothing but a password keeps them out
//
// A place is familiar when this person has signed in from it not long ago; only pairs count there. People are counted
// under what was typed, so that one who does not exist cannot be told from one who does.
//
// In memory: a restart, which an attacker cannot bring about, gives back to each pair its free failures, and what
// makes a place familiar is stored. What is worth carrying over (right passwords with wrong codes) stands in the
// store (accounts.h). Any thread.
class Attempts {
 public:
  struct Knock {
    std::string who;
    std::string network;
    std::string place;  // the network, or something of this person's own: a known client, a sign-in
    bool familiar = false;
  };

  // Before anything is compared. A stranger takes his share of what all strangers may cost.
  bool may_try(const Knock& knock, Instant now);
  // Until when the pair waits now; empty: it does not.
  Instant failed(const Knock& knock, Instant now);
  void succeeded(const Knock& knock);
  // Have strangers failed too often on this person?
  bool closed_to_strangers(const std::string& who, Instant now);
  // True once in a while for each person: locks of one person are told to his hospital no more often.
  bool may_tell(const std::string& who, Instant now);

 private:
  struct Count {
    Instant since{};
    int failures = 0;
    Instant until{};  // of a pair: waits
  };
  using Pair = std::pair<std::string, std::string>;  // who, place
  bool has_room(Instant now);
  static int failures_in(const std::map<std::string, Count>& counts, const std::string& of, Duration window,
                         Instant now);
  static void count(std::map<std::string, Count>& counts, const std::string& of, Duration window, Instant now);

  std::mutex mutex_;
  std::map<Pair, Count> familiar_;  // as many as there are people and their places
  std::map<Pair, Count> strange_;
  std::map<std::string, Count> networks_;
  std::map<std::string, Count> strangers_to_;
  std::map<std::string, Instant> told_;
  double strangers_left_ = -1;  // tries; negative: not begun
  Instant strangers_at_{};
};

}  // namespace kintsugi

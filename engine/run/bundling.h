#pragma once

#include "engine/base/instant.h"

#include <deque>
#include <string>
#include <unordered_map>

namespace kintsugi {

// When letters to the same people share one (docs/decisions/0021-letters-gather-at-delivery.md). A few letters go
// alone and at once; once there have been many within minutes, the next ones gather for a while and then go together.
struct Tempo {
  int alone = 10;  // letters to the same people within `within` that go alone; 0: none ever shares
  Duration within = 5min;
  Duration gather = 60s;  // from the first that gathers to the letter they share
  int letter_max = 500;   // told in one letter; what is left over follows in the next, at once
};

// Remembers how many letters went to whom lately. One thread. Forgets what is older than a Tempo's times, so that
// what it holds is bounded by the receivers of the last minutes, and by `receivers_max`: beyond, letters go alone.
class Bundling {
 public:
  explicit Bundling(Tempo tempo) : tempo_(tempo) {}

  enum class Way { alone, share, gather };
  struct Plan {
    Way way = Way::alone;
    Instant until{};  // gather: when to look again
  };
  // What to do with the next letter of this bundle.
  Plan plan(const std::string& bundle, Instant now);
  // A shared letter is on its way; `full`: more of its bundle may be left, which need not gather again.
  void shared(const std::string& bundle, int told, Instant now);

  const Tempo& tempo() const { return tempo_; }
  static constexpr std::size_t receivers_max = 4096;

 private:
  struct Receiver {
    std::deque<Instant> sent;  // alone, within the last minutes
    Instant next{};            // they gather until then; empty: they go alone
  };
  void forget(Instant now);

  Tempo tempo_;
  std::unordered_map<std::string, Receiver> receivers_;
  Instant forgot_at_{};
};

}  // namespace kintsugi

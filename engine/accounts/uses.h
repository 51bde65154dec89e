#pragma once

#include "engine/accounts/limits.h"
#include "engine/base/bytes.h"
#include "engine/ports/records.h"

#include <cstring>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace kintsugi {

// When each token was last used. Every request says so here; to the store it goes once a minute, all of them
// together, so that reading costs no writing. What was used since the last writing is lost with the process. Any
// thread.
class Uses {
 public:
  void note(const Digest& secret, Instant now) {
    const std::scoped_lock lock(mutex_);
    Seen& seen = seen_[secret];
    seen.at = std::max(seen.at, now);
    seen.written = false;
  }
  // Empty when it has not been used since the start.
  Instant last(const Digest& secret) const {
    const std::scoped_lock lock(mutex_);
    const auto found = seen_.find(secret);
    return found == seen_.end() ? Instant{} : found->second.at;
  }
  // What is to be written now: nothing, but for one caller a minute.
  std::vector<Use> due(Instant now) {
    const std::scoped_lock lock(mutex_);
    if (now - noted_ < accounts::uses_noted_every) return {};
    noted_ = now;
    std::vector<Use> out;
    for (auto& [secret, seen] : seen_)
      if (!seen.written) {
        out.push_back({secret, seen.at});
        seen.written = true;
      }
    std::erase_if(seen_, [&](const auto& one) { return now - one.second.at >= accounts::sign_in_idle; });
    return out;
  }

 private:
  struct Seen {
    Instant at{};
    bool written = false;
  };
  struct Hash {
    std::size_t operator()(const Digest& digest) const {
      std::size_t out = 0;
      std::memcpy(&out, digest.data(), sizeof out);
      return out;
    }
  };
  mutable std::mutex mutex_;
  Instant noted_{};
  std::unordered_map<Digest, Seen, Hash> seen_;
};

}  // namespace kintsugi

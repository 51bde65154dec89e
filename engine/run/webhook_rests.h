#pragma once

#include "engine/base/instant.h"
#include "engine/domain/ids.h"

#include <algorithm>
#include <map>
#include <mutex>

namespace kintsugi {

// Which webhooks are left alone for a while because they did not answer well: while one rests, nothing is posted to
// it, so that one that is dead costs one attempt now and then and not one for every case. Any thread.
class WebhookRests {
 public:
  static constexpr Duration first = std::chrono::seconds(5);
  static constexpr Duration longest = std::chrono::minutes(10);

  // Until when it is to be left alone; empty when it may be tried.
  Instant until(const WebhookId& id, Instant now) const {
    const std::scoped_lock lock(mutex_);
    const auto found = rests_.find(id);
    return found == rests_.end() || found->second.until <= now ? Instant{} : found->second.until;
  }
  void answered(const WebhookId& id) {
    const std::scoped_lock lock(mutex_);
    rests_.erase(id);
  }
  // `asked_for` is its Retry-After; zero when it said nothing.
  void failed(const WebhookId& id, Instant now, Duration asked_for) {
    const std::scoped_lock lock(mutex_);
    Rest& rest = rests_[id];
    rest.length = rest.length == Duration{} ? first : std::min(rest.length * 2, longest);
    rest.until = now + std::max(rest.length, asked_for);
  }

 private:
  struct Rest {
    Instant until{};
    Duration length{};
  };
  mutable std::mutex mutex_;
  std::map<WebhookId, Rest> rests_;
};

}  // namespace kintsugi

#pragma once

#include "engine/ports/records.h"

#include <functional>
#include <mutex>
#include <set>
#include <string>

// The Idempotency-Key of a POST: the same request again is answered with what was answered before, and done once.
namespace kintsugi::http {

class Exchange;

// Who keeps the reply to a POST. What could not be read or was not allowed to be asked (400, 401, 413, 415, 422, 429)
// and what did not come about (5xx) is kept by nobody: it may be sent again under the same key.
enum class Kept {
  by_route,   // in the commit of what it does: laps, masters, shifts. A twin waits for it
  here,       // around the route, by answer_once(): begun before it and kept after it
  unshown,    // the same, but a success holds a secret: kept is that there was one, never what
  by_nobody,  // it proves who somebody is: twice is two proofs
};

// Keys whose requests are being carried out now. Any thread.
class Running {
 public:
  class Hold {
   public:
    Hold(Running& running, IdempotencyKey key) : running_(running), key_(std::move(key)) {
      const std::scoped_lock lock(running_.mutex_);
      held_ = running_.keys_.insert(key_).second;
    }
    ~Hold() {
      if (!held_) return;
      const std::scoped_lock lock(running_.mutex_);
      running_.keys_.erase(key_);
    }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;
    explicit operator bool() const { return held_; }

   private:
    Running& running_;
    const IdempotencyKey key_;
    bool held_ = false;
  };

 private:
  std::mutex mutex_;
  std::set<IdempotencyKey> keys_;
};

// Answers a request once for its key, and without a key as often as it comes. `owner` is whose key it is: the same
// key of somebody else is another. That it was begun is on disk before `answer` is called: whatever stops the program
// in between, it is not done a second time, and the repeat is told that nobody knows how it ended.
void answer_once(Exchange& exchange, const std::string& owner, Kept kept, const std::function<void()>& answer);

}  // namespace kintsugi::http

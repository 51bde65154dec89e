#include "engine/accounts/attempts.h"

#include "engine/accounts/limits.h"

#include <algorithm>

namespace kintsugi {
namespace {

using namespace accounts;

Duration wait_after(int failures) {
  if (failures < failures_free) return {};
  Duration out = wait_first;
  for (int i = failures_free; i < failures && out < wait_max; ++i)
    out *= 2;
  return std::min(out, wait_max);
}

double seconds(Duration span) {
  return std::chrono::duration<double>(span).count();
}

}  // namespace

bool Attempts::may_try(const Knock& knock, Instant now) {
  const std::scoped_lock lock(mutex_);
  auto& pairs = knock.familiar ? familiar_ : strange_;
  if (const auto found = pairs.find({knock.who, knock.place}); found != pairs.end() && found->second.until > now)
    return false;
  if (knock.familiar) return true;
  if (failures_in(networks_, knock.network, network_window, now) >= network_failures_max || !has_room(now))
    return false;
  if (strangers_left_ < 0) strangers_left_ = stranger_tries_burst;
  const double earned = stranger_tries_per_s * std::max(0.0, seconds(now - strangers_at_));
  strangers_left_ = std::min(stranger_tries_burst, strangers_left_ + earned);
  strangers_at_ = now;
  if (strangers_left_ < 1) return false;
  strangers_left_ -= 1;
  return true;
}

Instant Attempts::failed(const Knock& knock, Instant now) {
  const std::scoped_lock lock(mutex_);
  Count& pair = (knock.familiar ? familiar_ : strange_)[{knock.who, knock.place}];
  if (pair.failures == 0 || now - pair.since >= pair_memory) pair = {.since = now, .failures = 0, .until = {}};
  ++pair.failures;
  const Duration wait = wait_after(pair.failures);
  pair.until = wait == Duration{} ? Instant{} : now + wait;
  if (!knock.familiar) {
    count(networks_, knock.network, network_window, now);
    count(strangers_to_, knock.who, stranger_window, now);
  }
  return pair.until;
}

void Attempts::succeeded(const Knock& knock) {
  const std::scoped_lock lock(mutex_);
  familiar_.erase({knock.who, knock.place});
  strange_.erase({knock.who, knock.place});
}

bool Attempts::closed_to_strangers(const std::string& who, Instant now) {
  const std::scoped_lock lock(mutex_);
  return failures_in(strangers_to_, who, stranger_window, now) >= stranger_failures_max;
}

bool Attempts::may_tell(const std::string& who, Instant now) {
  const std::scoped_lock lock(mutex_);
  if (told_.size() >= pairs_max)
    std::erase_if(told_, [&](const auto& one) { return now - one.second >= lock_told_every; });
  const auto [known, fresh] = told_.try_emplace(who, now);
  if (!fresh && now - known->second < lock_told_every) return false;
  known->second = now;
  return true;
}

// What nobody waits for any more is forgotten first; then what is harmless; and if all that is left counts, no
// stranger is let in rather than one whose failures are forgotten.
bool Attempts::has_room(Instant now) {
  const auto full = [&] { return std::max({strange_.size(), networks_.size(), strangers_to_.size()}) >= pairs_max; };
  if (!full()) return true;
  std::erase_if(strange_, [&](const auto& one) { return now - one.second.since >= pair_memory; });
  std::erase_if(networks_, [&](const auto& one) { return now - one.second.since >= network_window; });
  std::erase_if(strangers_to_, [&](const auto& one) { return now - one.second.since >= stranger_window; });
  if (full()) std::erase_if(strange_, [](const auto& one) { return one.second.failures < failures_free; });
  return !full();
}

int Attempts::failures_in(const std::map<std::string, Count>& counts, const std::string& of, Duration window,
                          Instant now) {
  const auto found = counts.find(of);
  return found == counts.end() || now - found->second.since >= window ? 0 : found->second.failures;
}

void Attempts::count(std::map<std::string, Count>& counts, const std::string& of, Duration window, Instant now) {
  Count& one = counts[of];
  if (one.failures == 0 || now - one.since >= window) one = {.since = now, .failures = 0, .until = {}};
  ++one.failures;
}

}  // namespace kintsugi

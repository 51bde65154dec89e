#include "adapters/http/rate_limit.h"

#include <algorithm>

namespace kintsugi::http {
namespace {

double seconds(Duration span) {
  return std::chrono::duration<double>(span).count();
}

}  // namespace

RateLimit::RateLimit(double per_s, double burst, std::size_t clients_max)
    : per_s_(per_s), burst_(burst), clients_max_(clients_max) {}

Duration RateLimit::take(const std::string& client, Instant now) {
  const std::scoped_lock lock(mutex_);
  if (buckets_.size() >= clients_max_ && !buckets_.contains(client)) forget_rested(now);
  Bucket& bucket = buckets_.try_emplace(client, Bucket{burst_, now}).first->second;
  // A clock that went back gives nothing and takes nothing.
  bucket.tokens = std::min(burst_, bucket.tokens + per_s_ * std::max(0.0, seconds(now - bucket.at)));
  bucket.at = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return {};
  }
  return std::chrono::ceil<Duration>(std::chrono::duration<double>((1 - bucket.tokens) / per_s_));
}

void RateLimit::forget_rested(Instant now) {
  std::erase_if(buckets_,
                [&](const auto& one) { return one.second.tokens + per_s_ * seconds(now - one.second.at) >= burst_; });
  // Everybody is busy: forgetting them all is kinder than to stop remembering, and costs one burst each.
  if (buckets_.size() >= clients_max_) buckets_.clear();
}

}  // namespace kintsugi::http

#pragma once

#include "engine/base/instant.h"

#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace kintsugi::http {

// Token buckets, one for each client: `burst` requests at once, `per_s` for long. Any thread.
class RateLimit {
 public:
  RateLimit(double per_s, double burst, std::size_t clients_max);

  // Zero when the request may pass, else how long until the next one may.
  Duration take(const std::string& client, Instant now);

 private:
  struct Bucket {
    double tokens;
    Instant at;
  };
  void forget_rested(Instant now);

  const double per_s_;
  const double burst_;
  const std::size_t clients_max_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace kintsugi::http

#pragma once

#include "engine/base/exposition.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace kintsugi::http {

// Counts requests by route and status, and how long each route took. The routes are those of the table and one for
// everything that is none of them. Any thread, without a lock.
class RequestMeter {
 public:
  RequestMeter();
  // `route` is the place in the table; its size for none of them.
  void answered(std::size_t route, int status, std::uint64_t micros);
  void write(Exposition& out) const;

 private:
  static constexpr int status_first = 100;
  static constexpr int status_count = 500;
  struct Row {
    std::array<std::atomic<std::uint64_t>, status_count> by_status{};
    Histogram took;
  };
  std::vector<std::unique_ptr<Row>> rows_;
};

}  // namespace kintsugi::http

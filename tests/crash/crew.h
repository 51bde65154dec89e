#pragma once

#include "tests/crash/ledger.h"
#include "tests/crash/site.h"

#include <atomic>
#include <thread>
#include <vector>

namespace kintsugi::crash {

// Clients that take case after case through the straight run and do not give up when the line breaks: each asks
// again with the same Idempotency-Key until it has an answer, as a careful program of a hospital would.
class Crew {
 public:
  Crew(Site& site, Ledger& ledger, int size);
  ~Crew();
  // Nobody begins anything new; returns when every request has its answer.
  void finish();

 private:
  class Hand;
  std::atomic<bool> over_{false};
  std::atomic<int> sleepers_{0};
  std::vector<std::thread> threads_;
};

}  // namespace kintsugi::crash

#pragma once

#include "engine/base/exposition.h"
#include "engine/run/conductor.h"

#include <map>
#include <mutex>
#include <string>
#include <tuple>

namespace kintsugi {

// What the writer did since the start, in numbers: laps by event and state, refusals by check, batches. All label
// values are names of the workflow's tables. Any thread.
class WriterMeter final : public Conductor::Meter {
 public:
  void decided(const Outcome& outcome) override;
  void committed(int items, Duration took, bool well) override;
  void write(Exposition& out) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> transitions_;  // by event and state afterwards
  std::map<std::string, std::uint64_t> refusals_;                             // by the first check that failed
  std::map<Outcome::Kind, std::uint64_t> outcomes_;
  std::uint64_t items_ = 0;
  std::uint64_t failed_ = 0;  // batches that were not committed
  Histogram took_;
};

}  // namespace kintsugi

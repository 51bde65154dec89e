#pragma once

#include "tests/bench/engine.h"

#include <filesystem>

namespace kintsugi::bench {

// Straight runs through Conductor::submit_all() without HTTP: payloads are checked, texts sealed, laps decided and
// committed with audit record and outbox. Two callers hand in half of `batch` each, so that one half is prepared
// while the other is committed, as it is with clients on a network.
struct Inside {
  double per_second = 0;  // acknowledged laps, without those that follow by themselves
  double followed = 0;    // per second as well
  std::int64_t laps = 0;
  Engine::Verified verified;
};
// `whole`: courier, integrator and timekeeper run beside it; otherwise laps alone.
Inside laps_inside(const std::filesystem::path& directory, int batch, double seconds, bool whole);

}  // namespace kintsugi::bench

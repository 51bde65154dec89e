#pragma once

#include "tests/bench/client.h"

#include <filesystem>

namespace kintsugi::bench {

// How soon what must not wait is done, by an engine that has nothing else to do: one after the other, all its
// threads, the real store. Doors answer at once (a simulated site), and so does the mailer; what is left is the
// engine's own time.
struct Promptness {
  Latencies mailed;  // from the moment a fault is durable to its mail being handed over
  Latencies cut;     // from a revocation being handed in to every hop proved closed and stored so
};
Promptness promptness(const std::filesystem::path& directory, int faults, int cuts);

}  // namespace kintsugi::bench

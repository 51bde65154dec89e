#pragma once

#include "adapters/intake/intake.h"
#include "engine/base/exposition.h"
#include "engine/run/health.h"
#include "programs/server/engine.h"
#include "programs/server/watched_mailer.h"

#include <atomic>
#include <vector>

namespace kintsugi {

// What the checks have seen and the measurements repeat.
struct Seen {
  std::atomic<std::int64_t> signed_up_at{0};  // when every log was last signed up to its newest record; microseconds
};

// The named checks of a server (docs/operating.md has a section for each). Everything must outlive them; `mailer` and
// `intake` may be null when the configuration has none.
std::vector<HealthCheck> health_checks(Engine& engine, const Home& home, const WatchedMailer* mailer,
                                       const intake::Intake* intake, Seen& seen);

void measure_forgotten(const Forgotten& total, Exposition& out);
// The ages that only the program knows: of the last checkpoint and of the last verified backup.
void measure_ages(const Home& home, const Clock& clock, const Seen& seen, Exposition& out);

}  // namespace kintsugi

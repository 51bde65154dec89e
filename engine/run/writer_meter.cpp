#include "engine/run/writer_meter.h"

namespace kintsugi {

void WriterMeter::decided(const Outcome& outcome) {
  const std::scoped_lock lock(mutex_);
  ++outcomes_[outcome.kind];
  if (outcome.replayed) return;  // counted when it was decided
  if (outcome.kind == Outcome::Kind::moved) ++transitions_[{outcome.event, outcome.state}];
  if (outcome.kind == Outcome::Kind::refused)
    ++refusals_[outcome.failed.empty() ? std::string("unnamed") : outcome.failed.front().name];
}

void WriterMeter::committed(int items, Duration took, bool well) {
  took_.observe(static_cast<std::uint64_t>(took.count()));
  const std::scoped_lock lock(mutex_);
  items_ += static_cast<std::uint64_t>(items);
  failed_ += well ? 0 : 1;
}

void WriterMeter::write(Exposition& out) const {
  const std::scoped_lock lock(mutex_);
  out.counter("kintsugi_transitions_total",
              "Laps that were decided and made durable, by event and state afterwards.");
  for (const auto& [key, count] : transitions_)
    out.sample(static_cast<double>(count), {{"event", key.first}, {"state", key.second}});
  out.counter("kintsugi_refusals_total", "Laps that a rule refused, by the first check that did not hold.");
  for (const auto& [check, count] : refusals_)
    out.sample(static_cast<double>(count), {{"check", check}});
  out.counter("kintsugi_submissions_total", "Submissions by how they ended.");
  for (const auto& [kind, count] : outcomes_)
    out.sample(static_cast<double>(count), {{"outcome", name_of(kind)}});
  out.histogram("kintsugi_batch_seconds", "Time from the first decision of a batch to the end of its commit.");
  out.sample(took_);
  out.counter("kintsugi_batch_items_total", "Submissions and chores in all batches.");
  out.sample(static_cast<double>(items_));
  out.counter("kintsugi_batches_failed_total", "Batches whose commit failed.");
  out.sample(static_cast<double>(failed_));
}

}  // namespace kintsugi

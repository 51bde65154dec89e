#include "engine/run/settling.h"

#include "engine/base/log.h"

namespace kintsugi {
namespace {

Result<> append(Batch& batch, AuditLines& lines, const Result<AuditLine>& line, AuditLines::Mark mark) {
  if (!line) return pass(line);
  auto done = batch.append_audit(*line);
  if (!done) lines.give_back(mark);
  return done;
}

}  // namespace

Result<> settle(Batch& batch, AuditLines& lines, const Settlement& settlement) {
  auto given_up = batch.settle(settlement);
  if (!given_up) return pass(given_up);
  if (settlement.attempt)
    if (auto noted = batch.note_attempt(*settlement.attempt); !noted) return noted;
  if (!*given_up) return {};
  const auto mark = lines.mark();
  const auto line = lines.gave_up(**given_up, settlement.at);
  if (!line) {
    // Nothing a retry could mend: it would only keep the lane of this case standing still.
    log::run().error("effect={} given up, and no record can hold it: {}", settlement.id.text(), line.error().what);
    return {};
  }
  return append(batch, lines, line, mark);
}

Result<> redrive(Batch& batch, AuditLines& lines, const EffectId& id, const Actor& actor, Role as, Instant at) {
  const auto before = batch.redrive(id, at);
  if (!before) return pass(before);
  const auto mark = lines.mark();
  return append(batch, lines, lines.redriven(*before, actor, as, at), mark);
}

}  // namespace kintsugi

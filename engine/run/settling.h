#pragma once

#include "engine/ports/store.h"
#include "engine/run/audit_lines.h"

namespace kintsugi {

// The end of a delivery inside a batch. What it gives up gets its record `effect.gave_up` in the hospital's log, so
// that both are committed or neither is. Only for whoever does the step.
//
// NotFound: there is no such effect, and nothing happened. After any other failure half of it may stand in the batch,
// which must not be committed.
Result<> settle(Batch& batch, AuditLines& lines, const Settlement& settlement);

// Gives an effect that was given up another life, with its record `effect.redriven`. NotFound, or Refused if it has
// not been given up; any other failure as above.
Result<> redrive(Batch& batch, AuditLines& lines, const EffectId& id, const Actor& actor, Role as, Instant at);

}  // namespace kintsugi

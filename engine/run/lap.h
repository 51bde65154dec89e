#pragma once

#include "engine/base/log.h"
#include "engine/run/laps.h"

#include <optional>
#include <string>

namespace kintsugi {

// One submission on its way; what it writes is collected here and written at once.
struct Laps::Lap {
  Prepared& prepared;
  Round& round;
  Done done;
  Event event;
  const Schemas::Compiled* schema = nullptr;
  CaseCache::File before;  // null for a lap that opens a case
  bool opens = false;
  bool fault = false;
  Drafts drafts;  // texts that could not be sealed before the case was known
  std::vector<CaseBrief> same_device;
  CaseCache::File target;  // the open case of the same device that the payload names (F12)
  std::optional<Digest> used_step_up;

  // What it leaves behind.
  std::shared_ptr<CaseFile> after;
  std::vector<std::shared_ptr<CaseFile>> others;
  std::vector<Effect> effects;
  std::vector<EffectId> withdrawn;
  bool mails_now = false;

  Lap(Prepared& from, Round& in) : prepared(from), round(in), schema(from.schema) {
    done.outcome.event = from.submission.event;
    done.outcome.case_id = from.submission.case_id;
  }

  const Submission& wanted() const { return prepared.submission; }
  bool closing() const { return schema != nullptr && Schemas::info(*schema).closing; }
  const CaseFile& file() const {
    static const CaseFile none;
    return before ? *before : none;
  }
  bool end(Outcome::Kind kind, const char* problem) {
    done.outcome.kind = kind;
    done.outcome.problem = problem;
    return false;
  }
  bool unlucky(const Error& error) {
    log::run().warn("case={} event={} not done: {}", event.case_id.text(), event.name, error.what);
    return end(Outcome::Kind::transient, "store-unavailable");
  }
};

// The member of a payload as text; empty if it is missing or no text.
inline std::string text_at(const Json& payload, const char* name) {
  const auto found = payload.find(name);
  return found != payload.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Is this the timer that the submission says has gone off?
inline bool is_due(const Timer& timer, const Submission& fired) {
  return timer.event == fired.event && timer.about == fired.timer_about && timer.round == fired.timer_round &&
         timer.due == fired.timer_due;
}

}  // namespace kintsugi

#include "tests/explore/lap.h"

#include "engine/run/audit_lines.h"
#include "tests/support/invariants.h"
#include "workflows/fault_response/invariants.h"
#include "workflows/fault_response/workflow.h"

#include <algorithm>

namespace kintsugi::explore {
namespace {

using fault_response::fault_response;

constexpr int follow_ups_max = 8;  // as the engine's
constexpr int rings_max = 12;      // of clocks that only remind, one after another, before the engine was away

Verdict decide(const Moment& moment, const Event& event, const std::vector<CaseBrief>& others) {
  return fault_response().decide({.file = moment.file,
                                  .event = event,
                                  .directory = masters(moment.masters),
                                  .policy = policy_of(moment),
                                  .same_device = others,
                                  .audit_working = moment.audit_working,
                                  .target = &other_case()});
}

// Somebody looks again or is called for, as long as nobody knows that it is shut.
bool is_watched(const CaseFile& file) {
  const bool closing = file.state == "disconnecting" || file.state == "disc_unverified" || file.state == "halted" ||
                       file.state == "connect_failed";
  if (!closing || testing::live_grant_of(file) == nullptr) return true;
  return std::ranges::any_of(file.timers, [](const Timer& one) {
    return one.event == "t_close_expired" || one.event == "t_close_recheck" || one.event == "t_reminder";
  });
}

}  // namespace

struct Laps::Records {
  AuditLines lines{fault_response(), "explore", "kintsugi.example", "00000000"};
};

Laps::Laps() : records_(std::make_unique<Records>()) {}
Laps::~Laps() = default;

void Laps::check_record(const Event& event, const Decision& decision, std::vector<Broken>& broken) {
  const auto mark = records_->lines.mark();
  if (const auto line = records_->lines.step(event, decision); !line)
    broken.push_back({std::string(rule_record), event.name + ": " + line.error().what});
  for (const CaseFile& other : decision.others)
    if (const auto line = records_->lines.second(event, decision, other); !line)
      broken.push_back({std::string(rule_record), event.name + ", second case: " + line.error().what});
  records_->lines.give_back(mark);
}

void Laps::check_refusal(const Moment& moment, const Move& move, const Refusal& refusal,
                         std::vector<Broken>& broken) {
  ++tally_.refused;
  for (const FailedCheck& one : refusal.failed)
    ++tally_.blocked[one.name];
  if (refusal.failed.empty()) broken.push_back({std::string(rule_refusal), "no check is named"});
  const auto due = due_timers(moment);
  const bool ran_out = std::ranges::any_of(due, [&](const Move& one) {
    return one.event == move.event && one.timer_about == move.timer_about && one.timer_round == move.timer_round;
  });
  if (ran_out && move.who == "sys")
    broken.push_back({std::string(rule_clock), move.event + " in " + moment.file.state + ": " +
                                                   (refusal.failed.empty() ? "" : refusal.failed.front().name)});
}

std::optional<Moment> Laps::step(const Moment& moment, const Move& move, std::vector<Broken>& broken) {
  const Event event = event_of(moment, move);
  const auto others = same_device(moment);
  constexpr std::uint64_t every = 16;  // a copy costs as much as a decision
  const std::optional<CaseFile> before =
      tally_.asked % every == 0 ? std::optional<CaseFile>(moment.file) : std::nullopt;
  Verdict verdict = decide(moment, event, others);
  ++tally_.asked;
  const Situation now{.file = moment.file,
                      .event = event,
                      .directory = masters(moment.masters),
                      .policy = policy_of(moment),
                      .same_device = others,
                      .audit_working = moment.audit_working,
                      .target = &other_case()};
  for (std::string& one : testing::complaints({.now = now, .verdict = verdict})) {
    const auto detail = one.rfind(" (");
    broken.push_back({one.substr(0, detail), one.substr(detail + 1)});
  }
  if (before && *before != moment.file)
    broken.push_back({std::string(rule_refusal), "the file that was asked about has changed"});
  if (const auto* refusal = std::get_if<Refusal>(&verdict)) {
    check_refusal(moment, move, *refusal, broken);
    return {};
  }
  auto& decision = std::get<Decision>(verdict);
  ++tally_.decided;
  tally_.rows.insert(decision.row);
  check_record(event, decision, broken);
  Moment out{.file = std::move(decision.next),
             .now = moment.now,
             .masters = moment.masters,
             .audit_working = moment.audit_working,
             .other_has_grant = moment.other_has_grant};
  if (out.file.number.empty()) out.file.number = case_number(2026, 1);
  return out;
}

std::optional<Moment> Laps::follow(Moment moment, std::vector<Broken>& broken) {
  for (int i = 0; i < follow_ups_max; ++i) {
    const auto next = fault_response().follow_up(moment.file);
    if (!next) return moment;
    auto after = step(moment, {.who = "sys", .event = *next, .with = ""}, broken);
    if (!after) {
      broken.push_back({std::string(rule_follow), *next + " in " + moment.file.state});
      return moment;
    }
    moment = std::move(*after);
  }
  broken.push_back({std::string(rule_follow), "it goes in a circle"});
  return moment;
}

// The clocks that only remind ring as they come. Nothing that anybody does asks whether one has rung yet, so it is
// enough to play them in one order; what another order leads to is a ringing in the state after.
Moment Laps::ring(Moment moment, std::vector<Broken>& broken) {
  for (const Move& move : due_timers(moment)) {
    const auto runs = std::ranges::find_if(moment.file.timers, [&](const Timer& one) {
      return one.event == move.event && one.about == move.timer_about && one.round == move.timer_round;
    });
    if (runs == moment.file.timers.end() || acts(moment, *runs)) continue;
    auto after = step(moment, move, broken);
    if (after) after = follow(std::move(*after), broken);
    if (after) moment = std::move(*after);
  }
  return moment;
}

// To the next instant at which something changes: an acting clock, the bound of a window, or a clock that has
// reminded for the last time. Of those that go round for ever it is enough to hear each once.
Moment Laps::forward(Moment moment, std::vector<Broken>& broken) {
  const std::string before = canonical(moment);
  const Instant stop = next_stop(moment);
  for (int i = 0; i < rings_max; ++i) {
    const Instant next = moment.file.next_due();
    if (next == Instant{} || (stop != Instant{} && next >= stop)) break;
    moment.now = std::max(moment.now, next);
    moment = ring(std::move(moment), broken);
    if (canonical(moment) != before) return moment;
  }
  // The engine was away for a while, and all that is late rings at once.
  Instant late = stop;
  if (late == Instant{})
    for (const Timer& one : moment.file.timers)
      late = std::max(late, one.due);
  moment.now = std::max(moment.now, late);
  return ring(std::move(moment), broken);
}

Moment Laps::in_the_world(const Moment& moment, const Move& move, std::vector<Broken>& broken) {
  if (move.event == "the clock moves on") return forward(moment, broken);
  Moment out = moment;
  if (move.event.starts_with("the audit log")) out.audit_working = !moment.audit_working;
  if (move.event.starts_with("the other case")) out.other_has_grant = !moment.other_has_grant;
  if (move.event.starts_with("ada")) out.masters = Masters::ada_loses_role;
  if (move.event.starts_with("cho")) out.masters = Masters::cho_leaves;
  if (move.event.starts_with("hal")) out.masters = Masters::hal_comes;
  if (move.event.starts_with("gil")) out.masters = with_gil(moment.masters);
  if (out.masters == moment.masters) return out;
  for (int i = 0; i < follow_ups_max; ++i) {
    const auto owed = fault_response().review(out.file, masters(out.masters), policy_of(out), out.now);
    if (!owed) return out;
    auto after = step(out, {.who = "sys", .event = *owed, .with = ""}, broken);
    if (after) after = follow(std::move(*after), broken);
    if (!after) {
      broken.push_back({std::string(rule_follow), *owed + " after the masters changed"});
      return out;
    }
    out = std::move(*after);
  }
  broken.push_back({std::string(rule_follow), "the review goes in a circle"});
  return out;
}

std::optional<Moment> Laps::make(const Moment& moment, const Move& move, std::vector<Broken>& broken) {
  std::optional<Moment> after;
  if (move.who == "world") {
    after = in_the_world(moment, move, broken);
  } else {
    after = step(moment, move, broken);
    if (after) after = follow(std::move(*after), broken);
    // Nothing happens at the same instant twice; the next clock is far.
    if (after) after->now += 1ms;
  }
  if (!after || after->file.id.empty()) return after;
  for (std::string& one : fault_response::broken_invariants(after->file, policy_of(*after), after->now))
    broken.push_back({std::string(rule_rest), std::move(one)});
  if (!is_watched(after->file)) broken.push_back({std::string(rule_watch), "in " + after->file.state});
  return after;
}

void Laps::try_out(const Moment& moment, const Move& move, std::vector<Broken>& broken) {
  step(moment, move, broken);
}

}  // namespace kintsugi::explore

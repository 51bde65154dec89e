#include "programs/demo/director.h"

#include "programs/demo/play.h"
#include "programs/server/signals.h"
#include "programs/stage/say.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace kintsugi::demo {
namespace {

constexpr std::chrono::minutes play_max{10};
constexpr std::chrono::seconds standstill_max{200};  // longer than any timer of a story
constexpr std::chrono::milliseconds look_again{50};

const Json* action_in(const Json& seen, const std::string& event) {
  for (const Json& one : seen.at("actions"))
    if (one.at("event") == event) return &one;
  return nullptr;
}

}  // namespace

Result<> Director::play_story() {
  teller_.title(story_.title, story_.watch);
  if (auto done = report(); !done) return done;
  return play_case();
}

Result<> Director::report() {
  Script& script = stage_.cast().script;
  if (!script.case_id.empty()) return {};
  const auto reply = stage_.client().post("/api/v1/faults", script.device_token,
                                          {{"action", "trigger"},
                                           {"dedup_key", "cooling-1"},
                                           {"severity", "error"},
                                           {"code", "E-217"},
                                           {"care", name_of(story_.care)},
                                           {"occurred_at", to_text(stage_.clock().now())},
                                           {"details", "cooling pressure below limit, tube locked"}});
  if (!reply.ok()) return fail(Errc::Refused, "the device's notice was refused: " + reply.body.dump());
  script.case_id = CaseId{reply.body.at("case_id").get<std::string>()};
  if (auto saved = stage_.cast().save(); !saved) return saved;
  Json outcome = reply.body;
  outcome["row"] = "F01";
  teller_.act({"CT 2号機", "CT no. 2"}, Teller::word("device"), "notify", outcome);
  return {};
}

Result<Json> Director::look(const PersonId& as) {
  const auto token = stage_.cast().token(stage_.client(), as);
  if (!token) return pass(token);
  auto reply = stage_.client().get("/api/v1/cases/" + case_id().get<std::string>(), *token);
  if (!reply.ok())
    return fail(Errc::Refused, fmt::format("the case cannot be read: {} {}", reply.status, reply.body.dump()));
  return std::move(reply.body);
}

Result<> Director::tell_refusal(const Act& one, const Player& who, const Json& action) {
  const std::string memory = memory_of(case_id(), one.event + "/refused");
  if (stage_.cast().was(memory)) return {};
  teller_.refusal(who.name, Teller::word(name_of(one.role)), one.event, action.value("blocked_by", Json::array()));
  return stage_.cast().remember(memory);
}

Result<std::optional<Director::Attempt>> Director::find_actor(const Act& one) {
  std::optional<Attempt> waits;
  for (const Player* who : stage_.cast().all_with(one.role)) {
    auto seen = look(who->id);
    if (!seen) return pass(seen);
    const Json* action = action_in(*seen, one.event);
    if (action == nullptr) continue;
    if (!action->at("allowed").get<bool>()) {
      if (one.tells_refusal)
        if (auto told = tell_refusal(one, *who, *action); !told) return pass(told);
      continue;
    }
    const bool needs_step_up = action->value("needs_step_up", false);
    Attempt found{.act = one, .who = *who, .seen = std::move(*seen), .needs_step_up = needs_step_up};
    if (!needs_step_up || stage_.cast().has_code(who->id)) return found;
    if (!waits) waits.emplace(std::move(found));
  }
  return waits;
}

// False when somebody was faster.
Result<bool> Director::perform(const Attempt& attempt) {
  Cast& cast = stage_.cast();
  const auto& [one, who, seen, needs_step_up] = attempt;
  Client::Headers headers{{"If-Match", fmt::format("\"{}\"", seen.at("version").get<std::int64_t>())}};
  if (needs_step_up) {
    const auto step_up =
        cast.step_up(stage_.client(), who.id, one.event, one.payload.value("request_hash", std::string()));
    if (!step_up) return pass(step_up);
    headers["Step-Up"] = *step_up;
  }
  const auto token = cast.token(stage_.client(), who.id);
  if (!token) return pass(token);
  const auto reply = stage_.client().post(
      fmt::format("/api/v1/cases/{}/events/{}?as={}", case_id().get<std::string>(), one.event, name_of(one.role)),
      *token, one.payload, headers);
  if (!reply.ok()) {
    if (reply.status == 409 || reply.status == 412 || reply.status == 503) return false;
    return fail(Errc::Refused, fmt::format("{} {}: {} {}", who.name.en, one.event, reply.status, reply.body.dump()));
  }
  if (one.once)
    if (auto kept = cast.remember(memory_of(case_id(), one.event)); !kept) return pass(kept);
  teller_.act(who.name, Teller::word(name_of(one.role)), one.event, reply.body);
  return true;
}

Result<bool> Director::act(const Json& seen) {
  for (const Act& one : worth_trying(story_, seen, stage_.cast(), stage_.clock().now())) {
    const auto attempt = find_actor(one);
    if (!attempt) return pass(attempt);
    if (!*attempt) continue;
    auto done = perform(**attempt);
    if (!done || *done) return done;
  }
  return false;
}

Result<> Director::play_case() {
  using Steady = std::chrono::steady_clock;
  const auto begun = Steady::now();
  auto moved = begun;
  std::int64_t version = -1;
  std::string state;
  while (!stop_asked()) {
    const auto seen = look(stage_.cast().with(Role::rsc_svc)->id);
    if (!seen) return pass(seen);
    if (const auto now = seen->at("version").get<std::int64_t>(); now != version) {
      version = now;
      moved = Steady::now();
    }
    if (const auto now = seen->at("state").get<std::string>(); now != state) {
      state = now;
      teller_.state(state, seen->value("step", 0));
    }
    if (state == "closed") {
      teller_.mails();
      teller_.trail();
      return stage_.cast().remember(memory_of(case_id(), "told"));
    }
    const auto done = act(*seen);
    if (!done) return pass(done);
    if (*done) continue;
    if (Steady::now() - moved > standstill_max || Steady::now() - begun > play_max)
      return fail(Errc::Transient, "the story stands still in " + state + ": " + seen->at("actions").dump());
    std::this_thread::sleep_for(look_again);
  }
  return fail(Errc::Transient, "interrupted");
}

}  // namespace kintsugi::demo

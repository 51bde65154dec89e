#include "programs/demo/teller.h"

#include "engine/audit/checkpoint.h"
#include "engine/base/bytes.h"
#include "programs/stage/say.h"
#include "workflows/fault_response/workflow.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <thread>

namespace kintsugi::demo {
namespace {

constexpr std::chrono::seconds settle_max{3};  // for the mails of one act and for the next checkpoint
constexpr std::chrono::milliseconds look_again{50};

Text state_word(const std::string& name) {
  const StateInfo* state = fault_response::fault_response().state(name);
  return state == nullptr ? Text{name, name} : state->label;
}

}  // namespace

Text Teller::word(std::string_view name) {
  return fault_response::fault_response().text(name);
}

void Teller::plain(const Text& text) {
  say("{}", tongue_(text));
}

void Teller::title(const Text& what, const Text& watch) {
  say("\n{}\n  {}", tongue_(what), tongue_(watch));
}

void Teller::state(const std::string& name, int step) {
  if (step == 0) return;
  if (step != step_) trail();
  step_ = step;
  say("\n{} {}: {} ({})", tongue_("段階", "step"), step, name, tongue_(state_word(name)));
}

void Teller::act(const Text& who, const Text& as, const std::string& event, const Json& outcome) {
  const std::string state = outcome.value("state", "?");
  say("\n  [{}] {} ({}): {}", outcome.value("row", "?"), tongue_(who), tongue_(as), tongue_(word(event)));
  say("    -> {} ({})", state, tongue_(state_word(state)));
  mails();
}

void Teller::refusal(const Text& who, const Text& as, const std::string& event, const Json& blocked_by) {
  say("\n  [x] {} ({}): {}", tongue_(who), tongue_(as), tongue_(word(event)));
  for (const Json& one : blocked_by)
    say("    {}: {}", tongue_("できません", "not yet"), tongue_(word(one.value("name", "?"))));
}

void Teller::mails() {
  stage_.settle(settle_max);
  for (const MailSink::Mail& mail : stage_.sink().take())
    say("    {} {}: {}", tongue_("メール", "mail"), fmt::join(mail.to, ", "), mail.subject);
}

// The logs of the hospital, as its administrator is shown them.
std::vector<Json> Teller::logs() {
  Cast& cast = stage_.cast();
  const auto token = cast.token(stage_.client(), cast.with(Role::hcf_sysadm)->id);
  if (!token) return {};
  const auto reply = stage_.client().get("/api/v1/audit/checkpoint", *token);
  return reply.ok() ? reply.body.at("logs").get<std::vector<Json>>() : std::vector<Json>{};
}

void Teller::trail() {
  const auto until = std::chrono::steady_clock::now() + settle_max;
  std::vector<Json> found = logs();
  const auto is_signed = [](const Json& log) { return log.value("signed_size", 0) == log.value("records", 0); };
  while (!std::ranges::all_of(found, is_signed) && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(look_again);
    found = logs();
  }
  for (const Json& log : found) {
    const std::string note = log.value("note", "");
    const auto checkpoint = audit::parse_checkpoint(std::string_view(note).substr(0, note.find("\n\n") + 1));
    say("    {} {}{}", tongue_("証跡", "audit"), log.value("records", 0),
        checkpoint ? ", root " + to_base64(checkpoint->root) : std::string());
  }
}

}  // namespace kintsugi::demo

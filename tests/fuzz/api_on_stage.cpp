#include "tests/fuzz/api_on_stage.h"

#include "engine/base/digest.h"
#include "engine/base/ensure.h"
#include "tests/support/world.h"
#include "workflows/fault_response/workflow.h"

namespace kintsugi::fuzz {
namespace {

const Instant opening = *instant_from("2026-03-04T01:00:00Z");
constexpr double any_rate = 1e9;

}  // namespace

ApiOnStage::ApiOnStage()
    : clock_(opening),
      conductor_({.workflow = fault_response::fault_response(),
                  .store = store_,
                  .vault = vault_,
                  .clock = clock_,
                  .entropy = entropy_,
                  .node = "stage",
                  .log_base = "audit.alpha.example",
                  .journal_path = {},
                  .hurry = {},
                  .audit_working = {}}),
      accounts_(conductor_, store_, hasher_, clock_, entropy_),
      webhooks_({.conductor = conductor_, .store = store_, .clock = clock_, .entropy = entropy_}),
      integrations_(conductor_, store_, clock_, entropy_) {
  ensure(conductor_.open().has_value(), "an engine in memory opens");
  ensure(conductor_.put_masters(testing::world()).has_value(), "the world is stored");
  let_in();
  http::Listening listening;
  listening.signed_in_rate_per_s = listening.signed_in_burst = any_rate;
  listening.unknown_rate_per_s = listening.unknown_burst = any_rate;
  const Workflow& workflow = fault_response::fault_response();
  server_ = std::make_unique<http::Server>(
      http::Desk{.conductor = conductor_,
                 .accounts = accounts_,
                 .store = store_,
                 .vault = vault_,
                 .webhooks = webhooks_,
                 .integrations = integrations_,
                 .workflow = workflow,
                 .clock = clock_,
                 .registry = std::make_shared<const Registry>(conductor_, store_, clock_, entropy_),
                 .readings = std::make_shared<http::Readings>(conductor_, clock_),
                 .feed = std::make_shared<http::Feed>(conductor_, store_, workflow),
                 .log_base = "audit.alpha.example",
                 .node = "stage",
                 .ready = {}},
      listening);
  open_case();
}

void ApiOnStage::let_in() {
  const auto done = conductor_.chore([&](Batch& batch) -> Result<> {
    for (const char* nick : {"sato", "suzuki", "tanaka", "mori", "abe", "kimura", "ono", "hara", "endo"}) {
      SignIn one;
      one.id = testing::id_of<SignInId>("signin", nick);
      one.person = testing::person(nick);
      one.token = sha256(nick);
      one.created = opening;
      one.expires = opening + 12h;
      one.with_code = true;
      if (auto put = batch.put_sign_in(one); !put) return put;
    }
    const auto token = [&](CredentialKind kind, const std::string& owner, const char* nick) {
      Credential one;
      one.kind = kind;
      one.owner = owner;
      one.secret = sha256(nick);
      one.created = opening;
      one.expires = opening + 24h * 365;
      return batch.put_credential(one);
    };
    if (auto put = token(CredentialKind::device_token, testing::device("ct-1").text(), "ct-1"); !put) return put;
    return token(CredentialKind::gate_token, testing::access_point_of("midori").text(), "gate");
  });
  ensure(done.has_value(), "the people of the world are let in");
}

void ApiOnStage::open_case() {
  const auto submit = [&](const char* event, Actor actor, Json payload) {
    Submission one;
    one.event = event;
    one.case_id = CaseId{case_id_};
    one.actor = std::move(actor);
    one.payload = std::move(payload);
    const Outcome outcome = conductor_.submit(std::move(one));
    ensure(outcome.kind == Outcome::Kind::moved, to_json_text(outcome));
    case_id_ = outcome.case_id.text();
  };
  submit("fault", *accounts_.actor_of("ct-1", "192.0.2.1"),
         {{"action", "trigger"},
          {"code", "E-217"},
          {"dedup_key", "E-217"},
          {"device", testing::device("ct-1").text()},
          {"channel", "http"}});
  submit("acknowledge", *accounts_.actor_of("abe", "192.0.2.2"), Json::object());
}

}  // namespace kintsugi::fuzz

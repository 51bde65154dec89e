#include "tests/scenario/theatre.h"

#include "adapters/sqlite/store.h"
#include "engine/base/digest.h"
#include "workflows/fault_response/workflow.h"

#include <catch2/catch.hpp>

#include <unistd.h>

namespace kintsugi::testing {
namespace {

const Instant opening_night = *instant_from("2026-03-04T01:00:00Z");  // Wednesday, 10:00 in Tokyo

}  // namespace

// The line to the access points: up or down.
class Theatre::Wire final : public Controller {
 public:
  Wire(Theatre& theatre) : theatre_(theatre), site_(theatre.site_) {}
  Result<std::vector<HopAnswer>> carry_out(const Order& order, const std::string& key) override {
    if (!theatre_.link_to_access_point) return fail(Errc::Transient, "the line is down");
    if (theatre_.worked_by_hand) return std::vector<HopAnswer>{};
    return site_.carry_out(order, key);
  }

 private:
  Theatre& theatre_;
  access_point::SimulatedController site_;
};

Result<Posted> HeldMail::post(const Letter& letter, Instant) {
  if (away) return fail(Errc::Transient, "connection refused");
  letters_.push_back(letter);
  return Posted{.sent = sha256(letter.body), .refused = {}};
}

Theatre::Theatre() : clock_(opening_night) {
  for (const char* nick : {"ct-1", "mr-2", "us-9"})
    site_.install(device(nick), std::string("SN-") + nick);
  wire_ = std::make_unique<Wire>(*this);
  open();
  REQUIRE(engine_.conductor->put_masters(world()));
}

Theatre::~Theatre() {
  close();
}

void Theatre::open() {
  auto store = sqlite::Store::open((directory_ / "kintsugi.db").string(), clock_.now());
  REQUIRE(store);
  store_ = std::move(*store);
  auto vault = vault::Vault::open({(directory_ / "slots").string(), (directory_ / "kek").string()}, entropy_);
  REQUIRE(vault);
  vault_ = std::move(*vault);
  auto signer = Ed25519Signer::open(directory_ / "signer");
  REQUIRE(signer);
  signer_ = std::move(*signer);

  engine_ = WholeEngine::on({.workflow = fault_response::fault_response(),
                             .store = *store_,
                             .vault = *vault_,
                             .signer = *signer_,
                             .clock = clock_,
                             .entropy = entropy_,
                             .mailer = mail_,
                             .controller = [this](const AccessPointId&) -> Controller* { return wire_.get(); },
                             .node = "stage",
                             .log_base = log_base,
                             .journal_path = (directory_ / "journal").string(),
                             .hurry = {},
                             .audit_working = {},
                             .schemas = {}});
  REQUIRE(engine_.conductor->open());
  REQUIRE(engine_.integrator->open());
  engine_.conductor->start();
}

void Theatre::close() {
  if (engine_.conductor) engine_.conductor->stop();
  engine_.close();
  signer_.reset();
  vault_.reset();
  store_.reset();
}

void Theatre::kill_and_restart(Duration away) {
  close();
  clock_.advance(away);
  open();
  settle();
}

Actor Theatre::actor(const std::string& who) const {
  const Person* one = engine_.conductor->directory()->person(person(who));
  REQUIRE(one != nullptr);
  Actor out;
  out.id = one->id.text();
  out.kind = Role::none;
  out.person = one->id;
  out.org = one->employer;
  out.auth = "pwd+otp";
  out.sign_in = "sign-in of " + who;
  out.address = address_of(who);
  return out;
}

Outcome Theatre::submit(Submission submission) {
  const Outcome outcome = engine_.conductor->submit(std::move(submission));
  if (!outcome.case_id.empty()) cases_.insert(outcome.case_id);
  if (!outcome.opened.empty()) cases_.insert(outcome.opened);
  check_invariants();
  return outcome;
}

Outcome Theatre::reports(const std::string& code, const std::string& nick) {
  Submission submission;
  submission.event = "fault";
  submission.actor.id = device(nick).text();
  submission.actor.kind = Role::device;
  submission.actor.org = engine_.conductor->directory()->device(device(nick))->tenant;
  submission.actor.auth = "token";
  submission.payload = {
      {"action", "trigger"}, {"dedup_key", nick + ":" + code},       {"device", device(nick).text()},
      {"code", code},        {"occurred_at", to_text(clock_.now())}, {"details", "gantry does not turn"}};
  if (code == "E-STOP") submission.payload["care"] = "stopped";
  const Outcome outcome = submit(std::move(submission));
  INFO(to_json_text(outcome));
  REQUIRE(outcome.kind == Outcome::Kind::moved);
  if (current_.empty()) current_ = outcome.case_id;
  return outcome;
}

Outcome Theatre::does_on(const CaseId& id, const std::string& who, const std::string& event, Json payload) {
  Submission submission;
  submission.event = event;
  submission.case_id = id;
  submission.actor = actor(who);
  submission.payload = std::move(payload);
  if (const auto before = store_->read_case(id)) submission.expected_version = before->version;

  const EventInfo* info = fault_response::fault_response().event(event);
  REQUIRE(info != nullptr);
  if (info->needs_step_up) {
    StoredStepUp step_up;
    step_up.token = entropy_.digest();
    step_up.person = person(who);
    step_up.case_id = id;
    step_up.event = event;
    if (submission.payload.contains("request_hash")) {
      const auto hash = from_base64(submission.payload["request_hash"].get<std::string>());
      REQUIRE(hash);
      std::copy(hash->begin(), hash->end(), step_up.request_hash.begin());
    }
    step_up.created = clock_.now();
    step_up.expires = clock_.now() + 120s;
    REQUIRE(engine_.conductor->chore([&](Batch& batch) { return batch.put_step_up(step_up); }));
    submission.step_up = step_up.token;
  }
  return submit(std::move(submission));
}

Outcome Theatre::does(const std::string& who, const std::string& event, Json payload) {
  return does_on(current_, who, event, std::move(payload));
}

Outcome Theatre::does_without_step_up(const std::string& who, const std::string& event, Json payload) {
  Submission submission;
  submission.event = event;
  submission.case_id = current_;
  submission.actor = actor(who);
  submission.payload = std::move(payload);
  submission.expected_version = file().version;
  return submit(std::move(submission));
}

Outcome Theatre::approves(const std::string& who, const std::string& slot) {
  return does(who, "approve", {{"slot", slot}, {"request_hash", hash()}});
}

void Theatre::settle() {
  // Every delivery may cause another one; a story in which that never ends has a defect of its own.
  for (int round = 0; round < 200; ++round) {
    const int done = engine_.timekeeper->step() + engine_.courier->step() + engine_.watch->step();
    if (done == 0) {
      check_invariants();
      return;
    }
  }
  FAIL("the engine does not come to rest");
}

void Theatre::pass(Duration time) {
  const Instant until = clock_.now() + time;
  settle();
  for (int stops = 0; stops < 5000; ++stops) {
    Instant next = until;
    const auto sooner = [&](Instant at) {
      if (at != Instant{} && at > clock_.now()) next = std::min(next, at);
    };
    if (const auto timer = store_->next_timer()) sooner(*timer);
    if (const auto effect = store_->next_effect()) sooner(*effect);
    sooner(engine_.watch->next());
    clock_.set(next);
    settle();
    if (next == until) return;
  }
  FAIL("too many stops on the way");
}

void Theatre::to_acknowledged() {
  if (state() != "notified") return;
  REQUIRE(does("abe", "acknowledge").state == "acknowledged");
  settle();
}

Json Theatre::request(Duration length, Duration in) const {
  const Instant now = clock_.now() + in;
  return {{"purpose", "fault"},
          {"reason", "find out why the gantry stops"},
          {"work_plan", "read the error log, run the gantry test"},
          {"effect_on_operation", "the room is out of use"},
          {"substitute_measure", "room 2"},
          {"needs_restart", false},
          {"level", "control"},
          {"window", {{"opens", to_text(now)}, {"closes", to_text(now + length)}}},
          {"sessions_max", 2},
          {"workers", {person("abe").text()}},
          {"attendant", person("tanaka").text()},
          {"phi_seen", false},
          {"phi_taken", false},
          {"hold_needed", true}};
}

void Theatre::to_conn_requested() {
  to_acknowledged();
  const auto asked = does("abe", "request_connection", request());
  INFO(to_json_text(asked));
  REQUIRE(asked.state == "conn_requested");
  settle();
}

void Theatre::to_conn_approved() {
  if (state() == "conn_approved") return;
  if (state() != "conn_requested") to_conn_requested();
  for (const auto& [who, slot] : {std::pair{"sato", "hcf_sysadm"}, {"suzuki", "hcf_netadm"}, {"ono", "rsc_netadm"}}) {
    const auto approved = approves(who, slot);
    INFO(to_json_text(approved));
    REQUIRE(approved.kind == Outcome::Kind::moved);
  }
  settle();
  REQUIRE(state() == "conn_approved");
}

void Theatre::to_connected() {
  to_conn_approved();
  if (!file().hold.is_set()) REQUIRE(does("tanaka", "set_hold", {{"no_patient", true}}).kind == Outcome::Kind::moved);
  const auto started = does("abe", "start_connection", {{"case_number", file().number}, {"endpoint_healthy", true}});
  INFO(to_json_text(started));
  REQUIRE(started.kind == Outcome::Kind::moved);
  settle();
  REQUIRE(state() == "connected");
}

void Theatre::to_data_deletion() {
  if (state() == "data_deletion") return;
  if (state() != "connected") to_connected();
  const auto logged = does("abe", "log_work", {{"kind", "command"}, {"entry", "gantry test passed"}});
  INFO(to_json_text(logged));
  REQUIRE(logged.kind == Outcome::Kind::moved);
  REQUIRE(does("abe", "repair_done", {{"test_result", "passed"}, {"summary", "sensor cleaned"}}).state ==
          "check_online");
  REQUIRE(does("tanaka", "clinical_ok", {{"checks", Json::array()}, {"restricted_use", false}}).state ==
          "disconnecting");
  settle();
  REQUIRE(state() == "data_deletion");
}

void Theatre::to_sign_off() {
  to_data_deletion();
  const auto claimed = does("abe", "nothing_taken",
                            {{"transfers_checked", true}, {"screens_checked", true}, {"recording_checked", true}});
  INFO(to_json_text(claimed));
  REQUIRE(claimed.kind == Outcome::Kind::moved);
  REQUIRE(state() == "data_deletion");
  REQUIRE(does("ono", "countersign").kind == Outcome::Kind::moved);
  settle();
  REQUIRE(state() == "sign_off");
}

Outcome Theatre::finish_sign_off() {
  const auto act = [&](const char* who, const char* event, Json payload) {
    const auto done = does(who, event, std::move(payload));
    INFO(event << " " << to_json_text(done));
    REQUIRE(done.kind == Outcome::Kind::moved);
  };
  act("abe", "submit_report",
      {{"cause_code", "SENSOR"},
       {"cause", "dirty sensor"},
       {"work", "cleaned"},
       {"nature", "repair"},
       {"phi_accessed", false},
       {"tests", "gantry test passed"},
       {"output_may_have_changed", false},
       {"left_behind", "none"}});
  act("sato", "approve_report", {{"read", true}});
  act("suzuki", "review_log",
      {{"access_list_seen", true}, {"operations_seen", true}, {"finding", "nothing_unusual"}});
  if (file().hold.is_set()) act("tanaka", "lift_hold", {{"restricted_use", false}});
  const auto signed_off = does("sato", "sign_off");
  settle();
  return signed_off;
}

void Theatre::to_closed() {
  if (state() != "sign_off") to_sign_off();
  const auto done = finish_sign_off();
  INFO(to_json_text(done));
  REQUIRE(done.state == "closed");
}

}  // namespace kintsugi::testing

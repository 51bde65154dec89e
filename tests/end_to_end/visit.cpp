#include "tests/end_to_end/visit.h"

#include "engine/run/masters.h"
#include "tests/support/wait.h"
#include "workflows/fault_response/invariants.h"

#include <algorithm>
#include <fstream>

namespace kintsugi::testing {
namespace {

constexpr std::chrono::seconds deliver_max{20};
constexpr const char* reader = "mori";  // sees every case of the hospital and acts in none of these

}  // namespace

Visit::Visit(const std::vector<const char*>& enrolled,
             const std::function<void(Config&, std::vector<Master>&)>& change)
    : api(change) {
  for (const char* nick : enrolled)
    api.enrol(nick);
  api.enrol(reader);
  const auto directory = api.server->conductor().directory();
  for (const auto& [id, device] : directory->devices())
    site.install(id, device.serial);
  REQUIRE(simulator.start());
  std::ofstream settings(api.directory.path("data") + "/kintsugi.toml");
  for (const auto& [id, point] : directory->access_points())
    settings << "[controller." << id.text() << "]\nurl = \"" << simulator.url() << "\"\n";
  settings.close();
  api.go_on_outside();
}

void Visit::reports(const Json& more) {
  Json notice = api.fault();
  notice.update(more);
  const auto reply = api.post("/api/v1/faults", api.device_token, notice.dump());
  INFO(reply->body);
  REQUIRE(reply->status == 201);
  path = reply->get_header_value("Location");
  check_invariants();
}

httplib::Result Visit::tries(const char* nick, const std::string& event, const Json& payload) {
  const Json seen = Json::parse(api.get(path, api.token(nick))->body);
  bool step_up = false;
  for (const Json& one : seen.value("actions", Json::array()))
    if (one.at("event") == event) step_up = one.value("needs_step_up", false);
  auto reply = api.act(path, nick, event, payload, step_up);
  check_invariants();
  return reply;
}

Json Visit::does(const char* nick, const std::string& event, const Json& payload) {
  const auto reply = tries(nick, event, payload);
  INFO(nick << " " << event << " " << reply->body);
  REQUIRE(reply->status == 200);
  return Json::parse(reply->body);
}

httplib::Result Visit::approves(const char* nick, const char* slot) {
  return tries(nick, "approve", {{"slot", slot}, {"request_hash", to_base64(file().request->hash)}});
}

void Visit::to_conn_requested() {
  does("abe", "acknowledge");
  does("abe", "request_connection", api.request("abe"));
  REQUIRE(state() == "conn_requested");
}

void Visit::to_conn_approved() {
  to_conn_requested();
  for (const auto& [nick, slot] : {std::pair{"sato", "hcf_sysadm"}, {"suzuki", "hcf_netadm"}, {"ono", "rsc_netadm"}})
    REQUIRE(approves(nick, slot)->status == 200);
  REQUIRE(state() == "conn_approved");
}

void Visit::to_connected() {
  if (state() != "conn_approved") to_conn_approved();
  does("tanaka", "set_hold", {{"no_patient", true}});
  does("abe", "start_connection", {{"case_number", file().number}, {"endpoint_healthy", true}});
  REQUIRE(comes_to("connected", deliver_max));
}

void Visit::to_sign_off() {
  does("abe", "log_work", {{"kind", "command"}, {"entry", "gantry test passed"}});
  does("abe", "repair_done", {{"test_result", "passed"}, {"summary", "sensor cleaned"}});
  does("tanaka", "clinical_ok", {{"checks", Json::array()}, {"restricted_use", false}});
  REQUIRE(comes_to("data_deletion", deliver_max));
  does("abe", "nothing_taken", {{"transfers_checked", true}, {"screens_checked", true}, {"recording_checked", true}});
  does("ono", "countersign");
  REQUIRE(comes_to("sign_off", deliver_max));
}

void Visit::hand_in_papers() {
  does("abe", "submit_report",
       {{"cause_code", "SENSOR"},
        {"cause", "dirty sensor"},
        {"work", "cleaned"},
        {"nature", "repair"},
        {"phi_accessed", false},
        {"tests", "gantry test passed"},
        {"output_may_have_changed", false},
        {"left_behind", "none"}});
  does("sato", "approve_report", {{"read", true}});
  does("suzuki", "review_log",
       {{"access_list_seen", true}, {"operations_seen", true}, {"finding", "nothing_unusual"}});
  if (file().hold.is_set()) does("tanaka", "lift_hold", {{"restricted_use", false}});
}

bool Visit::comes_to(const std::string& wanted, std::chrono::seconds most) {
  const bool there = wait_until([&] { return state() == wanted; }, most);
  CAPTURE(wanted, state());
  CHECK(there);
  check_invariants();
  return there;
}

int Visit::mails(const std::string& id) {
  const auto rows = api.store()->outbox({.state = {}, .case_id = file().id, .id = {}, .limit = 10'000});
  REQUIRE(rows);
  return static_cast<int>(std::ranges::count_if(
      *rows, [&](const OutboxRow& row) { return row.effect.mail && row.effect.mail->mail == id; }));
}

void Visit::check_invariants() {
  const auto store = api.store();
  const auto masters = store->masters();
  REQUIRE(masters);
  const auto directory = directory_of(*masters);
  REQUIRE(directory);
  const CaseFile now = file();
  const auto broken = fault_response::broken_invariants(now, (*directory)->policy_of(now.tenant, now.policy_version),
                                                        api.clock.now());
  INFO("in " << now.state);
  CAPTURE(broken);
  CHECK(broken.empty());
}

// As somebody of the hospital who has no part in it sees the case with the command line.
Json Visit::shown_by_the_program() {
  const TemporaryDirectory desk;
  const auto kintsugi = [&](const std::string& words, const std::string& input) {
    std::ofstream(desk.path("input")) << input;
    Launch launch = Run::of_kintsugi(words_of(words), desk.path("errors"));
    launch.environment = {"XDG_CONFIG_HOME=" + desk.path(), "LC_ALL=C.UTF-8"};
    launch.input = desk.path("input");
    Run ran(launch);
    const int exit = ran.wait();
    INFO(words << "\n" << ran.output());
    REQUIRE(exit == 0);
    return ran.output();
  };
  kintsugi("login --server " + api.url + " --ca " + api.directory.path("data/tls/certificate.pem") + " --mail " +
               api.mails.at(reader) + " --password-stdin",
           api.password + "\n" + api.code(reader) + "\n");
  return Json::parse(kintsugi("case show " + file().id.text() + " -o json", ""));
}

void Visit::finish() {
  check_invariants();
  const Json shown = shown_by_the_program();
  const CaseFile stored = file();
  CHECK(shown.at("state") == stored.state);
  CHECK(shown.at("version") == stored.version);
  const Ran verified = run("audit verify " + api.directory.path("data"));
  INFO(verified.output);
  CHECK(verified.exit == 0);
  // A door that was told to lie is not blamed for lying.
  simulator.with([](access_point::SimulatedSite& seen) {
    for (const auto& one : seen.violations())
      CHECK(one.rule == access_point::SimulatedSite::Violation::Rule::closed_only_in_words);
  });
}

HopAnswer Visit::ask(Hop hop) {
  const CaseFile now = file();
  const Grant& grant = *now.grant();
  access_point::HttpController controller({.url = simulator.url()});
  const auto answers = controller.carry_out({.order = OrderKind::check,
                                             .hop = hop,
                                             .grant = grant.id,
                                             .generation = grant.generation,
                                             .case_id = now.id,
                                             .at = access_point_of("midori"),
                                             .device = now.device,
                                             .level = AccessLevel::view,
                                             .window = grant.window,
                                             .workers = {}},
                                            "ask");
  INFO((answers ? "" : answers.error().what));
  REQUIRE(answers);
  REQUIRE(answers->size() == 1);
  return answers->front();
}

void set_closing_time(std::vector<Master>& masters, Duration time) {
  Policy policy;
  policy.tenant = organisation("midori");
  policy.version = 1;
  const Term term{.wall = time, .business_days = 0};
  policy.terms = {{TimerName::t_close, term, term, term}};
  masters.push_back({.kind = "policy",
                     .id = policy.tenant.text() + "/1",
                     .tenant = policy.tenant.text(),
                     .body = to_json_text(policy)});
  for (Master& one : masters) {
    if (one.kind != "organisation" || one.id != policy.tenant.text()) continue;
    auto hospital = from_json_text<Organisation>(one.body);
    REQUIRE(hospital);
    hospital->policy_version = policy.version;
    one.body = to_json_text(*hospital);
  }
}

}  // namespace kintsugi::testing

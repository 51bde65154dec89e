#pragma once

#include "adapters/sodium/hasher.h"
#include "adapters/sqlite/store.h"
#include "programs/server/server.h"
#include "tests/end_to_end/contract.h"
#include "tests/end_to_end/patient_client.h"
#include "tests/end_to_end/run.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/wait.h"
#include "tests/support/world.h"

#include <catch2/catch.hpp>
#include <httplib.h>

#include <map>
#include <memory>
#include <string>

namespace kintsugi::testing {

// The API from outside: a real server on a free port of this process, with the real store, vault and passwords, and
// the people of world(). Whoever acts for the first time gets a password and a code and signs in. With
// go_on_outside() the program itself takes over: `kintsugi serve` in a process of its own.
class Api {
 public:
  static constexpr std::chrono::seconds sent_within{5};
  // `change` may set the configuration and the masters before the server starts.
  explicit Api(const std::function<void(Config&, std::vector<Master>&)>& change = {}) {
    config.listening.port = 0;
    config.plain_http = true;
    config.listening.unknown_rate_per_s = config.listening.unknown_burst = 100'000;
    std::vector<Master> masters = world();
    if (change) change(config, masters);
    auto home = make_home(directory.path("data"), "test.kintsugi.invalid", entropy);
    REQUIRE(home);
    open();
    REQUIRE(server->conductor().put_masters(masters));
    device_token = *server->accounts().new_token(CredentialKind::device_token, device("ct-1").text());
    listen();
  }
  // The server over the directory, before it listens.
  void open() {
    auto made = Server::open(*open_home(directory.path("data")), config, clock, entropy);
    REQUIRE(made);
    server = std::move(*made);
  }
  void listen() {
    REQUIRE(server->start());
    call(server->url());
  }
  ~Api() { http.reset(); }
  // Ends the server, so that others may work on its directory; open() and listen() begin it again.
  void stop() {
    http.reset();
    if (server) server->stop();
    server.reset();
  }
  // Stops the server here and starts the program on its directory, or on a copy of it, with TLS. Whoever is to act
  // later has been enrolled. `environment`: NAME=value to set for the program.
  void go_on_outside(const std::string& copy = "", const std::vector<std::string>& environment = {}) {
    stop();
    if (!copy.empty()) served = copy;
    // Its log goes to a file: nobody reads a pipe while the test does other things, and a full one stops the program.
    const std::string log = directory.path("serve.log");
    Launch launch = Run::of_kintsugi({"serve", "--data", served, "--listen", "127.0.0.1:0"}, log);
    launch.environment = environment;
    program = std::make_unique<Run>(std::move(launch), std::chrono::seconds(300));
    const std::string told = program->rest_after("http");  // in whatever language it says that it listens
    INFO("see " << log);
    REQUIRE(told.find("://") != std::string::npos);
    call("http" + told.substr(0, told.find(' ')));
  }

  void enrol(const std::string& nick) {
    if (secrets.contains(nick)) return;
    mails[nick] = server->conductor().directory()->person(person(nick))->mail;
    REQUIRE(server->accounts().set_password(person(nick), password));
    const auto uri = server->accounts().enrol_code(person(nick));
    REQUIRE(uri);
    secrets[nick] = *sodium::secret_of(*uri);
  }
  // What the server's certificate is checked with from outside.
  std::string certificate() const { return open_home(directory.path("data"))->certificate().string(); }
  // A code that has not been used yet. The server takes those of the step before and after as well; that of the step
  // before only when this one goes on for as long as a slow machine may need to send it.
  std::string code(const std::string& nick) {
    std::int64_t& last = steps[nick];
    last = std::max(last + 1, sodium::step_of(clock.now() + sent_within) - 1);
    wait_until([&] { return last <= sodium::step_of(clock.now()) + 1; }, std::chrono::minutes(1));
    return sodium::code_of(secrets[nick], last);
  }
  const std::string& token(const std::string& nick) {
    if (const auto known = tokens.find(nick); known != tokens.end()) return known->second;
    enrol(nick);
    const auto reply = post("/api/v1/sign-ins", "",
                            Json{{"mail", mails[nick]}, {"password", password}, {"code", code(nick)}}.dump());
    REQUIRE(reply->status == 201);
    return tokens[nick] = Json::parse(reply->body).at("token").get<std::string>();
  }
  httplib::Result post(const std::string& path, const std::string& bearer, const std::string& body,
                       httplib::Headers headers = {}, const char* type = "application/json") {
    if (!bearer.empty()) headers.emplace("Authorization", "Bearer " + bearer);
    if (!headers.contains("Accept-Language")) headers.emplace("Accept-Language", "en");
    auto reply = http->Post(path, headers, body, type);
    INFO(httplib::to_string(reply.error()));
    REQUIRE(reply);
    check_promise("POST", path, reply);
    return reply;
  }
  httplib::Result get(const std::string& path, const std::string& bearer) {
    auto reply = http->Get(path, httplib::Headers{{"Authorization", "Bearer " + bearer}, {"Accept-Language", "en"}});
    INFO(httplib::to_string(reply.error()));
    REQUIRE(reply);
    check_promise("GET", path, reply);
    return reply;
  }
  // Every reply that passes through here is what the API's document says.
  static void check_promise(const char* method, const std::string& path, const httplib::Result& reply) {
    CHECK(broken_promise(method, path, reply->status, reply->get_header_value("Content-Type"), reply->body) == "");
  }
  Json fault() const {
    return {{"action", "trigger"},
            {"dedup_key", "cooling"},
            {"code", "E-217"},
            {"occurred_at", to_text(clock.now())},
            {"details", "pressure low"}};
  }
  // The path of a new case.
  std::string report() {
    const auto reply = post("/api/v1/faults", device_token, fault().dump());
    REQUIRE(reply->status == 201);
    return reply->get_header_value("Location");
  }
  CaseFile file(const std::string& path) { return *store()->read_case(CaseId{path.substr(14)}); }
  // A second proof of identity for one act.
  std::string step_up(const std::string& path, const std::string& nick, const std::string& event,
                      const std::string& request_hash = "") {
    const std::string bearer = token(nick);  // first: codes are good in their order
    Json proof = {{"password", password}, {"code", code(nick)}, {"case_id", path.substr(14)}, {"event", event}};
    if (!request_hash.empty()) proof["request_hash"] = request_hash;
    CAPTURE(nick, event);
    const auto proved = post("/api/v1/step-ups", bearer, proof.dump());
    REQUIRE(proved->status == 201);
    return Json::parse(proved->body).at("token");
  }
  // An event on a case by a person, with the version as it is now and a step-up if he gives one.
  httplib::Result act(const std::string& path, const std::string& nick, const std::string& event, const Json& payload,
                      bool with_step_up = false) {
    httplib::Headers headers{{"If-Match", "\"" + std::to_string(file(path).version) + "\""}};
    const std::string bearer = token(nick);
    if (with_step_up) headers.emplace("Step-Up", step_up(path, nick, event, payload.value("request_hash", "")));
    return post(path + "/events/" + event, bearer, payload.dump(), headers);
  }
  Json request(const std::string& worker, const std::string& typed = "the log has to be read") const {
    const Instant now = clock.now();
    return {{"purpose", "fault"},
            {"reason", typed},
            {"work_plan", typed},
            {"effect_on_operation", typed},
            {"substitute_measure", typed},
            {"needs_restart", false},
            {"level", "control"},
            {"window", {{"opens", to_text(now)}, {"closes", to_text(now + std::chrono::hours(1))}}},
            {"sessions_max", 2},
            {"workers", Json::array({person(worker).text()})},
            {"attendant", person("tanaka").text()},
            {"phi_seen", false},
            {"phi_taken", false},
            {"hold_needed", true}};
  }
  static std::string log_of(const std::string& whose) {
    return "test.kintsugi.invalid/" + (whose.empty() ? std::string("system") : "hcf/" + organisation(whose).text());
  }
  // The stored state, which may be looked at whoever serves it.
  std::unique_ptr<Store> store() const {
    auto looking = sqlite::Store::look_at(served + "/kintsugi.db");
    REQUIRE(looking);
    return std::move(*looking);
  }
  // Records of one log, parsed: a hospital's by its nickname, or the system log's.
  std::vector<Json> records(const std::string& whose = "") {
    const std::string log = log_of(whose);
    const auto rows = store()->audit_rows(log, 0, 100'000);
    REQUIRE(rows);
    std::vector<Json> out;
    for (const AuditRow& row : *rows)
      out.push_back(Json::parse(row.body));
    return out;
  }

  const std::string password = "correct horse battery staple";
  Config config;
  TemporaryDirectory directory;
  std::string url;
  std::string served = directory.path("data");
  SystemClock clock;
  SystemEntropy entropy;
  std::unique_ptr<Server> server;
  std::unique_ptr<Run> program;
  std::unique_ptr<httplib::Client> http;
  std::map<std::string, std::string> mails;
  std::map<std::string, std::string> secrets;
  std::map<std::string, std::string> tokens;
  std::map<std::string, std::int64_t> steps;
  std::string device_token;

 private:
  void call(const std::string& where) {
    url = where;
    http = std::make_unique<httplib::Client>(patient_client(url));
  }
};

inline std::string problem_of(const httplib::Result& reply) {
  CHECK(reply->get_header_value("Content-Type") == "application/problem+json");
  return Json::parse(reply->body).at("code");
}

}  // namespace kintsugi::testing

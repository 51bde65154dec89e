#include "adapters/sodium/hasher.h"
#include "engine/base/bytes.h"
#include "programs/stage/cast.h"
#include "tests/end_to_end/run.h"
#include "tests/support/places.h"
#include "tests/support/temporary_directory.h"
#include "workflows/fault_response/workflow.h"

#include <catch2/catch.hpp>
#include <httplib.h>

#include <csignal>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

// The demo that stays up, and what a server's own log must never hold.
namespace kintsugi::testing {
namespace {

using demo::Cast;
using demo::Client;

constexpr std::chrono::minutes play_max{8};
const std::string canary = "カナリア-CANARY-7741";
const std::string header_canary = "CANARY-7741";

std::string text_of_file(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

// Every phrase that the play types: the texts of its source that have more than one word.
std::vector<std::string> phrases_of_the_play() {
  std::vector<std::string> out{"cooling pressure below limit"};
  const std::string source = text_of_file(std::string(source_directory) + "/programs/demo/play.cpp");
  const std::regex literal("\"([^\"\\\\]* [^\"\\\\]* [^\"\\\\]*)\"");
  for (std::sregex_iterator at(source.begin(), source.end(), literal), end; at != end; ++at)
    out.push_back((*at)[1]);
  return out;
}

// The canary in every text of a payload, valid or not.
Json filled(const Json& schema) {
  if (schema.contains("enum")) return schema["enum"][0];
  const Json types = schema.value("type", Json());  // one name, or several
  const std::string type = types.is_array()    ? types[0].get<std::string>()
                           : types.is_string() ? types.get<std::string>()
                                               : "";
  if (type == "object") {
    Json out = Json::object();
    const Json members = schema.value("properties", Json::object());
    for (auto one = members.begin(); one != members.end(); ++one)
      out[one.key()] = filled(one.value());
    return out;
  }
  if (type == "array") return Json::array({filled(schema.value("items", Json::object()))});
  if (type == "integer" || type == "number") return 1;
  if (type == "boolean") return true;
  return canary;
}

// Somebody types the canary wherever the API of a server takes a text; what he was given to identify himself is added
// to the secrets.
class Typist {
 public:
  Typist(const std::string& url, const std::filesystem::path& data)
      : url_(url),
        certificate_((data / "tls" / "certificate.pem").string()),
        cast_(*Cast::load(data / "demo.json"), data / "demo.json", clock_) {}

  void type_everywhere() {
    Client client(url_, certificate_);
    for (const Role role : {Role::rsc_svc, Role::hcf_sysadm}) {
      const auto token = cast_.token(client, cast_.with(role)->id);
      INFO((token ? std::string() : token.error().what));
      REQUIRE(token);
      secrets.insert(*token);
    }
    const std::string serviceman = *cast_.token(client, cast_.with(Role::rsc_svc)->id);
    const std::string administrator = *cast_.token(client, cast_.with(Role::hcf_sysadm)->id);

    // What is taken.
    const auto fault = client.post("/api/v1/faults", cast_.script.device_token,
                                   {{"action", "trigger"},
                                    {"dedup_key", "canary"},
                                    {"code", "E-300"},
                                    {"occurred_at", to_text(clock_.now())},
                                    {"details", canary}});
    INFO(fault.body.dump());
    REQUIRE(fault.status == 201);
    const std::string path = "/api/v1/cases/" + fault.body.at("case_id").get<std::string>();
    const auto noted = client.post(path + "/events/add_note", serviceman, {{"note", canary}},
                                   {{"If-Match", client.get(path, serviceman).etag}});
    INFO(noted.body.dump());
    REQUIRE(noted.status == 200);
    CHECK(client.get(path, administrator).status == 200);

    // What is refused, for whatever reason.
    int refused = 0;
    for (const EventInfo& event : fault_response::fault_response().events)
      for (const std::string& who : {serviceman, administrator, cast_.script.device_token}) {
        const auto reply = client.post(path + "/events/" + event.name, who, filled(event.schema),
                                       {{"If-Match", client.get(path, serviceman).etag}});
        CAPTURE(event.name, reply.status, reply.body.dump());
        CHECK(reply.status >= 200);
        CHECK(reply.status < 500);
        if (!reply.ok()) ++refused;
      }
    CHECK(refused > 50);
    const Client::Headers headers{{"If-Match", header_canary}, {"Step-Up", header_canary}};
    CHECK(client.post(path + "/events/acknowledge", serviceman, Json::object(), headers).status >= 400);
    CHECK(client.post(path + "/events/" + header_canary, serviceman, {{canary, canary}}).status == 404);
    CHECK(client.post("/api/v1/faults", cast_.script.device_token, {{canary, canary}}).status == 422);
    CHECK(client.post("/api/v1/faults", header_canary, {{"details", canary}}).status == 401);
    CHECK(client.get("/api/v1/cases/" + header_canary, serviceman).status == 404);
    CHECK(client.get("/api/v1/cases?" + header_canary + "=" + header_canary, serviceman).status == 422);
    CHECK(client.get("/api/v1/outbox?state=" + header_canary, administrator).status == 422);
    const std::string mail = cast_.with(Role::hcf_sysadm)->mail;
    for (const std::string& name : {mail, canary})
      CHECK(client.post("/api/v1/sign-ins", "", {{"mail", name}, {"password", canary}, {"code", "000000"}}).status ==
            401);
    httplib::Client raw(url_);
    raw.enable_server_certificate_verification(false);
    const auto garbage = raw.Post("/api/v1/faults", "{\"details\": \"" + canary, "application/json");
    REQUIRE(garbage);
    CHECK(garbage->status >= 400);
  }

  // Passwords, secrets and tokens of everybody, and who they are.
  std::set<std::string> secrets;
  void know_the_cast() {
    secrets.insert(cast_.script.device_token);
    for (const demo::Player& one : cast_.script.players) {
      const std::string otpauth = text_of_file(cast_.phone_of(one));
      const auto secret = sodium::secret_of(otpauth);
      REQUIRE(secret);
      const std::string address = otpauth.substr(otpauth.find("secret=") + 7);
      secrets.insert({one.password, to_hex(bytes_of(*secret)), address.substr(0, address.find_first_of("&\n")),
                      one.mail, one.name.ja, one.name.en});
    }
  }

 private:
  const std::string url_;
  const std::string certificate_;
  SystemClock clock_;
  Cast cast_;
};

int stop(Run& run, int number) {
  run.signal(number);
  return run.wait();
}

}  // namespace

TEST_CASE("the demo stays up after its play, answers, ends when it is told to, and its log tells nothing",
          "[demo][log]") {
  const TemporaryDirectory directory;
  const std::string data = directory.path("data");
  const std::string log = directory.path("log");
  std::set<std::string> forbidden{header_canary};
  {
    Run demo({"demo", "--data", data}, play_max, log);
    REQUIRE(demo.started());
    const bool played = demo.says("kintsugi audit verify");
    INFO(demo.output());
    REQUIRE(played);
    Typist typist(demo.rest_after("  API: "), data);
    typist.know_the_cast();
    typist.type_everywhere();
    forbidden.merge(typist.secrets);
    CHECK(stop(demo, SIGTERM) == 0);
  }
  {
    // A play that is over is not played again.
    Run again({"demo", "--data", data}, play_max, log);
    const bool up = again.says("kintsugi audit verify");
    INFO(again.output());
    REQUIRE(up);
    CHECK(stop(again, SIGINT) == 0);
  }
  {
    // The same directory as a server that says all it can.
    std::ofstream(data + "/kintsugi.toml") << "[log]\nlevel = \"debug\"\n";
    Run server({"serve", "--data", data, "--listen", "127.0.0.1:0"}, play_max, log);
    Typist typist(server.rest_after("listening on "), data);
    typist.type_everywhere();
    forbidden.merge(typist.secrets);
    CHECK(stop(server, SIGTERM) == 0);
  }

  const std::string said = text_of_file(log);
  CHECK(said.find("listening url=") != std::string::npos);  // there is a log to look at
  CHECK(said.find("moved from=") != std::string::npos);
  const auto phrases = phrases_of_the_play();
  CHECK(phrases.size() > 10);
  forbidden.insert(phrases.begin(), phrases.end());
  for (const std::string& one : forbidden) {
    CAPTURE(one);
    CHECK(said.find(one) == std::string::npos);
  }
}

}  // namespace kintsugi::testing

#include "adapters/sodium/hasher.h"
#include "programs/server/server.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/world.h"

#include <catch2/catch.hpp>
#include <httplib.h>

#include <memory>
#include <mutex>
#include <set>
#include <thread>

// The API from outside: a real server on a free port, with the real store, vault and passwords.
namespace kintsugi::testing {
namespace {

class Api {
 public:
  Api() {
    Config config;
    config.listening.port = 0;
    config.plain_http = true;
    auto home = make_home(directory.path("data"), "test.kintsugi.invalid", entropy);
    REQUIRE(home);
    auto made = Server::open(*home, config, clock, entropy);
    REQUIRE(made);
    server = std::move(*made);
    REQUIRE(server->conductor().put_masters(world()));
    for (const char* nick : {"sato", "abe"}) {
      REQUIRE(server->accounts().set_password(person(nick), password));
      const auto uri = server->accounts().enrol_code(person(nick));
      REQUIRE(uri);
      secrets[nick] = *sodium::secret_of(*uri);
    }
    device_token = *server->accounts().new_token(CredentialKind::device_token, device("ct-1").text());
    REQUIRE(server->start());
    http = std::make_unique<httplib::Client>(server->url());
    http->set_keep_alive(true);
    http->set_tcp_nodelay(true);
  }

  std::string code(const std::string& nick) {
    std::int64_t& last = steps[nick];
    last = std::max(last + 1, sodium::step_of(clock.now()) - 1);
    return sodium::code_of(secrets[nick], last);
  }
  std::string token(const std::string& nick) {
    const auto reply = post("/api/v1/sign-ins", "",
                            Json{{"mail", nick + (nick == "abe" ? "@alpha.example" : "@midori.example")},
                                 {"password", password},
                                 {"code", code(nick)}}
                                .dump());
    REQUIRE(reply->status == 201);
    return Json::parse(reply->body).at("token");
  }
  httplib::Result post(const std::string& path, const std::string& bearer, const std::string& body,
                       httplib::Headers headers = {}, const char* type = "application/json") {
    if (!bearer.empty()) headers.emplace("Authorization", "Bearer " + bearer);
    headers.emplace("Accept-Language", "en");
    auto reply = http->Post(path, headers, body, type);
    REQUIRE(reply);
    return reply;
  }
  httplib::Result get(const std::string& path, const std::string& bearer) {
    auto reply = http->Get(path, httplib::Headers{{"Authorization", "Bearer " + bearer}, {"Accept-Language", "en"}});
    REQUIRE(reply);
    return reply;
  }
  Json fault() const {
    return {{"action", "trigger"},
            {"dedup_key", "cooling"},
            {"code", "E-217"},
            {"occurred_at", to_text(clock.now())},
            {"details", "pressure low"}};
  }

  const std::string password = "correct horse battery staple";
  TemporaryDirectory directory;
  SystemClock clock;
  SystemEntropy entropy;
  std::unique_ptr<Server> server;
  std::unique_ptr<httplib::Client> http;
  std::map<std::string, std::string> secrets;
  std::map<std::string, std::int64_t> steps;
  std::string device_token;
};

std::string problem_of(const httplib::Result& reply) {
  CHECK(reply->get_header_value("Content-Type") == "application/problem+json");
  return Json::parse(reply->body).at("code");
}

}  // namespace

TEST_CASE("input that is wrong gets a clear problem and never a 500", "[api]") {
  Api api;
  const auto with = [&](const char* member, Json value) {
    Json body = api.fault();
    body[member] = std::move(value);
    return body.dump();
  };
  const std::string good = api.fault().dump();
  struct Case {
    const char* what;
    std::string body;
    int status;
    const char* code;
  };
  const std::vector<Case> table = {
      {"nothing", "", 400, "malformed_body"},
      {"truncated", good.substr(0, good.size() / 2), 400, "malformed_body"},
      {"not UTF-8", "{\"action\":\"\xff\xfe\"}", 400, "malformed_body"},
      {"named twice", R"({"action":"trigger","action":"resolve"})", 400, "malformed_body"},
      {"nested", std::string(100'000, '['), 400, "malformed_body"},
      {"too large", with("details", std::string(http::body_bytes_max, 'x')), 413, "too_large"},
      {"a list", "[]", 422, "invalid"},
      {"a number", "7", 422, "invalid"},
      {"unknown field", with("colour", "red"), 422, "invalid"},
      {"wrong type", with("code", 217), 422, "invalid"},
      {"unknown action", with("action", "explode"), 422, "invalid"},
      {"missing key", R"({"action":"trigger"})", 422, "invalid"},
      {"no date", with("occurred_at", "yesterday"), 422, "invalid"},
  };
  for (const Case& one : table) {
    CAPTURE(one.what);
    const auto reply = api.post("/api/v1/faults", api.device_token, one.body);
    CHECK(reply->status == one.status);
    CHECK(problem_of(reply) == one.code);
  }
  CHECK(api.post("/api/v1/faults", api.device_token, good, {}, "text/plain")->status == 415);
  CHECK(api.post("/api/v1/faults", "nobody's token", good)->status == 401);
  CHECK(api.get("/api/v1/nowhere", api.device_token)->status == 404);
  const auto put = api.http->Put("/api/v1/faults", good, "application/json");
  REQUIRE(put);
  CHECK(put->status == 405);
  CHECK(put->get_header_value("Allow") == "POST");
}

TEST_CASE("the same fault five hundred times is one case with one counter", "[api]") {
  Api api;
  const auto first = api.post("/api/v1/faults", api.device_token, api.fault().dump());
  REQUIRE(first->status == 201);
  const std::string location = first->get_header_value("Location");
  for (int i = 2; i <= 500; ++i) {
    const auto again = api.post("/api/v1/faults", api.device_token, api.fault().dump());
    REQUIRE(again->status == 200);
    CHECK(Json::parse(again->body).at("occurrences") == i);
    CHECK(again->get_header_value("Location") == location);
  }
}

TEST_CASE("clients at the same time are each answered with what was committed for them", "[api]") {
  constexpr int clients = 4;
  constexpr int faults_each = 10;
  Api api;
  std::mutex mutex;
  std::set<std::int64_t> seen;
  std::vector<std::thread> devices;
  for (int i = 0; i < clients; ++i)
    devices.emplace_back([&] {
      httplib::Client http(api.server->url());
      for (int n = 0; n < faults_each; ++n) {
        const auto reply = http.Post("/api/v1/faults", {{"Authorization", "Bearer " + api.device_token}},
                                     api.fault().dump(), "application/json");
        if (!reply || reply->status >= 300) continue;
        const auto occurrences = Json::parse(reply->body).at("occurrences").get<std::int64_t>();
        const std::scoped_lock lock(mutex);
        seen.insert(occurrences);
      }
    });
  for (auto& one : devices)
    one.join();
  REQUIRE(seen.size() == clients * faults_each);
  CHECK(*seen.rbegin() == clients * faults_each);
}

TEST_CASE("clocks that are wrong and full-width digits do not lose a notice", "[api]") {
  Api api;
  Json ahead = api.fault();
  ahead["occurred_at"] = to_text(api.clock.now() + 48h);
  ahead["code"] = "Ｅ－２１７";
  const auto first = api.post("/api/v1/faults", api.device_token, ahead.dump());
  REQUIRE(first->status == 201);
  CHECK(Json::parse(first->body).at("clock").at("absurd") == true);
  Json behind = api.fault();
  behind["occurred_at"] = to_text(api.clock.now() - 1h);
  const auto second = api.post("/api/v1/faults", api.device_token, behind.dump());
  REQUIRE(second->status == 200);
  CHECK(Json::parse(second->body).at("clock").at("absurd") == false);
}

TEST_CASE("the same key and body give the stored answer, another body a problem", "[api]") {
  Api api;
  const std::string body = api.fault().dump();
  const auto first = api.post("/api/v1/faults", api.device_token, body, {{"Idempotency-Key", "k-1"}});
  REQUIRE(first->status == 201);
  const auto again = api.post("/api/v1/faults", api.device_token, body, {{"Idempotency-Key", "\"k-1\""}});
  CHECK(again->status == 201);
  CHECK(again->get_header_value("Idempotency-Replayed") == "true");
  CHECK(Json::parse(again->body).at("case_id") == Json::parse(first->body).at("case_id"));
  Json other = api.fault();
  other["code"] = "E-999";
  const auto wrong = api.post("/api/v1/faults", api.device_token, other.dump(), {{"Idempotency-Key", "k-1"}});
  CHECK(wrong->status == 422);
  CHECK(problem_of(wrong) == "key_reused");
}

TEST_CASE("an event of a person names the version he has read", "[api]") {
  Api api;
  const auto reported = api.post("/api/v1/faults", api.device_token, api.fault().dump());
  REQUIRE(reported->status == 201);
  const std::string path = reported->get_header_value("Location");
  const std::string abe = api.token("abe");
  const auto seen = api.get(path, abe);
  REQUIRE(seen->status == 200);
  CHECK(Json::parse(seen->body).at("state") == "notified");
  const std::string tag = seen->get_header_value("ETag");

  const auto none = api.post(path + "/events/add_note", abe, R"({"note":"x"})");
  CHECK(none->status == 428);
  const auto old = api.post(path + "/events/add_note", abe, R"({"note":"x"})", {{"If-Match", "\"0\""}});
  CHECK(old->status == 412);
  const auto right = api.post(path + "/events/add_note", abe, R"({"note":"x"})", {{"If-Match", tag}});
  CHECK(right->status == 200);
  CHECK(right->get_header_value("ETag") != tag);
  const auto illegal =
      api.post(path + "/events/sign_off", api.token("sato"), "{}", {{"If-Match", right->get_header_value("ETag")}});
  CHECK(illegal->status == 409);
}

TEST_CASE("a wrong password says no more than an unknown person, and many lock the door", "[api]") {
  Api api;
  const auto attempt = [&](const std::string& mail, const std::string& secret) {
    return api.post("/api/v1/sign-ins", "", Json{{"mail", mail}, {"password", secret}, {"code", "000000"}}.dump());
  };
  const auto unknown = attempt("nobody@midori.example", "x");
  const auto wrong = attempt("sato@midori.example", "x");
  CHECK(unknown->status == 401);
  CHECK(wrong->status == 401);
  CHECK(unknown->body == wrong->body);
  for (int i = 0; i < 20; ++i)
    attempt("sato@midori.example", "x");
  const auto locked =
      api.post("/api/v1/sign-ins", "",
               Json{{"mail", "sato@midori.example"}, {"password", api.password}, {"code", api.code("sato")}}.dump());
  CHECK((locked->status == 401 || locked->status == 429));
}

}  // namespace kintsugi::testing

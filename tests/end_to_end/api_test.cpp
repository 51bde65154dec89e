#include "tests/end_to_end/api.h"

#include "tests/end_to_end/patient_client.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace kintsugi::testing {

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
    const auto ja = api.post("/api/v1/faults", api.device_token, one.body, {{"Accept-Language", "ja"}});
    CHECK(ja->status == one.status);
    CHECK(Json::parse(ja->body).at("title") != Json::parse(reply->body).at("title"));
  }
  CHECK(api.post("/api/v1/faults", api.device_token, good, {}, "text/plain")->status == 415);
  CHECK(api.post("/api/v1/faults", "nobody's token", good)->status == 401);
  CHECK(api.get("/api/v1/nowhere", api.device_token)->status == 404);
  const auto put = api.http->Put("/api/v1/faults", good, "application/json");
  REQUIRE(put);
  CHECK(put->status == 405);
  CHECK(put->get_header_value("Allow") == "POST, OPTIONS");
}

TEST_CASE("a primary serviceman whom the vendor employs reports a fault where he is posted", "[api]") {
  Api api;
  Json told = api.fault();
  told["device"] = device("ct-1").text();
  const auto reply = api.post("/api/v1/faults", api.token("vendor_psm"), told.dump());
  INFO(reply->body);
  REQUIRE(reply->status == 201);
  const CaseFile file = api.file(reply->get_header_value("Location"));
  CHECK(file.tenant == organisation("midori"));
  CHECK(file.fault.reporter == person("vendor_psm"));
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
  api.enrol("sato");
  for (int i = 0; i < 6; ++i)
    CHECK(attempt("sato@midori.example", "x")->status == 401);
  const auto locked =
      api.post("/api/v1/sign-ins", "",
               Json{{"mail", "sato@midori.example"}, {"password", api.password}, {"code", api.code("sato")}}.dump());
  CHECK(locked->status == 401);
  const auto records = api.records("midori");
  CHECK(std::ranges::any_of(records, [](const Json& one) { return one["ev"] == "user.locked"; }));
}

TEST_CASE("sixteen clients that report one fault at once make one case", "[api]") {
  Api api;
  std::vector<std::thread> clients;
  std::atomic<int> wrong{0};
  for (int i = 0; i < 16; ++i)
    clients.emplace_back([&, i] {
      httplib::Client mine = patient_client(api.server->url());
      const httplib::Headers headers{{"Authorization", "Bearer " + api.device_token}};
      for (int n = 0; n < 500 / 16 + (i == 0 ? 500 % 16 : 0); ++n) {
        const auto reply = mine.Post("/api/v1/faults", headers, api.fault().dump(), "application/json");
        if (!reply || (reply->status != 200 && reply->status != 201)) ++wrong;
      }
    });
  for (std::thread& one : clients)
    one.join();
  CHECK(wrong == 0);
  const auto cases = api.server->store().list_cases({.device = device("ct-1")});
  REQUIRE(cases);
  REQUIRE(cases->size() == 1);
  CHECK(api.server->store().read_case(cases->front().id)->fault.occurrences == 500);
}

TEST_CASE("a notice of a device nobody knows waits for a person and loses nothing", "[api]") {
  Api api;
  Json notice = api.fault();
  notice["serial"] = "ＳＮ－９９９９";
  const auto reply = api.post("/api/v1/faults", api.token("sato"), notice.dump());
  INFO(reply->body);
  REQUIRE(reply->status == 201);
  const CaseFile file = api.file(reply->get_header_value("Location"));
  CHECK(file.device.empty());
  CHECK(file.fault.code == "E-217");
  CHECK(file.tenant == organisation("midori"));
  notice["serial"] = "ＳＮ－ｃｔ－１";
  const auto known = api.post("/api/v1/faults", api.token("sato"), notice.dump());
  INFO(known->body);
  REQUIRE(known->status == 201);
  CHECK(api.file(known->get_header_value("Location")).device == device("ct-1"));
}

TEST_CASE("another fault of a device that has a case opens one that is linked to it", "[api]") {
  Api api;
  const std::string first = api.report();
  Json other = api.fault();
  other["code"] = "E-900";
  other["dedup_key"] = "gantry";
  const auto second = api.post("/api/v1/faults", api.device_token, other.dump());
  REQUIRE(second->status == 201);
  CHECK(second->get_header_value("Location") != first);
  CHECK(Json::parse(second->body).at("linked_to") == first.substr(14));
  CHECK(api.file(second->get_header_value("Location")).links.size() == 1);
}

TEST_CASE("a gate reports its own hops of cases behind it, and can do nothing else", "[api]") {
  Api api;
  const std::string path = api.report();
  const auto gate = [&](const char* nick) {
    return *api.server->accounts().new_token(CredentialKind::gate_token, access_point_of(nick).text());
  };
  const std::string own = gate("midori");
  const Json report = {{"hop", "access_point"}, {"state", "closed"}, {"generation", 1}};
  CHECK(api.post(path + "/events/report_hop", own, report.dump())->status != 404);
  CHECK(api.post(path + "/events/report_hop", gate("aoba"), report.dump())->status == 404);
  CHECK(api.post(path + "/events/report_hop", gate("alpha"), report.dump())->status == 404);
  Json exit = report;
  exit["hop"] = "exit";
  CHECK(api.post(path + "/events/report_hop", own, exit.dump())->status == 404);
  for (const char* event : {"acknowledge", "close_confirmed", "connection_lost", "t_ack_expired"})
    CHECK(api.post(path + "/events/" + event, own, "{}")->status == 404);
  CHECK(api.post("/api/v1/faults", own, api.fault().dump())->status == 403);
  CHECK(api.get(path, own)->status == 403);
  CHECK(api.file(path).state == "notified");
}

TEST_CASE("who signs in, who sets what and who reads what stands in the hospital's log", "[api]") {
  Api api;
  const std::string path = api.report();
  const std::string bearer = api.token("sato");
  const Json seen = Json::parse(api.get(path, bearer)->body);
  REQUIRE_FALSE(seen.at("documents").empty());
  const auto read = api.get(seen.at("documents").front().at("href"), bearer);
  REQUIRE(read->status == 200);
  CHECK(read->body.find("pressure low") != std::string::npos);
  REQUIRE(api.get("/api/v1/audit/checkpoint", bearer)->status == 200);
  REQUIRE(api.http->Delete("/api/v1/sign-ins/current", {{"Authorization", "Bearer " + bearer}})->status == 204);
  const auto records = api.records("midori");
  for (const char* event :
       {"user.login", "user.logout", "credential.changed", "case.read", "document.read", "audit.read"}) {
    CAPTURE(event);
    CHECK(std::ranges::any_of(records, [&](const Json& one) { return one["ev"] == event; }));
  }
}

TEST_CASE("two hundred and fifty-six clients that keep their connections are all served", "[api]") {
  Api api;
  std::vector<std::unique_ptr<httplib::Client>> clients;
  std::vector<std::thread> threads;
  std::atomic<int> served{0};
  for (int i = 0; i < 256; ++i) {
    clients.push_back(std::make_unique<httplib::Client>(patient_client(api.server->url())));
  }
  for (auto& one : clients)
    threads.emplace_back([&served, &one] {
      for (int n = 0; n < 3; ++n)
        if (const auto reply = one->Get("/livez"); reply && reply->status == 200) ++served;
    });
  for (std::thread& one : threads)
    one.join();
  CHECK(served == 3 * 256);
}

TEST_CASE("with its own certificate the server answers over TLS and refuses plain HTTP", "[api]") {
  Api api([](Config& config, std::vector<Master>&) { config.plain_http = false; });
  CHECK(api.server->url().starts_with("https://"));
  httplib::Client sure(api.server->url());
  sure.set_ca_cert_path(api.server->home().certificate().c_str());
  sure.enable_server_certificate_verification(true);
  const auto reply = sure.Get("/livez");
  REQUIRE(reply);
  CHECK(reply->status == 200);
  CHECK(reply->has_header("Strict-Transport-Security"));
  httplib::Client plain("http://127.0.0.1:" + std::to_string(api.server->port()));
  const auto refused = plain.Get("/livez");
  CHECK((!refused || refused->status >= 400));
}

}  // namespace kintsugi::testing

#include "tests/end_to_end/api.h"
#include "tests/end_to_end/private_server.h"
#include "tests/end_to_end/process.h"
#include "tests/support/places.h"
#include "tests/support/wait.h"

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

// What an operator's instruments see of the running program: measurements, alert rules over them, and health.
namespace kintsugi::testing {
namespace {

namespace fs = std::filesystem;

constexpr auto patience = 60s;
const fs::path rules_folder = fs::path(source_directory) / "share" / "prometheus";

int run_program(const std::vector<std::string>& words, const fs::path& output) {
  return exit_of(spawn({.words = words, .output = output.string()}));
}

std::set<std::string> words_like(const std::string& text, const char* pattern) {
  const std::regex like(pattern);
  std::set<std::string> out;
  for (auto one = std::sregex_iterator(text.begin(), text.end(), like); one != std::sregex_iterator(); ++one)
    out.insert((*one)[1]);
  return out;
}

double value_of(const std::string& text, const std::string& sample) {
  const auto at = text.find("\n" + sample + " ");
  INFO(sample);
  REQUIRE(at != std::string::npos);
  return std::stod(text.substr(at + sample.size() + 2));
}

Json check_named(const Json& health, const std::string& name) {
  for (const Json& one : health.at("checks"))
    if (one.at("name") == name) return one;
  FAIL("no check " << name);
  return {};
}

Json health_of(Api& api) {
  Json out;
  const std::string token = api.token("sato");
  REQUIRE(wait_until(
      [&] {
        const auto reply = api.get("/api/v1/health", token);
        if (reply->status != 200) return false;
        out = Json::parse(reply->body);
        return out.dump().find("unknown") == std::string::npos;
      },
      patience));
  return out;
}

}  // namespace

TEST_CASE("measurements count what happened, and Prometheus can read them", "[metrics]") {
  Api api;
  api.report();
  const auto refused = api.post("/api/v1/sign-ins", "", R"({"mail": "x@x.example", "password": "y", "code": "1"})");
  CHECK(refused->status == 401);
  api.get("/nowhere/at/all", "");
  const auto reply = api.http->Get("/metrics");
  REQUIRE(reply);
  REQUIRE(reply->status == 200);
  CHECK(reply->get_header_value("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
  const std::string text = "\n" + reply->body;
  CHECK(value_of(text, R"(kintsugi_transitions_total{event="notify",state="notified"})") == 1);
  CHECK(value_of(text, R"(kintsugi_open_cases{state="notified"})") == 1);
  CHECK(value_of(text, R"(kintsugi_access{access="open"})") == 0);
  CHECK(value_of(text, R"(kintsugi_http_requests_total{method="POST",route="/api/v1/faults",status="201"})") == 1);
  CHECK(value_of(text, R"(kintsugi_http_requests_total{method="any",route="none",status="404"})") == 1);
  CHECK(value_of(text, "kintsugi_sign_in_failures_total") == 1);
  CHECK(value_of(text, R"(kintsugi_outbox_effects{state="waiting"})") >= 1);  // no mail server is set
  CHECK(value_of(text, "kintsugi_audit_records") >= 2);
  CHECK(value_of(text, "kintsugi_timers_late") == 0);
  CHECK(value_of(text, R"(kintsugi_http_request_seconds_count{method="POST",route="/api/v1/faults"})") == 1);
  CHECK(text.find("nowhere") == std::string::npos);  // a stranger's path is no label

  std::ofstream(api.directory.path("metrics")) << reply->body;
  const std::string said = api.directory.path("promtool");
  const int exit = run_program({"sh", "-c", "promtool check metrics < " + api.directory.path("metrics")}, said);
  INFO(content_of(said));
  CHECK(exit == 0);
}

TEST_CASE("measurements are for this machine, or for who shows their own token", "[metrics]") {
  Api api([](Config& config, std::vector<Master>&) {
    config.metrics_token = "a token of 16 or more";
    config.listening.behind_proxy = true;
  });
  const auto from = [&](const char* address, const std::string& token) {
    httplib::Headers headers{{"X-Forwarded-For", address}};
    if (!token.empty()) headers.emplace("Authorization", "Bearer " + token);
    const auto reply = api.http->Get("/metrics", headers);
    REQUIRE(reply);
    return reply->status;
  };
  CHECK(from("127.0.0.1", "") == 200);
  CHECK(from("203.0.113.9", "") == 401);
  CHECK(from("203.0.113.9", "a token of 16 or more") == 200);
  CHECK(from("203.0.113.9", "another token of 16") == 401);
  CHECK(from("203.0.113.9", api.device_token) == 401);
  CHECK(api.get("/api/v1/cases", "a token of 16 or more")->status == 401);  // it opens nothing else
}

TEST_CASE("every alert rule is sound, fires on its cause, is measured and has its page", "[metrics]") {
  TemporaryDirectory place;
  const std::string said = place.path("promtool");
  CHECK(run_program({"promtool", "check", "rules", (rules_folder / "kintsugi.rules.yml").string()}, said) == 0);
  CHECK(run_program({"promtool", "test", "rules", (rules_folder / "kintsugi.rules.test.yml").string()}, said) == 0);
  INFO(content_of(said));

  const std::string rules = content_of(rules_folder / "kintsugi.rules.yml");
  const auto alerts = words_like(rules, "alert: (\\w+)");
  CHECK(alerts.size() >= 15);
  const std::string operating = content_of(fs::path(source_directory) / "docs" / "operating.md");
  for (const std::string& one : alerts) {
    CAPTURE(one);
    CHECK(operating.find("### " + one + "\n") != std::string::npos);
  }

  Api api;
  api.report();
  REQUIRE(api.http->Get("/metrics"));  // the first of its kind
  std::ofstream(api.directory.path("data") + "/backup.json")
      << Json{{"taken_at", to_text(api.clock.now())}, {"verified_at", to_text(api.clock.now())}}.dump();
  std::string measured;
  CHECK(wait_until(
      [&] {
        measured = api.http->Get("/metrics")->body;
        return measured.find("kintsugi_checkpoint_age_seconds") != std::string::npos &&
               measured.find("check=\"webhooks\"") != std::string::npos;
      },
      patience));
  for (const std::string& one : words_like(rules, "(kintsugi_\\w+)[{ \\[)]")) {
    CAPTURE(one);
    CHECK(measured.find(one) != std::string::npos);
  }
  for (const std::string& one : words_like(rules, "check=\"(\\w+)\"")) {
    CAPTURE(one);
    CHECK(measured.find("kintsugi_health{check=\"" + one + "\"}") != std::string::npos);
  }
}

TEST_CASE("health names what is wrong, since when and what to do, in the reader's language", "[health]") {
  Api api;
  const Json health = health_of(api);
  CHECK(check_named(health, "store").at("status") == "ok");
  CHECK(check_named(health, "audit").at("status") == "ok");
  CHECK(check_named(health, "disk").at("status") == "ok");
  CHECK(check_named(health, "effects_given_up").at("status") == "ok");
  const Json backup = check_named(health, "backup");
  CHECK(backup.at("status") == "attention");
  CHECK(backup.at("found") == "no backup has ever been verified here");
  CHECK(backup.at("do").get<std::string>().find("kintsugi db verify") != std::string::npos);
  CHECK(instant_from(backup.at("since").get<std::string>()));
  const auto japanese =
      api.http->Get("/api/v1/health", {{"Authorization", "Bearer " + api.token("sato")}, {"Accept-Language", "ja"}});
  REQUIRE(japanese);
  CHECK(check_named(Json::parse(japanese->body), "backup").at("found") == "確かめられた控えがありません");

  SECTION("and is not for whoever runs nothing") {
    CHECK(api.get("/api/v1/health", api.token("tanaka"))->status == 404);
    CHECK(api.get("/api/v1/health", "")->status == 401);
  }
}

TEST_CASE("a backup counts when it was put back and read, and then health and doctor say so", "[health]") {
  Api api;
  api.report();
  api.enrol("sato");
  const std::string data = api.directory.path("data");
  const std::string copy = api.directory.path("copy");
  api.go_on_outside();
  CHECK(run("db verify --data " + data + " --from " + copy).exit == 3);
  REQUIRE(run("db backup --data " + data + " --into " + copy).exit == 0);
  CHECK(check_named(health_of(api), "backup").at("status") == "attention");  // a copy is not a proof
  const Ran verified = run("db verify --data " + data + " --from " + copy);
  INFO(verified.output);
  REQUIRE(verified.exit == 0);
  CHECK_FALSE(fs::exists(data + "/.backup-on-trial"));
  CHECK(wait_until([&] { return check_named(health_of(api), "backup").at("status") == "ok"; }, patience));

  SECTION("one that was changed does not, and nothing is noted of it") {
    fs::remove(data + "/backup.json");
    std::ofstream(copy + "/kintsugi.db", std::ios::app) << "x";
    CHECK(run("db verify --data " + data + " --from " + copy).exit == 7);
    CHECK_FALSE(fs::exists(data + "/backup.json"));
  }
}

}  // namespace kintsugi::testing

#include "tests/end_to_end/api.h"
#include "tests/end_to_end/private_server.h"
#include "tests/end_to_end/process.h"
#include "tests/support/places.h"
#include "tests/support/wait.h"

#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

// The real program posts to a real receiver, which verifies what it gets with the public reference library of
// Standard Webhooks and with Node's own Ed25519.
namespace kintsugi::testing {
namespace {

constexpr auto patience = 60s;
const std::filesystem::path node_folder = std::filesystem::path(source_directory) / "tests" / "node";

class Receiver {
 public:
  explicit Receiver(const std::filesystem::path& place) : output_(place / "receiver.log") {
    INFO("tests/node/node_modules is made by scripts/node-modules");
    REQUIRE(std::filesystem::exists(node_folder / "node_modules" / "standardwebhooks"));
    pid_ = spawn({.words = {"node", (node_folder / "receiver.mjs").string()}, .output = output_.string()});
    REQUIRE(wait_until([&] { return content_of(output_).find('\n') != std::string::npos; }, patience));
    const std::string said = content_of(output_);
    INFO(said);
    REQUIRE(said.starts_with("port "));
    port_ = std::stoi(said.substr(5));
    http_ = std::make_unique<httplib::Client>("127.0.0.1", port_);
  }
  ~Receiver() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/in"; }
  void control(const Json& what) { REQUIRE(http_->Post("/control", what.dump(), "application/json")->status == 204); }
  Json seen() {
    const auto reply = http_->Get("/seen");
    REQUIRE(reply);
    return Json::parse(reply->body);
  }
  // Everything once so many have come.
  Json seen(std::size_t least) {
    wait_until([&] { return seen().size() >= least; }, patience);
    Json out = seen();
    INFO(out.dump(1));
    REQUIRE(out.size() >= least);
    return out;
  }

 private:
  std::filesystem::path output_;
  pid_t pid_ = -1;
  int port_ = 0;
  std::unique_ptr<httplib::Client> http_;
};

// The program over the world, allowed to post to this machine.
struct Outside {
  Api api;
  Receiver receiver{api.directory.path("")};
  std::string id;

  Outside() {
    for (const char* nick : {"sato", "abe", "endo"})
      api.enrol(nick);
    std::ofstream(api.directory.path("data") + "/kintsugi.toml") << "[webhooks]\nprivate_hosts = [\"127.0.0.1\"]\n";
    api.go_on_outside();
  }
  // Adds a webhook of the hospital's and lets the receiver verify with its keys.
  Json add(const Json& changes = Json::array()) {
    const auto reply = api.post(
        "/api/v1/webhooks", api.token("sato"),
        Json{{"owner", organisation("midori").text()}, {"url", receiver.url()}, {"changes", changes}}.dump());
    INFO(reply->body);
    REQUIRE(reply->status == 201);
    const Json made = Json::parse(reply->body);
    id = made.at("id");
    receiver.control(
        {{"secrets", {made.at("key").at("secret")}}, {"public_keys", {made.at("key").at("public_key")}}});
    return made;
  }
  Json deliveries() {
    const auto reply = api.get("/api/v1/webhooks/" + id + "/deliveries", api.token("sato"));
    REQUIRE(reply->status == 200);
    return Json::parse(reply->body).at("deliveries");
  }
  Json webhook() { return Json::parse(api.get("/api/v1/webhooks/" + id, api.token("sato"))->body); }
  Json given_up() {
    return Json::parse(api.get("/api/v1/outbox?state=gave_up", api.token("sato"))->body).at("effects");
  }
};

}  // namespace

TEST_CASE("a receiver that knows nothing but the public library verifies what the program posts", "[webhook]") {
  Outside outside;
  outside.add();
  const auto test = outside.api.post("/api/v1/webhooks/" + outside.id + "/test", outside.api.token("sato"), "{}");
  INFO(test->body);
  CHECK(Json::parse(test->body).at("taken") == true);
  const std::string path = outside.api.report();
  const Json seen = outside.receiver.seen(2);
  for (const Json& one : seen) {
    CHECK(one.at("library") == true);
    CHECK(one.at("ed25519") == true);
    CHECK(one.at("tampered") == false);
    CHECK(one.at("headers").at("content-type") == "application/cloudevents+json; charset=utf-8");
  }
  CHECK(Json::parse(seen[0].at("body").get<std::string>()).at("type") == "kintsugi.webhook.test");

  const std::string body = seen[1].at("body");
  const Json event = Json::parse(body);
  CHECK(event.at("specversion") == "1.0");
  CHECK(event.at("type") == "kintsugi.case.opened");
  CHECK(event.at("subject") == path.substr(14));
  CHECK(event.at("id") == seen[1].at("headers").at("webhook-id"));
  CHECK(event.at("data").at("state") == "notified");
  CHECK(event.at("data").at("version") == 1);
  for (const char* typed : {"pressure low", "E-217", "cooling"})
    CHECK(body.find(typed) == std::string::npos);

  SECTION("and the delivery log proves which bytes it got") {
    REQUIRE(wait_until([&] { return outside.deliveries().size() == 2; }, patience));
    const Json log = outside.deliveries();
    CHECK(log[0].at("sent_sha256") == seen[1].at("sha256"));
    CHECK(log[0].at("status") == 204);
    CHECK(log[0].at("effect") == event.at("id"));
    CHECK(log[1].at("test") == true);
  }
  SECTION("while a stranger does not learn that there is such a webhook, and a vendor neither") {
    for (const char* nick : {"endo", "abe"}) {
      CHECK(outside.api.get("/api/v1/webhooks/" + outside.id, outside.api.token(nick))->status == 404);
      CHECK(Json::parse(outside.api.get("/api/v1/webhooks", outside.api.token(nick))->body).at("webhooks").empty());
    }
    const auto theirs =
        outside.api.post("/api/v1/webhooks", outside.api.token("endo"),
                         Json{{"owner", organisation("midori").text()}, {"url", "https://desk.example/in"}}.dump());
    CHECK(theirs->status == 404);
  }
  SECTION("also with the key it had before, while the overlap lasts") {
    const auto renewed = outside.api.post("/api/v1/webhooks/" + outside.id + "/rotate", outside.api.token("sato"),
                                          R"({"overlap_hours": 1})");
    REQUIRE(renewed->status == 200);
    Json fault = outside.api.fault();
    fault["code"] = fault["dedup_key"] = "E-300";
    REQUIRE(outside.api.post("/api/v1/faults", outside.api.device_token, fault.dump())->status == 201);
    const Json after = outside.receiver.seen(3);
    CHECK(after[2].at("library") == true);
    CHECK(after[2].at("ed25519") == true);
    const Json key = Json::parse(renewed->body);
    const std::size_t before = after.size();
    outside.receiver.control({{"secrets", {key.at("secret")}}, {"public_keys", {key.at("public_key")}}});
    outside.api.post("/api/v1/webhooks/" + outside.id + "/test", outside.api.token("sato"), "{}");
    CHECK(outside.receiver.seen(before + 1).back().at("library") == true);
    CHECK(outside.webhook().at("keys").size() == 2);
    CHECK_FALSE(outside.webhook().at("keys")[0].contains("secret"));
  }
}

TEST_CASE("what a receiver did not take comes again with the same id, redirects are not followed", "[webhook]") {
  Outside outside;
  outside.add({"opened"});
  outside.receiver.control({{"answers",
                             {{{"status", 503}, {"headers", {{"retry-after", "1"}}}},
                              {{"status", 302}, {"headers", {{"location", outside.receiver.url()}}}}}}});
  outside.api.report();
  const Json seen = outside.receiver.seen(3);
  CHECK(seen[0].at("answered") == 503);
  CHECK(seen[1].at("answered") == 302);
  CHECK(seen[2].at("answered") == 204);
  for (const Json& one : seen) {
    CHECK(one.at("headers").at("webhook-id") == seen[0].at("headers").at("webhook-id"));
    CHECK(one.at("sha256") == seen[0].at("sha256"));
    CHECK(one.at("library") == true);
  }
  CHECK(wait_until([&] { return outside.deliveries().size() == 3; }, patience));
  CHECK(outside.deliveries()[0].at("attempt") == 3);
  CHECK(outside.deliveries()[1].at("status") == 302);
}

TEST_CASE("a receiver that says Gone is left alone until a person enables it and sends again", "[webhook]") {
  Outside outside;
  outside.add();
  outside.receiver.control({{"answers", {{{"status", 410}}}}});
  outside.api.report();
  outside.receiver.seen(1);
  REQUIRE(
      wait_until([&] { return outside.webhook().contains("gone_at") && outside.given_up().size() == 1; }, patience));
  CHECK(outside.webhook().at("enabled") == false);
  const Json effect = outside.given_up()[0];
  CHECK(effect.at("webhook") == outside.id);
  CHECK(effect.at("change") == "opened");

  const auto enabled = outside.api.http->Put(
      "/api/v1/webhooks/" + outside.id, {{"Authorization", "Bearer " + outside.api.token("sato")}},
      Json{{"owner", organisation("midori").text()}, {"url", outside.receiver.url()}}.dump(), "application/json");
  REQUIRE(enabled);
  CHECK(Json::parse(enabled->body).at("enabled") == true);
  const auto again = outside.api.post("/api/v1/outbox/" + effect.at("id").get<std::string>() + "/redrive",
                                      outside.api.token("sato"), "{}");
  INFO(again->body);
  REQUIRE(again->status == 200);
  const Json seen = outside.receiver.seen(2);
  CHECK(seen[1].at("headers").at("webhook-id") == effect.at("id"));
  CHECK(seen[1].at("answered") == 204);
}

TEST_CASE("an address inside is refused unless the operator has named its host", "[webhook]") {
  Outside outside;
  for (const auto& [url, status] : {std::pair{"http://desk.example/in", 422}, std::pair{"ftp://desk.example/", 422},
                                    std::pair{"https://user@desk.example/", 422}}) {
    const auto reply = outside.api.post("/api/v1/webhooks", outside.api.token("sato"),
                                        Json{{"owner", organisation("midori").text()}, {"url", url}}.dump());
    CAPTURE(url, reply->body);
    CHECK(reply->status == status);
  }
  const auto made =
      outside.api.post("/api/v1/webhooks", outside.api.token("sato"),
                       Json{{"owner", organisation("midori").text()}, {"url", "https://localhost:1/in"}}.dump());
  REQUIRE(made->status == 201);
  const auto test =
      outside.api.post("/api/v1/webhooks/" + Json::parse(made->body).at("id").get<std::string>() + "/test",
                       outside.api.token("sato"), "{}");
  CHECK(Json::parse(test->body).at("taken") == false);
  CHECK(Json::parse(test->body).at("error").get<std::string>().find("not public") != std::string::npos);
}

}  // namespace kintsugi::testing

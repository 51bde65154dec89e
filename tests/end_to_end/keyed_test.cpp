#include "adapters/http/routes.h"
#include "tests/end_to_end/post_examples.h"
#include "tests/end_to_end/private_server.h"

#include <algorithm>
#include <set>

// Every POST of the server's own table, sent again under its Idempotency-Key. A new route without an example here
// fails the test.
namespace kintsugi::testing {
namespace {

// Whatever is shown once.
void collect(const Json& reply, std::vector<std::string>& out) {
  for (const char* name : {"token", "one_time_code", "secret"})
    if (reply.contains(name)) out.push_back(reply.at(name));
  if (reply.contains("key")) collect(reply.at("key"), out);
  if (reply.contains("otpauth_uri")) out.push_back(reply.at("otpauth_uri"));
  if (reply.contains("recovery_codes"))
    for (const Json& one : reply.at("recovery_codes"))
      out.push_back(one);
}

struct World : Api {
  World() : Api(allow) {}
  static void allow(Config& settings, std::vector<Master>& masters) {
    settings.webhooks.private_hosts = {"127.0.0.1"};
    std::erase_if(masters, [](const Master& one) { return one.kind == "duty"; });
  }
  httplib::Result send(const Try& one, const std::string& key, const Json& body) {
    httplib::Headers headers = one.headers;
    if (!key.empty()) headers.emplace("Idempotency-Key", key);
    return post(one.path, one.nick.empty() ? device_token : token(one.nick), body.dump(), headers);
  }
};

}  // namespace

namespace {}  // namespace

TEST_CASE("every POST sent again under its key is answered as before and done once, and another body is refused",
          "[api][keys]") {
  World world;
  const auto examples = tries();
  std::vector<std::string> secrets;
  int count = 0;
  for (const http::Route& route : http::routes()) {
    if (route.method != "POST" || route.kept == http::Kept::by_nobody) continue;
    CAPTURE(std::string(route.path));
    REQUIRE(examples.contains(route.path));
    const Try one = examples.at(route.path)(world);
    const std::string key = "key-" + std::to_string(++count);
    const auto first = world.send(one, key, one.body);
    INFO(one.path << "\n" << first->body);
    REQUIRE(first->status < 300);
    CHECK_FALSE(first->has_header("Idempotency-Replayed"));
    const auto again = world.send(one, key, one.body);
    INFO(again->body);
    if (route.kept == http::Kept::unshown) {
      CHECK(again->status == 409);
      CHECK(problem_of(again) == "reply_shown_once");
      CHECK(again->get_header_value("Location") == first->get_header_value("Location"));
      const auto before = secrets.size();
      collect(Json::parse(first->body), secrets);
      CHECK(secrets.size() > before);
    } else {
      CHECK(again->status == first->status);
      CHECK(again->get_header_value("Idempotency-Replayed") == "true");
      CHECK(again->get_header_value("Location") == first->get_header_value("Location"));
      CHECK(again->body == first->body);
    }
    const auto other = world.send(one, key, one.other);
    INFO(other->body);
    CHECK(other->status == 422);
    CHECK(problem_of(other) == "key_reused");
  }
  CHECK(count >= 30);

  world.stop();
  for (const char* file : {"kintsugi.db", "kintsugi.db-wal"}) {
    const std::string bytes = content_of(world.directory.path("data") + "/" + file);
    for (const std::string& secret : secrets)
      CHECK(bytes.find(secret) == std::string::npos);
  }
}

TEST_CASE("who proves himself twice has two proofs, whatever key he sends", "[api][keys]") {
  World world;
  std::set<std::string> seen;
  for (const http::Route& route : http::routes())
    if (route.kept == http::Kept::by_nobody) seen.insert(std::string(route.path));
  CHECK(seen == std::set<std::string>{"/api/v1/sign-ins", "/api/v1/step-ups", "/api/v1/invitations/accept"});
  world.enrol("sato");
  std::set<std::string> tokens;
  for (int i = 0; i < 2; ++i) {
    const Json body{{"mail", world.mails["sato"]}, {"password", world.password}, {"code", world.code("sato")}};
    const auto reply = world.post("/api/v1/sign-ins", "", body.dump(), {{"Idempotency-Key", "same"}});
    REQUIRE(reply->status == 201);
    CHECK_FALSE(reply->has_header("Idempotency-Replayed"));
    tokens.insert(Json::parse(reply->body).at("token"));
  }
  CHECK(tokens.size() == 2);
}

TEST_CASE("what was refused for its proof or its form may be sent again under the same key", "[api][keys]") {
  World world;
  Json body = proof(world, "sato");
  Json wrong = body;
  wrong["password"] = "not his password at all";
  const Try one{"/api/v1/people/" + person("tanaka").text() + "/invitations", "sato"};
  CHECK(world.send(one, "k", wrong)->status == 401);
  CHECK(world.send(one, "k", Json{{"password", "x"}})->status == 422);
  CHECK(world.send(one, "k", body)->status == 201);
  CHECK(world.send(one, "k", proof(world, "sato"))->status == 409);  // another code, the same request

  // A rule's refusal is an answer.
  const Try foreign{"/api/v1/webhooks/webhook_01JNFQ8V4S6T2Y0C9W3B7K5M1X/test", "sato"};
  CHECK(world.send(foreign, "f", Json::object())->status == 404);
  const auto again = world.send(foreign, "f", Json::object());
  CHECK(again->status == 404);
  CHECK(again->get_header_value("Idempotency-Replayed") == "true");
  CHECK(problem_of(world.send(foreign, std::string(300, 'k'), Json::object())) == "malformed_header");
}

TEST_CASE("a key is its owner's and its route's", "[api][keys]") {
  World world;
  const Json site{{"name", {{"ja", "東"}, {"en", "East"}}}};
  const Try sites{"/api/v1/sites", "sato", site};
  REQUIRE(world.send(sites, "k", site)->status == 201);
  const Try his{"/api/v1/sites", "endo", site};
  const auto other = world.send(his, "k", site);
  CHECK(other->status == 201);
  CHECK_FALSE(other->has_header("Idempotency-Replayed"));
  const Try plan{"/api/v1/masters/plan", "sato"};
  CHECK_FALSE(world.send(plan, "k", Json::object())->has_header("Idempotency-Replayed"));
  CHECK(world.send(plan, "k", Json::object())->has_header("Idempotency-Replayed"));
}

}  // namespace kintsugi::testing

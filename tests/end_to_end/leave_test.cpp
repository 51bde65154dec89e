#include "adapters/access_point/simulator.h"
#include "tests/end_to_end/api.h"
#include "tests/support/wait.h"

// Leaving and standing in, over the API, with a connection that is really open at a simulated site.
namespace kintsugi::testing {
namespace {

constexpr std::chrono::seconds settling_max{20};
constexpr int looks_max = 20;

struct Site {
  SystemClock clock;
  access_point::SimulatedSite doors{clock};
  access_point::Simulator simulator{doors, {}};
  std::unique_ptr<Api> api;
  std::string path;

  explicit Site(const std::function<void(Person&)>& change = {}) {
    doors.install(device("ct-1"), "SN-ct-1");
    REQUIRE(simulator.start());
    api = std::make_unique<Api>([&](Config& config, std::vector<Master>& masters) {
      for (const char* owner : {"midori", "alpha"})
        config.controllers[access_point_of(owner)].url = simulator.url();
      for (Master& one : masters) {
        if (one.kind != "person" || !change) continue;
        auto person = from_json_text<Person>(one.body);
        REQUIRE(person);
        change(*person);
        one.body = to_json_text(*person);
      }
    });
  }
  ~Site() { api.reset(); }

  void ask() {
    path = api->report();
    done("kimura", "acknowledge", Json::object());
    done("kimura", "request_connection", api->request("abe"));
  }
  void done(const char* nick, const char* event, const Json& payload) {
    auto reply = api->act(path, nick, event, payload);
    // The doors report as they are armed, and each report is a version.
    for (int i = 0; i < looks_max && reply->status == 412; ++i)
      reply = api->act(path, nick, event, payload);
    INFO(nick << " " << event << ": " << reply->body);
    REQUIRE(reply->status == 200);
  }
  httplib::Result approve(const char* nick, const char* slot) {
    const Json payload = {{"slot", slot}, {"request_hash", to_base64(api->file(path).request->hash)}};
    return api->act(path, nick, "approve", payload, true);
  }
  void connect() {
    ask();
    for (const auto& [nick, slot] :
         {std::pair{"sato", "hcf_sysadm"}, std::pair{"suzuki", "hcf_netadm"}, std::pair{"ono", "rsc_netadm"}}) {
      const auto reply = approve(nick, slot);
      INFO(nick << ": " << reply->body);
      REQUIRE(reply->status == 200);
    }
    done("tanaka", "set_hold", {{"no_patient", true}});
    done("abe", "start_connection", {{"case_number", api->file(path).number}, {"endpoint_healthy", true}});
    REQUIRE(wait_until([&] { return api->file(path).state == "connected"; }, settling_max));
  }
};

}  // namespace

TEST_CASE("when somebody leaves, his sign-in and the open door are shut in the same breath (RA34)", "[api][leave]") {
  Site site;
  site.connect();
  Api& api = *site.api;
  const GrantId grant = api.file(site.path).grant()->id;
  REQUIRE(site.simulator.with([&](auto& one) { return one.is_open(Hop::access_point, grant); }));
  const std::string abe = api.token("abe");
  const std::string leaving = "/api/v1/people/" + person("abe").text() + "/leave";
  CHECK(api.post(leaving, api.token("sato"), "{}")->status == 404);
  CHECK(api.post(leaving, api.token("kimura"), "{}")->status == 403);
  REQUIRE(api.get("/api/v1/cases", abe)->status == 200);

  const auto left = api.post(leaving, api.token("hara"), "{}");
  INFO(left->body);
  REQUIRE(left->status == 200);
  CHECK(Json::parse(left->body).at("grants_revoked") == 1);
  CHECK(api.get("/api/v1/cases", abe)->status == 401);
  CHECK(api.file(site.path).grant()->end == GrantEnd::revoked);
  CHECK(wait_until(
      [&] {
        return site.simulator.with([&](auto& one) {
          return !one.is_open(Hop::access_point, grant) && !one.is_open(Hop::exit, grant) &&
                 !one.is_open(Hop::route, grant);
        });
      },
      settling_max));
  const auto sign_in =
      api.post("/api/v1/sign-ins", "",
               Json{{"mail", api.mails["abe"]}, {"password", api.password}, {"code", api.code("abe")}}.dump());
  CHECK(sign_in->status == 401);
  // Told twice, it stays as it was.
  const auto again = api.post(leaving, api.token("hara"), "{}");
  CHECK(Json::parse(again->body).at("left_at") == Json::parse(left->body).at("left_at"));
}

TEST_CASE("a person who is retired in the registry is out with the answer, as one who is reported to leave",
          "[api][leave]") {
  Site site;
  site.connect();
  Api& api = *site.api;
  const std::string abe = api.token("abe");
  const auto retired = api.post("/api/v1/people/" + person("abe").text() + "/retire", api.token("hara"), "{}");
  INFO(retired->body);
  REQUIRE(retired->status == 200);
  CHECK(api.file(site.path).grant()->end == GrantEnd::revoked);
  CHECK(api.get("/api/v1/cases", abe)->status == 401);
}

TEST_CASE("whoever loses his pledge is cut, and whoever loses his role has not approved", "[api][leave]") {
  Site site;
  Api& api = *site.api;
  const auto changed = [&](const char* nick, const char* by, const std::function<void(Json&)>& how) {
    const std::string path = "/api/v1/people/" + person(nick).text();
    const auto read = api.get(path, api.token(by));
    REQUIRE(read->status == 200);
    Json body = Json::parse(read->body);
    how(body);
    const httplib::Headers fence{{"Authorization", "Bearer " + api.token(by)},
                                 {"If-Match", read->get_header_value("ETag")}};
    const auto written = api.http->Put(path, fence, body.dump(), "application/json");
    REQUIRE(written);
    INFO(written->body);
    REQUIRE(written->status == 200);
  };
  SECTION("the pledge") {
    site.connect();
    changed("abe", "hara", [](Json& one) { one["pledge_until"] = "2020-01-01T00:00:00Z"; });
    CHECK(api.file(site.path).grant()->end == GrantEnd::revoked);
  }
  SECTION("the role") {
    site.ask();
    REQUIRE(site.approve("suzuki", "hcf_netadm")->status == 200);
    changed("suzuki", "sato", [](Json& one) { one["roles"] = Json::array(); });
    CHECK(api.file(site.path).request->approvals.empty());
    CHECK(api.file(site.path).state == "conn_requested");
  }
}

TEST_CASE("a named deputy approves while his dates hold and the other is still there", "[api][leave]") {
  const Instant now = SystemClock().now();
  const auto deputies = [&](Instant from, Instant until) {
    return [=](Person& one) {
      if (one.id == person("sato"))
        one.deputies.push_back({.person = person("kato"),
                                .role = Role::hcf_sysadm,
                                .at = organisation("midori"),
                                .from = from,
                                .until = until});
    };
  };
  SECTION("inside the dates") {
    Site site(deputies(now - std::chrono::hours(1), now + std::chrono::hours(1)));
    site.ask();
    const auto reply = site.approve("kato", "hcf_sysadm");
    INFO(reply->body);
    CHECK(reply->status == 200);
    const auto approvals = site.api->file(site.path).request->approvals;
    REQUIRE(approvals.size() == 1);
    CHECK(approvals.front().deputy_for == person("sato"));
    CHECK(Json::parse(site.api->get("/api/v1/expiries", site.api->token("sato"))->body)
              .at("expiries")
              .at(0)
              .at("what") == "deputy");
  }
  SECTION("before them") {
    Site site(deputies(now + std::chrono::hours(1), now + std::chrono::hours(2)));
    site.ask();
    CHECK(site.approve("kato", "hcf_sysadm")->status == 403);
  }
  SECTION("for somebody who has left") {
    Site site(deputies(now - std::chrono::hours(1), now + std::chrono::hours(1)));
    site.ask();
    // Another administrator has to be there who reports it; here the operator does.
    REQUIRE(site.api->server->accounts().leave(person("sato"), operator_actor()));
    CHECK(site.approve("kato", "hcf_sysadm")->status == 403);
  }
}

}  // namespace kintsugi::testing

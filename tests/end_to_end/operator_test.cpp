#include "tests/end_to_end/desk.h"

#include <algorithm>
#include <filesystem>
#include <sys/stat.h>

// What the operator does at the machine while the server runs, and what a hospital's administrator does without him.
namespace kintsugi::testing {
namespace {

namespace fs = std::filesystem;

const char* new_hospital = R"({
  "organisations": [{"id": "org_01JNFQ8V4S0H5T1R8D2N6P4Q7A", "side": "hcf", "name": {"ja": "新病院", "en": "New"}}],
  "people": [{"mail": "first@new.example", "name": {"ja": "最初", "en": "First"},
              "employer": "org_01JNFQ8V4S0H5T1R8D2N6P4Q7A",
              "roles": [{"role": "hcf_sysadm", "at": "org_01JNFQ8V4S0H5T1R8D2N6P4Q7A"}]}]})";

}  // namespace

TEST_CASE("the operator brings in a hospital and its first administrator while the server runs", "[operator]") {
  Api api;
  Desk desk(api);
  const std::string data = api.directory.path("data");
  desk.write("new.json", new_hospital);
  const auto import = [&] { return desk.run("import --data " + data + " new.json"); };
  const Answer done = import();
  INFO(done.out << done.err);
  REQUIRE(done.exit == 0);
  CHECK(done.out == "2 masters imported\n");
  CHECK(import().out == "0 masters imported\n");
  const Answer invited = desk.run("person invite --data " + data + " first@new.example");
  INFO(invited.err);
  REQUIRE(invited.exit == 0);
  const std::string code =
      invited.out.substr(invited.out.find('\t') + 1, invited.out.find('\n') - invited.out.find('\t') - 1);
  const auto accepted =
      api.post("/api/v1/invitations/accept", "",
               Json{{"mail", "first@new.example"}, {"one_time_code", code}, {"password", api.password}}.dump());
  INFO(accepted->body);
  REQUIRE(accepted->status == 201);
  const std::string secret = *sodium::secret_of(Json::parse(accepted->body).at("otpauth_uri").get<std::string>());
  const auto signed_in = api.post("/api/v1/sign-ins", "",
                                  Json{{"mail", "first@new.example"},
                                       {"password", api.password},
                                       {"code", sodium::code_of(secret, sodium::step_of(api.clock.now()))}}
                                      .dump());
  REQUIRE(signed_in->status == 201);
  const std::string bearer = Json::parse(signed_in->body).at("token");
  const Json seen = Json::parse(api.get("/api/v1/organisations", bearer)->body).at("organisations");
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].at("name").at("en") == "New");
  // The records name the machine's operator, not a person.
  const auto store = api.store();
  int by_operator = 0;
  const auto logs = store->audit_logs();
  REQUIRE(logs);
  for (const std::string& log : *logs) {
    const auto rows = store->audit_rows(log, 0, 1'000);
    REQUIRE(rows);
    by_operator += static_cast<int>(std::ranges::count_if(*rows, [](const AuditRow& row) {
      const Json one = Json::parse(row.body);
      return one.at("act").at("kind") == "service" &&
             (one.at("ev") == "config.changed" || one.at("ev") == "user.changed");
    }));
  }
  CHECK(by_operator >= 2);

  SECTION("and the same file is told its mistakes") {
    desk.write("new.json", R"({"people": [{"mail": "x", "employer": "org_nobody"}]})");
    const Answer refused = import();
    CHECK(refused.exit != 0);
    CHECK(refused.err.find("/people/0") != std::string::npos);
  }
  SECTION("and nobody else can open that door") {
    struct stat found {};
    REQUIRE(::stat((data + "/operator.sock").c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0600);
    REQUIRE(::stat(data.c_str(), &found) == 0);
    CHECK((found.st_mode & 0077) == 0);
  }
  SECTION("and with the server stopped the same commands work") {
    api.stop();
    CHECK_FALSE(fs::exists(data + "/operator.sock"));
    CHECK(import().out == "0 masters imported\n");
    std::ofstream(data + "/operator.sock") << "left by a server that was killed";
    CHECK(import().out == "0 masters imported\n");
  }
  SECTION("and an organisation is still no administrator's to make") {
    const Json plan{{"organisations", {{{"name", {{"ja", "別"}, {"en", "Other"}}}, {"side", "hcf"}}}}};
    CHECK(api.post("/api/v1/masters/plan", bearer, plan.dump())->status >= 400);
  }
}

TEST_CASE("a hospital's administrator lets another system report faults, and ends it, without the operator",
          "[integrations]") {
  Api api;
  const std::string sato = api.token("sato");
  const Json wanted{{"name", {{"ja", "監視"}, {"en", "Monitoring"}}}, {"serial_label", "sn"}};
  const auto made = api.post("/api/v1/integrations", sato, wanted.dump());
  INFO(made->body);
  REQUIRE(made->status == 201);
  const Json one = Json::parse(made->body);
  CHECK(one.at("tenant") == organisation("midori").text());
  CHECK(one.at("serial_label") == "sn");
  CHECK(one.at("code_label") == "alertname");
  const std::string path = made->get_header_value("Location");
  CHECK(path == "/api/v1/integrations/" + one.at("id").get<std::string>());

  // To everybody else it does not exist; who keeps the hospital's network may, as with tokens of devices.
  CHECK(api.get(path, api.token("suzuki"))->status == 200);
  for (const char* nick : {"tanaka", "endo", "abe", "hara"}) {
    CAPTURE(nick);
    CHECK(api.get(path, api.token(nick))->status == 404);
    CHECK(Json::parse(api.get("/api/v1/integrations", api.token(nick))->body).at("integrations").empty());
    CHECK(api.post(path + "/tokens", api.token(nick), "{}")->status == 404);
    CHECK(api.post(path + "/retire", api.token(nick), "{}")->status == 404);
    Json elsewhere = wanted;
    elsewhere["tenant"] = organisation("midori").text();
    CHECK(api.post("/api/v1/integrations", api.token(nick), elsewhere.dump())->status == 404);
  }
  CHECK(api.post("/api/v1/integrations", sato, R"({"name":{"ja":"","en":""}})")->status == 422);

  const auto given = api.post(path + "/tokens", sato, "{}");
  REQUIRE(given->status == 201);
  const std::string token = Json::parse(given->body).at("token");
  const auto report = [&] {
    const Json body{
        {"version", "4"},
        {"alerts",
         {{{"status", "firing"}, {"fingerprint", "f"}, {"labels", {{"alertname", "Hot"}, {"sn", "SN-ct-1"}}}}}}};
    return api.post("/api/v1/compat/alertmanager", token, body.dump())->status;
  };
  CHECK(report() == 200);
  CHECK(api.get("/api/v1/cases", token)->status == 401);  // it is good for nothing else
  const Json shown = Json::parse(api.get(path + "/credentials", sato)->body).at("credentials");
  REQUIRE(shown.size() == 1);
  CHECK(shown[0].at("live") == true);
  CHECK(shown[0].contains("last_used_at"));
  CHECK_FALSE(shown[0].contains("token"));

  const auto ended = api.post(path + "/retire", sato, "{}");
  REQUIRE(ended->status == 200);
  CHECK(Json::parse(ended->body).at("enabled") == false);
  CHECK(report() == 401);
  CHECK(Json::parse(api.get(path + "/credentials", sato)->body).at("credentials")[0].at("live") == false);
  CHECK(api.post(path + "/tokens", sato, "{}")->status == 404);
  CHECK(Json::parse(api.get("/api/v1/integrations?filter=enabled=true", sato)->body).at("integrations").empty());
  const auto records = api.records("midori");
  CHECK(std::ranges::count_if(records, [](const Json& row) {
          return row.at("ev") == "config.changed" && row.at("x").value("master", "") == "integration";
        }) == 2);
}

TEST_CASE("integrations are looked after at the command line", "[integrations][cli]") {
  Api api;
  Desk desk(api);
  REQUIRE(desk.sign_in("sato").exit == 0);
  const Answer made = desk.run("integration add --profile sato --name 監視 --name-en Monitoring");
  INFO(made.err);
  REQUIRE(made.exit == 0);
  const std::string id = made.out.substr(0, made.out.find('\n'));
  REQUIRE(id.starts_with("integration_"));
  CHECK(made.out.size() > id.size() + 40);  // and its token
  const Answer listed = desk.run("integration list --profile sato");
  CHECK(listed.out.find(id) != std::string::npos);
  CHECK(listed.out.find("Monitoring") != std::string::npos);
  CHECK(desk.run("integration show --profile sato " + id).out.find("serial_label = serial") != std::string::npos);
  const Answer token = desk.run("integration token --profile sato " + id + " --overlap-hours 1");
  CHECK(token.exit == 0);
  CHECK(desk.run("integration credentials --profile sato " + id).exit == 0);
  CHECK(desk.run("integration retire --profile sato " + id).exit == 0);
  CHECK(desk.run("integration token --profile sato " + id).exit != 0);
}

}  // namespace kintsugi::testing

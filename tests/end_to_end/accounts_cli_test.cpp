#include "tests/end_to_end/desk.h"

#include <algorithm>

// Sign-ins, recovery codes, machines and leaving at the command line.
namespace kintsugi::testing {
namespace {

Json json_of(const Answer& ran) {
  INFO(ran.err);
  REQUIRE(ran.exit == 0);
  return Json::parse(ran.out);
}

}  // namespace

TEST_CASE("the command line lists and ends sign-ins, and knows its machine again", "[cli][accounts]") {
  Api api;
  Desk desk(api);
  Desk other(api);
  REQUIRE(desk.sign_in("sato").exit == 0);
  REQUIRE(other.sign_in("sato").exit == 0);
  const Json kept = Json::parse(desk.read("kintsugi/sato.json"));
  CHECK(kept.at("client_key").get<std::string>().size() == 43);
  const Json seen = json_of(desk.run("sign-in list --profile sato -o json")).at("sign_ins");
  CHECK(seen.size() == 2);
  CHECK(desk.run("sign-in end --profile sato").exit == 2);
  CHECK(desk.run("sign-in end --profile sato --others").exit == 0);
  CHECK(other.run("whoami --profile sato").exit == 4);
  CHECK(desk.run("whoami --profile sato").exit == 0);
  CHECK(desk.run("sign-in end --profile sato --person " + person("abe").text()).exit == 3);
}

TEST_CASE("recovery codes and tokens of a machine are shown once, and can be ended", "[cli][accounts]") {
  Api api;
  Desk desk(api);
  REQUIRE(desk.sign_in("suzuki").exit == 0);
  const Json codes =
      json_of(desk.run("recovery-codes --profile suzuki -o json --password-stdin", desk.proof("suzuki")));
  REQUIRE(codes.at("recovery_codes").size() == accounts::recovery_codes);
  const std::string again =
      "login --profile b --server " + api.server->url() + " --mail " + mail_of(api, "suzuki") + " --password-stdin";
  const std::string proof = api.password + "\n" + codes.at("recovery_codes").at(0).get<std::string>() + "\n";
  CHECK(desk.run(again, proof).exit == 0);
  CHECK(desk.run(again, proof).exit == 4);

  const std::string id = device("ct-1").text();
  const Answer made = desk.run("device token " + id + " --overlap-hours 0 --profile suzuki");
  REQUIRE(made.exit == 0);
  CHECK(made.out.size() == 44);
  CHECK(api.post("/api/v1/faults", api.device_token, api.fault().dump())->status == 401);
  const Json list = json_of(desk.run("device credentials " + id + " --profile suzuki -o json")).at("credentials");
  REQUIRE(list.size() == 2);
  const auto live = std::ranges::find_if(list, [](const Json& one) { return one.at("live") == true; });
  REQUIRE(live != list.end());
  CHECK(desk.run("device end " + id + " " + live->at("mark").get<std::string>() + " --profile suzuki").exit == 0);
  const std::string token = made.out.substr(0, 43);
  CHECK(api.post("/api/v1/faults", token, api.fault().dump())->status == 401);
}

TEST_CASE("a manager reports at the command line that somebody has left", "[cli][accounts]") {
  Api api;
  Desk desk(api);
  const std::string abe = api.token("abe");
  REQUIRE(desk.sign_in("hara").exit == 0);
  const Json left = json_of(desk.run("person leave " + person("abe").text() + " --profile hara -o json"));
  CHECK(left.at("grants_revoked") == 0);
  CHECK(api.get("/api/v1/cases", abe)->status == 401);
  CHECK(desk.run("person leave " + person("sato").text() + " --profile hara").exit == 3);
}

}  // namespace kintsugi::testing

#include "tests/end_to_end/api.h"
#include "tests/end_to_end/still.h"

#include <catch2/catch.hpp>

#include <algorithm>

namespace kintsugi::testing {
namespace {

// Nothing in a view may be left to the reader's memory: not even what is as in a new case.
TEST_CASE("a case view says of every hop which it is, of every person his name, of every document what it is",
          "[api]") {
  Api api;
  const std::string path = api.report();
  REQUIRE(api.act(path, "abe", "acknowledge", Json::object())->status == 200);
  REQUIRE(api.act(path, "abe", "request_connection", api.request("kimura"))->status == 200);
  const std::string hash = to_base64(api.file(path).request->hash);
  for (const auto& [nick, slot] :
       {std::pair("sato", "hcf_sysadm"), std::pair("suzuki", "hcf_netadm"), std::pair("ono", "rsc_netadm")}) {
    CAPTURE(nick);
    REQUIRE(api.act(path, nick, "approve", {{"slot", slot}, {"request_hash", hash}}, true)->status == 200);
  }

  REQUIRE(api.act(path, "tanaka", "set_hold", {{"no_patient", true}})->status == 200);
  REQUIRE(api.act(path, "kimura", "start_connection",
                  {{"case_number", api.file(path).number}, {"endpoint_healthy", true}})
              ->status == 200);
  for (const auto& [door, hop] : {std::pair("alpha", "exit"), std::pair("midori", "access_point")}) {
    const std::string gate =
        *api.server->accounts().new_token(CredentialKind::gate_token, access_point_of(door).text());
    const Json report = {{"hop", hop}, {"state", "open"}, {"generation", 1}, {"sessions", 0}};
    REQUIRE(api.post(path + "/events/report_hop", gate, report.dump())->status == 200);
  }

  const Json seen = Json::parse(api.get(path, api.token("sato"))->body);
  CAPTURE(seen.dump(1));
  REQUIRE(seen.at("state") == "connecting");

  const Json& hops = seen.at("grants").at(0).at("hops");
  for (const char* hop : {"exit", "access_point"})
    CHECK(std::ranges::count_if(hops, [&](const Json& one) { return one.at("hop") == hop; }) == 1);
  CHECK(seen.at("grants").at(0).at("sessions_used") == 0);

  const Json& request = seen.at("request");
  CHECK(request.at("by").at("name") == "abe");
  CHECK_FALSE(request.at("attendant").at("name").get<std::string>().empty());
  CHECK(request.at("break_glass") == false);
  for (const Json& approval : request.at("approvals"))
    CHECK_FALSE(approval.at("by").at("name").get<std::string>().empty());

  const Json& all = seen.at("documents");
  for (const Json& one : all)
    CHECK_FALSE(one.at("label").get<std::string>().empty());
  const auto document = [&](const char* place) {
    const auto found = std::ranges::find_if(all, [&](const Json& one) { return one.at("place") == place; });
    REQUIRE(found != all.end());
    return *found;
  };
  for (const char* member : {"reason", "work_plan", "effect_on_operation", "substitute_measure", "request"}) {
    const Json one = document(("request_connection/" + std::string(member)).c_str());
    CHECK(one.at("label") == "Request a connection");
    CHECK(one.at("by").at("name") == "abe");
  }
  const Json reason = document("request_connection/reason");
  CHECK(Json::parse(api.get(reason.at("href"), api.token("sato"))->body).at("place") == reason.at("place"));
}

TEST_CASE("what is proved closed is shown as closed, whatever the state is called", "[api]") {
  Still still;
  for (const bool answers : {true, false}) {
    Play play;
    play.directory = still.directory;
    bring_to(play, "connected");
    play.points_answer = answers;
    play.send("clin", "emergency_disconnect");
    REQUIRE(play.file.state == "halted");
    const CaseFile file = still.paste(play);
    const auto reader = std::ranges::find_if(
        still.people, [](const Stranger& one) { return one.takes_part && one.role == Role::hcf_sysadm; });
    REQUIRE(reader != still.people.end());
    const auto reply =
        patient_client(still.url())
            .Get("/api/v1/cases/" + file.id.text(), {{"Authorization", "Bearer " + Still::token_of(*reader)}});
    REQUIRE(reply);
    REQUIRE(reply->status == 200);
    CHECK(Json::parse(reply->body).at("access") == (answers ? "closed" : "closing"));
    still.take_away(file);
  }
}

}  // namespace
}  // namespace kintsugi::testing

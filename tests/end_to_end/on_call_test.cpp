#include "tests/end_to_end/api.h"

#include <algorithm>

// Who is on call, over HTTP and at a terminal's level of detail: the reason, the hand-overs, shifts, what is wrong.
namespace kintsugi::testing {
namespace {

const RosterId roster_id{new_id_text("roster", *instant_from("2026-01-01T00:00:00Z"), sha256("roster"), 0)};

// Weekly turns of abe and kimura at alpha, in place of the shifts of the world.
void use_roster(Config&, std::vector<Master>& masters) {
  std::erase_if(masters, [](const Master& one) { return one.kind == "duty"; });
  Roster roster;
  roster.id = roster_id;
  roster.at = organisation("alpha");
  Layer layer;
  layer.name = "first line";
  layer.people = {person("abe"), person("kimura")};
  layer.first_day = "2026-01-05";
  roster.layers = {layer};
  masters.push_back({.kind = "roster",
                     .id = roster.id.text(),
                     .tenant = roster.at.text(),
                     .body = to_json_text(roster),
                     .salt = {}});
}

Json asked(Api& api, const std::string& path, const std::string& nick) {
  const auto reply = api.get(path, api.token(nick));
  INFO(reply->body);
  REQUIRE(reply->status == 200);
  return Json::parse(reply->body);
}
std::string at(std::string_view local) {
  return to_text(*instant_from(std::string(local) + "+09:00"));
}

}  // namespace

TEST_CASE("who is on call is said with the reason, to both sides of a contract and to nobody else",
          "[api][on_call]") {
  Api api(use_roster);
  const std::string alpha = organisation("alpha").text();
  const std::string path = "/api/v1/on-call?product_line=ct&organisation=" + alpha + "&at=2026-01-05T01:00:00Z";
  for (const char* nick : {"hara", "abe", "sato"}) {  // a hospital under contract may know whom to call
    const Json seen = asked(api, path, nick);
    REQUIRE(seen.at("on_call").size() == 1);
    const Json& one = seen["on_call"][0];
    CHECK(one.at("id") == person("abe").text());
    CHECK(one.at("by") == "turn");
    CHECK(one.at("layer") == "first line");
    CHECK(one.at("roster") == roster_id.text());
    CHECK(one.at("telephone") == "+81-3-0000-0000");
    CHECK(seen.at("until") == at("2026-01-12T09:00:00"));
  }
  CHECK(api.get(path, api.token("watanabe"))->status == 404);
  CHECK(api.get("/api/v1/on-call?organisation=org_none", api.token("hara"))->status == 404);
  CHECK(api.get("/api/v1/on-call?tier=9", api.token("hara"))->status == 422);
  const Json next = asked(api, "/api/v1/on-call/hand-overs?product_line=ct&from=2026-01-05T00:00:00Z", "hara");
  REQUIRE(next.at("hand_overs").size() == 2);  // of 14 days
  CHECK(next["hand_overs"][1].at("from") == at("2026-01-12T09:00:00"));
  CHECK(next["hand_overs"][1].at("on_call")[0].at("id") == person("kimura").text());
}

TEST_CASE("a shift is put by whoever administers or by whose turn it is, once, and is recorded", "[api][on_call]") {
  Api api(use_roster);
  const Instant now = api.clock.now();
  const Json body{{"person", person("kimura").text()},
                  {"organisation", organisation("alpha").text()},
                  {"instead_of", person("abe").text()},
                  {"reason", "sick"},
                  {"from", to_text(now)},
                  {"until", to_text(now + 21 * 24h)}};
  const auto put = [&](const std::string& nick, const Json& what, const std::string& key) {
    return api.post("/api/v1/on-call/overrides", api.token(nick), what.dump(), {{"Idempotency-Key", key}});
  };
  CHECK(put("ono", body, "a")->status == 404);   // neither a manager nor the one whose turn it is
  CHECK(put("sato", body, "b")->status == 404);  // it is not his organisation's
  const auto done = put("abe", body, "c");
  INFO(done->body);
  REQUIRE(done->status == 201);
  const auto again = put("abe", body, "c");
  CHECK(again->status == 201);
  CHECK(again->get_header_value("Idempotency-Replayed") == "true");
  CHECK(Json::parse(again->body).at("id") == Json::parse(done->body).at("id"));
  // Whichever week it is, abe is not on call before three weeks are over.
  const Json next = asked(api, "/api/v1/on-call/hand-overs?product_line=ct&until=" + to_text(now + 20 * 24h), "hara");
  bool instead = false;
  for (const Json& stretch : next.at("hand_overs"))
    for (const Json& one : stretch.at("on_call")) {
      CHECK(one.at("id") == person("kimura").text());
      if (one.at("by") == "shift") {
        CHECK(one.at("instead_of").at("id") == person("abe").text());
        CHECK(one.at("reason") == "sick");
        instead = true;
      }
    }
  CHECK(instead);
  Json wrong = body;
  wrong["person"] = person("sato").text();
  wrong["until"] = to_text(now - 1h);
  const auto refused = put("hara", wrong, "d");
  CHECK(refused->status == 422);
  CHECK(Json::parse(refused->body).at("errors").size() == 3);
  const auto records = api.records("");
  CHECK(std::ranges::count_if(records, [](const Json& one) {
          return one.at("ev") == "config.changed" && one.at("x").value("master", "") == "duty";
        }) == 1);
}

TEST_CASE("the check says what is wrong with rosters in the reader's language", "[api][on_call]") {
  Api api([](Config& config, std::vector<Master>& masters) {
    use_roster(config, masters);
    auto roster = *from_json_text<Roster>(masters.back().body);
    roster.layers[0].hours = {{.days = {1, 2, 3, 4, 5}, .from = 9 * 60, .until = 17 * 60}};
    roster.layers[0].people.push_back(person("hara"));
    masters.back().body = to_json_text(roster);
  });
  const Json seen = asked(api, "/api/v1/on-call/check", "hara");
  const auto kinds = [&](const char* kind) {
    return std::ranges::count_if(seen.at("gaps"), [&](const Json& one) { return one.at("kind") == kind; });
  };
  CHECK(kinds("nobody_on_call") > 8);  // every night, for contracts around the clock
  CHECK(kinds("not_entitled") == 1);
  CHECK(std::ranges::any_of(seen["gaps"], [](const Json& one) {
    return one.at("refuses") == true &&
           one.at("text").get<std::string>().find("nobody is on call") != std::string::npos;
  }));
}

TEST_CASE("a case shows who was asked, who is next, whom to call and which letters it sent", "[api][on_call]") {
  Api api;
  const std::string path = api.report();
  const Json seen = asked(api, path, "sato");
  const Json& ladder = seen.at("ladder");
  CHECK(ladder.at("what") == "t_ack_expired");
  CHECK(ladder.at("asked").empty());
  CHECK(ladder.at("next").at("level") == 1);
  CHECK_FALSE(ladder["next"].at("people").empty());
  CHECK(ladder.at("call").back().at("telephone") == "+81-3-1111-2222");
  REQUIRE(seen.at("letters").size() == 1);
  CHECK(seen["letters"][0].at("mail") == "M01");
  CHECK_FALSE(seen["letters"][0].at("people").empty());
}

}  // namespace kintsugi::testing

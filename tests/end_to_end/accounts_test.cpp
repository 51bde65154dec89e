#include "engine/base/digest.h"
#include "tests/end_to_end/api.h"

#include <algorithm>

// Sign-ins, generators, recovery codes and machines' tokens over the API.
namespace kintsugi::testing {
namespace {

httplib::Result remove(Api& api, const std::string& path, const std::string& bearer) {
  auto reply =
      api.http->Delete(path, httplib::Headers{{"Authorization", "Bearer " + bearer}, {"Accept-Language", "en"}});
  REQUIRE(reply);
  return reply;
}

// One more sign-in of somebody who has one.
Json again(Api& api, const std::string& nick, Json more = Json::object()) {
  more["mail"] = api.mails[nick];
  more["password"] = api.password;
  more["code"] = api.code(nick);
  const auto reply = api.post("/api/v1/sign-ins", "", more.dump());
  INFO(reply->body);
  REQUIRE(reply->status == 201);
  return Json::parse(reply->body);
}

Json listed(Api& api, const std::string& path, const std::string& bearer) {
  const auto reply = api.get(path, bearer);
  INFO(reply->body);
  REQUIRE(reply->status == 200);
  return Json::parse(reply->body).at("sign_ins");
}

std::string people(const char* nick, const char* rest) {
  return "/api/v1/people/" + person(nick).text() + rest;
}

}  // namespace

TEST_CASE("a person sees where he is signed in and ends one or all others, from the next request on", "[api]") {
  Api api;
  const std::string first = api.token("sato");
  const std::string second = again(api, "sato").at("token");
  const std::string third = again(api, "sato").at("token");
  const Json seen = listed(api, "/api/v1/sign-ins", second);
  REQUIRE(seen.size() == 3);
  CHECK(std::ranges::count_if(seen, [](const Json& one) { return one.at("current") == true; }) == 1);
  CHECK(seen[1].at("current") == true);
  for (const Json& one : seen) {
    CHECK(one.at("address") == "127.0.0.1");
    CHECK(one.at("client").get<std::string>().starts_with("cpp-httplib"));
    CHECK(one.at("with_code") == true);
    CHECK(one.at("live") == true);
  }
  CHECK(seen.dump().find(first) == std::string::npos);
  CHECK(remove(api, "/api/v1/sign-ins/" + seen[0].at("id").get<std::string>(), second)->status == 204);
  CHECK(api.get("/api/v1/cases", third)->status == 401);
  CHECK(api.get("/api/v1/cases", first)->status == 200);
  CHECK(remove(api, "/api/v1/sign-ins", second)->status == 204);
  CHECK(api.get("/api/v1/cases", first)->status == 401);
  CHECK(api.get("/api/v1/cases", second)->status == 200);
  CHECK(listed(api, "/api/v1/sign-ins", second).size() == 1);
  CHECK(listed(api, "/api/v1/sign-ins?all=true", second).size() == 3);
  CHECK(remove(api, "/api/v1/sign-ins/signin_nobodys", second)->status == 404);
}

TEST_CASE("an administrator of his own side ends all of somebody's sign-ins, and nobody else does", "[api]") {
  Api api;
  const std::string lost = api.token("suzuki");
  // Not a colleague, not the vendor's manager, not another hospital's administrator, and each is told his part.
  CHECK(remove(api, people("suzuki", "/sign-ins"), api.token("tanaka"))->status == 403);
  const auto told = Json::parse(remove(api, people("suzuki", "/sign-ins"), api.token("tanaka"))->body);
  CHECK(told.at("failed").at(0).at("lifted_by").at(0).at("role") == "hcf_sysadm");
  CHECK(remove(api, people("suzuki", "/sign-ins"), api.token("hara"))->status == 404);
  CHECK(remove(api, people("suzuki", "/sign-ins"), api.token("endo"))->status == 404);
  CHECK(api.get(people("suzuki", "/sign-ins"), api.token("endo"))->status == 404);
  CHECK(remove(api, people("nobody", "/sign-ins"), api.token("sato"))->status == 404);
  CHECK(api.get("/api/v1/cases", lost)->status == 200);
  CHECK(listed(api, people("suzuki", "/sign-ins"), api.token("sato")).size() == 1);
  CHECK(remove(api, people("suzuki", "/sign-ins"), api.token("sato"))->status == 204);
  CHECK(api.get("/api/v1/cases", lost)->status == 401);
  const auto records = api.records("midori");
  const auto ended = std::ranges::find_if(records, [](const Json& one) {
    return one["ev"] == "user.logout" && one["x"]["why"] == "ended_by_administrator";
  });
  REQUIRE(ended != records.end());
  CHECK((*ended)["act"]["role"] == "hcf_sysadm");
  CHECK((*ended)["x"].contains("person"));
}

TEST_CASE("a generator is changed with a proof and a first code, and recovery codes are good once each", "[api]") {
  Api api;
  const std::string bearer = api.token("sato");
  const auto proof = [&] { return Json{{"password", api.password}, {"code", api.code("sato")}}; };
  CHECK(api.post("/api/v1/code-enrolments", bearer, Json{{"password", "wrong"}, {"code", "000000"}}.dump())->status ==
        401);
  const auto begun = api.post("/api/v1/code-enrolments", bearer, proof().dump());
  REQUIRE(begun->status == 201);
  const Json shown = Json::parse(begun->body);
  CHECK(shown.at("qr_svg").get<std::string>().starts_with("<svg xmlns="));
  const std::string fresh = *sodium::secret_of(shown.at("otpauth_uri").get<std::string>());
  again(api, "sato");  // the old one holds until the new one has made a code
  CHECK(api.post("/api/v1/code-enrolments/confirm", bearer, R"({"code":"000000"})")->status == 401);
  const auto step = sodium::step_of(api.clock.now() + Api::sent_within) - 1;
  REQUIRE(api.post("/api/v1/code-enrolments/confirm", bearer, Json{{"code", sodium::code_of(fresh, step)}}.dump())
              ->status == 204);
  api.secrets["sato"] = fresh;
  api.steps["sato"] = step;
  again(api, "sato");

  const auto made =
      api.post("/api/v1/recovery-codes", bearer, Json{{"password", api.password}, {"code", api.code("sato")}}.dump());
  REQUIRE(made->status == 201);
  const Json codes = Json::parse(made->body).at("recovery_codes");
  REQUIRE(codes.size() == accounts::recovery_codes);
  const auto sign_in = [&](const Json& code) {
    return api.post("/api/v1/sign-ins", "",
                    Json{{"mail", api.mails["sato"]}, {"password", api.password}, {"code", code}}.dump());
  };
  const auto first = sign_in(codes[0]);
  REQUIRE(first->status == 201);
  CHECK(Json::parse(first->body).at("recovery_codes_left") == accounts::recovery_codes - 1);
  const auto twice = sign_in(codes[0]);
  CHECK(twice->status == 401);
  CHECK(problem_of(twice) == "sign_in_refused");
}

TEST_CASE("an administrator who proves himself lets somebody of his side begin anew", "[api]") {
  Api api;
  const std::string lost = api.token("suzuki");
  const std::string admin = api.token("sato");
  const auto proof = [&] { return Json{{"password", api.password}, {"code", api.code("sato")}}.dump(); };
  const auto unproved = api.post(people("suzuki", "/invitations"), admin, R"({"password":"x","code":"0"})");
  CHECK(unproved->status == 401);
  CHECK(problem_of(unproved) == "proof_refused");
  CHECK(api.post(people("sato", "/invitations"), admin, "{}")->status == 403);
  CHECK(api.post(people("abe", "/invitations"), admin, "{}")->status == 404);
  const auto invited = api.post(people("suzuki", "/invitations"), admin, proof());
  REQUIRE(invited->status == 201);
  CHECK(api.get("/api/v1/cases", lost)->status == 200);
  const std::string password = "an entirely new password";
  const auto accepted = api.post("/api/v1/invitations/accept", "",
                                 Json{{"mail", api.mails["suzuki"]},
                                      {"one_time_code", Json::parse(invited->body).at("one_time_code")},
                                      {"password", password}}
                                     .dump());
  REQUIRE(accepted->status == 201);
  const Json fresh = Json::parse(accepted->body);
  CHECK(fresh.at("qr_svg").get<std::string>().find("<path") != std::string::npos);
  CHECK(api.get("/api/v1/cases", lost)->status == 401);
  const auto code = [&](const std::string& secret) {
    return sodium::code_of(secret, sodium::step_of(api.clock.now()) + 1);
  };
  const auto sign_in = [&](const std::string& with) {
    return api.post("/api/v1/sign-ins", "",
                    Json{{"mail", api.mails["suzuki"]}, {"password", password}, {"code", with}}.dump());
  };
  CHECK(sign_in(code(api.secrets["suzuki"]))->status == 401);
  CHECK(sign_in("")->status == 401);
  CHECK(sign_in(code(*sodium::secret_of(fresh.at("otpauth_uri").get<std::string>())))->status == 201);
}

TEST_CASE("tokens of a device are listed, rotated with an overlap and ended one by one", "[api]") {
  Api api;
  const std::string admin = api.token("suzuki");
  const std::string path = "/api/v1/devices/" + device("ct-1").text();
  const auto notices = [&](const std::string& token) {
    return api.post("/api/v1/faults", token, api.fault().dump())->status < 300;
  };
  const auto make = [&](int overlap) -> std::string {
    const auto reply = api.post(path + "/tokens", admin, Json{{"overlap_hours", overlap}}.dump());
    INFO(reply->body);
    REQUIRE(reply->status == 201);
    return Json::parse(reply->body).at("token");
  };
  CHECK(api.post(path + "/tokens", api.token("tanaka"), "{}")->status == 403);
  CHECK(api.post(path + "/tokens", api.token("endo"), "{}")->status == 404);
  CHECK(api.post(path + "/tokens", admin, R"({"overlap_hours":721})")->status == 422);
  const std::string second = make(24);
  const std::string third = make(24);
  CHECK(notices(api.device_token));
  CHECK(notices(second));
  const Json list = Json::parse(api.get(path + "/credentials", admin)->body).at("credentials");
  REQUIRE(list.size() == 3);
  CHECK(list.dump().find(second) == std::string::npos);
  const auto used = std::ranges::find_if(list, [&](const Json& one) {
    return one.at("mark") == to_hex(sha256(second)).substr(0, accounts::mark_chars);
  });
  REQUIRE(used != list.end());
  CHECK(used->contains("last_used_at"));
  CHECK(remove(api, path + "/credentials/" + used->at("mark").get<std::string>(), admin)->status == 204);
  CHECK_FALSE(notices(second));
  CHECK(notices(third));
  const std::string fourth = make(0);
  CHECK_FALSE(notices(api.device_token));
  CHECK_FALSE(notices(third));
  CHECK(notices(fourth));
}

TEST_CASE("what runs out soon is told to the person and to those who administer him", "[api]") {
  Api api([](Config&, std::vector<Master>& masters) {
    for (Master& one : masters) {
      if (one.id != person("abe").text()) continue;
      auto abe = from_json_text<Person>(one.body);
      REQUIRE(abe);
      abe->pledge_until = SystemClock().now() + std::chrono::hours(48);
      abe->training_until = SystemClock().now() - std::chrono::hours(1);
      one.body = to_json_text(*abe);
    }
  });
  const auto told = [&](const char* nick) {
    return Json::parse(api.get("/api/v1/expiries", api.token(nick))->body).at("expiries");
  };
  for (const char* nick : {"abe", "hara"}) {
    const Json rows = told(nick);
    CAPTURE(nick, rows.dump());
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].at("what") == "training");
    CHECK(rows[0].at("over") == true);
    CHECK(rows[1].at("what") == "pledge");
    CHECK(rows[1].at("text") == "confidentiality pledge");
    CHECK(rows[1].at("over") == false);
  }
  CHECK(told("sato").empty());
  CHECK(told("kimura").empty());
  const Json own = Json::parse(api.get("/api/v1/sign-ins/current", api.token("abe"))->body);
  CHECK(own.at("person").at("expiring").size() == 2);
  // And a request that names him is refused.
  const std::string path = api.report();
  REQUIRE(api.act(path, "kimura", "acknowledge", Json::object())->status == 200);
  const auto refused = api.act(path, "kimura", "request_connection", api.request("abe"));
  CHECK(refused->status == 409);
  CHECK(refused->body.find("worker_not_eligible") != std::string::npos);
}

TEST_CASE("inventing tokens or addresses brings no more tries at the door", "[api]") {
  Api api([](Config& config, std::vector<Master>&) {
    config.listening.unknown_rate_per_s = 0.001;
    config.listening.unknown_burst = 5;
  });
  const auto knock = [&](const std::string& token, const std::string& forwarded) {
    httplib::Headers headers;
    if (!forwarded.empty()) headers.emplace("X-Forwarded-For", forwarded);
    return api.post("/api/v1/sign-ins", token, R"({"mail":"a","password":"b","code":"c"})", headers)->status;
  };
  int answered = 0;
  for (int i = 0; i < 10; ++i)
    if (knock("invented-" + std::to_string(i), "192.0.2." + std::to_string(i)) == 401) ++answered;
  CHECK(answered == 5);
  CHECK(knock("", "") == 429);
  // A machine that shows its own token is counted by itself.
  CHECK(api.post("/api/v1/faults", api.device_token, api.fault().dump())->status == 201);
}

}  // namespace kintsugi::testing

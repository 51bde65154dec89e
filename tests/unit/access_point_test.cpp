#include "adapters/access_point/http_controller.h"
#include "adapters/access_point/manual.h"
#include "adapters/access_point/wire.h"

#include <catch2/catch.hpp>

namespace kintsugi::access_point {

namespace {

const Instant nine = *instant_from("2026-03-04T09:00:00Z");

Order order(OrderKind kind, Hop hop) {
  Order one;
  one.order = kind;
  one.hop = hop;
  one.grant = GrantId{"grant_one"};
  one.generation = 3;
  one.at = AccessPointId{"ap_ward"};
  one.case_id = CaseId{"case_one"};
  one.device = DeviceId{"device_ct1"};
  one.level = AccessLevel::file;
  one.window = {nine, nine + 2h};
  one.workers = {PersonId{"person_worker"}};
  return one;
}

Directory directory() {
  Directory all;
  Organisation hospital;
  hospital.id = OrganisationId{"org_h"};
  all.put(hospital);
  AccessPoint ward;
  ward.id = AccessPointId{"ap_ward"};
  ward.maker_model = "Switch 9";
  all.put(ward);
  Device scanner;
  scanner.id = DeviceId{"device_ct1"};
  scanner.tenant = OrganisationId{"org_h"};
  scanner.serial = "SN-1";
  scanner.nickname = {"ＣＴ一号", "CT one"};
  scanner.address = "10.0.0.7:4433";
  all.put(scanner);
  Person worker;
  worker.id = PersonId{"person_worker"};
  worker.name = {"山田花子", "Hanako Yamada"};
  all.put(worker);
  return all;
}

}  // namespace

TEST_CASE("an answer with a number that nothing can count is unclear, and not none", "[access_point]") {
  const Order asked = order(OrderKind::close, Hop::route);
  const auto answer = [&](const char* sessions) {
    return answer_from(asked, 200,
                       std::string(R"({"hop":"route","state":"closed","generation":3,"sessions":)") + sessions + "}");
  };
  CHECK(answer("0")->sessions == 0);
  CHECK_FALSE(answer("18446744073709551616"));
  CHECK_FALSE(answer("18446744073709551615"));
}

TEST_CASE("every order that the contract knows reads back the same at the receiver", "[access_point]") {
  int known = 0;
  for (const auto& [kind, kind_name] : names_of(OrderKind{}))
    for (const auto& [hop, hop_name] : names_of(Hop{})) {
      const Order sent = order(kind, hop);
      const auto call = call_for(sent);
      const bool not_armed = hop == Hop::route && kind == OrderKind::arm;
      const bool only_asked = hop == Hop::probe && kind != OrderKind::check;
      CHECK(call.has_value() == !(not_armed || only_asked));
      if (!call) continue;
      ++known;
      const std::size_t query = call->path.find("?generation=");
      const auto heard =
          order_from(call->method, call->path.substr(0, query), call->path.substr(query + 12), call->body);
      REQUIRE(heard);
      CHECK(heard->order == kind);
      CHECK(heard->hop == hop);
      CHECK(heard->grant == sent.grant);
      CHECK(heard->generation == 3);
      if (kind != OrderKind::arm && kind != OrderKind::open) continue;
      CHECK(heard->case_id == sent.case_id);
      CHECK(heard->device == sent.device);
      CHECK(heard->level == sent.level);
      CHECK(heard->window == sent.window);
      CHECK(heard->workers == sent.workers);
    }
  CHECK(known == 15);
}

TEST_CASE("a grant cannot change the path of its call", "[access_point]") {
  for (const char* text : {"", "../probe", "a/b", "a?generation=9", "a b", "a\r\nX: y", "許可"}) {
    Order wrong = order(OrderKind::close, Hop::exit);
    wrong.grant = GrantId{text};
    CHECK_FALSE(call_for(wrong));
  }
}

TEST_CASE("a receiver refuses calls that are not of the contract", "[access_point]") {
  const std::string path = "/v1/exit/grants/grant_one";
  const std::string body = call_for(order(OrderKind::open, Hop::exit))->body;
  CHECK(order_from("PUT", path, "1", body));
  CHECK_FALSE(order_from("PUT", path, "0", body));
  CHECK_FALSE(order_from("PUT", path, "1x", body));
  CHECK_FALSE(order_from("PUT", path, "", body));
  CHECK_FALSE(order_from("PATCH", path, "1", body));
  CHECK_FALSE(order_from("GET", path + "/emergency-close", "1", ""));
  CHECK_FALSE(order_from("PUT", "/v1/window/grants/grant_one", "1", body));
  CHECK_FALSE(order_from("PUT", "/v2/exit/grants/grant_one", "1", body));
  CHECK_FALSE(order_from("PUT", path + "/", "1", body));
  CHECK_FALSE(order_from("PUT", path, "1", "[]"));
  Json odd = Json::parse(body);
  odd["level"] = "everything";
  CHECK_FALSE(order_from("PUT", path, "1", odd.dump()));
  CHECK_FALSE(order_from("PUT", path, "1", R"({"state":"closed"})"));
  CHECK_FALSE(order_from("PUT", path, "1", R"({"state":"open","device":"d","not_before":"now"})"));
}

TEST_CASE("only a clear answer is an answer, everything else leaves the state unknown", "[access_point]") {
  const Order opening = order(OrderKind::open, Hop::exit);
  const auto code = [&](int status, const char* body) {
    const auto answer = answer_from(opening, status, body);
    return answer ? std::optional<Errc>() : answer.error().code;
  };
  CHECK(code(200, R"({"hop":"exit","state":"open","generation":3,"config_hash":"x"})") == std::nullopt);
  CHECK(code(412, R"({"hop":"exit","state":"refused","generation":4})") == std::nullopt);
  for (const auto& [status, body] : std::vector<std::pair<int, const char*>>{
           {200, ""},
           {200, "open"},
           {200, "null"},
           {200, R"({"hop":"exit","generation":3})"},
           {200, R"({"hop":"exit","state":"open"})"},
           {200, R"({"hop":"exit","state":"ajar","generation":3})"},
           {200, R"({"hop":"exit","state":"unknown","generation":3})"},
           {200, R"({"hop":"exit","state":"reachable","generation":3})"},
           {200, R"({"hop":"route","state":"open","generation":3})"},
           {200, R"({"hop":"exit","state":"refused","generation":3})"},
           {412, R"({"hop":"exit","state":"closed","generation":3})"},
           {204, ""},
           {302, ""},
           {401, R"({"hop":"exit","state":"refused","generation":3})"},
           {404, R"({"hop":"exit","state":"closed","generation":3})"},
           {500, R"({"hop":"exit","state":"closed","generation":3})"},
       }) {
    INFO(status << " " << body);
    CHECK(code(status, body) == Errc::Transient);
  }
}

TEST_CASE("a controller's address must be encrypted unless it is this machine", "[access_point]") {
  const auto mistakes = [](const char* url) {
    HttpController::Config config;
    config.url = url;
    return HttpController::mistakes_in(config).size();
  };
  CHECK(mistakes("https://switch.hospital.example:8443/base") == 0);
  CHECK(mistakes("http://127.0.0.1:8080") == 0);
  for (const char* url : {"http://switch.hospital.example", "ftp://switch", "https://", "https://a:99999",
                          "https://a:x", "https://user@a", "https://a/?x=1", "http://127.0.0.1.evil.example", ""})
    CHECK(mistakes(url) == 1);
}

TEST_CASE("the manual way answers nothing: a person does", "[access_point]") {
  ManualController manual;
  const auto answers = manual.carry_out(order(OrderKind::open, Hop::access_point), "effect_1");
  REQUIRE(answers);
  CHECK(answers->empty());
}

TEST_CASE("an instruction tells door, device, people and times in both languages", "[access_point]") {
  const Text text = instruction(order(OrderKind::open, Hop::access_point), directory());
  for (const std::string& one : {text.ja, text.en})
    for (const char* fact : {"Switch 9", "grant_one", "SN-1", "10.0.0.7:4433", "2026-03-04 18:00 +0900",
                             "2026-03-04 20:00 +0900", "2026-03-04T11:00:00.000000Z"}) {
      INFO(fact);
      CHECK(one.find(fact) != std::string::npos);
    }
  CHECK(text.ja.find("山田花子") != std::string::npos);
  CHECK(text.en.find("Hanako Yamada") != std::string::npos);
  CHECK(text.ja.find("ＣＴ一号") != std::string::npos);
}

TEST_CASE("every order has an instruction of its own, even when the directory knows nothing", "[access_point]") {
  std::vector<std::string> seen;
  for (const auto& [kind, name] : names_of(OrderKind{})) {
    const Text text = instruction(order(kind, Hop::access_point), Directory{});
    CHECK(text.ja.find("device_ct1") != std::string::npos);
    CHECK(text.en.find("ap_ward") != std::string::npos);
    CHECK(std::find(seen.begin(), seen.end(), text.en) == seen.end());
    seen.push_back(text.en);
  }
}

}  // namespace kintsugi::access_point

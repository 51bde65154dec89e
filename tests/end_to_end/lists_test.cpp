#include "adapters/http/routes.h"
#include "tests/end_to_end/api.h"
#include "tests/end_to_end/contract.h"

#include <algorithm>

// Lists of the running server: filter, order and pages; and what plain HTTP wants of every route.
namespace kintsugi::testing {
namespace {

// A case of each device of Midori, and one at Aoba.
struct Three {
  explicit Three(Api& api) {
    ct = api.report();
    mr = at(api, "tanaka", "mr-2", "p");
    us = at(api, "endo", "us-9", "q");
  }
  static std::string at(Api& api, const std::string& nick, const std::string& machine, const std::string& key) {
    Json fault = api.fault();
    fault["device"] = device(machine).text();
    fault["dedup_key"] = key;
    const auto reply = api.post("/api/v1/faults", api.token(nick), fault.dump());
    REQUIRE(reply->status == 201);
    return reply->get_header_value("Location");
  }
  std::string ct, mr, us;
};

std::string query(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += c == ' ' ? "%20" : c == '"' ? "%22" : c == '>' ? "%3E" : c == '<' ? "%3C" : std::string(1, c);
  return out;
}

// The paths of the cases of one page.
std::vector<std::string> cases_in(const httplib::Result& reply) {
  INFO(reply->body);
  REQUIRE(reply->status == 200);
  std::vector<std::string> out;
  const Json page = Json::parse(reply->body);
  for (const Json& one : page.at("cases"))
    out.push_back("/api/v1/cases/" + one.at("id").get<std::string>());
  return out;
}
using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("cases are found by what is known about them, and only one's own", "[lists]") {
  Api api;
  const Three three(api);
  const auto found = [&](const std::string& nick, const std::string& filter, const std::string& order = "") {
    return cases_in(
        api.get("/api/v1/cases?filter=" + query(filter) + (order.empty() ? "" : "&order_by=" + query(order)),
                api.token(nick)));
  };
  CHECK(found("sato", "open=true") == Paths{three.ct, three.mr});
  CHECK(found("abe", "open=true") == Paths{three.ct, three.mr, three.us});
  CHECK(found("abe", "hospital=" + organisation("aoba").text()) == Paths{three.us});
  CHECK(found("sato", "hospital=" + organisation("aoba").text()).empty());
  CHECK(found("watanabe", "").empty());
  CHECK(found("sato", "device=" + device("mr-2").text()) == Paths{three.mr});
  CHECK(found("abe", "waits_for=me").size() == 3);
  REQUIRE(api.act(three.ct, "abe", "acknowledge", Json::object())->status == 200);
  CHECK(found("sato", "state=acknowledged") == Paths{three.ct});
  CHECK(found("sato", "state=notified,acknowledged AND priority=p1,p2,p3").size() == 2);
  CHECK(found("sato", "opened_at<2020-01-01T00:00:00Z").empty());
  CHECK(found("sato", "opened_at>=2020-01-01T00:00:00Z").size() == 2);
  CHECK(found("sato", "open=true", "number desc") == Paths{three.mr, three.ct});
  CHECK(found("sato", "open=true", "due").size() == 2);
}

TEST_CASE("a case is found by its number, whole or the running part, also when it is over", "[lists]") {
  Api api;
  const Three three(api);
  const std::string number = api.file(three.ct).number;
  const auto by = [&](const std::string& nick, const std::string& said) {
    return cases_in(api.get("/api/v1/cases?filter=number=" + said, api.token(nick)));
  };
  CHECK(by("sato", number) == Paths{three.ct});
  CHECK(by("sato", "1") == Paths{three.ct});
  CHECK(by("endo", number).empty());
  REQUIRE(api.act(three.ct, "abe", "propose_false_alarm", {{"reason", "cable"}})->status == 200);
  const auto over = api.act(three.ct, "tanaka", "confirm_false_alarm", Json::object());
  INFO(over->body);
  REQUIRE(over->status == 200);
  CHECK(by("sato", "1") == Paths{three.ct});
  CHECK(cases_in(api.get("/api/v1/cases?filter=open=false", api.token("sato"))) == Paths{three.ct});
}

TEST_CASE("pages stay where they were while cases come, and a token is of one list", "[lists]") {
  Api api;
  const Three three(api);
  const std::string abe = api.token("abe");
  const auto first = api.get("/api/v1/cases?page_size=1&open=true", abe);
  CHECK(cases_in(first) == Paths{three.ct});
  const std::string token = Json::parse(first->body).at("next_page_token");
  const std::string link = first->get_header_value("Link");
  REQUIRE(link.ends_with(">; rel=\"next\""));
  const auto second = api.get(link.substr(1, link.find('>') - 1), abe);
  CHECK(cases_in(second) == Paths{three.mr});
  CHECK(cases_in(api.get("/api/v1/cases?page_size=200&open=true&page_token=" + token, abe)) ==
        Paths{three.mr, three.us});
  CHECK_FALSE(Json::parse(api.get("/api/v1/cases?open=true", abe)->body).contains("next_page_token"));

  const auto other = api.get("/api/v1/cases?page_size=1&open=false&page_token=" + token, abe);
  CHECK(other->status == 422);
  CHECK(other->body.find("is of another list") != std::string::npos);
}

TEST_CASE("what is wrong with a list is said, with what would be right", "[lists]") {
  Api api;
  const std::string sato = api.token("sato");
  const auto objection = [&](const std::string& asked) {
    const auto reply = api.get(asked, sato);
    CHECK(reply->status == 422);
    return Json::parse(reply->body).at("errors").at(0).at("detail").get<std::string>();
  };
  const auto has = [](const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  };
  CHECK(has(objection("/api/v1/cases?filter=colour=red"), "there are state, step"));
  CHECK(has(objection("/api/v1/cases?order_by=colour"), "opened, number, priority, due"));
  CHECK(has(objection("/api/v1/cases?order_by=due"), "open=true"));
  CHECK(has(objection("/api/v1/cases?page_size=none"), "1 to 200"));
  CHECK(has(objection("/api/v1/cases?page_token=abc"), "as it came"));
  CHECK(has(objection("/api/v1/cases?fitler=open=true"), "is none of page_size, page_token, filter, order_by"));
  CHECK(has(objection("/api/v1/outbox?filter=state=lost"), "waiting, leased, delivered, gave_up"));
  CHECK(has(objection("/livez?verbose=1"), "is no parameter"));
}

TEST_CASE("documents and effects come in pages too", "[lists]") {
  Api api;
  const std::string path = api.report();
  for (const char* note : {"one", "two", "three"})
    REQUIRE(api.act(path, "abe", "add_note", {{"note", note}})->status == 200);
  const std::string sato = api.token("sato");
  const auto walk = [&](const std::string& begin, const char* member) {
    std::size_t seen = 0;
    std::string next = begin;
    while (!next.empty()) {
      const auto reply = api.get(next, sato);
      INFO(reply->body);
      REQUIRE(reply->status == 200);
      REQUIRE(Json::parse(reply->body).at(member).size() <= 1);
      seen += Json::parse(reply->body).at(member).size();
      const std::string link = reply->get_header_value("Link");
      next = link.empty() ? "" : link.substr(1, link.find('>') - 1);
      REQUIRE(seen < 100);
    }
    return seen;
  };
  const auto all = [&](const std::string& from, const char* member) {
    return Json::parse(api.get(from, sato)->body).at(member).size();
  };
  CHECK(walk(path + "/documents?page_size=1&filter=event=add_note", "documents") == 3);
  CHECK(walk(path + "/documents?page_size=1&order_by=at%20desc", "documents") ==
        all(path + "/documents", "documents"));
  CHECK(walk("/api/v1/outbox?page_size=1", "effects") == all("/api/v1/outbox", "effects"));
  CHECK(all("/api/v1/outbox?filter=kind=mail", "effects") > 0);
  CHECK(all("/api/v1/outbox?filter=kind=order", "effects") == 0);
  CHECK(api.get(path + "/documents", api.token("endo"))->status == 404);
}

TEST_CASE("every list of the table is walked page by page and shows what it shows whole", "[lists]") {
  Api api([](Config& config, std::vector<Master>&) { config.webhooks.private_hosts = {"127.0.0.1"}; });
  const Three three(api);
  const std::string sato = api.token("sato");
  std::string webhook;
  for (int i = 0; i < 3; ++i) {
    const auto made = api.post("/api/v1/webhooks", sato,
                               Json{{"owner", organisation("midori").text()}, {"url", "http://127.0.0.1:9/"}}.dump());
    REQUIRE(made->status == 201);
    webhook = Json::parse(made->body).at("id");
    REQUIRE(
        api.post("/api/v1/devices/" + device("ct-1").text() + "/tokens", sato, R"({"overlap_hours":1})")->status ==
        201);
    REQUIRE(api.post("/api/v1/webhooks/" + webhook + "/test", sato, "{}")->status == 200);
  }
  for (int i = 0; i < 2; ++i)
    REQUIRE(api.post("/api/v1/webhooks/" + webhook + "/test", sato, "{}")->status == 200);
  const auto monitoring =
      api.post("/api/v1/integrations", sato, Json{{"name", {{"ja", "監視"}, {"en", "Monitoring"}}}}.dump());
  REQUIRE(monitoring->status == 201);
  const std::string integration = Json::parse(monitoring->body).at("id");
  api.tokens.erase("sato");
  REQUIRE_FALSE(api.token("sato").empty());

  const std::map<std::string, std::string> of{{"cases", three.ct.substr(14)},
                                              {"devices", device("ct-1").text()},
                                              {"access-points", access_point_of("midori").text()},
                                              {"people", person("sato").text()},
                                              {"webhooks", webhook},
                                              {"integrations", integration}};
  std::size_t walked = 0;
  for (const http::Route& route : http::routes()) {
    if (route.method != "GET") continue;
    const http::Description description = route.described();
    const Json& schema = description.answers.front().schema;
    if (!schema.contains("properties") || !schema.at("properties").contains("next_page_token")) continue;
    std::string path(route.path), member;
    for (auto at = path.find("{}"); at != std::string::npos; at = path.find("{}")) {
      const auto before = path.rfind('/', at - 2);
      path.replace(at, 2, of.at(path.substr(before + 1, at - before - 2)));
    }
    for (const auto& [name, one] : schema.at("properties").items())
      if (one.value("type", "") == "array") member = name;
    CAPTURE(path, member);
    const auto rows = [&](const std::string& query) {
      const auto reply = api.get(path + query, sato);
      CAPTURE(reply->body);
      REQUIRE(reply->status == 200);
      return Json::parse(reply->body);
    };
    const Json whole = rows("?page_size=200").at(member);
    Json seen = Json::array();
    std::string token;
    do {
      const Json page = rows("?page_size=1" + (token.empty() ? "" : "&page_token=" + token));
      REQUIRE(page.at(member).size() <= 1);
      for (const Json& one : page.at(member))
        seen.push_back(one);
      token = page.value("next_page_token", "");
      REQUIRE(seen.size() <= whole.size());
    } while (!token.empty());
    // What a row is called: the rest may change while one reads.
    const auto names_in = [](const Json& some) {
      std::vector<std::string> out;
      for (const Json& one : some)
        for (const char* name : {"id", "mark", "log", "from", "at", "text"})
          if (one.contains(name)) {
            out.push_back(one.at(name).dump());
            break;
          }
      return out;
    };
    REQUIRE(seen.size() == whole.size());
    if (description.id != "list_hand_overs")  // the first begins now
      CHECK(names_in(seen) == names_in(whole));
    if (whole.size() > 1) ++walked;
    CHECK(api.get(path + "?page_size=0", sato)->status == 422);
    CHECK(api.get(path + "?page_token=00", sato)->status == 422);
  }
  CHECK(walked >= 8);  // lists that had more than one page here
}

TEST_CASE("what has not changed is not sent again, and the tag still names the version", "[http]") {
  Api api;
  const std::string path = api.report();
  const std::string abe = api.token("abe");
  const auto seen = api.get(path, abe);
  const std::string tag = seen->get_header_value("ETag");
  const auto again = [&] {
    return api.http->Get(
        path, httplib::Headers{
                  {"Authorization", "Bearer " + abe}, {"Accept-Language", "en"}, {"If-None-Match", "\"x\", " + tag}});
  };
  const auto same = again();
  REQUIRE(same);
  CHECK(same->status == 304);
  CHECK(same->body.empty());
  CHECK(same->get_header_value("ETag") == tag);
  const auto moved = api.post(path + "/events/acknowledge", abe, "{}", {{"If-Match", tag}});
  CHECK(moved->status == 200);
  CHECK(again()->status == 200);
  CHECK(api.post(path + "/events/add_note", abe, R"({"note":"x"})", {{"If-Match", tag}})->status == 412);
}

TEST_CASE("every place tells its methods, and HEAD answers what GET would, without it", "[http]") {
  Api api;
  const std::string sato = api.token("sato");
  const httplib::Headers as_sato{{"Authorization", "Bearer " + sato}};
  const auto options = api.http->Options("/api/v1/cases", as_sato);
  REQUIRE(options);
  CHECK(options->status == 204);
  CHECK(options->get_header_value("Allow") == "GET, HEAD, OPTIONS");
  const auto wrong = api.http->Delete("/api/v1/cases", as_sato);
  CHECK(wrong->status == 405);
  CHECK(wrong->get_header_value("Allow") == "GET, HEAD, OPTIONS");
  CHECK(problem_of(wrong) == "method_not_allowed");
  const auto head = api.http->Head("/api/v1/cases", as_sato);
  REQUIRE(head);
  CHECK(head->status == 200);
  CHECK(head->body.empty());
  CHECK(head->get_header_value("Content-Type") == "application/json");
  CHECK(api.get("/api/v1/nothing", sato)->status == 404);
  CHECK(api.post("/api/v1/faults", api.device_token, "a=b", {}, "application/x-www-form-urlencoded")->status == 415);
  CHECK(api.post("/api/v1/faults", api.device_token, std::string(2'000'000, ' '))->status == 413);
  CHECK(api.post("/api/v1/sign-ins", "", R"({"mail":"x"})")->status == 422);
  CHECK(promises_kept() >= 4);
}

}  // namespace kintsugi::testing

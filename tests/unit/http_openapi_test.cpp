#include "adapters/http/described/bodies.h"
#include "adapters/http/described/schema_of.h"
#include "adapters/http/openapi.h"
#include "adapters/http/problem.h"
#include "adapters/http/routes.h"
#include "workflows/fault_response/workflow.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace kintsugi::http {
namespace {

const Workflow& workflow() {
  return fault_response::fault_response();
}

void each(const Json& part, const std::function<void(const Json&)>& look) {
  look(part);
  if (part.is_structured())
    for (const Json& one : part)
      each(one, look);
}

bool is_said(const Text& text) {
  return !text.ja.empty() && !text.en.empty();
}

}  // namespace

TEST_CASE("every route is described in both languages, with a name of its own", "[http][openapi]") {
  std::set<std::string> ids;
  std::set<std::string> header_names;
  for (const Parameter& one : headers())
    header_names.insert(one.name);
  for (const Route& route : routes()) {
    const Description description = route.described();
    CAPTURE(std::string(route.method), std::string(route.path), description.id);
    CHECK(ids.insert(description.id).second);
    CHECK(is_said(description.summary));
    CHECK(description.text.ja.empty() == description.text.en.empty());
    std::size_t open = 0;
    for (std::size_t at = route.path.find("{}"); at != std::string_view::npos; at = route.path.find("{}", at + 1))
      ++open;
    CHECK(description.path.size() == open);
    for (const auto& parameters : {description.path, description.query})
      for (const Parameter& one : parameters)
        CHECK(is_said(one.text));
    CHECK_FALSE(description.answers.empty());
    for (const Answer& one : description.answers)
      CHECK(is_said(one.text));
    for (const std::string_view name : description.problems)
      CHECK(problem_type(name).name == name);
    for (const std::string& name : description.headers)
      CHECK(header_names.contains(name));
  }
}

TEST_CASE("a place has one name in all the paths that lead through it", "[http][openapi]") {
  std::map<std::string, std::string> names;  // of what stands behind a path
  for (const Route& route : routes()) {
    const Description description = route.described();
    std::size_t part = 0;
    for (auto at = route.path.find("{}"); at != std::string_view::npos; at = route.path.find("{}", at + 1)) {
      const std::string before(route.path.substr(0, at));
      const auto [known, is_new] = names.emplace(before, description.path.at(part++).name);
      CAPTURE(before, description.id);
      CHECK(known->second == description.path.at(part - 1).name);
    }
  }
  CHECK(names.at("/api/v1/devices/") == "device_id");
}

// `whole`: what a GET shows in one piece, because it is read as one and short by itself.
TEST_CASE("every list comes in pages", "[http][openapi][lists]") {
  const std::set<std::string> whole{
      "ready",           // the checks of this program
      "show_health",     // the same
      "show_on_call",    // who is on call at one moment
      "check_on_call",   // one report
      "export_masters",  // a file
  };
  std::set<std::string> found;
  for (const Route& route : routes()) {
    if (route.method != "GET" || route.path.ends_with("}")) continue;  // one thing, with whatever it has
    const Description description = route.described();
    const Json& schema = description.answers.front().schema;
    bool has_rows = description.id.starts_with("list_");
    if (schema.contains("properties"))
      for (const auto& [name, member] : schema.at("properties").items())
        has_rows = has_rows || member.value("type", "") == "array";
    if (!has_rows) continue;
    CAPTURE(description.id);
    if (whole.contains(description.id)) {
      found.insert(description.id);
      continue;
    }
    const auto takes = [&](const std::string& name) {
      return std::ranges::count(description.query, name, &Parameter::name) == 1;
    };
    CHECK(takes("page_size"));
    CHECK(takes("page_token"));
    CHECK(schema.at("properties").contains("next_page_token"));
    CHECK(std::ranges::count(description.answers.front().headers, "Link") == 1);
  }
  CHECK(found == whole);
}

TEST_CASE("the document refers to nothing that it does not hold", "[http][openapi]") {
  const Json document = openapi(workflow(), Language::en);
  each(document, [&](const Json& part) {
    if (!part.is_object()) return;
    if (const auto to = part.find("$ref"); to != part.end()) {
      CAPTURE(to->get<std::string>());
      CHECK(document.contains(Json::json_pointer(to->get<std::string>().substr(1))));
    }
  });
  for (const Json& tag : document.at("tags")) {
    CAPTURE(tag.dump());
    CHECK(tag.contains("description"));
  }
}

TEST_CASE("each event of people is an operation with the schema that checks it", "[http][openapi]") {
  const Json document = openapi(workflow(), Language::ja);
  for (const EventInfo& event : workflow().events) {
    const std::string path = "/api/v1/cases/{case_id}/events/" + event.name;
    CAPTURE(path);
    REQUIRE(document.at("paths").contains(path) == (event.by_people || event.name == "report_hop"));
    if (!event.by_people) continue;
    const Json& post = document.at("paths").at(path).at("post");
    CHECK(post.at("summary") == event.label.ja);
    const Json& body = post.at("requestBody").at("content").at("application/json").at("schema");
    CHECK(body.value("required", Json()) == event.schema.value("required", Json()));
    for (const auto& [name, member] : event.schema.at("properties").items())
      CHECK(body.at("properties").at(name).at("description") == member.at("x-text").at("ja"));
  }
}

TEST_CASE("the document says the same in both languages, but for its words", "[http][openapi]") {
  Json ja = openapi(workflow(), Language::ja), en = openapi(workflow(), Language::en);
  CHECK(ja.at("paths").at("/api/v1/cases").at("get").at("summary") !=
        en.at("paths").at("/api/v1/cases").at("get").at("summary"));
  const std::function<void(Json&)> without_words = [&](Json& part) {
    if (part.is_object()) {
      for (const char* name : {"summary", "description", "title"})
        if (part.contains(name) && part.at(name).is_string()) part[name] = "";
    }
    if (part.is_structured())
      for (Json& one : part)
        without_words(one);
  };
  without_words(ja);
  without_words(en);
  CHECK(ja == en);
}

TEST_CASE("a body's schema has the members that the body is read with", "[http][openapi]") {
  const Json schema = schema_of<StepUpBody>();
  CHECK(schema.at("properties").size() == std::tuple_size_v<decltype(StepUpBody::fields())>);
  CHECK(schema.at("properties").at("request_hash").at("pattern") == "^[A-Za-z0-9+/]{43}=$");
  CHECK(schema.at("additionalProperties") == false);
  for (const Json& name : schema.at("required"))
    CHECK(schema.at("properties").contains(name.get<std::string>()));
}

}  // namespace kintsugi::http

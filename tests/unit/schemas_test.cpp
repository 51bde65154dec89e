#include "workflows/fault_response/schemas.h"

#include "engine/domain/document.h"
#include "engine/run/schemas.h"
#include "workflows/fault_response/workflow.h"

#include <catch2/catch.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include <algorithm>
#include <functional>

using namespace kintsugi;
using fault_response::events;
using fault_response::payload_schema;

namespace {

bool valid(std::string_view event, const Json& payload) {
  valijson::Schema schema;
  valijson::SchemaParser parser;
  const valijson::adapters::NlohmannJsonAdapter source(payload_schema(event));
  parser.populateSchema(source, schema);
  valijson::Validator validator;
  const valijson::adapters::NlohmannJsonAdapter target(payload);
  return validator.validate(schema, target, nullptr);
}

const std::string person = "person_01ARZ3NDEKTSV4RRFFQ69G5FAV";
const std::string hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

Json request() {
  return {{"purpose", "fault"},
          {"reason", "画像が出ない"},
          {"work_plan", "再起動、ログ確認"},
          {"effect_on_operation", "2時間使用不可"},
          {"substitute_measure", "2号機を使う"},
          {"needs_restart", true},
          {"level", "control"},
          {"window", {{"opens", "2026-11-23T10:00:00+09:00"}, {"closes", "2026-11-23T12:00:00+09:00"}}},
          {"sessions_max", 2},
          {"workers", {person}},
          {"phi_seen", false},
          {"phi_taken", false}};
}

void each_part(const Json& schema, const std::string& path,
               const std::function<void(const Json&, const std::string&)>& look) {
  look(schema, path);
  if (schema.contains("properties"))
    for (const auto& [name, one] : schema["properties"].items())
      each_part(one, path + "/" + name, look);
  if (schema.contains("items")) each_part(schema["items"], path + "/*", look);
}

bool has_type(const Json& schema, const char* type) {
  const Json types = schema.value("type", Json());
  return types == type || (types.is_array() && std::ranges::find(types, Json(type)) != types.end());
}

}  // namespace

TEST_CASE("payloads: every object is closed, every text and list has a maximum, every member a label") {
  for (const std::string_view event : events())
    each_part(payload_schema(event), std::string(event), [](const Json& part, const std::string& path) {
      INFO(path);
      if (has_type(part, "object") && !part.contains("x-document")) CHECK(part["additionalProperties"] == false);
      if (has_type(part, "string")) CHECK((part.contains("enum") || part.contains("maxLength")));
      if (has_type(part, "array")) CHECK(part.contains("maxItems"));
      if (!part.contains("properties")) return;
      for (const auto& [name, one] : part["properties"].items()) {
        INFO(name);
        CHECK_FALSE(one["x-text"]["ja"].get<std::string>().empty());
        CHECK_FALSE(one["x-text"]["en"].get<std::string>().empty());
      }
    });
}

TEST_CASE(
    "payloads: typed text stands in members of the payload or of a list in it, under a key and label that exist") {
  for (const std::string_view event : events())
    each_part(payload_schema(event), "", [&](const Json& part, const std::string& path) {
      if (!part.contains("x-document")) return;
      INFO(event << path);
      const auto steps = std::ranges::count(path, '/');
      CHECK((steps == 1 || (steps == 3 && path.find("/*/") != std::string::npos)));
      CHECK(from_name<KeyClass>(part["x-document"]["key"].get<std::string>()).has_value());
      const std::string label = part["x-document"]["label"];
      CHECK(Json::array({"text", "phi", "cmd", "report", "sig", "cert", "file"}).dump().find('"' + label + '"') !=
            std::string::npos);
    });
}

TEST_CASE("payloads: a complete connection request is accepted, and refused when any needed member is missing") {
  CHECK(valid("request_connection", request()));
  for (const auto& name : payload_schema("request_connection")["required"]) {
    Json cut = request();
    cut.erase(name.get<std::string>());
    INFO(name);
    CHECK_FALSE(valid("request_connection", cut));
  }
}

TEST_CASE("payloads: what is not in the schema is refused") {
  Json more = request();
  SECTION("an unknown member") {
    more["priority"] = "p1";
  }
  SECTION("an unknown access level") {
    more["level"] = "root";
  }
  SECTION("an id of another kind") {
    more["workers"] = {"device_01ARZ3NDEKTSV4RRFFQ69G5FAV"};
  }
  SECTION("one worker twice") {
    more["workers"] = {person, person};
  }
  SECTION("more workers than the limit") {
    more["workers"] = Json::array();
    for (char c = 'A'; c <= 'H'; ++c)
      more["workers"].push_back("person_01ARZ3NDEKTSV4RRFFQ69G5F0" + std::string(1, c));
    more["workers"].push_back(person);
  }
  SECTION("a time without an offset") {
    more["window"]["opens"] = "2026-11-23T10:00:00";
  }
  SECTION("an empty reason") {
    more["reason"] = "";
  }
  SECTION("a reason longer than the limit") {
    more["reason"] = std::string(4'001, 'x');
  }
  CHECK_FALSE(valid("request_connection", more));
}

TEST_CASE("payloads: approving needs no reason, rejecting does (F17)") {
  const Json answer = {{"slot", "hcf_sysadm"}, {"request_hash", hash}};
  CHECK(valid("approve", answer));
  CHECK_FALSE(valid("reject", answer));
  CHECK(valid("reject", Json{{"slot", "hcf_sysadm"}, {"request_hash", hash}, {"reason", "no"}}));
  CHECK_FALSE(valid("approve", Json{{"slot", "rsc_svc"}, {"request_hash", hash}}));
}

TEST_CASE("payloads: the red button asks nothing first (I4)") {
  CHECK(valid("emergency_disconnect", Json::object()));
  CHECK(valid("revoke", Json::object()));
}

TEST_CASE("payloads: a device may say little or much about a fault, as text or as an object (D1)") {
  Json notice = {{"action", "trigger"}, {"dedup_key", "gantry-7"}};
  CHECK(valid("fault", notice));
  notice["code"] = "E-4711";
  notice["serial"] = "12345678";
  notice["occurred_at"] = "2026-11-23T00:00:00.25Z";
  notice["care"] = "stopped";
  SECTION("as text") {
    notice["details"] = "gantry stopped";
  }
  SECTION("as an object") {
    notice["details"] = {{"temperature", 81}, {"log", {1, 2, 3}}};
  }
  CHECK(valid("fault", notice));
  notice["details"] = 7;
  CHECK_FALSE(valid("fault", notice));
}

TEST_CASE("payloads: an event that does not exist accepts nothing") {
  CHECK_FALSE(valid("open_sesame", Json::object()));
}

TEST_CASE("payloads: only the two requests are hashed") {
  for (const std::string_view event : events())
    CHECK(payload_schema(event).contains("x-hash") == (event == "request_connection" || event == "break_glass"));
}

TEST_CASE("a text or a list that is far too long is refused before it is looked through", "[schemas]") {
  const Schemas schemas(fault_response::fault_response());
  const auto mistakes = [&](const char* event, const Json& payload) {
    return Schemas::mistakes(*schemas.of(event), payload);
  };
  // A regular expression of the standard library would take the stack with it.
  const auto of_code =
      mistakes("fault", {{"action", "trigger"}, {"dedup_key", "a"}, {"code", std::string(1'000'000, 'a')}});
  REQUIRE(of_code.size() == 1);
  CHECK(of_code.front().pointer == "/code");
  CHECK(of_code.front().detail == "String should be no more than 64 characters in length.");
  // Each entry compared with every other, and a sentence for each that is the same.
  Json long_request = request();
  long_request["workers"] = Json(std::vector<std::string>(200'000, "a"));
  const auto of_list = mistakes("request_connection", long_request);
  REQUIRE(of_list.size() == 1);
  CHECK(of_list.front().pointer == "/workers");
}

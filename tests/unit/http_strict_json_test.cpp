#include "adapters/http/strict_json.h"
#include "engine/base/width.h"

#include <catch2/catch.hpp>

namespace kintsugi::http {

TEST_CASE("JSON from a stranger is read whole or not at all", "[http]") {
  REQUIRE(read_strict(R"({"a":[1,true,null,"x"],"b":{"c":-2.5}})"));
  for (const char* text : {"", "{", R"({"a":1)", R"({"a":1}x)", "[1,]", "{'a':1}", "nul", R"("unclosed)"}) {
    CAPTURE(text);
    const auto read = read_strict(text);
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == JsonFault::Kind::not_json);
  }
}

TEST_CASE("text that is no UTF-8 is no JSON", "[http]") {
  const auto read = read_strict("{\"a\":\"\xff\"}");
  REQUIRE_FALSE(read);
  CHECK(read.error().kind == JsonFault::Kind::not_utf8);
}

TEST_CASE("a member named twice is refused with its place", "[http]") {
  const auto read = read_strict(R"({"a":{"b":1,"b":2}})");
  REQUIRE_FALSE(read);
  CHECK(read.error().kind == JsonFault::Kind::duplicate_member);
  CHECK(read.error().pointer == "/a/b");
}

TEST_CASE("depth is counted before anything is built", "[http]") {
  const auto nested = [](int levels) {
    return std::string(static_cast<std::size_t>(levels), '[') + std::string(static_cast<std::size_t>(levels), ']');
  };
  CHECK(read_strict(nested(json_depth_max)));
  const auto read = read_strict(nested(json_depth_max + 1));
  REQUIRE_FALSE(read);
  CHECK(read.error().kind == JsonFault::Kind::too_deep);
  CHECK_FALSE(read_strict(std::string(body_bytes_max, '[')));
}

TEST_CASE("full-width and half-width spellings of one serial number are one", "[http]") {
  CHECK(fold_width("ＣＴ－２０２４－０１１７") == "CT-2024-0117");
  CHECK(fold_width("　ｘ１") == " x1");
  CHECK(fold_width("ｶﾞｽﾞ ﾊﾟｲﾌﾟ") == "ガズ パイプ");
  CHECK(fold_width("CT-2024-0117") == "CT-2024-0117");
}

}  // namespace kintsugi::http

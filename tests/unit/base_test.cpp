#include "engine/base/bytes.h"
#include "engine/base/digest.h"
#include "engine/base/entropy.h"
#include "engine/base/fields.h"
#include "engine/base/instant.h"
#include "engine/base/local_time.h"

#include <catch2/catch.hpp>

namespace kintsugi {

TEST_CASE("a time is written with 27 characters and reads back the same", "[base]") {
  const auto at = instant_from("2026-03-04T09:35:05.005005Z");
  REQUIRE(at);
  CHECK(to_text(*at) == "2026-03-04T09:35:05.005005Z");
  CHECK(to_text(*instant_from("2026-03-04T18:35:05+09:00")) == "2026-03-04T09:35:05.000000Z");
  CHECK(to_text(*instant_from("9999-12-31T23:59:59.999999Z")) == "9999-12-31T23:59:59.999999Z");
  CHECK(to_text(Instant{}) == "1970-01-01T00:00:00.000000Z");
}

TEST_CASE("a time that does not exist is refused", "[base]") {
  for (const char* text :
       {"", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-03-04T24:00:00Z", "2026-03-04",
        "2026-03-04T09:35:05", "2026-03-04T09:35:05Zx", "2026-03-04T09:35:05.Z", "1969-12-31T23:59:59Z"})
    CHECK_FALSE(instant_from(text));
}

TEST_CASE("a time that its offset moves out of the years that can be written is refused", "[base]") {
  CHECK(instant_from("1970-01-01T09:00:00+09:00") == Instant{});
  CHECK_FALSE(instant_from("1970-01-01T08:59:59+09:00"));
  CHECK(instant_from("9999-12-31T23:59:59+00:01"));
  CHECK_FALSE(instant_from("9999-12-31T23:59:59-00:01"));
  CHECK_FALSE(instant_from_local("1970/01/01 08:59:59", "Asia/Tokyo"));
  CHECK_FALSE(instant_from_local("9999/12/31 23:59:59", "America/New_York"));
}

namespace {

struct Counted {
  int few = 0;
  std::int64_t many = 0;
  Duration span{};
  static constexpr auto fields() {
    return std::tuple{field("few", &Counted::few), field("many", &Counted::many), field("span", &Counted::span)};
  }
};

}  // namespace

TEST_CASE("a number that its member cannot hold is refused and never becomes another one", "[base]") {
  CHECK(from_json_text<Counted>(R"({"few":-2147483648,"many":9223372036854775807})")->few == -2147483648);
  for (const char* text : {R"({"few":4294967297})", R"({"few":-2147483649})", R"({"many":18446744073709551615})",
                           R"({"span":18446744073709551615})", R"({"few":1.0})"}) {
    CAPTURE(text);
    CHECK_FALSE(from_json_text<Counted>(text));
  }
}

TEST_CASE("base64 has one spelling for each value", "[base]") {
  CHECK(to_base64(bytes_of("fo")) == "Zm8=");
  CHECK(text_of(*from_base64("Zm9v")) == "foo");
  CHECK_FALSE(from_base64("Zm9="));  // padding bits not zero
  CHECK_FALSE(from_base64("Zm9v="));
  CHECK_FALSE(from_base64("Zm 9"));
}

TEST_CASE("UTF-8 is refused when overlong, surrogate or cut short", "[base]") {
  CHECK(is_utf8("金継ぎ"));
  CHECK_FALSE(is_utf8("\xc0\xaf"));
  CHECK_FALSE(is_utf8("\xed\xa0\x80"));
  CHECK_FALSE(is_utf8("\xe9\x87"));
  CHECK_FALSE(is_utf8("\xf4\x90\x80\x80"));
}

TEST_CASE("ids made from one chance differ and sort by their time", "[base]") {
  SeededEntropy entropy(1);
  const Digest chance = entropy.digest();
  const Instant at = *instant_from("2026-03-04T09:35:05Z");
  const std::string first = new_id_text("case", at, chance, 0);
  CHECK(first.starts_with("case_"));
  CHECK(is_crockford(first.substr(5)));
  CHECK(first != new_id_text("case", at, chance, 1));
  CHECK(first < new_id_text("case", at + 1ms, chance, 1));
}

}  // namespace kintsugi

#include "adapters/intake/japanese.h"
#include "engine/base/local_time.h"

#include <catch2/catch.hpp>

// Japanese as devices really send it.
namespace kintsugi::intake {

namespace {

std::string local(const char* text) {
  const auto at = instant_from_local(text, "Asia/Tokyo");
  return at ? to_text(*at).substr(0, 19) : std::string("none");
}

}  // namespace

TEST_CASE("ISO-2022-JP is read with half-width kana and the signs that its standard lacks", "[intake]") {
  CHECK(to_utf8("\x1B$B8N>c\x1B(B E-217", "iso-2022-jp").text == "故障 E-217");
  CHECK(to_utf8("\x1B(I4W0:0D^\x1B(B: 1", "ISO-2022-JP").text == "ｴﾗｰｺｰﾄﾞ: 1");
  CHECK(to_utf8("\x0E\x34\x57\x30\x0F-1", "iso-2022-jp").text == "ｴﾗｰ-1");
  const Decoded row13 = to_utf8("\x1B$B-!\x1B(B", "iso-2022-jp");
  CHECK(row13.text == "①");
  CHECK(row13.whole);
  CHECK(to_utf8("\x1B$B8N>c\nE-1", "iso-2022-jp").text == "故障\nE-1");  // forgot to go back to ASCII
}

TEST_CASE("Shift_JIS and EUC-JP are read under all of their names", "[intake]") {
  for (const char* name : {"Shift_JIS", "shift_jis", "x-sjis", "windows-31j", "CP932"})
    CHECK(to_utf8("\x8C\xCC\x8F\xE1 \xB4\xD7\xB0 \x87\x40", name).text == "故障 ｴﾗｰ ①");
  CHECK(to_utf8("\xB8\xCE\xBE\xE3", "EUC-JP").text == "故障");
}

TEST_CASE("a charset that is missing or wrong is guessed from the bytes", "[intake]") {
  CHECK(to_utf8("故障", "").text == "故障");
  CHECK(to_utf8("\x1B$B8N>c\x1B(B", "us-ascii").text == "故障");
  CHECK(to_utf8("\x8C\xCC\x8F\xE1", "utf-8").text == "故障");
  CHECK(to_utf8("\x8C\xCC\x8F\xE1", "no-such-charset").text == "故障");
  CHECK(to_utf8("\x8C\xCC\x8F\xE1", "../../etc/passwd").text == "故障");
}

TEST_CASE("what is in no charset is marked, and the text around it stays", "[intake]") {
  const Decoded read = to_utf8("code E-217 \xFF\xFF\x80 end", "shift_jis");
  CHECK_FALSE(read.whole);
  CHECK(read.text.starts_with("code E-217 "));
  CHECK(read.text.ends_with(" end"));
}

TEST_CASE("a subject is read word by word, in whatever charsets it mixes", "[intake]") {
  CHECK(decode_words("=?ISO-2022-JP?B?GyRCOE4+YxsoQg==?= E-217").text == "故障 E-217");
  CHECK(decode_words("=?utf-8?B?5pWF?= =?utf-8?B?6Zqc?=").text == "故障");
  CHECK(decode_words("=?utf-8?B?5pU=?= =?utf-8?B?hemanA==?=").text == "故障");  // a character in two words
  CHECK(decode_words("=?utf-8?Q?=E6=95=85_=E9=9A=9C?=").text == "故 障");
  CHECK(decode_words("=?shift_jis?B?jMyP4Q?=").text == "故障");  // without its padding
  CHECK(decode_words("\x1B$B8N>c\x1B(B").text == "故障");
  CHECK(decode_words("=?utf-8?X?abc?= =?utf-8?B?***?= =?").text == "=?utf-8?X?abc?= =?utf-8?B?***?= =?");
}

TEST_CASE("a device's local time is read as it writes it, era years too", "[intake]") {
  for (const char* text : {"2026/03/04 18:35:05", "2026-03-04 18:35:05", "2026-03-04T18:35:05", "20260304183505",
                           "20260304 183505", "2026年3月4日 18時35分5秒", "2026年03月04日(水) 18:35:05",
                           "令和8年3月4日 18時35分05秒", "R8.3.4 18:35:05", "2026/3/4 18:35:05.250"}) {
    CAPTURE(text);
    CHECK(local(text) == "2026-03-04T09:35:05");
  }
  CHECK(local("2026-03-04T18:35:05+09:00") == "2026-03-04T09:35:05");
  CHECK(local("令和元年5月1日 09:00") == "2019-05-01T00:00:00");
  CHECK(local("平成31年4月30日 09:00") == "2019-04-30T00:00:00");
}

TEST_CASE("a local time that does not exist is none", "[intake]") {
  for (const char* text : {"", "2026/03/04", "2026/02/30 10:00", "2026/13/01 10:00", "2026/03/04 24:00",
                           "26/03/04 10:00", "令和 10:00", "99999999999999999999", "now"}) {
    CAPTURE(text);
    CHECK(local(text) == "none");
  }
  CHECK_FALSE(instant_from_local("2026/03/04 18:35", "Asia/Nowhere"));
}

}  // namespace kintsugi::intake

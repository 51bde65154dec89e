#include "adapters/smtp/compose.h"

#include "engine/base/bytes.h"
#include "tests/support/mail_reader.h"

#include <catch2/catch.hpp>

#include <sstream>

namespace kintsugi::smtp {

namespace {

Config config() {
  Config one;
  one.host = "127.0.0.1";
  one.from = "kintsugi@hospital.example";
  one.from_name = "金継ぎ 遠隔保守";
  one.list_id = "cases.hospital.example";
  return one;
}

Letter letter() {
  return {.message_id = "effect_1@hospital.example",
          .thread_id = "effect_1@hospital.example",
          .to = {"tech@vendor.example"},
          .subject = "[26-0042] 装置から異常の通知",
          .body = "装置が止まりました。\n\nThe device has stopped.\n"};
}

const Instant at = *instant_from("2026-03-04T09:35:05.005005Z");

ReadMail read_back(const Letter& one) {
  const auto message = compose(one, at, config());
  REQUIRE(message);
  return read_mail(*message);
}

}  // namespace

TEST_CASE("a letter's words survive the mail format: kana of both widths, kanji, emoji, Latin", "[smtp]") {
  Letter one = letter();
  one.subject = "ﾊﾝｶｸｶﾅ ﾞﾟ・全角カナ・漢字 髙﨑 𠮷野家 🩺 Ω ≤ 5 µV";
  one.body = "ｱｲｳｴｵ ﾃﾞﾊﾞｲｽ\n.\n..点で始まる行\n From here\n\n末尾に改行なし 𠮷";
  const ReadMail mail = read_back(one);
  CHECK(mail.subject == one.subject);
  CHECK(mail.body == one.body);
  CHECK(mail.charset == "UTF-8");
  CHECK(mail.from == "kintsugi@hospital.example");
  CHECK(mail.from_name == "金継ぎ 遠隔保守");
}

TEST_CASE("a long subject is split between characters, and no line is too long", "[smtp]") {
  Letter one = letter();
  one.subject.clear();
  for (int i = 0; i < 30; ++i)
    one.subject += "遠隔保守の接続申請";
  const auto message = compose(one, at, config());
  REQUIRE(message);
  CHECK(read_mail(*message).subject == one.subject);

  std::istringstream lines(message->substr(0, message->find("\r\n\r\n") + 2));
  for (std::string line; std::getline(lines, line);) {
    CHECK(line.ends_with('\r'));
    CHECK(line.size() <= 76 + 1);
    for (std::size_t from = line.find("=?"); from != std::string::npos; from = line.find("=?", from + 2)) {
      const std::size_t until = line.find("?=", line.find('?', line.find('?', from + 2) + 1) + 1);
      CHECK(until + 2 - from <= 75);  // RFC 2047 2
      CHECK(is_utf8(decode_words(line.substr(from, until + 2 - from))));
    }
  }
}

TEST_CASE("the first letter of a case starts the thread and the others refer to it", "[smtp]") {
  const ReadMail root = read_back(letter());
  CHECK(root.message_id == "effect_1@hospital.example");
  CHECK(root.header("In-Reply-To").empty());
  CHECK(root.header("References").empty());

  Letter second = letter();
  second.message_id = "effect_2@hospital.example";
  const ReadMail reply = read_back(second);
  CHECK(reply.message_id == "effect_2@hospital.example");
  CHECK(reply.header("In-Reply-To") == "<effect_1@hospital.example>");
  CHECK(reply.header("References") == "<effect_1@hospital.example>");
}

TEST_CASE("a letter says when it was written and that no person wrote it", "[smtp]") {
  const ReadMail mail = read_back(letter());
  CHECK(mail.header("Auto-Submitted") == "auto-generated");
  CHECK(mail.header("List-Id") == "<cases.hospital.example>");
  CHECK(mail.header("Date") == "Wed, 04 Mar 2026 09:35:05 +0000");
  CHECK(mail.header("MIME-Version") == "1.0");
}

TEST_CASE("the same letter at the same time is the same bytes, all ASCII with network line ends", "[smtp]") {
  const auto first = compose(letter(), at, config());
  const auto second = compose(letter(), at, config());
  REQUIRE(first);
  CHECK(*first == *second);
  CHECK(*first != *compose(letter(), at + 1s, config()));
  for (std::size_t i = 0; i < first->size(); ++i) {
    CHECK(static_cast<unsigned char>((*first)[i]) < 0x80);
    if ((*first)[i] == '\n') CHECK((*first)[i - 1] == '\r');
  }
}

TEST_CASE("nothing in a letter can add a header or a command", "[smtp]") {
  Letter one = letter();
  SECTION("line end in the subject") {
    one.subject = "x\r\nBcc: thief@evil.example";
  }
  SECTION("bare line feed in the subject") {
    one.subject = "x\nBcc: thief@evil.example";
  }
  SECTION("NUL in the subject") {
    one.subject = std::string("x\0y", 3);
  }
  SECTION("line end in an address") {
    one.to = {"a@b.example>\r\nRCPT TO:<thief@evil.example"};
  }
  SECTION("two addresses in one") {
    one.to = {"a@b.example, thief@evil.example"};
  }
  SECTION("an address with a name") {
    one.to = {"A <a@b.example>"};
  }
  SECTION("a space in an address") {
    one.to = {"a@b.example NOTIFY=NEVER"};
  }
  SECTION("an address that is not ASCII") {
    one.to = {"患者@b.example"};
  }
  SECTION("no address") {
    one.to = {};
  }
  SECTION("line end in the message id") {
    one.message_id = "a@b\r\nX: y";
  }
  SECTION("an id that ends its brackets") {
    one.thread_id = "a@b> <c@d";
  }
  SECTION("an empty thread id") {
    one.thread_id = "";
  }
  SECTION("broken UTF-8 in the body") {
    one.body = "\xe9\x87";
  }
  const auto message = compose(one, at, config());
  REQUIRE_FALSE(message);
  CHECK(message.error().code == Errc::Invalid);
}

TEST_CASE("a mail configuration with several mistakes names them all", "[smtp]") {
  CHECK(mistakes_in(config()).empty());
  Config one = config();
  one.port = 0;
  one.from = "kintsugi";
  one.user = "engine";
  CHECK(mistakes_in(one).size() == 3);
}

TEST_CASE("a password is never sent over a line that may be unencrypted by accident", "[smtp]") {
  Config one = config();
  one.user = "engine";
  one.password = "secret";
  CHECK(mistakes_in(one).empty());
  one.starttls = StartTls::opportunistic;
  CHECK(mistakes_in(one).size() == 1);
}

}  // namespace kintsugi::smtp

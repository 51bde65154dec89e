#include "adapters/smtp/transcript.h"

#include <catch2/catch.hpp>

namespace kintsugi::smtp {

using Phase = Transcript::Phase;

namespace {

void until_recipients(Transcript& talk) {
  talk.heard("220 mail.example ready\r\n");
  talk.sent("EHLO hospital.example\r\n");
  talk.heard("250-mail.example\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n");
  talk.sent("AUTH PLAIN\r\n");
  talk.heard("334 \r\n");
  talk.sent("AGEAYg==\r\n");
  talk.heard("235 ok\r\n");
  talk.sent("MAIL FROM:<a@b.example>\r\n");
  talk.heard("250 ok\r\n");
}

}  // namespace

TEST_CASE("every recipient gets the answer to its own command", "[smtp]") {
  Transcript talk;
  until_recipients(talk);
  talk.sent("RCPT TO:<one@c.example>\r\n");
  talk.heard("250 ok\r\n");
  talk.sent("RCPT TO:<two@c.example>\r\n");
  talk.heard("550-no such\r\n550 user\r\n");
  talk.sent("RCPT TO:<three@c.example>\r\n");
  talk.heard("451 later\r\n");
  CHECK(talk.recipients() == std::vector{250, 550, 451});
  CHECK(talk.code(Phase::sign_in) == 235);
}

TEST_CASE("a transcript reads the same in pieces of any size", "[smtp]") {
  Transcript talk;
  until_recipients(talk);
  for (const char c : std::string("RCPT TO:<one@c.example>\r\n"))
    talk.sent({&c, 1});
  for (const char c : std::string("550-a\r\n550 b\r\n"))
    talk.heard({&c, 1});
  CHECK(talk.recipients() == std::vector{550});
}

TEST_CASE("the answer to the message is not the answer to DATA", "[smtp]") {
  Transcript talk;
  until_recipients(talk);
  talk.sent("RCPT TO:<one@c.example>\r\n");
  talk.heard("250 ok\r\n");
  talk.sent("DATA\r\n");
  talk.heard("354 go on\r\n");
  CHECK(talk.phase() == Phase::verdict);
  CHECK(talk.code(Phase::verdict) == 0);
  talk.heard("554 no\r\n");
  CHECK(talk.code(Phase::verdict) == 554);
  CHECK(talk.phase() == Phase::done);
}

TEST_CASE("the goodbye is nobody's answer", "[smtp]") {
  Transcript talk;
  until_recipients(talk);
  talk.sent("RCPT TO:<one@c.example>\r\n");
  talk.heard("550 no\r\n");
  talk.sent("QUIT\r\n");
  talk.heard("221 bye\r\n");
  CHECK(talk.recipients() == std::vector{550});
  CHECK(talk.last_code() == 550);
}

TEST_CASE("a recipient that was not answered has no code", "[smtp]") {
  Transcript talk;
  until_recipients(talk);
  talk.sent("RCPT TO:<one@c.example>\r\n");
  CHECK(talk.recipients() == std::vector{0});
  CHECK(talk.last_code() == 250);
}

}  // namespace kintsugi::smtp

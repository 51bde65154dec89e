#include "adapters/smtp/compose.h"
#include "adapters/smtp/mailer.h"
#include "engine/base/digest.h"
#include "tests/end_to_end/mail_server.h"

#include <catch2/catch.hpp>

namespace kintsugi {

namespace {

const Instant at = *instant_from("2026-03-04T09:35:05Z");

smtp::Config config_for(const MailServer& server) {
  smtp::Config config;
  config.host = "127.0.0.1";
  config.port = server.port();
  config.ca_file = server.ca_file();
  config.user = MailServer::user;
  config.password = MailServer::password;
  config.from = "kintsugi@hospital.example";
  config.from_name = "金継ぎ";
  config.connect_limit = 5s;
  config.total_limit = 10s;
  return config;
}

Letter letter(std::string id, std::vector<std::string> to) {
  return {.message_id = id + "@hospital.example",
          .thread_id = "effect_1@hospital.example",
          .to = std::move(to),
          .subject = "【26-0042】ＣＴ装置（ﾃﾞﾓ病院 3階）の故障通知：至急、内容の確認と対応者の決定をお願いします",
          .body = "装置 ｼﾘｱﾙ 1234 が停止しました。\n.\n.点で始まる行\n\nThe device has stopped.\n"};
}

}  // namespace

TEST_CASE("a letter reaches its readers through a real mail server, Japanese intact and threaded", "[mail]") {
  MailServer server;
  smtp::Mailer mailer(config_for(server));
  const Letter root = letter("effect_1", {"tech@vendor.example"});
  const Letter next = letter("effect_2", {"admin@hospital.example"});

  const auto posted = mailer.post(root, at);
  INFO((posted ? "" : posted.error().what));
  REQUIRE(posted);
  CHECK(posted->refused.empty());
  CHECK(posted->sent == sha256(*smtp::compose(root, at, config_for(server))));
  REQUIRE(mailer.post(next, at));

  const auto mails = server.wait_for(2);
  REQUIRE(mails.size() == 2);
  for (const auto& [recipient, mail] : mails) {
    CHECK(mail.subject == root.subject);
    CHECK(mail.body == root.body);
    CHECK(mail.from_name == "金継ぎ");
    CHECK(mail.header("Auto-Submitted") == "auto-generated");
  }
  CHECK(mails[0].recipient == "admin@hospital.example");
  CHECK(mails[0].mail.header("References") == "<effect_1@hospital.example>");
  CHECK(mails[1].recipient == "tech@vendor.example");
  CHECK(mails[1].mail.message_id == "effect_1@hospital.example");
  CHECK(mails[1].mail.header("References").empty());
}

TEST_CASE("a mail server that is away makes a letter wait, and it is delivered when it is back", "[mail]") {
  MailServer server;
  smtp::Mailer mailer(config_for(server));
  REQUIRE(mailer.post(letter("effect_1", {"tech@vendor.example"}), at));  // leaves a connection behind
  server.wait_for(1);
  server.stop();
  const auto away = mailer.post(letter("effect_2", {"tech@vendor.example"}), at);
  REQUIRE_FALSE(away);
  CHECK(away.error().code == Errc::Transient);

  server.start();
  const auto back = mailer.post(letter("effect_2", {"tech@vendor.example"}), at);
  INFO((back ? "" : back.error().what));
  REQUIRE(back);
  CHECK(server.wait_for(2).size() == 2);

  // A restart that nobody noticed: the connection we kept is dead.
  server.stop();
  server.start();
  const auto unnoticed = mailer.post(letter("effect_3", {"tech@vendor.example"}), at);
  INFO((unnoticed ? "" : unnoticed.error().what));
  CHECK(unnoticed);
}

TEST_CASE("a wrong mail password is said clearly and shown nowhere", "[mail]") {
  MailServer server;
  smtp::Config config = config_for(server);
  config.password = "Not-the-mail-password-7";
  smtp::Mailer mailer(config);
  const auto refused = mailer.post(letter("effect_1", {"tech@vendor.example"}), at);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::Transient);  // the operator mends it while the letter waits
  CHECK(refused.error().what == "mail server does not accept our user and password (535)");
}

TEST_CASE("a recipient that is refused for good is listed, and the others have the letter", "[mail]") {
  MailServer server;
  smtp::Mailer mailer(config_for(server));
  const auto posted =
      mailer.post(letter("effect_1", {"admin@hospital.example", "nobody@vendor.example", "tech@vendor.example"}), at);
  INFO((posted ? "" : posted.error().what));
  REQUIRE(posted);
  CHECK(posted->refused == std::vector<std::string>{"nobody@vendor.example"});
  const auto mails = server.wait_for(2);
  REQUIRE(mails.size() == 2);
  CHECK(mails[0].recipient == "admin@hospital.example");
  CHECK(mails[1].recipient == "tech@vendor.example");

  const auto nobody = mailer.post(letter("effect_2", {"nobody@vendor.example"}), at);
  REQUIRE_FALSE(nobody);
  INFO(nobody.error().what);
  CHECK(nobody.error().code == Errc::Refused);
  CHECK(nobody.error().what.find("nobody@") == std::string::npos);
}

TEST_CASE("a recipient that is put off gets the letter later, and nobody gets it twice", "[mail]") {
  MailServer server;
  smtp::Mailer mailer(config_for(server));
  const Letter one = letter("effect_1", {"later@hospital.example", "nobody@vendor.example", "tech@vendor.example"});
  server.put_off(true);
  const auto first = mailer.post(one, at);
  REQUIRE_FALSE(first);
  CHECK(first.error().code == Errc::Transient);
  CHECK(server.wait_for(1)[0].recipient == "tech@vendor.example");

  server.put_off(false);
  const auto second = mailer.post(one, at);
  INFO((second ? "" : second.error().what));
  REQUIRE(second);
  CHECK(second->refused == std::vector<std::string>{"nobody@vendor.example"});
  const auto mails = server.wait_for(2);
  REQUIRE(mails.size() == 2);
  CHECK(mails[0].recipient == "later@hospital.example");
  CHECK(mails[1].recipient == "tech@vendor.example");
}

TEST_CASE("no letter goes to a mail server whose certificate does not hold", "[mail]") {
  MailServer server;
  smtp::Config config = config_for(server);
  config.ca_file.clear();  // the machine's authorities do not know it
  smtp::Mailer mailer(config);
  const auto refused = mailer.post(letter("effect_1", {"tech@vendor.example"}), at);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::Transient);
  CHECK(refused.error().what == "mail server's certificate cannot be verified");
}

}  // namespace kintsugi

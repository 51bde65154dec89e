#include "adapters/intake/imap.h"
#include "adapters/smtp/mailer.h"
#include "tests/end_to_end/api.h"
#include "tests/end_to_end/imap_server.h"
#include "tests/end_to_end/mail_server.h"
#include "tests/end_to_end/private_server.h"
#include "tests/support/device_mails.h"
#include "tests/support/places.h"
#include "tests/support/wait.h"

#include <filesystem>
#include <fstream>
#include <pwd.h>
#include <unistd.h>

// Mails on their real ways in: a mailbox of a real IMAP server, and the pipe of a real mail server.
namespace kintsugi::testing {
namespace {

namespace fs = std::filesystem;

constexpr auto patience = 20s;

intake::Config intake_config(const std::string& authserv_id, const std::string& sender) {
  intake::Config out;
  out.hospital = organisation("midori");
  out.authserv_id = authserv_id;
  out.senders[sender] = {device("ct-1")};
  intake::Template ct;
  ct.product_line = "ct";
  ct.lines = {"エラーコード: {code}"};
  out.templates = {ct};
  return out;
}

intake::Mailbox mailbox_of(const ImapServer& server) {
  intake::Mailbox out;
  out.host = "127.0.0.1";
  out.port = server.port();
  out.tls = intake::Mailbox::Tls::starttls;
  out.ca_file = server.ca_file();
  out.user = ImapServer::user;
  out.password = ImapServer::password;
  out.look_every = 200ms;
  out.connect_limit = 5s;
  out.total_limit = 10s;
  return out;
}

// Runs the real program with a mail on its standard input, and gives its exit code.
int pipe_into_program(const fs::path& bytes, const std::string& data, const fs::path& output) {
  Launch program = Run::of_kintsugi({"intake", "mail", "--data", data});
  program.input = bytes.string();
  program.output = output.string();
  return exit_of(spawn(program));
}

}  // namespace

TEST_CASE("a mail that could not be made durable stays in the mailbox", "[intake][imap]") {
  ImapServer mailbox;
  mailbox.deliver(mail({}));
  intake::Imap imap(mailbox_of(mailbox));
  const auto away = imap.look([](std::string_view) -> Result<> { return fail(Errc::Transient, "the disk is full"); });
  REQUIRE_FALSE(away);
  CHECK(away.error().what == "the disk is full");
  CHECK(mailbox.in_inbox() == 1);
  std::string taken;
  const auto back = imap.look([&](std::string_view bytes) -> Result<> {
    taken = bytes;
    return {};
  });
  INFO((back ? "" : back.error().what));
  REQUIRE(back);
  CHECK(*back == 1);
  CHECK(taken == mail({}));
  CHECK(mailbox.in_inbox() == 0);
  CHECK(mailbox.in_folder("Taken") == 1);
  CHECK(*imap.look([](std::string_view) -> Result<> { return {}; }) == 0);
}

TEST_CASE("without a folder for taken mails they are deleted", "[intake][imap]") {
  ImapServer mailbox;
  mailbox.deliver(mail({}));
  intake::Mailbox without = mailbox_of(mailbox);
  without.taken_folder.clear();
  intake::Imap imap(without);
  const auto taken = imap.look([](std::string_view) -> Result<> { return {}; });
  INFO((taken ? "" : taken.error().what));
  REQUIRE(taken);
  CHECK(mailbox.in_inbox() == 0);
  CHECK(mailbox.in_folder("Taken") == 0);
}

TEST_CASE("a mailbox is not read over a line that nobody vouches for, and its password is shown nowhere",
          "[intake][imap]") {
  ImapServer mailbox;
  mailbox.deliver(mail({}));
  const auto never = [](std::string_view) -> Result<> {
    FAIL("a mail came over a line that should not have been opened");
    return {};
  };
  intake::Mailbox stranger = mailbox_of(mailbox);
  stranger.ca_file.clear();
  CHECK_FALSE(intake::Imap(stranger).look(never));
  intake::Mailbox wrong = mailbox_of(mailbox);
  wrong.password = "Not-the-mailbox-password-9";
  const auto refused = intake::Imap(wrong).look(never);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::Transient);
  CHECK(refused.error().what.find(wrong.password) == std::string::npos);
  CHECK(mailbox.in_inbox() == 1);
}

TEST_CASE("a real mail server pipes a device's mail into its case, and keeps it while the installation is away",
          "[intake][mail]") {
  // The mail server's user must reach program and data; where the sources lie is not his to read.
  TemporaryDirectory shared;
  fs::permissions(shared.path(), fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
  fs::copy_file(kintsugi_program, shared.path("kintsugi"));
  const std::string data = shared.path("data");
  SystemClock clock;
  SystemEntropy entropy;
  auto home = make_home(data, "test.kintsugi.invalid", entropy);
  REQUIRE(home);
  if (const passwd* exim = ::getpwnam("Debian-exim"); ::geteuid() == 0 && exim != nullptr) {
    REQUIRE(::chown(data.c_str(), exim->pw_uid, exim->pw_gid) == 0);
    for (const auto& one : fs::recursive_directory_iterator(data))
      REQUIRE(::chown(one.path().c_str(), exim->pw_uid, exim->pw_gid) == 0);
  }
  MailServer mails(shared.path("kintsugi") + " intake mail --data " + data);

  // The device: it signs in at the mail server, which says so in the mail.
  smtp::Config sender;
  sender.host = "127.0.0.1";
  sender.port = mails.port();
  sender.ca_file = mails.ca_file();
  sender.user = MailServer::user;
  sender.password = MailServer::password;
  sender.from = std::string(MailServer::user) + "@devices.hospital.example";
  smtp::Mailer outbound(sender);
  const Letter letter{.message_id = "1@ct-1.devices.hospital.example",
                      .thread_id = "1@ct-1.devices.hospital.example",
                      .to = {"faults@hospital.example"},
                      .subject = "装置故障通知",
                      .body = "ｴﾗｰｺｰﾄﾞ：Ｅ－２１７\n"};

  fs::rename(data, shared.path("away"));
  const auto posted = outbound.post(letter, clock.now());
  INFO((posted ? "" : posted.error().what));
  REQUIRE(posted);
  REQUIRE(wait_until([&] { return mails.log().find("== faults@hospital.example") != std::string::npos; }, patience));
  fs::rename(shared.path("away"), data);
  const auto delivered = [&] {
    mails.run_queue();
    return mails.log().find("=> faults ") != std::string::npos;
  };
  const bool arrived = wait_until(delivered, patience);
  INFO(mails.log());
  REQUIRE(arrived);

  // The engine was away all the time; now it takes what lies there.
  Config config;
  config.listening.port = 0;
  config.plain_http = true;
  config.intake = intake_config(mails.name(), sender.from);
  auto server = Server::open(*home, config, clock, entropy);
  REQUIRE(server);
  REQUIRE((*server)->conductor().put_masters(world()));
  REQUIRE((*server)->start());
  const auto cases = [&] { return *(*server)->store().list_cases({}); };
  REQUIRE(wait_until([&] { return cases().size() == 1; }, patience));
  const CaseFile file = *(*server)->store().read_case(cases().front().id);
  CHECK(file.device == device("ct-1"));
  CHECK(file.fault.code == "E-217");
  CHECK(file.fault.channel == Channel::mail);
  CHECK(wait_until([&] { return fs::is_empty(data + "/intake/new"); }, patience));
  (*server)->stop();
}

TEST_CASE("the pipe says try again unless the mail is safe", "[intake]") {
  TemporaryDirectory shared;
  SystemEntropy entropy;
  REQUIRE(make_home(shared.path("data"), "test.kintsugi.invalid", entropy));
  std::ofstream(shared.path("mail")) << mail({});
  std::ofstream(shared.path("nothing"));
  constexpr int try_again = 75;
  constexpr int no_data = 65;
  CHECK(pipe_into_program(shared.path("mail"), shared.path("elsewhere"), shared.path("log")) == try_again);
  CHECK(pipe_into_program(shared.path("nothing"), shared.path("data"), shared.path("log")) == no_data);
  CHECK(pipe_into_program(shared.path("mail"), shared.path("data"), shared.path("log")) == 0);
  CHECK(content_of(fs::directory_iterator(shared.path("data") + "/intake/new")->path()) == mail({}));
  fs::remove_all(shared.path("data") + "/intake");
  std::ofstream(shared.path("data") + "/intake") << "in the way";
  CHECK(pipe_into_program(shared.path("mail"), shared.path("data"), shared.path("log")) == try_again);
}

TEST_CASE("the settings of the intake are read from the file, and every mistake in them is told", "[intake]") {
  TemporaryDirectory shared;
  const std::string file = shared.path("kintsugi.toml");
  std::ofstream(shared.path("password")) << "from the file\n";
  std::ofstream(file) << R"([mail]
host = "mail.example"
from = "Kintsugi@Hospital.example"

[intake]
hospital = "org_1"
authserv_id = "mx.hospital.example"
accept = ["dmarc", "auth"]

[intake.senders]
"CT2@devices.example" = "device_1"
"gateway@devices.example" = ["device_2", "device_3"]

[[intake.template]]
product_line = "ct"
subject = "[故障] {code}"
lines = ["エラーコード: {code}", "重大度: {severity}"]
severity = { "重大" = "critical" }

[[intake.mailbox]]
host = "imap.example"
user = "devices"
tls = "starttls"
password_file = ")" << shared.path("password")
                      << "\"\n";
  const ConfigRead read = read_config(file, true);
  CAPTURE(read.mistakes);
  REQUIRE(read.mistakes.empty());
  REQUIRE(read.config.intake);
  const intake::Config& intake = *read.config.intake;
  CHECK(intake.hospital.text() == "org_1");
  CHECK(intake.accepted_methods == std::vector<std::string>{"dmarc", "auth"});
  CHECK(intake.senders.at("ct2@devices.example") == std::vector{DeviceId{"device_1"}});
  CHECK(intake.senders.at("gateway@devices.example").size() == 2);
  REQUIRE(intake.templates.size() == 1);
  CHECK(intake.templates[0].subject == std::vector<std::string>{"[故障] {code}"});
  CHECK(intake.templates[0].severity.at("重大") == "critical");
  REQUIRE(intake.mailboxes.size() == 1);
  CHECK(intake.mailboxes[0].port == 143);
  CHECK(intake.mailboxes[0].password == "from the file");
  CHECK(intake.own_addresses.front() == "kintsugi@hospital.example");

  std::ofstream(file) << R"([intake]
surprise = 1
senders = { "x" = 3 }
template = "none"

[[intake.mailbox]]
tls = "perhaps"
look_every_s = 0
)";
  // surprise, the sender's device, template, tls, look_every_s; and what is missing: the hospital, the mailbox's host
  // and its password
  CHECK(read_config(file, true).mistakes.size() == 8);
}

}  // namespace kintsugi::testing

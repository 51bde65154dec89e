#include "tests/end_to_end/imap_server.h"
#include "tests/end_to_end/mail_world.h"
#include "tests/end_to_end/private_server.h"
#include "tests/support/device_mails.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <pwd.h>
#include <unistd.h>

// What hangs on mails that come by the pipe of a real mail server and by a real mailbox, in the program itself; and
// where a name or a content of it must never be seen.
namespace kintsugi::testing {
namespace {

namespace fs = std::filesystem;

constexpr auto arrival_max = 60s;
const std::string device_address = std::string(MailServer::user) + "@devices.hospital.example";
const std::string picture_content = "CANARY-7741 of a picture";
const std::string picture_name = "filename*=UTF-8''%E5%B1%B1%E7%94%B0%E5%A4%AA%E9%83%8E-CANARY-NAME.png";

std::string with_picture(const std::string& text, const std::string& boundary) {
  return "--" + boundary + "\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n" + text + "--" + boundary +
         "\r\nContent-Type: image/png; name=\"CANARY-NAME.png\"\r\nContent-Disposition: attachment; " + picture_name +
         "\r\nContent-Transfer-Encoding: base64\r\n\r\n" + to_base64(bytes_of(picture_content)) + "\r\n--" +
         boundary + "--\r\n";
}
MailParts picture_mail(const std::string& from, const std::string& text) {
  MailParts out;
  out.from = from;
  out.on_top.clear();
  out.subject = "alarm";
  out.type = "multipart/mixed; boundary=top";
  out.encoding = "8bit";
  out.body = with_picture(text, "top");
  return out;
}

// `kintsugi serve`, an Exim that pipes into it, and a Dovecot that it looks into.
struct MailHouse {
  TemporaryDirectory shared;
  ImapServer mailbox;
  MailServer mails{shared.path("kintsugi") + " intake mail --data " + shared.path("data")};
  Api api{[this](Config& config, std::vector<Master>& masters) { use_mail_server(mails, config, masters); }};

  MailHouse() {
    for (const char* nick : {"mori", "sato", "abe", "suzuki"})
      api.enrol(nick);
    std::ofstream(api.directory.path("data") + "/kintsugi.toml")
        << "[log]\nlevel = \"debug\"\n"
        << configuration_of(mails) << "[intake]\nhospital = \"" << organisation("midori").text()
        << "\"\nauthserv_id = \"" << mails.name() << "\"\naccept = [\"auth\", \"dmarc\"]\n[intake.senders]\n\""
        << device_address << "\" = \"" << device("ct-1").text() << "\"\n[[intake.template]]\nproduct_line = \"ct\"\n"
        << "lines = [\"エラーコード: {code}\"]\n[[intake.mailbox]]\nhost = \"127.0.0.1\"\nport = " << mailbox.port()
        << "\ntls = \"starttls\"\nca_file = \"" << mailbox.ca_file() << "\"\nuser = \"" << ImapServer::user
        << "\"\npassword = \"" << ImapServer::password << "\"\nlook_every_s = 1\n";
    api.stop();
    // The mail server's user must reach program and data; where the sources lie is not his to read.
    fs::permissions(shared.path(), fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
    fs::copy_file(kintsugi_program, shared.path("kintsugi"));
    fs::rename(api.directory.path("data"), shared.path("data"));
    if (const passwd* exim = ::getpwnam("Debian-exim"); ::geteuid() == 0 && exim != nullptr) {
      REQUIRE(::chown(shared.path("data").c_str(), exim->pw_uid, exim->pw_gid) == 0);
      for (const auto& one : fs::recursive_directory_iterator(shared.path("data")))
        REQUIRE(::chown(one.path().c_str(), exim->pw_uid, exim->pw_gid) == 0);
    }
    api.go_on_outside(shared.path("data"));
  }

  // As a device's mail program does: it signs in and hands the mail over.
  void submit(const std::string& bytes) {
    const std::string file = api.directory.path("mail");
    std::ofstream(file, std::ios::binary) << bytes;
    const pid_t sent =
        spawn({.words = {"curl", "--silent", "--show-error", "--ssl-reqd", "--cacert", mails.ca_file(), "--url",
                         "smtp://127.0.0.1:" + std::to_string(mails.port()), "--user",
                         std::string(MailServer::user) + ":" + MailServer::password, "--mail-from", device_address,
                         "--mail-rcpt", "faults@hospital.example", "--upload-file", file},
               .output = api.directory.path("curl.log")});
    const int code = exit_of(sent);
    INFO(content_of(api.directory.path("curl.log")));
    REQUIRE(code == 0);
  }
  std::vector<CaseBrief> cases() { return *api.store()->list_cases({}); }
  std::vector<Json> attachments(const std::string& path, const char* nick) {
    std::vector<Json> out;
    const Json page = Json::parse(api.get(path + "/documents", api.token(nick))->body);
    for (const Json& one : page.at("documents"))
      if (one.contains("attachment")) out.push_back(one);
    return out;
  }
};

}  // namespace

TEST_CASE(
    "a picture that came by the pipe or by a mailbox is opened only by who judges it, and its name is seen nowhere",
    "[intake][mail][imap][attachments]") {
  MailHouse house;
  house.submit(mail(picture_mail(device_address, "エラーコード: E-217\r\n")));
  INFO(house.mails.log());
  REQUIRE(wait_until([&] { return house.cases().size() == 1; }, arrival_max));
  const CaseBrief brief = house.cases().front();
  CHECK(brief.device == device("ct-1"));
  CHECK(brief.fault_code == "E-217");
  const std::string path = "/api/v1/cases/" + brief.id.text();

  // Somebody of the hospital answers a mail of the case; that comes by the mailbox.
  MailParts note = picture_mail("sato@hospital.example", "see the picture\r\n");
  note.on_top = "Authentication-Results: " + house.mails.name() + "; dmarc=pass header.from=hospital.example\r\n";
  note.message_id = "note@hospital.example";
  note.more = "References: <" + brief.id.text() + "@test.kintsugi.invalid>\r\n";
  house.mailbox.deliver(mail(note));
  REQUIRE(wait_until([&] { return house.attachments(path, "sato").size() == 2; }, arrival_max));

  const auto documents = house.attachments(path, "abe");
  REQUIRE(documents.size() == 2);
  std::string seen;
  for (const Json& one : documents) {
    CHECK(one.at("attachment").at("kind") == "image");
    CHECK(one.at("length") == picture_content.size());
    const auto refused = house.api.get(one.at("href"), house.api.token("abe"));
    CHECK(problem_of(refused) == "attachment_not_judged");
    seen += refused->body;
    const auto opened = house.api.get(one.at("href"), house.api.token("mori"));
    REQUIRE(opened->status == 200);
    CHECK(Json::parse(opened->body).at("text") == picture_content);
  }
  // The mail as it was received stays whole, and with the judges.
  const Json whole = Json::parse(house.api.get(path, house.api.token("mori"))->body);
  for (const Json& one : whole.at("documents")) {
    if (!one.at("place").get<std::string>().ends_with("/message")) continue;
    CHECK(house.api.get(one.at("href"), house.api.token("mori"))->body.find("CANARY-NAME") != std::string::npos);
    CHECK(house.api.get(one.at("href"), house.api.token("suzuki"))->status == 403);
  }
  const auto judged =
      house.api.act(path, "mori", "judge_attachment", {{"attachment", documents[0].at("id")}, {"phi", "none"}});
  INFO(judged->body);
  REQUIRE(judged->status == 200);
  CHECK(Json::parse(house.api.get(documents[0].at("href"), house.api.token("abe"))->body).at("text") ==
        picture_content);
  CHECK(house.api.get(documents[1].at("href"), house.api.token("abe"))->status == 403);

  // Neither name nor content in anything but the documents themselves.
  for (const char* nick : {"mori", "sato", "abe"})
    for (const std::string& place : {path, path + "/documents", std::string("/api/v1/cases"),
                                     "/api/v1/outbox?filter=case_id=" + brief.id.text()})
      seen += house.api.get(place, house.api.token(nick))->body;
  for (const Json& one : house.api.records("midori"))
    seen += one.dump();
  for (const Json& one : house.api.records())
    seen += one.dump();
  for (const auto& one : house.mails.wait_for(1)) {
    seen += one.mail.subject + one.mail.body;
    for (const auto& [name, value] : one.mail.headers)
      seen += value;
  }
  const std::string log = content_of(house.api.directory.path("serve.log"));
  CHECK(log.find("kind=notice") != std::string::npos);  // there is a log to look at
  CHECK(log.find("kind=comment") != std::string::npos);
  seen += log + content_of(house.shared.path("data") + "/intake/ledger");
  for (const char* secret : {"CANARY", "山田太郎", "%E5%B1%B1"}) {
    CAPTURE(secret);
    CHECK(seen.find(secret) == std::string::npos);
  }
  CHECK(run("audit verify " + house.shared.path("data")).exit == 0);
}

}  // namespace kintsugi::testing

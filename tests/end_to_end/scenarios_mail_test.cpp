#include "tests/end_to_end/imap_server.h"
#include "tests/end_to_end/mail_world.h"
#include "tests/support/device_mails.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <fstream>
#include <map>

// The acceptance scenarios of docs/rules.md that are about mails: a real mailbox (Dovecot) on the way in, a real mail
// server (Exim) on the way out, and the program itself between them.
namespace kintsugi::testing {
namespace {

constexpr auto patience = 180s;  // five hundred mails one by one, on a busy machine
constexpr const char* zz_9 = "\x1B$B@=B$HV9f!'#S#N!]\x1B(Bzz-9\r\n";  // the serial number of a device nobody knows

// `kintsugi serve` with a mailbox that several devices write to; which of them, only the serial number tells.
struct Post {
  ImapServer mailbox;
  MailServer mails;
  Api api{[this](Config& config, std::vector<Master>& masters) { use_mail_server(mails, config, masters); }};

  explicit Post(const std::vector<const char*>& enrolled) {
    for (const char* nick : enrolled)
      api.enrol(nick);
    std::ofstream(api.directory.path("data") + "/kintsugi.toml")
        << "[mail]\nhost = \"127.0.0.1\"\nport = " << mails.port() << "\nca_file = \"" << mails.ca_file()
        << "\"\nuser = \"" << MailServer::user << "\"\npassword = \"" << MailServer::password
        << "\"\nfrom = \"kintsugi@hospital.example\"\n"
        << "[intake]\nhospital = \"" << organisation("midori").text() << "\"\nauthserv_id = \"" << mail_server_name
        << "\"\n[intake.senders]\n\"" << ct_address << "\" = [\"" << device("ct-1").text() << "\", \""
        << device("mr-2").text() << "\"]\n"
        << "[[intake.template]]\nproduct_line = \"ct\"\nlines = [\"エラーコード: {code}\", \"製造番号: {serial}\"]\n"
        << "[[intake.mailbox]]\nhost = \"127.0.0.1\"\nport = " << mailbox.port()
        << "\ntls = \"starttls\"\nca_file = \"" << mailbox.ca_file() << "\"\nuser = \"" << ImapServer::user
        << "\"\npassword = \"" << ImapServer::password << "\"\nlook_every_s = 1\n";
    api.go_on_outside();
  }

  std::vector<CaseFile> cases() {
    const auto store = api.store();
    const auto found = store->list_cases({});
    REQUIRE(found);
    std::vector<CaseFile> out;
    for (const CaseBrief& one : *found)
      out.push_back(*store->read_case(one.id));
    return out;
  }
  std::vector<OutboxRow> letters() {
    auto rows = api.store()->outbox({.state = {}, .case_id = {}, .id = {}, .limit = 10'000}).value();
    std::erase_if(rows, [](const OutboxRow& row) { return !row.effect.mail; });
    return rows;
  }
  bool takes(std::size_t n) {
    return wait_until([&] { return mailbox.in_folder("Taken") == n && mailbox.in_inbox() == 0; }, patience);
  }
};

MailParts numbered(int n) {
  MailParts out;
  out.message_id = std::to_string(n) + "@ct-1.devices.midori.example";
  return out;
}

}  // namespace

TEST_CASE("scenario 19: the same notice five hundred times by mail is one case, one counter and no storm of mails",
          "[scenario][intake][imap]") {
  constexpr int times = 500;
  Post post({});
  for (int n = 1; n <= times; ++n)
    post.mailbox.deliver(mail(numbered(n)));
  post.mailbox.deliver(mail(numbered(1)));  // the very same mail once more is not even counted
  INFO(post.mailbox.log());
  REQUIRE(post.takes(times + 1));

  const auto cases = post.cases();
  REQUIRE(cases.size() == 1);
  CHECK(cases.front().fault.occurrences == times);
  CHECK(cases.front().fault.channel == Channel::mail);
  CHECK(cases.front().device == device("ct-1"));

  const auto delivered = [&] {
    return std::ranges::all_of(post.letters(),
                               [](const OutboxRow& row) { return row.state == EffectState::delivered; });
  };
  REQUIRE(wait_until(delivered, patience));
  // The first notice is told to whom it concerns; of the repetitions at most one more letter within T_DEDUP.
  const auto letters = post.letters();
  CHECK(letters.size() <= 2);
  CHECK(std::ranges::count(letters, "M01", [](const OutboxRow& row) { return row.effect.mail->mail; }) == 1);
  std::map<std::string, std::size_t> by_reader;
  for (const auto& one : post.mails.wait_for(1))
    ++by_reader[one.recipient];
  for (const auto& [reader, count] : by_reader) {
    CAPTURE(reader);
    CHECK(count <= letters.size());
  }
  CHECK(run("audit verify " + post.api.directory.path("data")).exit == 0);
}

TEST_CASE("scenario 20: a full-width serial number in ISO-2022-JP finds its device, and what nobody knows is queued",
          "[scenario][intake][imap]") {
  Post post({"ito", "sato"});
  MailParts unknown = numbered(2);
  unknown.body = unknown.body.substr(0, unknown.body.find("\x1B$B@=B$HV9f")) + zz_9;
  MailParts stranger = numbered(3);
  stranger.from = "somebody@attacker.example";
  post.mailbox.deliver(mail(numbered(1)));
  post.mailbox.deliver(mail(unknown));
  post.mailbox.deliver(mail(stranger));
  INFO(post.mailbox.log());
  REQUIRE(post.takes(3));

  const auto cases = post.cases();
  REQUIRE(cases.size() == 3);
  const auto found = std::ranges::find(cases, device("ct-1"), &CaseFile::device);
  REQUIRE(found != cases.end());
  CHECK(found->fault.code == "E-217");
  int queued = 0;
  for (const CaseFile& one : cases) {
    if (&one == &*found) continue;
    ++queued;
    CHECK(one.device.empty());
    CHECK(one.state == "notified");
    // Nothing is lost: what the mail said can be read by the hospital, in readable letters.
    const std::string path = "/api/v1/cases/" + one.id.text();
    const Json seen = Json::parse(post.api.get(path, post.api.token("ito"))->body);
    const bool readable = std::ranges::any_of(seen.at("documents"), [&](const Json& document) {
      return post.api.get(document.at("href"), post.api.token("ito"))->body.find("製造番号") != std::string::npos;
    });
    CHECK(readable);
  }
  CHECK(queued == 2);

  // Somebody who knows better names the device, and the case goes on like any other.
  const auto of_unknown = std::ranges::find_if(cases, [&](const CaseFile& one) { return one.device.empty(); });
  const std::string path = "/api/v1/cases/" + of_unknown->id.text();
  const auto named = post.api.act(path, "sato", "identify_device", {{"device", device("mr-2").text()}});
  INFO(named->body);
  CHECK(named->status == 200);
  CHECK(post.api.file(path).device == device("mr-2"));
  CHECK(run("audit verify " + post.api.directory.path("data")).exit == 0);
}

}  // namespace kintsugi::testing

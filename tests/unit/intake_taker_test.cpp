#include "adapters/intake/intake.h"
#include "tests/support/mail_door.h"

#include <fstream>

// What mails become in the engine: the real workflow on a store in memory.
namespace kintsugi::intake {

namespace {

using testing::mail;
using testing::MailParts;
using testing::vouched;
using Door = testing::MailDoor;

const Instant morning = testing::mail_door_opens;

Config config() {
  return testing::door_config();
}
MailParts numbered(int n) {
  return testing::numbered_mail(n);
}
MailParts from_stranger(int n, const std::string& address = "unknown@elsewhere.example") {
  return testing::mail_from_stranger(n, address);
}

}  // namespace

TEST_CASE("a device's mail opens its case, with the device's clock and the sealed original", "[intake]") {
  Door door;
  const Taken taken = door.take(mail({}));
  CHECK(taken.kind == Kind::notice);
  CHECK(taken.opened);
  const CaseFile file = door.file(taken.case_id);
  CHECK(file.state == "notified");
  CHECK(file.device == testing::device("ct-1"));
  CHECK(file.tenant == testing::organisation("midori"));
  CHECK(file.fault.channel == Channel::mail);
  CHECK(file.fault.code == "E-217");
  CHECK(file.fault.clock_offset == -55s);
  CHECK(door.text_of(file.fault.notice).find("ｴﾗｰｺｰﾄﾞ：Ｅ－２１７") != std::string::npos);
  const auto documents = *door.store.documents_of(taken.case_id);
  REQUIRE(documents.size() == 2);
  for (const DocumentBrief& one : documents) {
    CHECK(one.key == KeyClass::care);
    if (one.label == "file") CHECK(door.text_of(one.id) == mail({}));
  }
}

TEST_CASE("the same mail again changes nothing, even after a restart and after the key is forgotten", "[intake]") {
  Door door;
  const Taken first = door.take(mail({}));
  CHECK(door.take(mail({})).mail == first.mail);
  door.open();
  door.clock.advance(std::chrono::hours(48));
  door.take(mail({}));
  CHECK(door.cases() == 1);
  CHECK(door.file(first.case_id).fault.occurrences == 1);
}

TEST_CASE("a crash after the case and before the ledger makes no second case", "[intake]") {
  Door door;
  const Taken first = door.take(mail({}));
  std::filesystem::remove(door.directory.path("ledger"));
  door.open_taker();
  CHECK(door.take(mail({})).case_id == first.case_id);
  CHECK(door.cases() == 1);
  CHECK(door.file(first.case_id).fault.occurrences == 1);
}

TEST_CASE("a torn last line of the ledger costs that line and no other", "[intake]") {
  Door door;
  const Taken first = door.take(mail({}));
  std::ofstream(door.directory.path("ledger"), std::ios::app) << R"({"mail":"half)";
  auto ledger = Ledger::open(door.directory.path("ledger"));
  REQUIRE(ledger);
  CHECK(ledger->knows(first.mail));
  REQUIRE(ledger->add({.mail = "next", .at = morning}));
  CHECK(Ledger::open(door.directory.path("ledger"))->knows("next"));
}

TEST_CASE("five hundred mails of one fault are one case and one counter, and few of them are kept whole",
          "[intake]") {
  Door door;
  CaseId opened;
  for (int i = 0; i < 500; ++i)
    opened = door.take(mail(numbered(i))).case_id;
  CHECK(door.cases() == 1);
  CHECK(door.file(opened).fault.occurrences == 500);
  CHECK(door.store.documents_of(opened)->size() == 2 * whole_mails_per_hour);
}

TEST_CASE("a device's mail that its fault is over is noted and closes nothing", "[intake]") {
  Door door;
  MailParts well_again = numbered(2);
  well_again.type = "text/plain; charset=UTF-8";
  well_again.encoding = "8bit";
  well_again.body = "エラーコード: E-217\r\n状態：　復旧\r\n製造番号: SN-ct-1\r\n";
  SECTION("in its case") {
    const Taken first = door.take(mail(numbered(1)));
    CHECK(door.take(mail(well_again)).case_id == first.case_id);
    CHECK(door.file(first.case_id).state == "notified");
  }
  SECTION("and when no case of it is open, it makes none") {
    const Taken taken = door.take(mail(well_again));
    CHECK(taken.kind == Kind::recovery);
    CHECK(taken.reason == Reason::nothing_open);
    CHECK(door.cases() == 0);
  }
}

TEST_CASE("another code of the same device is a case of its own, also in a storm", "[intake]") {
  Door door;
  for (int i = 0; i < 40; ++i)
    door.take(mail(numbered(i)));
  MailParts other = numbered(100);
  other.body = "\x1B$B%(%i!<%3!<%I\x1B(B: E-999\r\n";
  const Taken taken = door.take(mail(other));
  CHECK(taken.opened);
  CHECK(door.cases() == 2);
  CHECK(door.file(taken.case_id).links.size() == 1);
}

TEST_CASE("a stranger's mail is a case of the manual queue that says why, in both languages", "[intake]") {
  Door door;
  const Taken taken = door.take(mail(from_stranger(1)));
  CHECK(taken.kind == Kind::unknown);
  CHECK(taken.reason == Reason::sender_unknown);
  const CaseFile file = door.file(taken.case_id);
  CHECK(file.tenant == testing::organisation("midori"));
  CHECK(file.device.empty());
  CHECK(file.fault.code.empty());
  const std::string text = door.text_of(file.fault.notice);
  CHECK(text.find("差出人は登録されていません。 / The sender is not registered.") != std::string::npos);
  const auto mails = *door.store.outbox({});
  REQUIRE_FALSE(mails.empty());
  for (const OutboxRow& row : mails)
    CHECK(to_json_text(row.effect).find("elsewhere.example") == std::string::npos);
}

TEST_CASE("a stranger's storm joins his first case until somebody takes it", "[intake]") {
  Door door;
  const CaseId first = door.take(mail(from_stranger(0))).case_id;
  for (int i = 1; i < 50; ++i)
    CHECK(door.take(mail(from_stranger(i))).case_id == first);
  CHECK(door.cases() == 1);
  CHECK(door.file(first).fault.occurrences == 50);
  CHECK(door.store.documents_of(first)->size() == 50 + whole_mails_per_hour);  // every text, and some originals

  Submission known;
  known.event = "identify_device";
  known.case_id = first;
  known.actor = door.person("sato", "midori");
  known.payload = {{"device", testing::device("ct-1").text()}};
  REQUIRE(door.conductor->submit(known).kind == Outcome::Kind::moved);
  Submission taken = known;
  taken.event = "acknowledge";
  taken.actor = door.person("abe", "alpha");
  taken.payload = Json::object();
  REQUIRE(door.conductor->submit(taken).kind == Outcome::Kind::moved);
  CHECK(door.take(mail(from_stranger(51))).case_id != first);
}

TEST_CASE("a storm of many strangers opens a bounded number of cases an hour", "[intake]") {
  Door door;
  for (int i = 0; i < 100; ++i)
    door.take(mail(from_stranger(i, "u" + std::to_string(i) + "@elsewhere.example")));
  CHECK(door.cases() == unknown_cases_per_hour);
  door.clock.advance(std::chrono::minutes(61));
  CHECK(door.take(mail(from_stranger(200, "late@elsewhere.example"))).opened);
}

TEST_CASE("what a rule does not let in as a notice is an unknown one and not lost", "[intake]") {
  Door door;
  std::vector<Master> masters = testing::world();
  std::erase_if(masters, [](const Master& one) { return one.kind != "contract"; });
  for (Master& one : masters) {
    auto contract = *from_json_text<Contract>(one.body);
    contract.until = morning - 24h;
    one.body = to_json_text(contract);
  }
  REQUIRE(door.conductor->put_masters(masters));
  const Taken taken = door.take(mail({}));
  CHECK(taken.kind == Kind::unknown);
  CHECK(taken.reason == Reason::not_taken);
  CHECK(door.file(taken.case_id).state == "notified");
}

TEST_CASE("a loop makes no case and is kept aside", "[intake]") {
  Door door;
  MailParts reply = from_stranger(1);
  reply.more = "Auto-Submitted: auto-replied\r\n";
  const Taken taken = door.take(mail(reply));
  CHECK(taken.kind == Kind::loop);
  CHECK(taken.case_id.empty());
  CHECK(door.cases() == 0);
  CHECK(door.kept_aside("loop-") == 1);
  CHECK(door.store.outbox({})->empty());
}

TEST_CASE("an answer to our thread is a note of somebody with a part in the case, and moves nothing", "[intake]") {
  Door door;
  const CaseId about = door.take(mail({})).case_id;
  MailParts reply = numbered(2);
  reply.from = "sato@midori.example";
  reply.on_top = vouched(reply.from);
  reply.more = "In-Reply-To: <" + about.text() + "@kintsugi.example>\r\n";
  reply.subject = "approve";
  reply.body = "I approve. acknowledge, approve, revoke\r\n";
  const Taken noted = door.take(mail(reply));
  CHECK(noted.kind == Kind::comment);
  CHECK(noted.case_id == about);
  CHECK(door.file(about).state == "notified");
  CHECK(door.store.documents_of(about)->size() == 4);

  MailParts stranger = reply;
  stranger.from = "watanabe@beta.example";  // a person, but of a vendor without a part in it
  stranger.on_top = vouched(stranger.from);
  stranger.message_id = "3@x";
  const Taken hidden = door.take(mail(stranger));
  CHECK(hidden.kind == Kind::unknown);
  CHECK(hidden.case_id != about);
  CHECK(door.store.documents_of(about)->size() == 4);
}

TEST_CASE("a mail waits while the hospital that it would go to does not exist", "[intake]") {
  Door door;
  Config nowhere = config();
  nowhere.hospital = testing::organisation("alpha");  // a vendor
  Taker taker({.conductor = *door.conductor,
               .clock = door.clock,
               .config = nowhere,
               .spool = door.spool,
               .ledger = *Ledger::open(door.directory.path("ledger")),
               .node = "node-1-mail"});
  const auto taken = taker.take(mail(from_stranger(1)));
  REQUIRE_FALSE(taken);
  CHECK(taken.error().code == Errc::Transient);
  CHECK(door.cases() == 0);
}

TEST_CASE("while the engine cannot write, a mail stays with whoever brought it", "[intake]") {
  Door door;
  door.conductor->stop();
  const auto taken = door.taker->take(mail({}));
  REQUIRE_FALSE(taken);
  CHECK(taken.error().code == Errc::Transient);
  door.open();
  CHECK(door.take(mail({})).opened);
}

TEST_CASE("a mail stays in the spool until its case is durable, and one that nobody can take holds up no other",
          "[intake]") {
  Door door;
  const auto intake = [&] {
    auto made = Intake::open({.conductor = *door.conductor,
                              .clock = door.clock,
                              .config = config(),
                              .directory = door.directory.path("intake"),
                              .node = "node-1-mail"});
    REQUIRE(made);
    return std::move(*made);
  };
  const Spool spool(door.directory.path("intake"));
  REQUIRE(spool.prepare(morning));
  std::filesystem::create_directory(door.directory.path("intake/new/0-not-a-mail"));
  REQUIRE(spool.put(mail(numbered(1)), morning, door.entropy));
  REQUIRE(spool.put(mail(from_stranger(2)), morning, door.entropy));

  door.conductor->stop();
  const auto waits = intake()->step();
  REQUIRE_FALSE(waits);
  CHECK(waits.error().code == Errc::Transient);
  CHECK(spool.waiting(10)->size() == 2);  // and the one that is none is aside

  door.open();
  const auto taken = intake()->step();
  INFO((taken ? "" : taken.error().what));
  REQUIRE(taken);
  CHECK(*taken == 2);
  CHECK(spool.waiting(10)->empty());
  CHECK(door.cases() == 2);
  CHECK(std::filesystem::exists(door.directory.path("intake/quarantine/failed-0-not-a-mail")));
}

TEST_CASE("what is put into the spool is whole, in order and its owner's only", "[intake]") {
  Door door;
  REQUIRE(door.spool.put("first", morning, door.entropy));
  REQUIRE(door.spool.put("second", morning + 1s, door.entropy));
  std::ofstream(door.directory.path("tmp/half")) << "never finished";
  const auto names = *door.spool.waiting(10);
  REQUIRE(names.size() == 2);
  CHECK(*door.spool.read(names[0]) == "first");
  CHECK(*door.spool.read(names[1]) == "second");
  const auto mode = std::filesystem::status(door.directory.path("new/" + names[0])).permissions();
  CHECK(mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  REQUIRE(door.spool.remove(names[0]));
  CHECK(door.spool.waiting(10)->size() == 1);
  CHECK(std::filesystem::exists(door.directory.path("tmp/half")));
  REQUIRE(door.spool.prepare(SystemClock().now() + 2 * unfinished_for));
  CHECK_FALSE(std::filesystem::exists(door.directory.path("tmp/half")));
}

}  // namespace kintsugi::intake

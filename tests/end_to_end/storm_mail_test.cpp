#include "engine/base/digest.h"
#include "tests/end_to_end/mail_engine.h"

#include <map>

// Many faults at once and letters that nobody needs any more, with a real mail server.
namespace kintsugi::testing {
namespace {

constexpr int broken_devices = 30;

// The ordinary world and as many scanners more, at the same hospital and under the same contract.
std::vector<Master> world_with_many(std::vector<DeviceId>& devices) {
  std::vector<Master> out = world();
  const auto pattern = std::ranges::find(out, device("ct-1").text(), &Master::id);
  REQUIRE(pattern != out.end());
  const Device like = *from_json_text<Device>(pattern->body);
  std::vector<Master> more;
  for (int i = 0; i < broken_devices; ++i) {
    Device one = like;
    one.id = DeviceId{new_id_text("device", mail_morning, sha256("storm"), static_cast<unsigned>(i))};
    one.serial = "SN-storm-" + std::to_string(i);
    devices.push_back(one.id);
    more.push_back(
        {.kind = "device", .id = one.id.text(), .tenant = one.tenant.text(), .body = to_json_text(one), .salt = {}});
  }
  for (Master& one : out)
    if (one.kind == "contract") {
      auto contract = *from_json_text<Contract>(one.body);
      if (contract.tenant != like.tenant) continue;
      contract.devices.insert(contract.devices.end(), devices.begin(), devices.end());
      one.body = to_json_text(contract);
    }
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

}  // namespace

TEST_CASE("a storm of faults arrives as a few letters, and no case is missing in them", "[mail][engine]") {
  MailServer mails;
  std::vector<DeviceId> devices;
  MailEngine engine(mails, world_with_many(devices));
  std::vector<CaseId> cases;
  for (const DeviceId& one : devices)
    cases.push_back(engine.report(one, "E-7", "degraded"));
  const CaseId worst = engine.report(device("ct-1"), "E-STOP", "stopped");
  engine.pass(2min);

  // P1 first, ten alone, and the rest in one.
  REQUIRE(engine.mailer->taken.size() == 12);
  const auto rows = engine.mails(EffectState::delivered);
  CHECK(rows.size() == cases.size() + 1);
  CHECK(engine.mailer->taken.front().starts_with(
      std::ranges::find(rows, worst, [](const OutboxRow& row) { return row.effect.case_id; })->effect.id.text()));

  const auto readers = engine.readers(*rows.front().effect.mail);
  const auto arrived = mails.wait_for(12 * readers.size());
  CHECK(arrived.size() == 12 * readers.size());
  std::map<std::string, std::string> read;  // by each reader, everything
  std::set<std::string> shared;
  for (const auto& [recipient, mail] : arrived) {
    read[recipient] += mail.subject + "\n" + mail.body;
    if (mail.subject.find("障害通知 20件 / 20 faults") != std::string::npos) shared.insert(recipient);
  }
  CHECK(shared.size() == readers.size());
  REQUIRE(read.size() == readers.size());
  for (const auto& [recipient, text] : read)
    for (const CaseId& id : cases) {
      INFO(recipient);
      CHECK(text.find((*engine.conductor.case_file(id))->number) != std::string::npos);
    }
}

TEST_CASE("letters of the ladder that waited for the mail server are not sent after somebody has answered",
          "[mail][engine]") {
  MailServer mails;
  mails.stop();
  MailEngine engine(mails);
  const CaseId id = engine.report(device("ct-1"), "E-STOP", "stopped");
  engine.pass(40min);
  const auto pending = engine.mails(EffectState::waiting);
  CHECK(std::ranges::any_of(pending, [](const OutboxRow& row) { return row.effect.mail->mail == "M05"; }));
  engine.acknowledge(id);
  CHECK(std::ranges::none_of(engine.mails(EffectState::waiting),
                             [](const OutboxRow& row) { return row.effect.mail->mail == "M05"; }));
  mails.start();
  engine.pass(11min);
  const auto delivered = engine.mails(EffectState::delivered);
  std::size_t letters = 0;
  for (const OutboxRow& row : delivered)
    letters += engine.readers(*row.effect.mail).size();
  REQUIRE(delivered.size() == 2);  // what happened, and who has it
  for (const auto& [recipient, mail] : mails.wait_for(letters)) {
    INFO(recipient << " " << mail.subject);
    CHECK(mail.subject.find("対応が遅れています") == std::string::npos);
  }
  CHECK(engine.mails(EffectState::withdrawn).size() >= 1);
}

}  // namespace kintsugi::testing

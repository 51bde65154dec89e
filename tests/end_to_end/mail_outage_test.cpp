#include "tests/end_to_end/mail_engine.h"

// An hour without a mail server.
namespace kintsugi::testing {

TEST_CASE("after an hour without a mail server every mail arrives once, in the order of its case", "[mail][engine]") {
  MailServer mails;
  mails.stop();  // its port is known, and nobody listens there
  MailEngine engine(mails);
  std::vector<CaseId> cases{engine.report("ct-1", "E-217"), engine.report("mr-2", "E-300")};
  engine.pass(5min);
  engine.acknowledge(cases[0]);
  engine.pass(15min);
  cases.push_back(engine.report("us-9", "E-9"));
  engine.pass(40min);
  REQUIRE(engine.clock.now() == mail_morning + 1h);
  CHECK(engine.mailer->taken.empty());
  CHECK(engine.mailer->away > 20);
  CHECK(engine.mails(EffectState::delivered).empty());
  CHECK(engine.mails(EffectState::gave_up).empty());
  CHECK(engine.mails(std::nullopt).size() > cases.size());

  mails.start();
  engine.pass(11min);  // longer than the longest wait between two attempts
  const auto all = engine.mails(std::nullopt);
  CHECK(engine.mails(EffectState::delivered).size() == all.size());

  std::size_t letters = 0;
  for (const CaseId& id : cases) {
    std::vector<std::string> decided;
    for (const OutboxRow& row : all) {
      if (row.effect.case_id != id) continue;
      decided.push_back(row.effect.id.text() + "@kintsugi.example");
      letters += engine.readers(*row.effect.mail).size();
    }
    std::vector<std::string> taken = engine.mailer->taken;
    std::erase_if(taken, [&](const std::string& one) { return std::ranges::count(decided, one) == 0; });
    CHECK(taken == decided);
  }
  CHECK(engine.mailer->taken.size() == all.size());

  // What lies in the mailboxes: as many letters as there were readers, none twice.
  const auto arrived = mails.wait_for(letters);
  CHECK(arrived.size() == letters);
  std::set<std::pair<std::string, std::string>> different;
  for (const auto& [recipient, mail] : arrived)
    different.emplace(recipient, mail.message_id);
  CHECK(different.size() == arrived.size());
}

}  // namespace kintsugi::testing

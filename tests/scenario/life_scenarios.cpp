#include "tests/scenario/theatre.h"

#include <catch2/catch.hpp>

#include <algorithm>

// What else happens in the life of a case: second faults, visits, cancellations after access, reopening.
namespace kintsugi::testing {

TEST_CASE("scenario 14: a second fault during the session opens a linked case and alarms the worker", "[scenario]") {
  Theatre t;
  t.reports("E-1042");
  t.to_connected();
  const CaseId first = t.current();
  const auto window = t.file().grant()->window;

  const auto second = t.reports("E-2077");
  REQUIRE(second.row == "F04");
  REQUIRE_FALSE(second.opened.empty());
  t.settle();
  CHECK(t.mails_sent("M03") == 1);
  const auto linked = t.file(second.opened);
  CHECK(linked.state == "notified");
  REQUIRE(linked.links.size() == 1);
  CHECK(linked.links[0].other == first);
  CHECK(t.file(first).grant()->window == window);

  // No second grant while the first one lives (I3).
  REQUIRE(t.does_on(second.opened, "abe", "acknowledge").kind == Outcome::Kind::moved);
  const auto refused = t.does_on(second.opened, "abe", "request_connection", t.request());
  CHECK(refused.kind == Outcome::Kind::refused);
  CHECK(std::ranges::count(refused.failed, "device_locked", &FailedCheck::name) == 1);
}

TEST_CASE("scenario 15: a repair that needs a visit ends with a certificate for the stick", "[scenario]") {
  Theatre t;
  t.reports("E-1042");
  t.to_connected();
  REQUIRE(t.does("abe", "repair_impossible", {{"reason", "tube must be replaced"}}).kind == Outcome::Kind::moved);
  t.settle();
  REQUIRE(t.state() == "onsite");
  REQUIRE(t.does("ito", "onsite_progress", {{"progress", "arrived"}}).kind == Outcome::Kind::moved);
  REQUIRE(t.does("ito", "item_declared",
                 {{"kind", "medium"},
                  {"phi", "unknown"},
                  {"reason", "log files for the factory"},
                  {"planned_end", "erase"},
                  {"medium", "removable"}})
              .kind == Outcome::Kind::moved);
  const ItemId stick = t.file().items.at(0).id;
  // Beside a live connection nothing is taken any more, only found: it is owed from the moment it is declared.
  CHECK(t.file().items.at(0).state == ItemState::held_at_rsc);
  REQUIRE(t.does("ito", "onsite_done", {{"report", "tube replaced"}, {"items_registered", true}}).kind ==
          Outcome::Kind::moved);
  REQUIRE(t.does("tanaka", "clinical_ok", {{"checks", Json::array()}, {"restricted_use", false}}).state ==
          "data_deletion");

  REQUIRE(t.does("abe", "item_erased",
                 {{"item", stick.text()},
                  {"method", "destroy"},
                  {"medium", "removable"},
                  {"technique", "shred"},
                  {"evidence", "shredded, photo kept"}})
              .kind == Outcome::Kind::moved);
  CHECK(t.state() == "data_deletion");  // claimed is not verified
  const Json verified = {{"item", stick.text()},
                         {"verification", "full"},
                         {"searched", {"store", "terminal"}},
                         {"found", 0},
                         {"certificate", "nothing found"}};
  CHECK(t.does("abe", "item_verified", verified).kind == Outcome::Kind::refused);
  REQUIRE(t.does("ono", "item_verified", verified).kind == Outcome::Kind::moved);
  CHECK(t.state() == "sign_off");
  t.settle();
  CHECK(t.mails_sent("M25") == 1);
  CHECK(t.finish_sign_off().state == "closed");
  CHECK(t.verify().defects.empty());
}

TEST_CASE("scenario 17: after an access a case is cancelled only through deletion and sign-off", "[scenario]") {
  Theatre t;
  t.reports("E-1042");
  t.to_connected();
  REQUIRE(t.does("sato", "revoke").kind == Outcome::Kind::moved);
  t.settle();
  REQUIRE(t.state() == "acknowledged");
  CHECK(t.does("sato", "cancel", {{"reason", "no longer needed"}}).kind == Outcome::Kind::refused);
  REQUIRE(t.does("abe", "propose_false_alarm", {{"reason", "sensor glitch"}}).kind == Outcome::Kind::moved);
  CHECK(t.does("sato", "confirm_false_alarm").kind == Outcome::Kind::refused);
  REQUIRE(
      t.does("sato", "stop_after_access", {{"resolution", "false_alarm_after_access"}, {"reason", "sensor glitch"}})
          .state == "data_deletion");
  t.to_sign_off();
  CHECK(t.finish_sign_off().state == "closed");
  CHECK(t.file().resolution == "false_alarm_after_access");
}

TEST_CASE("scenario 18: a case reopened after three days needs new approvals, and the old log still verifies",
          "[scenario]") {
  Theatre t;
  t.reports("E-1042");
  t.to_closed();
  const auto sealed = t.verify();
  REQUIRE(sealed.defects.empty());
  t.pass(72h);
  REQUIRE(t.does("tanaka", "reopen", {{"reason", "the same error again"}}).state == "acknowledged");
  t.settle();
  CHECK(t.mails_sent("M32") == 1);
  CHECK(t.file().reopened == 1);
  CHECK(t.file().request->dead);
  t.to_conn_requested();
  CHECK(t.file().request->approvals.empty());
  const auto later = t.verify();
  CHECK(later.defects.empty());
  CHECK(later.signed_size > sealed.signed_size);
  // The second visit owes everything again, the statement that nothing was taken included.
  t.to_data_deletion();
  t.to_closed();
}

TEST_CASE("a case is not reopened after its time", "[scenario]") {
  Theatre t;
  t.reports("E-1042");
  t.to_closed();
  t.pass(15 * 24h);
  CHECK(t.does("tanaka", "reopen", {{"reason", "late"}}).kind == Outcome::Kind::refused);
}

TEST_CASE("five hundred copies of one notice are one case, one counter and few mails", "[scenario]") {
  Theatre t;
  t.reports("E-1042");
  const CaseId first = t.current();
  for (int i = 1; i < 500; ++i) {
    const auto again = t.reports("E-1042");
    REQUIRE(again.row == "F03");
    REQUIRE(again.case_id == first);
  }
  t.settle();
  CHECK(t.file().fault.occurrences == 500);
  CHECK(t.mails_sent("M01") == 1);  // all within T_DEDUP
}

TEST_CASE("the mail server is away for an hour: every mail arrives once, in order", "[scenario]") {
  Theatre t;
  t.mail().away = true;
  t.reports("E-1042");
  t.to_acknowledged();
  t.to_conn_requested();
  CHECK(t.mail().all().empty());
  t.pass(1h);
  t.mail().away = false;
  t.pass(15min);
  const auto letters = t.mail().all();
  std::set<std::string> ids;
  for (const Letter& letter : letters)
    ids.insert(letter.message_id);
  CHECK(ids.size() == letters.size());
  CHECK(t.mails_sent("M01") == 1);
  CHECK(t.mails_sent("M04") == 1);
  CHECK(t.mails_sent("M09") == 3);  // one for each slot
  const auto waiting = t.store().outbox({.state = EffectState::waiting, .case_id = {}, .limit = 10});
  REQUIRE(waiting);
  CHECK(waiting->empty());
}

}  // namespace kintsugi::testing

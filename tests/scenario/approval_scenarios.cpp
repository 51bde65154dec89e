#include "tests/scenario/theatre.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

// Who may open the door, and what becomes of a request that nobody answers.
namespace kintsugi::testing {

namespace {

bool failed_on(const Outcome& outcome, const std::string& check) {
  return std::ranges::count(outcome.failed, check, &FailedCheck::name) > 0;
}

}  // namespace

TEST_CASE("scenario 1: a straight run goes from notice to closed and its log verifies offline", "[scenario]") {
  Theatre t;
  REQUIRE(t.reports("E-1042").state == "notified");
  t.to_acknowledged();
  t.to_conn_requested();
  CHECK(t.mails_sent("M09") == 3);  // one for each slot
  CHECK_FALSE(t.door_open());
  t.to_conn_approved();
  t.to_connected();
  CHECK(t.door_open());
  t.to_data_deletion();
  CHECK_FALSE(t.door_open());
  t.to_sign_off();
  t.to_closed();

  const auto report = t.verify();
  CHECK(report.defects.empty());
  CHECK(report.signed_size > 20);
  for (const char* mail : {"M01", "M04", "M11", "M16", "M24", "M25", "M30"}) {
    INFO(mail);
    CHECK(t.mails_sent(mail) >= 1);
  }
}

TEST_CASE("scenario 2: the requester's approval is refused and recorded, and another person completes it",
          "[scenario]") {
  Theatre t;
  t.reports("E-1042");
  t.to_acknowledged();
  // Kimura is a serviceman who also holds the network administrator's role at the service centre.
  REQUIRE(t.does("kimura", "request_connection", t.request()).kind == Outcome::Kind::moved);
  const auto own = t.approves("kimura", "rsc_netadm");
  CHECK(own.kind == Outcome::Kind::refused);
  CHECK(failed_on(own, "requester_may_not_approve"));
  CHECK(t.records_of("refused") == 1);

  CHECK(t.approves("ono", "rsc_netadm").kind == Outcome::Kind::moved);
  CHECK(t.approves("sato", "hcf_sysadm").kind == Outcome::Kind::moved);
  CHECK(t.approves("suzuki", "hcf_netadm").row == "F16");
  CHECK(t.state() == "conn_approved");
}

TEST_CASE("scenario 3: a primary serviceman employed by the vendor never fills a hospital slot", "[scenario]") {
  Theatre t;
  t.reports("E-1042");
  t.to_conn_requested();
  const auto refused = t.approves("vendor_psm", "hcf_sysadm");
  CHECK(refused.kind == Outcome::Kind::refused);
  CHECK(failed_on(refused, "vendor_in_hcf_slot"));
  CHECK(t.records_of("refused") == 1);
  CHECK(t.file().request->approvals.empty());
}

TEST_CASE("scenario 4: an approval of a request that was edited afterwards is void", "[scenario]") {
  Theatre t;
  t.reports("E-1042");
  t.to_conn_requested();
  const std::string first = t.hash();
  REQUIRE(t.approves("sato", "hcf_sysadm").kind == Outcome::Kind::moved);
  REQUIRE(t.does("abe", "amend_or_withdraw").state == "acknowledged");
  REQUIRE(t.does("abe", "request_connection", t.request(1h)).kind == Outcome::Kind::moved);
  CHECK(t.hash() != first);
  CHECK(t.file().request->approvals.empty());

  const auto stale = t.does("suzuki", "approve", {{"slot", "hcf_netadm"}, {"request_hash", first}});
  CHECK(stale.kind == Outcome::Kind::refused);
  CHECK(failed_on(stale, "hash_differs"));
}

TEST_CASE("scenario 5: when nobody approves, two rounds of reminders end in a rejection and nothing was touched",
          "[scenario]") {
  Theatre t;
  t.reports("E-1042");
  t.to_acknowledged();
  REQUIRE(t.does("abe", "request_connection", t.request(2h, 6h)).state == "conn_requested");
  t.pass(2h + 1min);
  CHECK(t.state() == "conn_requested");
  CHECK(t.mails_sent("M05") >= 1);
  t.pass(2h + 1min);
  CHECK(t.state() == "conn_rejected");
  CHECK(t.mails_sent("M12") == 1);
  CHECK(t.site().log().empty());
}

TEST_CASE("scenario 16: break-glass at night is closed only after the later approvals", "[scenario]") {
  Theatre t;
  t.reports("E-STOP");  // care has stopped: P1
  t.to_acknowledged();
  REQUIRE(t.file().priority == Priority::p1);
  const auto window = t.request(30min);
  REQUIRE(t.does("ono", "consent_break_glass", Json::object()).kind == Outcome::Kind::moved);
  const auto broken = t.does("yamada", "break_glass",
                             {{"purpose", "fault"},
                              {"reason", "only scanner of the emergency department"},
                              {"level", "control"},
                              {"window", window["window"]},
                              {"workers", window["workers"]},
                              {"attendant", window["attendant"]}});
  REQUIRE(broken.kind == Outcome::Kind::moved);
  CHECK(broken.row == "F21");
  t.settle();
  CHECK(t.mails_sent("M13") == 1);
  t.to_connected();
  t.to_data_deletion();
  t.to_sign_off();
  const auto early = t.finish_sign_off();
  CHECK(early.kind == Outcome::Kind::refused);
  CHECK(failed_on(early, "post_approval_missing"));

  const std::string hash = t.hash();
  REQUIRE(t.does("sato", "post_approve", {{"slot", "hcf_sysadm"}, {"request_hash", hash}}).kind ==
          Outcome::Kind::moved);
  REQUIRE(t.does("suzuki", "post_approve", {{"slot", "hcf_netadm"}, {"request_hash", hash}}).kind ==
          Outcome::Kind::moved);
  CHECK(t.does("sato", "sign_off").state == "closed");
  CHECK(t.verify().defects.empty());
}

TEST_CASE("from where the work was done is kept as a document, and stands neither in the case nor in the trail",
          "[scenario]") {
  Theatre t;
  t.reports("E-1042");
  t.to_conn_approved();
  REQUIRE(t.does("tanaka", "set_hold", {{"no_patient", true}}).kind == Outcome::Kind::moved);
  const auto before = t.store().documents_of(t.current());
  REQUIRE(before);
  const auto started =
      t.does("abe", "start_connection", {{"case_number", t.file().number}, {"terminal", "RSC-WS-07"}});
  REQUIRE(started.kind == Outcome::Kind::moved);
  const auto after = t.store().documents_of(t.current());
  REQUIRE(after);
  REQUIRE(after->size() == before->size() + 2);

  std::set<std::string> kept;
  for (const DocumentBrief& one : *after) {
    if (std::ranges::count(*before, one.id, &DocumentBrief::id) > 0) continue;
    CHECK(one.key == KeyClass::evidence);
    CHECK(one.by == person("abe"));
    kept.insert(t.text_of(one.id));
  }
  CHECK(kept == std::set<std::string>{"RSC-WS-07", Theatre::address_of("abe")});

  std::string everything = to_json_text(t.file());
  for (const Json& record : t.records())
    everything += record.dump();
  for (const std::string& one : kept)
    CHECK(everything.find(one) == std::string::npos);
  const auto records = t.records();
  const auto record = std::ranges::find_if(records, [](const Json& one) { return one["ev"] == "start_connection"; });
  REQUIRE(record != records.end());
  CHECK(record->at("obj").size() == 2);
}

TEST_CASE("a break-glass needs P1 and is never the vendor's", "[scenario]") {
  Theatre t;
  t.reports("E-1042");
  t.to_acknowledged();
  const auto window = t.request(30min);
  const Json payload = {{"purpose", "fault"},           {"reason", "in a hurry"},
                        {"level", "control"},           {"window", window["window"]},
                        {"workers", window["workers"]}, {"attendant", window["attendant"]}};
  t.does("ono", "consent_break_glass", Json::object());
  CHECK(failed_on(t.does("yamada", "break_glass", payload), "not_p1"));
  CHECK(t.does("abe", "break_glass", payload).kind == Outcome::Kind::refused);
  CHECK(t.state() == "acknowledged");
}

}  // namespace kintsugi::testing

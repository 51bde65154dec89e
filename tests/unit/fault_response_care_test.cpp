#include "tests/support/play.h"

#include <algorithm>

// From the notice to the signature: priority, harm, unknown devices, merging, paper and its clocks.
namespace kintsugi::testing {
namespace {

const Timer* timer(const CaseFile& file, std::string_view event, std::string_view about = "") {
  const auto found =
      std::ranges::find_if(file.timers, [&](const Timer& one) { return one.event == event && one.about == about; });
  return found == file.timers.end() ? nullptr : &*found;
}

Json device_named(std::string_view nickname) {
  return {{"device", device(nickname).text()}};
}

Play with_item() {
  Play p;
  bring_to(p, "connected");
  p.send("svc", "item_declared");
  p.send("sysadm", "authorise_export");
  p.send("svc", "take_data");
  p.send("svc", "log_work");
  p.send("svc", "repair_done");
  p.send("clin", "clinical_ok");
  REQUIRE(p.file.state == "data_deletion");
  return p;
}

void berlin(Play& p) {
  Contract contract = *p.directory.contract_of(device("mr1"), p.now);
  contract.hours = {};
  contract.hours.zone = "Europe/Berlin";
  contract.hours.holidays = {"2026-04-03", "2026-04-06"};
  p.directory.put(contract);
}

}  // namespace

TEST_CASE("harm forces P1 and owes a safety report, without which nobody signs", "[fault_response]") {
  Play p;
  p.play("09:00 mr1 notify -> notified");
  CHECK(p.file.priority == Priority::p2);
  p.send("clin", "notify_duplicate", {{"harmed", true}});
  CHECK(p.file.priority == Priority::p1);
  CHECK(timer(p.file, "t_obligation_due", "safety_report") != nullptr);
  for (const char* who : {"clin", "sysadm"})
    CHECK(fails(p.ask(who, "set_priority", {{"priority", "p2"}}), "harm_keeps_p1"));
  p.now += 1min;
  bring_to(p, "sign_off");
  p.send("svc", "submit_report");
  p.send("sysadm", "approve_report");
  p.send("netadm", "review_log");
  CHECK(fails(p.ask("sysadm", "sign_off"), "safety_report_missing"));
  CHECK(failed_check(p.ask("svc", "submit_safety_report")) == "role_not_allowed");
  p.send("sec", "submit_safety_report");
  CHECK(fails(p.ask("mgr", "submit_safety_report"), "no_safety_report_due"));
  CHECK(row_of(p.send("sysadm", "sign_off")) == "F81");
}

TEST_CASE("the hospital sets the priority, the RSC may raise it", "[fault_response]") {
  Play p;
  bring_to(p, "acknowledged");
  CHECK(fails(p.ask("svc", "set_priority", {{"priority", "p3"}}), "priority_lowered_by_rsc"));
  p.send("svc", "set_priority", {{"priority", "p1"}});
  CHECK(p.file.priority == Priority::p1);
  CHECK(fails(p.ask("mgr", "set_priority", {{"priority", "p2"}}), "priority_lowered_by_rsc"));
  p.send("clin", "set_priority", {{"priority", "p3"}});
  CHECK(p.file.priority == Priority::p3);
}

TEST_CASE("a case of an unknown device goes on when somebody names the device", "[fault_response]") {
  Play p;
  p.send("clin", "notify_unknown", {{"device", ""}});
  REQUIRE(p.file.state == "notified");
  REQUIRE(p.file.device.empty());
  CHECK(p.mails("M02") == 1);
  CHECK(fails(p.ask("sysadm", "identify_device", device_named("xr1")), "device_not_registered"));
  CHECK(failed_check(p.ask("fsysadm", "identify_device", device_named("xr1"))) == "not_a_participant");
  CHECK(fails(p.ask("netadm", "identify_device", device_named("mr1")), "role_not_allowed"));
  p.send("sysadm", "identify_device", device_named("mr1"));
  CHECK(p.file.device == device("mr1"));
  CHECK(p.file.rsc == organisation("hikari"));
  CHECK(fails(p.ask("sysadm", "identify_device", device_named("ct1")), "device_already_known"));
  CHECK(p.mails("M01") == 1);
  bring_to(p, "closed");
}

TEST_CASE("whoever has taken the case names only a device that his own RSC serves", "[fault_response]") {
  Play p;
  p.send("clin", "notify_unknown", {{"device", ""}});
  p.file.rsc = organisation("hikari");
  CHECK(fails(p.ask("svc", "identify_device", device_named("ct1")), "device_of_other_rsc"));
  p.send("svc", "acknowledge");
  CHECK(fails(p.ask("svc", "request_connection", {{"device", ""}}), "device_not_registered"));
  CHECK(fails(p.ask("sysadm", "identify_device", device_named("ct1")), "device_of_other_rsc"));
  p.send("svc", "identify_device", device_named("mr1"));
  CHECK(p.file.device == device("mr1"));
}

TEST_CASE("two cases of one device become one, and both ends know it", "[fault_response]") {
  Play p;
  bring_to(p, "acknowledged");
  CaseFile other = p.file;
  other.id = id_of<CaseId>("case", "other");
  other.version = 7;
  p.file.links.push_back({.kind = LinkKind::same_device, .other = id_of<CaseId>("case", "third")});
  const Json target{{"target", other.id.text()}};
  CHECK(fails(p.ask("svc", "propose_merge", target), "merge_target_not_open"));
  p.same_device = {brief_of(other, true)};
  p.target = other;
  CHECK(fails(p.ask("sysadm", "merge_into", target), "merge_not_proposed"));
  p.send("svc", "propose_merge", target);
  const Verdict verdict = p.send("sysadm", "merge_into", target);
  REQUIRE(row_of(verdict) == "F12");
  const auto& decision = std::get<Decision>(verdict);
  REQUIRE(decision.others.size() == 1);
  const CaseFile& after = decision.others.front();
  CHECK(after.version == 8);
  CHECK(after.state == other.state);
  CHECK(after.links.size() == 2);
  CHECK(after.links.front() == Link{LinkKind::merged_from, p.file.id});
  CHECK(p.file.links.back() == Link{LinkKind::merged_into, other.id});
}

TEST_CASE("a case with a grant or a data item ends neither as a false alarm, nor cancelled, nor merged",
          "[fault_response]") {
  Play p;
  bring_to(p, "acknowledged");
  CaseFile other = p.file;
  other.id = id_of<CaseId>("case", "other");
  p.same_device = {brief_of(other, true)};
  p.target = other;
  const Json target{{"target", other.id.text()}};
  p.send("svc", "propose_false_alarm");
  p.send("svc", "propose_merge", target);
  const char* check = "access_was_granted";
  SECTION("a grant") {
    p.file.grants.emplace_back();
  }
  SECTION("a data item") {
    p.file.items.emplace_back();
    check = "data_item_registered";
  }
  CHECK(fails(p.ask("clin", "confirm_false_alarm"), check));
  CHECK(fails(p.ask("sysadm", "cancel"), check));
  CHECK(fails(p.ask("sysadm", "merge_into", target), check));
}

TEST_CASE("only the reporter or the administrator cancels", "[fault_response]") {
  Play p;
  p.send("psm", "notify");
  CHECK(fails(p.ask("clin", "cancel"), "not_the_reporter"));
  CHECK(failed_check(p.ask("svc", "cancel")) == "role_not_allowed");
  CHECK(row_of(p.ask("psm", "cancel")) == "F11");
  CHECK(row_of(p.ask("sysadm", "cancel")) == "F11");
}

TEST_CASE("a P1 clock runs on the wall, a paper clock on the working time of the side that acts",
          "[fault_response][timers]") {
  Play p;
  bring_to(p, "acknowledged");
  berlin(p);
  // Thursday before Easter, 16:00 in Berlin: Friday and Monday are holidays there.
  p.now = *instant_from("2026-04-02T16:00:00+02:00");
  p.file.timers.clear();
  Instant due = *instant_from("2026-04-07T16:00:00+02:00");
  SECTION("P2, one working day of the RSC") {}
  SECTION("P1, four hours by contract") {
    p.file.priority = Priority::p1;
    due = p.now + 4h;
  }
  p.send("svc", "dispatch_onsite");
  REQUIRE(timer(p.file, "t_onsite_expired") != nullptr);
  CHECK(timer(p.file, "t_onsite_expired")->due == due);
}

TEST_CASE("a working day over the change to summer time is a working day by the local clock",
          "[fault_response][timers]") {
  Play p;
  bring_to(p, "acknowledged");
  berlin(p);
  // Friday, 27 March, 15:00 at +01:00; on Monday the same time of day is at +02:00, an hour less later.
  p.now = *instant_from("2026-03-27T15:00:00+01:00");
  p.file.timers.clear();
  p.send("svc", "dispatch_onsite");
  CHECK(timer(p.file, "t_onsite_expired")->due == *instant_from("2026-03-30T15:00:00+02:00"));
  CHECK(timer(p.file, "t_onsite_expired")->due - p.now == 71h);
}

TEST_CASE("what is allowed and never taken can be denied, and blocks nothing", "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  p.send("svc", "item_declared");
  p.send("sysadm", "authorise_export");
  p.send("svc", "log_work");
  p.send("svc", "repair_done");
  p.send("clin", "clinical_ok");
  CHECK(fails(p.ask("svc", "nothing_taken"), "data_was_taken"));
  CHECK(fails(p.ask("sysadm", "authorise_export"), "item_already_decided"));
  p.send("sysadm", "authorise_export", {{"allow", false}});
  p.send("svc", "nothing_taken");
  p.send("net", "countersign");
  CHECK(p.file.state == "sign_off");
}

TEST_CASE("a late statement that nothing was taken finds its way out of the failed deletion", "[fault_response]") {
  Play p;
  bring_to(p, "data_deletion");
  p.advance_to(p.now + 73h);
  REQUIRE(p.file.state == "deletion_failed");
  // There is no item to erase again: the way back is for the statement alone.
  Event again = p.event_of("svc", "retry_or_stronger", Json::object());
  again.payload.erase("item");
  const Verdict verdict = fault_response::fault_response().decide({.file = p.file,
                                                                   .event = again,
                                                                   .directory = p.directory,
                                                                   .policy = p.policy(),
                                                                   .same_device = p.same_device,
                                                                   .audit_working = true,
                                                                   .target = nullptr});
  CHECK(row_of(verdict) == "F74");
}

TEST_CASE("a legal hold needs an open incident, stops the erasure, and ends nothing", "[fault_response]") {
  Play p = with_item();
  CHECK(fails(p.ask("priv", "legal_hold"), "no_open_incident"));
  p.send("sec", "open_incident");
  p.send("mgr", "legal_hold");
  CHECK(p.mails("M28") == 2);
  CHECK(fails(p.ask("svc", "item_erased"), "item_state_wrong"));
  CHECK_FALSE(fault_response::fault_response().follow_up(p.file).has_value());
  p.send("priv", "lift_legal_hold");
  CHECK(row_of(p.ask("svc", "item_erased")) == "F66");
}

TEST_CASE("the records of a case say what came in and what was settled", "[fault_response]") {
  Play p = with_item();
  p.send("svc", "item_erased");
  p.send("net", "item_verified");
  int received = 0;
  int settled = 0;
  for (const Decision& one : p.laps) {
    if (const auto found = one.x.find("received"); found != one.x.end()) received += int(found->second.size());
    if (const auto found = one.x.find("settled"); found != one.x.end()) settled += int(found->second.size());
  }
  CHECK(received == 1);
  CHECK(settled == 1);
}

TEST_CASE("the signature waits for an owner of every open incident", "[fault_response]") {
  Play p;
  bring_to(p, "sign_off");
  p.send("svc", "submit_report");
  p.send("sysadm", "approve_report");
  p.send("netadm", "review_log");
  p.send("priv", "open_incident");
  CHECK(fails(p.ask("sysadm", "sign_off"), "incident_without_owner"));
  p.send("priv", "assess_incident");
  CHECK(row_of(p.ask("sysadm", "sign_off")) == "F81");
}

TEST_CASE("a deletion that is doubted is stated anew", "[fault_response]") {
  Play p;
  bring_to(p, "sign_off");
  p.send("sysadm", "refuse_data");
  p.send("svc", "answer_nonconformity", {{"about", "F83"}});
  CHECK(p.file.state == "data_deletion");
  p.send("svc", "nothing_taken");
  p.send("net", "countersign");
  CHECK(p.file.state == "sign_off");
}

}  // namespace kintsugi::testing

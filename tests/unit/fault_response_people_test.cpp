#include "tests/support/play.h"

#include <algorithm>

// Who may say yes, for how long, and what happens when somebody leaves.
namespace kintsugi::testing {
namespace {

void stand_in(Play& p, std::string_view who, std::string_view for_whom, Role role, Instant from, Instant until) {
  Person principal = *p.directory.person(person(for_whom));
  const OrganisationId at = side_of(role) == Side::rsc ? organisation("hikari") : organisation("sakura");
  principal.deputies.push_back({.person = person(who), .role = role, .at = at, .from = from, .until = until});
  p.directory.put(std::move(principal));
}

void hold_role(Play& p, std::string_view who, Role role, std::string_view at) {
  Person one = *p.directory.person(person(who));
  one.roles.push_back(
      {.role = role, .at = organisation(at), .from = tokyo(-10, 0, 0), .until = {}, .appointed_agent = false});
  p.directory.put(std::move(one));
}

void set_policy(Play& p, Policy policy) {
  policy.tenant = organisation("sakura");
  policy.version = 1;
  p.directory.put(policy);
  Organisation sakura = *p.directory.organisation(organisation("sakura"));
  sakura.policy_version = 1;
  p.directory.put(sakura);
}

void leave(Play& p, std::string_view who) {
  Person one = *p.directory.person(person(who));
  one.left_at = p.now;
  p.directory.put(std::move(one));
}

Json slot(const char* name) {
  return {{"slot", name}};
}

Json window(Instant opens, Instant closes) {
  return {{"window", {{"opens", to_text(opens)}, {"closes", to_text(closes)}}}};
}

}  // namespace

TEST_CASE("a named deputy answers while his dates hold, and is shown as a deputy", "[fault_response][approval]") {
  Play p;
  stand_in(p, "sec", "sysadm", Role::hcf_sysadm, tokyo(-1, 0, 0), tokyo(1, 0, 0));
  bring_to(p, "conn_requested");
  CHECK(row_of(p.send("sec", "approve", slot("hcf_sysadm"))) == "F15");
  CHECK(p.file.request->approvals.back().deputy_for == person("sysadm"));
}

TEST_CASE("a deputy's dates are over, not yet come, or were never given: he does not answer",
          "[fault_response][approval]") {
  Play p;
  SECTION("over") {
    stand_in(p, "sec", "sysadm", Role::hcf_sysadm, tokyo(-2, 0, 0), tokyo(-1, 0, 0));
  }
  SECTION("not yet come") {
    stand_in(p, "sec", "sysadm", Role::hcf_sysadm, tokyo(1, 0, 0), tokyo(2, 0, 0));
  }
  SECTION("no end") {
    stand_in(p, "sec", "sysadm", Role::hcf_sysadm, tokyo(-1, 0, 0), {});
  }
  SECTION("no beginning") {
    stand_in(p, "sec", "sysadm", Role::hcf_sysadm, {}, tokyo(1, 0, 0));
  }
  bring_to(p, "conn_requested");
  CHECK(failed_check(p.ask("sec", "approve", slot("hcf_sysadm"))) == "role_not_allowed");
}

TEST_CASE("a deputy is of the same side", "[fault_response][approval]") {
  Play p;
  stand_in(p, "mgr", "sysadm", Role::hcf_sysadm, tokyo(-1, 0, 0), tokyo(1, 0, 0));
  stand_in(p, "knet", "net", Role::rsc_netadm, tokyo(-1, 0, 0), tokyo(1, 0, 0));
  bring_to(p, "conn_requested");
  CHECK(fails(p.ask("mgr", "approve", slot("hcf_sysadm")), "vendor_in_hcf_slot"));
  CHECK(fails(p.ask("knet", "approve", slot("rsc_netadm")), "vendor_in_hcf_slot"));
}

TEST_CASE("a deputy does not stand in for a request that he made", "[fault_response][approval]") {
  Play p;
  stand_in(p, "svc", "net", Role::rsc_netadm, tokyo(-1, 0, 0), tokyo(1, 0, 0));
  bring_to(p, "acknowledged");
  p.send("svc", "request_connection", {{"workers", {person("svc2").text()}}});
  CHECK(fails(p.ask("svc", "approve", slot("rsc_netadm")), "requester_may_not_approve"));
}

TEST_CASE("one person in both hospital slots still leaves two people on two sides", "[fault_response][approval]") {
  Play p;
  Policy policy;
  policy.allow_combined_hcf_slots = true;
  set_policy(p, policy);
  hold_role(p, "sysadm", Role::hcf_netadm, "sakura");
  hold_role(p, "sysadm", Role::rsc_netadm, "hikari");
  bring_to(p, "conn_requested");
  p.send("sysadm", "approve", slot("hcf_sysadm"));
  CHECK(fails(p.ask("sysadm", "approve", slot("hcf_sysadm")), "slot_not_open"));
  p.send("sysadm", "approve", slot("hcf_netadm"));
  CHECK(fails(p.ask("sysadm", "approve", slot("rsc_netadm")), "person_counts_once"));
  CHECK(row_of(p.send("net", "approve")) == "F16");
  CHECK(std::ranges::count_if(p.file.request->approvals, [](const Approval& one) { return one.combined; }) == 2);
}

TEST_CASE("the window ends at the lowest of contract, site, longest window, pledge, training and what was asked",
          "[fault_response][approval]") {
  Play p;
  Instant lowest{};
  SECTION("asked") {
    lowest = tokyo(0, 11, 2);
  }
  SECTION("pledge") {
    Person worker = *p.directory.person(person("svc"));
    worker.pledge_until = lowest = tokyo(0, 10, 30);
    p.directory.put(worker);
  }
  SECTION("training") {
    Person worker = *p.directory.person(person("svc"));
    worker.training_until = lowest = tokyo(0, 10, 31);
    p.directory.put(worker);
  }
  SECTION("the contract's end") {
    Contract contract = *p.directory.contract_of(device("mr1"), p.now);
    contract.until = lowest = tokyo(0, 10, 32);
    p.directory.put(contract);
  }
  SECTION("the hospital's longest window of this kind of case") {
    Policy policy;
    policy.terms.push_back({.timer = TimerName::t_maxwindow,
                            .p1 = {.wall = 1h, .business_days = 0},
                            .p2 = {.wall = 1h, .business_days = 0},
                            .p3 = {.wall = 1h, .business_days = 0}});
    set_policy(p, policy);
    lowest = tokyo(0, 10, 2);
  }
  bring_to(p, "conn_approved");
  CHECK(p.file.grant()->window.closes == lowest);
}

TEST_CASE("a window longer than the contract or the site allows is not even asked for",
          "[fault_response][approval]") {
  Play p;
  bring_to(p, "acknowledged");
  CHECK(fails(p.ask("svc", "request_connection", window(p.now, p.now + 5h)), "window_too_long"));
  CHECK(row_of(p.ask("svc", "request_connection", window(p.now, p.now + 3h))) == "F14");
  Policy strict;
  strict.site_window_max = 1h;
  set_policy(p, strict);
  CHECK(fails(p.ask("svc", "request_connection", window(p.now, p.now + 3h)), "window_too_long"));
}

TEST_CASE("an approver narrows the window, never widens it, and who approved more is told",
          "[fault_response][approval]") {
  Play p;
  bring_to(p, "conn_requested");
  const Window asked = p.file.request->window;
  p.send("sysadm", "approve");
  for (const Json& wider : {window(asked.opens - 1min, asked.closes), window(asked.opens, asked.closes + 1min),
                            window(asked.closes, asked.opens)})
    CHECK(fails(p.ask("netadm", "approve", wider), "window_not_narrower"));
  const int told = p.mails("M10");
  CHECK(row_of(p.send("netadm", "approve", window(asked.opens + 10min, asked.closes - 30min))) == "F15");
  const Effect& mail = p.effects.back();
  CHECK(p.mails("M10") == told + 1);
  CHECK(std::ranges::count(mail.mail->to, person("sysadm")) == 1);
  // The next one starts from what is left.
  CHECK(fails(p.ask("net", "approve", window(asked.opens, asked.closes)), "window_not_narrower"));
  p.send("net", "approve", window(asked.opens + 10min, asked.closes - 1h));
  REQUIRE(p.file.state == "conn_approved");
  CHECK(p.file.grant()->window == Window{asked.opens + 10min, asked.closes - 1h});
  CHECK(p.file.request->window == asked);  // the text that was signed stays what it was (I6)
}

TEST_CASE("the last slot does not open for a worker who has left or whose pledge has ended since the request",
          "[fault_response][approval]") {
  Play p;
  bring_to(p, "conn_requested");
  p.send("sysadm", "approve");
  p.send("netadm", "approve");
  SECTION("left") {
    leave(p, "svc");
  }
  SECTION("pledge") {
    Person worker = *p.directory.person(person("svc"));
    worker.pledge_until = p.now;
    p.directory.put(worker);
  }
  CHECK(fails(p.ask("net", "approve"), "worker_not_eligible"));
}

TEST_CASE("somebody who leaves is found in every grant that lets him in, and the engine revokes it",
          "[fault_response][approval]") {
  Play p;
  bring_to(p, "connected");
  CHECK(grants_access_to(p.file, person("svc")));
  CHECK_FALSE(grants_access_to(p.file, person("svc2")));
  leave(p, "svc");
  CHECK(failed_check(p.ask("svc", "log_work")) == "not_a_participant");
  CHECK(row_of(p.send("sys", "revoke")) == "F24");
  CHECK(p.file.state == "acknowledged");
  CHECK_FALSE(grants_access_to(p.file, person("svc")));
}

TEST_CASE("a pause does not outlive the worker: nothing is armed again for somebody who has left",
          "[fault_response][approval]") {
  Play p;
  bring_to(p, "connected");
  p.points_answer = false;
  p.send("svc", "disconnect_for_now");
  leave(p, "svc");
  for (const char* hop : {"route", "access_point", "exit", "probe"})
    p.send("sys", "report_hop", {{"hop", hop}, {"state", "closed"}, {"generation", 1}, {"sessions", 0}});
  CHECK(p.laps.back().row == "F56");
}

TEST_CASE("break-glass is for P1, where the policy allows it, with a fresh consent of the RSC, by the hospital's own",
          "[fault_response][approval]") {
  Play p;
  p.play("09:00 mr1 notify -> notified\n09:01 svc acknowledge -> acknowledged");
  CHECK(fails(p.ask("net", "consent_break_glass"), "not_p1"));
  p.send("sysadm", "set_priority", {{"priority", "p1"}});
  p.send("net", "consent_break_glass");
  CHECK(row_of(p.ask("duty", "break_glass")) == "F21");
  SECTION("the consent is used up by time") {
    p.now += 61min;
    CHECK(fails(p.ask("duty", "break_glass"), "rsc_consent_missing"));
  }
  SECTION("the hospital does not want it") {
    Policy policy;
    policy.allow_break_glass = false;
    set_policy(p, policy);
    CHECK(fails(p.ask("duty", "break_glass"), "break_glass_not_allowed"));
  }
  SECTION("who starts it is not let in by it, and neither is who consented") {
    for (const char* who : {"duty", "net"})
      CHECK(fails(p.ask("duty", "break_glass", {{"workers", {person(who).text()}}}), "worker_may_not_approve"));
  }
  SECTION("never the RSC, never the vendor's man in a hospital's role") {
    hold_role(p, "vpsm", Role::hcf_duty, "sakura");
    CHECK(failed_check(p.ask("net", "break_glass")) == "role_not_allowed");
    CHECK(fails(p.ask("vpsm", "break_glass"), "vendor_in_hcf_slot"));
  }
  SECTION("it needs the second proof and a working audit") {
    p.step_up = false;
    CHECK(fails(p.ask("duty", "break_glass"), "step_up_missing"));
    p.step_up = true;
    p.audit_working = false;
    CHECK(fails(p.ask("duty", "break_glass"), "audit_not_working"));
  }
}

TEST_CASE("an approval mail that bounces was not asked: the first round is over at once",
          "[fault_response][approval]") {
  Play p;
  bring_to(p, "conn_requested");
  const int asked = p.mails("M09");
  const int escalated = p.mails("M05");
  const Json bounce{{"mail", "M09"}, {"to", {person("netadm").text()}}};
  p.send("sys", "mail_bounced", bounce);
  CHECK(p.mails("M09") == 2 * asked);
  CHECK(p.mails("M05") == escalated + 1);
  CHECK(std::ranges::count(p.file.timers, std::string("t_approve_expired"), &Timer::event) == 0);
  CHECK(std::ranges::count(p.file.timers, std::string("t_approve_final"), &Timer::event) == 1);
  p.send("sys", "mail_bounced", bounce);
  CHECK(p.mails("M09") == 2 * asked);
  CHECK(p.mails("M05") == escalated + 2);
}

TEST_CASE("a primary serviceman reports a fault where he is posted, whoever employs him", "[fault_response]") {
  Play p;
  const Verdict told = p.send("vpsm", "notify");
  CHECK(row_of(told) == "F01");
  CHECK(p.file.tenant == organisation("sakura"));
  CHECK(p.file.rsc == organisation("hikari"));
  CHECK(p.file.fault.reporter == person("vpsm"));
  CHECK(row_of(p.send("vpsm", "notify_duplicate")) == "F03");
  // It gives him no voice at another hospital, and his colleagues none at this one.
  Play other;
  CHECK(failed_check(other.ask("vpsm", "notify", {{"device", device("xr1").text()}})) == "not_a_participant");
  CHECK(failed_check(other.ask("svc", "notify")) == "role_not_allowed");
  CHECK(failed_check(other.ask("fsysadm", "notify")) == "role_not_allowed");
}

}  // namespace kintsugi::testing

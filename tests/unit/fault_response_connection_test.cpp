#include "tests/support/play.h"

#include <algorithm>

namespace kintsugi::testing {

namespace {

void report(Play& p, const char* hop, const char* state) {
  p.send("sys", "report_hop",
         {{"hop", hop}, {"state", state}, {"generation", p.file.grant()->generation}, {"sessions", 0}});
}

// An attempt that failed, and is proved closed.
void fail_to_connect(Play& p) {
  bring_to(p, "conn_approved");
  p.send("clin", "set_hold");
  p.points_answer = false;
  p.send("svc", "start_connection");
  report(p, "exit", "open");
  report(p, "access_point", "refused");
  for (const char* hop : {"route", "access_point", "exit", "probe"})
    report(p, hop, "closed");
  REQUIRE(p.file.state == "connect_failed");
  REQUIRE(p.file.grant()->proved_closed());
}

}  // namespace

TEST_CASE("a refused hop takes back what was opened, and a retry raises the generation", "[fault_response]") {
  Play p;
  bring_to(p, "conn_approved");
  p.send("clin", "set_hold");
  p.stubborn[Hop::access_point] = HopState::refused;
  p.points_answer = false;
  p.send("svc", "start_connection");
  const Json exit_open{{"hop", "exit"}, {"state", "open"}, {"generation", 1}};
  const Json refused{{"hop", "access_point"}, {"state", "refused"}, {"generation", 1}};
  p.send("sys", "report_hop", exit_open);
  p.send("sys", "report_hop", refused);
  CHECK(p.file.state == "connect_failed");
  CHECK(fails(p.ask("svc", "retry"), "hops_not_closed"));
  for (const char* hop : {"route", "access_point", "exit", "probe"})
    p.send("sys", "report_hop", {{"hop", hop}, {"state", "closed"}, {"generation", 1}, {"sessions", 0}});
  CHECK(row_of(p.send("svc", "retry")) == "F29");
  CHECK(p.file.grant()->generation == 2);
}

TEST_CASE("a log that fails while the path is opened stops the opening where it is (I8)", "[fault_response]") {
  Play p;
  bring_to(p, "conn_approved");
  p.send("clin", "set_hold");
  p.points_answer = false;
  p.send("svc", "start_connection");
  p.audit_working = false;
  const auto orders = [&](OrderKind kind) {
    return std::ranges::count_if(p.effects, [&](const Effect& one) { return one.order && one.order->order == kind; });
  };
  REQUIRE(orders(OrderKind::open) == 1);
  p.send("sys", "report_hop", {{"hop", "exit"}, {"state", "open"}, {"generation", 1}});
  CHECK(p.file.state == "connecting");
  CHECK(orders(OrderKind::open) == 1);
  p.advance_to(p.now + 2min);
  CHECK(p.file.state == "connect_failed");
  CHECK(p.rows().back() == "F28");
  CHECK(orders(OrderKind::close) >= 3);
}

TEST_CASE("a retry is refused while another case has the device (I3)", "[fault_response]") {
  Play p;
  fail_to_connect(p);
  CaseFile other = p.file;
  other.id = id_of<CaseId>("case", "other");
  other.grant()->proved_closed_at = {};
  p.same_device = {brief_of(other, true)};
  CHECK(failed_check(p.ask("svc", "retry")) == "device_locked");
  p.same_device.clear();
  CHECK(row_of(p.send("svc", "retry")) == "F29");
}

TEST_CASE("who presses the red button once more is told that it is cut, or that nothing is open",
          "[fault_response]") {
  Play p;
  bring_to(p, "acknowledged");
  CHECK(failed_check(p.ask("clin", "emergency_disconnect")) == "nothing_open");
  bring_to(p, "connected");
  p.points_answer = false;
  p.send("clin", "emergency_disconnect");
  REQUIRE(p.file.state == "halted");
  CHECK(failed_check(p.ask("psm", "emergency_disconnect")) == "already_cut");
}

TEST_CASE("a case knows what led into its state, who did it and why", "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  CHECK(p.file.began.event == "path_confirmed");
  CHECK(p.file.began.by.empty());
  p.send("clin", "emergency_disconnect");
  CHECK(p.file.began ==
        Beginning{.event = "emergency_disconnect", .by = person("clin"), .as = Role::hcf_clin, .why = {}});
}

TEST_CASE("a door that is open again after the proof takes the proof with it, until it is shut and proved anew",
          "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  SECTION("halted: no release, and hands are called") {
    p.send("clin", "emergency_disconnect");
    REQUIRE(p.file.state == "halted");
    REQUIRE(p.file.grant()->proved_closed());
    p.points_answer = false;
    report(p, "access_point", "open");
    CHECK_FALSE(p.file.grant()->proved_closed());
    CHECK(p.laps.back().outcome == 8);
    const Effect& order = *std::ranges::find_if(p.laps.back().effects, &Effect::closing);
    CHECK(order.order->order == OrderKind::kill);
    CHECK(order.order->hop == Hop::access_point);
    CHECK(p.mails("M20") > 0);
    CHECK(fails(p.ask("sysadm", "release"), "hops_not_closed"));
    CHECK(fails(p.ask("sysadm", "abandon"), "hops_not_closed"));
    report(p, "access_point", "closed");
    CHECK_FALSE(p.file.grant()->proved_closed());  // shut, and not yet looked at from outside
    report(p, "probe", "closed");
    CHECK(p.file.grant()->proved_closed());
    CHECK_FALSE(fails(p.ask("sysadm", "release"), "hops_not_closed"));
  }
  SECTION("halted: it is looked at for as long as it is open") {
    p.send("clin", "emergency_disconnect");
    p.points_answer = false;
    report(p, "probe", "reachable");
    CHECK_FALSE(p.file.grant()->proved_closed());
    p.advance_to(p.now + 40min);
    p.points_answer = true;
    p.advance_to(p.now + 20min);
    CHECK(p.file.grant()->proved_closed());
  }
  SECTION("a second answer of the same does not") {
    p.send("clin", "emergency_disconnect");
    report(p, "route", "closed");
    CHECK(p.file.grant()->proved_closed());
  }
}

TEST_CASE("a door that is open again after a failed attempt: the case does not go on before it is shut",
          "[fault_response]") {
  Play p;
  fail_to_connect(p);
  report(p, "access_point", "open");
  CHECK(fails(p.ask("svc", "retry"), "hops_not_closed"));
  SECTION("it is shut") {
    report(p, "access_point", "closed");
    report(p, "probe", "closed");
    CHECK(p.file.grant()->proved_closed());
    p.advance_to(p.file.grant()->window.closes);
    CHECK(p.file.state == "acknowledged");  // given up at the end of the window, as before
  }
  SECTION("it stays open") {
    p.advance_to(p.now + 2min);
    CHECK(p.file.state == "disc_unverified");
    p.send("netadm", "manual_close");
    CHECK(p.file.state == "acknowledged");
    CHECK(p.file.grant()->proved_closed());
  }
}

TEST_CASE("the red button after a failed attempt that is proved closed asks for no second proof",
          "[fault_response]") {
  Play p;
  fail_to_connect(p);
  p.send("clin", "emergency_disconnect");
  REQUIRE(p.file.state == "halted");
  CHECK(p.file.grant()->proved_closed());
  CHECK(std::ranges::count(p.file.timers, "t_close_expired", &Timer::event) == 0);
  const int called = p.mails("M20");
  p.advance_to(p.now + 2h);
  CHECK(p.mails("M20") == called);
  CHECK(row_of(p.ask("sysadm", "release")) == "F47");
}

TEST_CASE("a late open of an older generation changes nothing", "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  p.send("svc", "disconnect_for_now");
  REQUIRE(p.file.state == "conn_approved");
  REQUIRE(p.file.grant()->generation == 2);
  const auto before = p.file.grant()->hops;
  const Verdict late = p.send("sys", "report_hop", {{"hop", "route"}, {"state", "open"}, {"generation", 1}});
  CHECK(std::get<Decision>(late).outcome == 4);
  CHECK(p.file.grant()->hops == before);
}

TEST_CASE("a device that says it is another one halts the case", "[fault_response]") {
  Play p;
  bring_to(p, "conn_approved");
  p.send("clin", "set_hold");
  p.identity = "SN-OTHER";
  p.send("svc", "start_connection");
  CHECK(p.file.state == "halted");
}

TEST_CASE("closed everywhere but still reachable is not proved: hands of the hospital end it", "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  p.probe_gets_through = true;
  p.send("sysadm", "revoke");
  CHECK(p.file.state == "disconnecting");
  p.advance_to(p.now + 2min);
  CHECK(p.file.state == "disc_unverified");
  CHECK(p.mails("M20") > 0);
  CHECK(failed_check(p.ask("net", "manual_close")) == "role_not_allowed");
  p.send("netadm", "manual_close");
  CHECK(p.file.state == "acknowledged");
}

TEST_CASE("every role of the hospital may pull the plug, from the first arming on", "[fault_response]") {
  for (const char* who : {"clin", "psm", "sysadm", "netadm", "priv", "sec", "duty"}) {
    Play p;
    bring_to(p, "connected");
    CHECK(row_of(p.send(who, "emergency_disconnect")) == "F45");
    CHECK(p.file.state == "halted");
  }
}

TEST_CASE("the window's end cuts, with grace only for a write that the clinician lets finish", "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  const Instant closes = p.file.grant()->window.closes;
  SECTION("without consent") {
    p.send("svc", "write_started");
    for (Instant at = p.now; at < closes - 1min; at += 5min) {
      p.advance_to(at);
      p.send("svc", "log_work");
    }
    p.advance_to(closes + 1s);
    CHECK(p.file.state == "acknowledged");
  }
  SECTION("with consent") {
    for (Instant at = p.now; at < closes - 1min; at += 5min) {
      p.advance_to(at);
      p.send("svc", "log_work");
    }
    p.send("svc", "write_started");
    p.send("clin", "consent_grace");
    p.advance_to(closes + 1min);
    CHECK(p.file.state == "connected");
    p.advance_to(closes + 11min);
    CHECK(p.file.state == "acknowledged");
  }
}

TEST_CASE("a write that ends beyond the window ends the grace: nobody is inside without it for a moment (I1, F43)",
          "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  const Instant closes = p.file.grant()->window.closes;
  const auto end_of_window = [&] {
    return std::ranges::find(p.file.timers, std::string("t_window_end"), &Timer::event)->due;
  };
  p.send("svc", "write_started");
  p.advance_to(closes - 1min);
  p.send("clin", "consent_grace");
  SECTION("beyond it") {
    p.advance_to(closes + 5min);
    p.send("svc", "write_finished");
    // Before the clock that is due at once has rung.
    CHECK(p.file.state == "connected");
    CHECK(p.file.grace_until == p.now);
    CHECK(end_of_window() == p.now);
    CHECK(fault_response::broken_invariants(p.file, p.policy(), p.now).empty());
    p.advance_to(p.now);
    CHECK(p.file.state == "acknowledged");
    CHECK(std::ranges::find(p.laps, std::string("F43"), &Decision::row)->x.at("why") == "overrun");
  }
  SECTION("inside it") {
    p.send("svc", "write_finished");
    CHECK(p.file.grace_until == Instant{});
    CHECK(end_of_window() == closes);
  }
}

TEST_CASE("opening needs a working audit, closing does not", "[fault_response]") {
  Play p;
  bring_to(p, "conn_approved");
  p.send("clin", "set_hold");
  p.audit_working = false;
  CHECK(fails(p.ask("svc", "start_connection"), "audit_not_working"));
  CHECK(row_of(p.send("sysadm", "revoke")) == "F24");
}

TEST_CASE("a false alarm needs two people and no access before", "[fault_response]") {
  Play p;
  bring_to(p, "acknowledged");
  CHECK(fails(p.ask("sysadm", "confirm_false_alarm"), "false_alarm_not_proposed"));
  p.send("svc", "propose_false_alarm");
  CHECK(row_of(p.ask("clin", "confirm_false_alarm")) == "F10");
  p.file.grants.emplace_back();
  CHECK(fails(p.ask("clin", "confirm_false_alarm"), "access_was_granted"));
  CHECK(fails(p.ask("sysadm", "cancel"), "access_was_granted"));
}

TEST_CASE("a look from before the closing was ordered proves nothing (I1, F54)", "[fault_response]") {
  Play p;
  bring_to(p, "conn_approved");
  const auto says_closed = [&](const char* hop) {
    p.send("sys", "report_hop",
           {{"hop", hop}, {"state", "closed"}, {"generation", p.file.grant()->generation}, {"sessions", 0}});
  };
  const auto looks = [&] {
    return std::ranges::count_if(
        p.effects, [](const Effect& one) { return one.order.has_value() && one.order->order == OrderKind::check; });
  };
  for (const char* hop : {"exit", "access_point", "route", "probe"})
    says_closed(hop);
  // From here on an order to open is on its way, which the answers above know nothing of.
  p.points_answer = false;
  p.send("clin", "set_hold");
  p.send("svc", "start_connection");
  p.now += 1s;
  p.send("sysadm", "revoke");
  CHECK(p.file.state == "disconnecting");
  CHECK(looks() == 0);
  p.now += 1s;
  for (const char* hop : {"route", "access_point", "exit"})
    says_closed(hop);
  CHECK(looks() == 3);
  CHECK(p.file.state == "disconnecting");
  says_closed("probe");
  CHECK(p.file.state == "acknowledged");
}

TEST_CASE("a clock that is set back while a closing is proved does not keep the proof from counting (F54, F59)",
          "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  p.points_answer = false;
  p.send("sysadm", "revoke");
  const auto says_closed = [&](const char* hop) {
    p.send("sys", "report_hop",
           {{"hop", hop},
            {"state", "closed"},
            {"generation", p.file.grant()->generation},
            {"sessions", 0},
            {"accounts_disabled", true}});
  };
  SECTION("before the last door and the look") {
    for (const char* hop : {"route", "access_point", "exit"})
      says_closed(hop);
    p.now -= 3h;
    says_closed("probe");
  }
  SECTION("before all of them") {
    p.now -= 3h;
    for (const char* hop : {"route", "access_point", "exit", "probe"})
      says_closed(hop);
  }
  SECTION("by hand") {
    p.now += 1h;
    p.send("sys", "t_close_expired");
    CHECK(p.file.state == "disc_unverified");
    p.now -= 3h;
    p.send("netadm", "manual_close");
  }
  CHECK(p.file.state == "acknowledged");
}

}  // namespace kintsugi::testing

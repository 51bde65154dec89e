#include "engine/run/audit_lines.h"
#include "tests/support/play.h"

#include <algorithm>

// What happens while somebody is inside, and on the ways out.
namespace kintsugi::testing {
namespace {

Json l2() {
  return {{"person", person("l2").text()}};
}
Json content(std::string_view file) {
  return {{"content", to_base64(sha256(file))}};
}

const Timer* timer(const Play& p, std::string_view event) {
  const auto found = std::ranges::find(p.file.timers, event, &Timer::event);
  return found == p.file.timers.end() ? nullptr : &*found;
}

void work_until(Play& p, Instant until) {
  for (Instant at = p.now; at < until; at += 10min) {
    p.advance_to(at);
    p.send("svc", "log_work");
  }
}

void report_closed(Play& p) {
  for (const char* hop : {"route", "access_point", "exit", "probe"})
    p.send("sys", "report_hop",
           {{"hop", hop}, {"state", "closed"}, {"generation", p.file.grant()->generation}, {"sessions", 0}});
}

}  // namespace

TEST_CASE("a file goes to the device when the request lists it, or the hospital allows it", "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  CHECK(row_of(p.ask("svc", "put_file")) == "F34");
  CHECK(fails(p.ask("svc", "put_file", content("another")), "file_not_approved"));
  CHECK(failed_check(p.ask("net", "approve_file", content("another"))) == "role_not_allowed");
  p.send("sysadm", "approve_file", content("another"));
  CHECK(row_of(p.send("svc", "put_file", content("another"))) == "F34");
  CHECK(fails(p.ask("svc", "put_file", {{"malware_clean", false}}), "file_not_clean"));
}

TEST_CASE("every yes to a specialist can be recorded, and says what was proposed (I13, F36)", "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  p.send("svc", "propose_l2", l2());
  AuditLines lines(fault_response::fault_response(), "unit", "kintsugi.example", "00000000");
  for (const char* who : {"sysadm", "net2"}) {
    const auto verdict = p.ask(who, "allow_l2", l2());
    CHECK(std::get<Decision>(verdict).x.at("proposal") == "l2");
    CHECK(lines.step(p.event_of(who, "allow_l2", l2()), std::get<Decision>(verdict)));
  }
}

TEST_CASE("a specialist who is not in the request joins when one person of each side agrees", "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  CHECK(fails(p.ask("sysadm", "allow_l2", l2()), "second_level_not_proposed"));
  p.send("svc", "propose_l2", l2());
  p.send("sysadm", "allow_l2", l2());
  CHECK(fails(p.ask("svc", "escalate_l2", l2()), "second_level_not_listed"));
  CHECK(failed_check(p.ask("l2", "log_work")) == "not_a_listed_worker");
  p.send("net2", "allow_l2", l2());
  const std::size_t before = p.effects.size();
  CHECK(row_of(p.send("svc", "escalate_l2", l2())) == "F36");
  CHECK(std::ranges::count(p.file.request->workers, person("l2")) == 1);
  int accounts = 0;
  for (std::size_t i = before; i < p.effects.size(); ++i)
    if (p.effects[i].order && std::ranges::count(p.effects[i].order->workers, person("l2")) == 1) ++accounts;
  CHECK(accounts == 3);
  CHECK(row_of(p.send("l2", "log_work")) == "F32");
}

TEST_CASE("a specialist joins neither beyond his pledge nor after he has agreed himself", "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  p.send("svc", "propose_l2", l2());
  Person one = *p.directory.person(person("l2"));
  SECTION("he stays no longer than he may work") {
    one.pledge_until = tokyo(0, 10, 0);
    p.directory.put(one);
    p.send("sysadm", "allow_l2", l2());
    p.send("net", "allow_l2", l2());
    p.send("svc", "escalate_l2", l2());
    CHECK(p.file.grant()->window.closes == tokyo(0, 10, 0));
    CHECK(timer(p, "t_window_end")->due == tokyo(0, 10, 0));
  }
  SECTION("without training nobody can agree") {
    one.training_until = p.now;
    p.directory.put(one);
    CHECK(fails(p.ask("sysadm", "allow_l2", l2()), "worker_not_eligible"));
  }
  SECTION("who has approved does not become a worker") {
    Person approver = *p.directory.person(person("net"));
    approver.roles.push_back({.role = Role::rsc_l2, .at = organisation("hikari"), .from = tokyo(-1, 0, 0)});
    p.directory.put(approver);
    const Json net{{"person", person("net").text()}};
    p.send("svc", "propose_l2", net);
    CHECK(fails(p.ask("sysadm", "allow_l2", net), "approver_may_not_work"));
  }
}

TEST_CASE("what was agreed for one session is not agreed for the next", "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  p.send("svc", "propose_l2", l2());
  p.send("sysadm", "allow_l2", l2());
  p.send("svc", "request_extension", {{"until", to_text(p.now + 3h)}});
  p.send("sysadm", "revoke");
  CHECK(p.file.proposals.empty());
  CHECK(p.file.request->dead);
}

TEST_CASE("only the hospital's own people extend, and only as far as every limit allows", "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  const Instant opens = p.file.grant()->window.opens;
  const auto until = [](Instant at) { return Json{{"until", to_text(at)}}; };
  CHECK(fails(p.ask("sysadm", "extend_window", until(opens + 3h)), "extension_not_requested"));
  p.send("svc", "request_extension", until(opens + 6h));
  CHECK(fails(p.ask("sysadm", "extend_window", until(opens + 5h)), "extension_too_long"));
  CHECK(row_of(p.ask("sysadm", "extend_window", until(opens + 4h))) == "F35");
  Person vendor = *p.directory.person(person("vpsm"));
  vendor.roles.push_back({.role = Role::hcf_netadm, .at = organisation("sakura"), .from = tokyo(-1, 0, 0)});
  p.directory.put(vendor);
  CHECK(fails(p.ask("vpsm", "extend_window", until(opens + 3h)), "vendor_acts_for_hospital"));
  Person worker = *p.directory.person(person("svc"));
  worker.pledge_until = opens + 150min;
  p.directory.put(worker);
  CHECK(fails(p.ask("sysadm", "extend_window", until(opens + 3h)), "extension_too_long"));
}

TEST_CASE("every entry of the work log puts off the cut for idleness, and a running write has none",
          "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  work_until(p, p.now + 50min);
  CHECK(p.file.state == "connected");
  CHECK(timer(p, "t_idle_final")->due == p.now + 20min);
  p.send("svc", "write_started");
  p.send("svc", "log_work");
  CHECK(timer(p, "t_idle_final") == nullptr);
  p.send("svc", "write_finished");
  p.advance_to(p.now + 19min);
  CHECK(p.file.state == "connected");
  p.advance_to(p.now + 1min);
  CHECK(p.file.state == "acknowledged");
  CHECK(p.file.grants.back().end == GrantEnd::expired);
}

TEST_CASE("the window's end is announced fifteen and five minutes before", "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  const Instant closes = p.file.grant()->window.closes;
  work_until(p, closes - 16min);
  p.advance_to(closes - 16min);
  const int before = p.mails("M11");
  p.advance_to(closes - 15min);
  CHECK(p.mails("M11") == before + 1);
  p.send("svc", "log_work");
  p.advance_to(closes - 5min);
  CHECK(p.mails("M11") == before + 2);
  p.advance_to(closes);
  CHECK(p.file.state == "acknowledged");
}

TEST_CASE("a cut after grace is recorded as an overrun, one on time is not", "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  const Instant closes = p.file.grant()->window.closes;
  work_until(p, closes - 1min);
  p.send("svc", "write_started");
  bool overrun = false;
  SECTION("on time") {}
  SECTION("grace to its end") {
    p.send("clin", "consent_grace");
    overrun = true;
  }
  p.advance_to(closes + 11min);
  const auto cut = std::ranges::find(p.laps, std::string("F43"), &Decision::row);
  REQUIRE(cut != p.laps.end());
  CHECK(cut->x.at("why") == (overrun ? "overrun" : "window_over"));
  CHECK(cut->outcome == (overrun ? 4 : 0));
}

TEST_CASE("nobody comes: the armed grant expires T_NOSHOW after its start", "[fault_response]") {
  Play p;
  bring_to(p, "conn_approved");
  const Instant start = std::max(p.file.grant()->window.opens, p.file.state_since);
  p.advance_to(start + 29min);
  CHECK(p.file.state == "conn_approved");
  p.advance_to(start + 30min);
  CHECK(p.file.state == "acknowledged");
  CHECK(p.file.grants.back().end == GrantEnd::expired);
}

TEST_CASE("a pause leads back to the armed grant while the window is open, and to triage when it is over",
          "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  p.points_answer = false;
  work_until(p, p.file.grant()->window.closes - 10s);
  p.now = p.file.grant()->window.closes - 10s;
  p.send("svc", "disconnect_for_now");
  REQUIRE(p.file.state == "disconnecting");
  SECTION("open") {
    report_closed(p);
    CHECK(p.file.state == "conn_approved");
    CHECK(p.file.grant()->generation == 2);
  }
  SECTION("over") {
    p.now += 20s;
    report_closed(p);
    CHECK(p.file.state == "acknowledged");
  }
  SECTION("without a working audit log nothing is armed again (I8)") {
    p.audit_working = false;
    report_closed(p);
    CHECK(p.file.state == "acknowledged");
    CHECK(p.file.request->dead);
    CHECK(p.file.grant()->end == GrantEnd::failed);
  }
  SECTION("the proof did not come in time: nothing is resumed behind a door that may be open") {
    p.now = p.file.state_since;
    p.advance_to(p.now + 61s);
    REQUIRE(p.file.state == "disc_unverified");
    p.send("netadm", "manual_close");
    CHECK(p.file.state == "acknowledged");
  }
}

TEST_CASE("a connection that failed and is not proved closed finds its way to triage", "[fault_response]") {
  Play p;
  bring_to(p, "conn_approved");
  p.send("clin", "set_hold");
  p.points_answer = false;
  p.send("svc", "start_connection");
  p.advance_to(p.now + 3min);
  REQUIRE(p.file.state == "disc_unverified");
  p.send("netadm", "manual_close");
  CHECK(p.file.state == "acknowledged");
  CHECK(p.file.grants.back().end == GrantEnd::failed);
  CHECK(p.file.request->dead);
}

TEST_CASE("the pauses of one approval are counted", "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  p.send("svc", "disconnect_for_now");
  REQUIRE(p.file.state == "conn_approved");
  p.send("svc", "start_connection");
  REQUIRE(p.file.state == "connected");
  CHECK(fails(p.ask("svc", "disconnect_for_now"), "sessions_used_up"));
}

TEST_CASE("only connections that came about are counted, and one that was resumed is still the same",
          "[fault_response]") {
  Play p;
  bring_to(p, "conn_approved");
  p.send("clin", "set_hold");
  p.stubborn[Hop::route] = HopState::refused;
  p.send("svc", "start_connection");
  REQUIRE(p.file.state == "connect_failed");
  CHECK(p.file.grant()->sessions_used == 0);
  CHECK(p.file.grant()->attempts == 1);
  p.stubborn.clear();
  report_closed(p);
  REQUIRE(row_of(p.send("svc", "retry")) == "F29");
  p.send("svc", "start_connection");
  REQUIRE(p.file.state == "connected");
  CHECK(p.file.grant()->sessions_used == 1);
  p.send("sys", "connection_lost");
  p.send("svc", "reconnect");
  REQUIRE(p.file.state == "connected");
  CHECK(p.file.grant()->sessions_used == 1);
  p.send("svc", "disconnect_for_now");
  p.send("svc", "start_connection");
  CHECK(p.file.grant()->sessions_used == 2);
}

TEST_CASE("while a clinical user checks the route lets only looking through, and work brings the level back",
          "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  const auto last_order = [&] {
    const auto found =
        std::find_if(p.effects.rbegin(), p.effects.rend(), [](const Effect& one) { return one.order.has_value(); });
    REQUIRE(found != p.effects.rend());
    return *found->order;
  };
  CHECK(last_order().level == AccessLevel::control);
  CHECK(last_order().case_id == p.file.id);
  p.send("svc", "log_work");
  p.send("svc", "repair_done");
  REQUIRE(p.file.state == "check_online");
  CHECK(last_order().hop == Hop::route);
  CHECK(last_order().order == OrderKind::open);
  CHECK(last_order().level == AccessLevel::view);
  CHECK(last_order().generation == p.file.grant()->generation);
  p.send("clin", "clinical_ng");
  REQUIRE(p.file.state == "connected");
  CHECK(last_order().hop == Hop::route);
  CHECK(last_order().level == AccessLevel::control);
  p.send("svc", "repair_done");
  p.send("sys", "connection_lost");
  p.send("svc", "reconnect");
  REQUIRE(p.file.state == "connected");
  CHECK(last_order().level == AccessLevel::control);
}

TEST_CASE("nothing is told to open before its window, when the clock has gone back", "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  p.send("svc", "log_work");
  p.now = p.file.grant()->window.opens - 1min;
  const std::size_t before = p.effects.size();
  p.send("svc", "repair_done");
  REQUIRE(p.file.state == "check_online");
  CHECK(p.file.grant()->view_only);
  const auto opens = [](const Effect& one) { return one.order && one.order->order == OrderKind::open; };
  CHECK(std::none_of(p.effects.begin() + static_cast<std::ptrdiff_t>(before), p.effects.end(), opens));
  p.now = p.file.grant()->window.opens;
  p.send("clin", "clinical_ng");
  CHECK(std::any_of(p.effects.begin() + static_cast<std::ptrdiff_t>(before), p.effects.end(), opens));
}

TEST_CASE("a look from outside that still finds a session proves nothing", "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  p.points_answer = false;
  p.send("sysadm", "revoke");
  REQUIRE(p.file.state == "disconnecting");
  const auto says = [&](const char* hop, int sessions) {
    p.send("sys", "report_hop",
           {{"hop", hop}, {"state", "closed"}, {"generation", p.file.grant()->generation}, {"sessions", sessions}});
  };
  for (const char* hop : {"route", "access_point", "exit"})
    says(hop, 0);
  says("probe", 1);
  CHECK(p.file.state == "disconnecting");
  CHECK_FALSE(p.file.grant()->proved_closed());
  says("probe", 0);
  CHECK(p.file.state == "acknowledged");
}

TEST_CASE("closing by hand is attested by the hospital's own people", "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  p.probe_gets_through = true;
  p.send("sysadm", "revoke");
  p.advance_to(p.now + 2min);
  REQUIRE(p.file.state == "disc_unverified");
  Person vendor = *p.directory.person(person("vpsm"));
  vendor.roles.push_back({.role = Role::hcf_netadm, .at = organisation("sakura"), .from = tokyo(-1, 0, 0)});
  p.directory.put(vendor);
  CHECK(fails(p.ask("vpsm", "manual_close"), "vendor_acts_for_hospital"));
  CHECK(fails(p.ask("netadm", "manual_close", {{"accounts_disabled", false}}), "attestation_incomplete"));
  CHECK(row_of(p.ask("netadm", "manual_close")) == "F59");
}

TEST_CASE("the site work ends with its items registered and a check by the hospital", "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  p.send("svc", "repair_impossible");
  REQUIRE(p.file.state == "onsite");
  p.send("psm", "item_declared", {{"kind", "medium"}});
  CHECK(p.file.items.back().state == ItemState::held_at_rsc);  // on a stick there is nothing to authorise first
  CHECK(fails(p.ask("psm", "onsite_done", {{"items_registered", false}}), "onsite_items_not_registered"));
  p.send("psm", "onsite_done");
  CHECK(fails(p.ask("vpsm", "clinical_ok"), "not_appointed"));
  p.send("clin", "clinical_ok");
  CHECK(p.file.state == "data_deletion");
  CHECK(fails(p.ask("svc", "nothing_taken"), "data_was_taken"));
}

TEST_CASE("a halt is released by the hospital after the proof and the triage of every incident", "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  p.points_answer = false;
  p.send("sys", "policy_violation", {{"violation", "unregistered_file"}});
  CHECK(fails(p.ask("sysadm", "release"), "hops_not_closed"));
  report_closed(p);
  CHECK(fails(p.ask("sysadm", "release"), "incident_not_assessed"));
  CHECK(failed_check(p.ask("mgr", "release")) == "role_not_allowed");
  p.send("sec", "assess_incident");
  CHECK(row_of(p.send("sysadm", "release")) == "F47");
  CHECK(p.file.request->dead);
}

}  // namespace kintsugi::testing

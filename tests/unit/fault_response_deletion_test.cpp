#include "engine/audit/record_schema.h"
#include "tests/support/play.h"

#include <algorithm>
#include <set>

namespace kintsugi::testing {

TEST_CASE("what was taken is erased by one person and verified by another before the hospital signs",
          "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  p.send("svc", "item_declared");
  CHECK(fails(p.ask("svc", "take_data"), "export_not_authorised"));
  p.send("sysadm", "authorise_export");
  p.send("svc", "take_data");
  p.send("svc", "log_work");
  p.send("svc", "repair_done");
  p.send("clin", "clinical_ok");
  REQUIRE(p.file.state == "data_deletion");
  CHECK(fails(p.ask("svc", "nothing_taken"), "data_was_taken"));
  p.send("svc", "item_erased");
  CHECK(fails(p.ask("net", "item_verified", {{"found", 1}}), "traces_found"));
  p.send("net", "item_verified");
  CHECK(p.file.state == "sign_off");
}

TEST_CASE("that nothing was taken is claimed once, and asked for a countersignature once", "[fault_response]") {
  Play p;
  bring_to(p, "data_deletion");
  const int before = p.mails("M27");
  CHECK(row_of(p.send("svc", "nothing_taken")) == "F65");
  CHECK(p.mails("M27") == before + 1);
  SECTION("he who has claimed it cannot claim it again") {
    CHECK(fails(p.send("svc", "nothing_taken"), "nothing_taken_claimed"));
    CHECK(p.mails("M27") == before + 1);
  }
  SECTION("another may take the claim over, so that the first can countersign; nobody is asked twice") {
    Person both = *p.directory.person(person("svc"));
    both.roles.push_back({.role = Role::rsc_netadm, .at = organisation("hikari"), .from = {}, .until = {}});
    p.directory.put(both);
    CHECK(fails(p.ask("svc", "countersign"), "own_claim"));
    CHECK(row_of(p.send("svc2", "nothing_taken")) == "F65");
    CHECK(p.mails("M27") == before + 1);
    CHECK(row_of(p.send("svc", "countersign")) == "countersign");
    CHECK(p.file.state == "sign_off");
  }
  SECTION("once a doubt has made it void it is claimed, and asked for, anew") {
    p.send("net", "countersign");
    REQUIRE(p.file.state == "sign_off");
    p.send("sysadm", "refuse_data");
    REQUIRE(p.file.state == "data_deletion");
    CHECK(row_of(p.send("svc", "nothing_taken")) == "F65");
    CHECK(p.mails("M27") == before + 2);
    p.send("net", "countersign");
    // The doubt itself still wants its answer, and the countersigned claim is not made again.
    REQUIRE(p.file.state == "data_deletion");
    CHECK(fails(p.ask("svc", "nothing_taken"), "nothing_taken_claimed"));
    CHECK(fails(p.ask("svc2", "nothing_taken"), "nothing_taken_claimed"));
  }
}

TEST_CASE("a deletion that is not done fails loudly after its longest time", "[fault_response]") {
  Play p;
  bring_to(p, "data_deletion");
  p.advance_to(p.now + 73h);
  CHECK(p.file.state == "deletion_failed");
  CHECK(p.mails("M26") > 0);
}

TEST_CASE("another code on a device with a live session opens a linked case and warns who is inside",
          "[fault_response]") {
  Play p;
  bring_to(p, "connected");
  const Verdict verdict = p.send("mr1", "notify_second_fault", {{"code", "E77"}});
  const auto& decision = std::get<Decision>(verdict);
  REQUIRE(decision.others.size() == 1);
  CHECK(decision.others.front().links.front().kind == LinkKind::possible_side_effect);
  CHECK(p.mails("M03") == 1);
}

TEST_CASE("the same notice five hundred times is one case and no storm of mails", "[fault_response]") {
  Play p;
  bring_to(p, "notified");
  for (int i = 0; i < 499; ++i)
    p.send("mr1", "notify_duplicate");
  CHECK(p.file.fault.occurrences == 500);
  CHECK(p.file.fault.last_seen == p.now);
  CHECK(std::ranges::count(p.rows(), "F03") == 499);
  CHECK(p.mails("M01") == 1);
}

TEST_CASE("of repeated notices every tenth is mailed, and never two within T_DEDUP", "[fault_response]") {
  Play p;
  p.play("09:00 mr1 notify -> notified");
  p.play("09:01 svc acknowledge -> acknowledged");
  const Duration quiet = term_of(p.policy(), TimerName::t_dedup, p.file.priority).wall;
  REQUIRE(quiet == 30min);
  const auto repeat = [&](Instant at, int times) {
    p.now = at;
    for (int i = 0; i < times; ++i)
      p.send("mr1", "notify_duplicate");
    return p.mails("M01");
  };
  CHECK(repeat(tokyo(0, 9, 0) + quiet - 1s, 9) == 1);  // the tenth, too early after the first
  CHECK(repeat(tokyo(0, 9, 0) + quiet, 9) == 1);       // no tenth among them
  CHECK(repeat(tokyo(0, 9, 0) + quiet, 1) == 2);
  CHECK(repeat(tokyo(0, 9, 0) + 2 * quiet - 1s, 10) == 2);
  CHECK(repeat(tokyo(0, 9, 0) + 2 * quiet, 10) == 3);
  CHECK(p.file.fault.occurrences == 40);
  // Harm to a person is another message and is told at once.
  p.send("clin", "notify_duplicate", {{"harmed", true}});
  CHECK(p.mails("M01") == 4);
}

TEST_CASE("a reopened case starts at the triage and needs new approvals", "[fault_response]") {
  Play p;
  bring_to(p, "closed");
  p.advance_to(p.now + 3 * 24h);
  CHECK(row_of(p.send("clin", "reopen")) == "F85");
  CHECK(p.file.request->dead);
  p.send("svc", "request_connection");
  CHECK(p.file.request->approvals.empty());
}

TEST_CASE("the table has 22 states and 95 rows, each row by its name", "[fault_response]") {
  const Workflow& flow = fault_response::fault_response();
  CHECK(flow.states.size() == 22);
  std::set<std::string> rows;
  for (const ArcInfo& arc : flow.arcs)
    if (!arc.note) rows.insert(arc.row);
  CHECK(rows.size() == 95);
}

TEST_CASE("every member that an event may write is one that records know", "[fault_response]") {
  const auto members = audit::event_members(fault_response::fault_response());
  const auto checked = audit::check_event_members(members);
  INFO((checked ? "" : checked.error().what));
  CHECK(checked);
}

}  // namespace kintsugi::testing

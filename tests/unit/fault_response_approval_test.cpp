#include "engine/run/audit_lines.h"
#include "tests/support/play.h"

#include <algorithm>
#include <set>

namespace kintsugi::testing {
namespace {

void hold_role(Play& p, std::string_view who, Role role, std::string_view at) {
  Person one = *p.directory.person(person(who));
  one.roles.push_back(
      {.role = role, .at = organisation(at), .from = tokyo(-10, 0, 0), .until = {}, .appointed_agent = true});
  p.directory.put(std::move(one));
}

std::vector<std::string> names_of_failed(const Verdict& verdict) {
  std::vector<std::string> out;
  if (const auto* refusal = std::get_if<Refusal>(&verdict))
    for (const FailedCheck& one : refusal->failed)
      out.push_back(one.name);
  return out;
}

Play requested() {
  Play p;
  bring_to(p, "conn_requested");
  return p;
}

}  // namespace

TEST_CASE("nothing is asked for, and nobody let in, where a hop of the path is nobody's",
          "[fault_response][approval]") {
  Play p;
  bring_to(p, "acknowledged");
  Device one = *p.directory.device(p.file.device);
  const auto without = [&](auto member) {
    Device cut = one;
    (cut.*member) = {};
    p.directory.put(std::move(cut));
    const auto failed = names_of_failed(p.ask("svc", "request_connection"));
    const auto broken = names_of_failed(p.ask("sysadm", "break_glass"));
    p.directory.put(one);
    return std::ranges::count(failed, "path_not_registered") + std::ranges::count(broken, "path_not_registered");
  };
  CHECK(without(&Device::exit) == 2);
  CHECK(without(&Device::access_point) == 2);
  CHECK(row_of(p.send("svc", "request_connection")) == "F14");
}

TEST_CASE("the last slot arms both ends, an earlier one does not", "[fault_response][approval]") {
  Play p = requested();
  CHECK(row_of(p.send("sysadm", "approve")) == "F15");
  CHECK(row_of(p.send("net", "approve")) == "F15");
  CHECK(std::ranges::none_of(p.effects, [](const Effect& one) { return one.order.has_value(); }));
  CHECK(row_of(p.send("netadm", "approve")) == "F16");
  CHECK(std::ranges::count_if(
            p.effects, [](const Effect& one) { return one.order && one.order->order == OrderKind::arm; }) == 2);
  CHECK(p.file.grant()->generation == 1);
}

TEST_CASE("the requester's own approval is refused, another person's counts", "[fault_response][approval]") {
  Play p = requested();
  hold_role(p, "svc", Role::rsc_netadm, "hikari");
  CHECK(fails(p.ask("svc", "approve", {{"slot", "rsc_netadm"}}), "requester_may_not_approve"));
  CHECK(row_of(p.ask("net", "approve")) == "F15");
}

TEST_CASE("who chose a slot that is not his is told whose it is, and who has none, which slots wait",
          "[fault_response][approval]") {
  Play p = requested();
  const auto who_can = [&](const std::string& who, const char* slot, const char* check = "role_not_allowed") {
    const Verdict verdict = p.ask(who, "approve", slot == nullptr ? Json::object() : Json{{"slot", slot}});
    const auto* refusal = std::get_if<Refusal>(&verdict);
    REQUIRE(refusal != nullptr);
    const auto found = std::ranges::find(refusal->failed, check, &FailedCheck::name);
    REQUIRE(found != refusal->failed.end());
    return found->lifted_by;
  };
  CHECK(who_can("sysadm", "rsc_netadm") == std::vector<Role>{Role::rsc_netadm});
  CHECK(who_can("svc", nullptr) == std::vector<Role>{Role::hcf_sysadm, Role::hcf_netadm, Role::rsc_netadm});
  p.send("sysadm", "approve");
  CHECK(who_can("sysadm", nullptr, "slot_not_open") == std::vector<Role>{Role::hcf_netadm, Role::rsc_netadm});
}

TEST_CASE("a listed worker may not approve", "[fault_response][approval]") {
  Play p;
  bring_to(p, "acknowledged");
  hold_role(p, "svc2", Role::rsc_netadm, "hikari");
  p.send("svc", "request_connection", {{"workers", {person("svc2").text()}}});
  CHECK(fails(p.ask("svc2", "approve", {{"slot", "rsc_netadm"}}), "worker_may_not_approve"));
}

TEST_CASE("workers may be listed in any order, and stand in the record in theirs (F14, I13)",
          "[fault_response][approval]") {
  Play p;
  bring_to(p, "acknowledged");
  AuditLines lines(fault_response::fault_response(), "unit", "kintsugi.example", "00000000");
  const std::string one = person("svc").text();
  const std::string other = person("svc2").text();
  for (const auto& listed : {Json{one, other}, Json{other, one}}) {
    const Json said = {{"workers", listed}};
    const auto verdict = p.ask("svc", "request_connection", said);
    REQUIRE(std::holds_alternative<Decision>(verdict));
    const auto& decision = std::get<Decision>(verdict);
    CHECK(decision.x.at("workers").size() == 2);
    CHECK(lines.step(p.event_of("svc", "request_connection", said), decision));
    CHECK(decision.next.request->workers ==
          std::vector{PersonId{listed[0].get<std::string>()}, PersonId{listed[1].get<std::string>()}});
  }
}

TEST_CASE("nothing is armed while an approval of somebody who lost his role stands in the request",
          "[fault_response][approval]") {
  Play p = requested();
  p.send("sysadm", "approve");
  p.send("net", "approve");
  Person gone = *p.directory.person(person("sysadm"));
  gone.roles.clear();
  p.directory.put(gone);
  CHECK(fails(p.ask("netadm", "approve"), "approver_lost_role"));
  CHECK(row_of(p.send("sys", "approval_lapsed")) == "approval_lapsed");
  CHECK(fails(p.ask("sys", "approval_lapsed"), "approvals_stand"));
  CHECK(row_of(p.send("netadm", "approve")) == "F15");
  CHECK(row_of(p.send("sysadm2", "approve")) == "F16");
}

TEST_CASE("each slot is asked by a letter of its own", "[fault_response][approval]") {
  const Play p = requested();
  std::map<std::string, std::vector<PersonId>> asked;
  for (const Effect& one : p.effects)
    if (one.mail && one.mail->mail == "M09") asked[one.mail->facts.at("slot")] = one.mail->to;
  CHECK(asked.size() == 3);
  CHECK(asked["hcf_netadm"] == std::vector<PersonId>{person("netadm")});
  CHECK(asked["hcf_sysadm"].size() == 2);
}

TEST_CASE("who is not asked any more gets no letter that has not gone out yet", "[fault_response][approval]") {
  Play p = requested();
  std::map<std::string, EffectId> letters;
  for (const Effect& one : p.effects)
    if (one.mail && one.mail->mail == "M09") letters[one.mail->facts.at("slot")] = one.id;
  REQUIRE(letters.size() == 3);
  std::set<EffectId> every;
  for (const auto& [slot, id] : letters)
    every.insert(id);
  const auto withdrawn = [&] {
    const auto& list = p.laps.back().withdrawn;
    return std::set<EffectId>(list.begin(), list.end());
  };
  const auto all_gone = [&] { return std::ranges::includes(withdrawn(), every) && p.file.asked_slots.empty(); };
  SECTION("a slot that said yes, and only that one") {
    p.send("net", "approve");
    CHECK(withdrawn() == std::set<EffectId>{letters["rsc_netadm"]});
    CHECK(p.file.asked_slots.size() == 2);
    p.send("netadm", "approve");
    CHECK(withdrawn() == std::set<EffectId>{letters["hcf_netadm"]});
  }
  SECTION("when it is refused") {
    p.send("net", "reject");
    CHECK(all_gone());
  }
  SECTION("when it is changed or withdrawn") {
    p.send("svc", "amend_or_withdraw");
    CHECK(all_gone());
  }
  SECTION("when nobody has answered in time") {
    p.advance_to(p.now + 24h);
    CHECK(p.file.state == "conn_rejected");
    CHECK(p.file.asked_slots.empty());
  }
}

TEST_CASE("the second round asks every open slot anew and withdraws nothing", "[fault_response][approval]") {
  Play p;
  bring_to(p, "acknowledged");
  const Json later{{"window", {{"opens", to_text(p.now + 6h)}, {"closes", to_text(p.now + 8h)}}}};
  p.send("svc", "request_connection", later);
  p.send("net", "approve");
  CHECK(p.file.asked_slots.size() == 2);
  const auto round = std::ranges::find(p.file.timers, std::string("t_approve_expired"), &Timer::event);
  REQUIRE(round != p.file.timers.end());
  p.advance_to(round->due);
  CHECK(p.file.state == "conn_requested");
  CHECK(p.laps.back().withdrawn.empty());
  CHECK(p.file.asked_slots.size() == 4);
}

TEST_CASE("vendor staff never fill a hospital's slot, whatever somebody has ticked", "[fault_response][approval]") {
  Play p = requested();
  hold_role(p, "vpsm", Role::hcf_netadm, "sakura");
  CHECK(fails(p.ask("vpsm", "approve", {{"slot", "hcf_netadm"}}), "vendor_in_hcf_slot"));
}

TEST_CASE("a person counts once", "[fault_response][approval]") {
  Play p = requested();
  hold_role(p, "sysadm", Role::hcf_netadm, "sakura");
  p.send("sysadm", "approve");
  CHECK(fails(p.ask("sysadm", "approve", {{"slot", "hcf_netadm"}}), "person_counts_once"));
}

TEST_CASE("where the hospital allows it one person fills both of its slots, twice and marked",
          "[fault_response][approval]") {
  Play p;
  Policy policy;
  policy.tenant = organisation("sakura");
  policy.version = 1;
  policy.allow_combined_hcf_slots = true;
  p.directory.put(policy);
  Organisation sakura = *p.directory.organisation(organisation("sakura"));
  sakura.policy_version = 1;
  p.directory.put(sakura);
  hold_role(p, "sysadm", Role::hcf_netadm, "sakura");
  bring_to(p, "conn_requested");
  CHECK(row_of(p.send("sysadm", "approve")) == "F15");
  CHECK(row_of(p.send("sysadm", "approve", {{"slot", "hcf_netadm"}})) == "F15");
  CHECK(p.file.request->approvals.back().combined);
  CHECK(p.file.request->approvals.front().combined);
  CHECK(row_of(p.send("net", "approve")) == "F16");
}

TEST_CASE("an approval names the request it was shown, and a new request starts from nothing",
          "[fault_response][approval]") {
  Play p = requested();
  p.send("sysadm", "approve");
  const Json old{{"request_hash", to_base64(p.file.request->hash)}};
  p.send("svc", "amend_or_withdraw");
  p.send("svc", "request_connection");
  CHECK(p.file.request->approvals.empty());
  CHECK(fails(p.ask("netadm", "approve", old), "hash_differs"));
}

TEST_CASE("approving asks for the second proof again", "[fault_response][approval]") {
  Play p = requested();
  p.step_up = false;
  CHECK(fails(p.ask("sysadm", "approve"), "step_up_missing"));
}

TEST_CASE("a refusal names every check that blocks, who he is before where the case stands",
          "[fault_response][approval]") {
  using Names = std::vector<std::string>;
  Play p = requested();
  hold_role(p, "vpsm", Role::hcf_netadm, "sakura");
  hold_role(p, "svc", Role::rsc_netadm, "hikari");
  p.send("netadm", "approve");
  p.send("net", "approve");
  p.step_up = false;
  CHECK(names_of_failed(p.ask("vpsm", "reject", {{"slot", "hcf_netadm"}})) ==
        Names{"vendor_in_hcf_slot", "slot_not_open"});
  CHECK(names_of_failed(p.ask("svc", "reject", {{"slot", "rsc_netadm"}})) ==
        Names{"requester_may_not_approve", "worker_may_not_approve", "slot_not_open"});
  CHECK(names_of_failed(p.ask("netadm", "approve")) ==
        Names{"person_counts_once", "step_up_missing", "slot_not_open"});
}

TEST_CASE("people of another hospital or another vendor do not take part", "[fault_response][approval]") {
  Play p = requested();
  for (const char* who : {"fsysadm", "knet", "ksvc"})
    CHECK(failed_check(p.ask(who, "approve", {{"slot", "hcf_sysadm"}})) == "not_a_participant");
}

TEST_CASE("one refusal refuses the request", "[fault_response][approval]") {
  Play p = requested();
  p.send("sysadm", "approve");
  CHECK(row_of(p.send("netadm", "reject")) == "F17");
  CHECK(p.file.state == "conn_rejected");
}

TEST_CASE("nobody answers: two rounds, then refused, and the access point is never touched",
          "[fault_response][approval]") {
  Play p = requested();
  p.advance_to(p.now + 24h);
  CHECK(p.file.state == "conn_rejected");
  CHECK(std::ranges::none_of(p.effects, [](const Effect& one) { return one.order.has_value(); }));
}

TEST_CASE("the window ends at the lowest of all limits", "[fault_response][approval]") {
  Play p;
  Person worker = *p.directory.person(person("svc"));
  worker.pledge_until = tokyo(0, 10, 0);
  p.directory.put(worker);
  bring_to(p, "conn_approved");
  CHECK(p.file.grant()->window.closes == tokyo(0, 10, 0));
}

TEST_CASE("break-glass needs the hospital and the RSC, and owes the skipped approvals",
          "[fault_response][approval]") {
  Play p;
  p.play(R"(
      09:00  mr1   notify care=stopped  -> notified
      09:01  svc   acknowledge          -> acknowledged
      09:02  duty  break_glass          -> refused rsc_consent_missing
      09:03  net   consent_break_glass  -> acknowledged
      09:04  svc   break_glass          -> refused role_not_allowed
      09:04  duty  break_glass          -> conn_approved
  )");
  CHECK(std::ranges::count(p.file.obligations, ObligationKind::post_approval, &Obligation::kind) == 2);
  CHECK(p.file.grant()->window.length() <= 1h);
}

}  // namespace kintsugi::testing

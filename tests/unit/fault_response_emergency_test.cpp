#include "tests/support/play.h"

#include <algorithm>

// What a break-glass owes afterwards (F21, F80).
namespace kintsugi::testing {
namespace {

// A night in which care has stopped: connected by break-glass, and the connection is over again.
Play after_an_emergency() {
  Play p;
  p.play(R"(
      02:00  mr1   notify care=stopped  -> notified
      02:01  svc   acknowledge          -> acknowledged
      02:02  net   consent_break_glass  -> acknowledged
      02:03  duty  break_glass          -> conn_approved
      02:04  clin  set_hold             -> conn_approved
      02:05  svc   start_connection     -> connected
      02:10  sysadm revoke              -> acknowledged
  )");
  return p;
}

Json slot_for(std::string_view slot, const Digest& hash) {
  return {{"slot", slot}, {"request_hash", to_base64(hash)}};
}

// The case goes on with an ordinary request, up to the signature.
void finish(Play& p) {
  bring_to(p, "sign_off");
  for (const auto& [who, event] : std::vector<std::pair<std::string, std::string>>{
           {"svc", "submit_report"}, {"sysadm", "approve_report"}, {"netadm", "review_log"}})
    p.send(who, event);
}

}  // namespace

TEST_CASE("an emergency that an ordinary request has replaced keeps its hash and can be approved afterwards",
          "[fault_response][approval]") {
  Play p = after_an_emergency();
  const Digest emergency = p.file.request->hash;
  p.now += 1min;
  finish(p);
  REQUIRE(p.file.request->hash != emergency);
  REQUIRE(p.file.emergencies.size() == 1);
  CHECK(fails(p.ask("sysadm", "sign_off"), "post_approval_missing"));

  CHECK(fails(p.ask("netadm", "post_approve", slot_for("hcf_netadm", p.file.request->hash)), "hash_differs"));
  CHECK(row_of(p.send("netadm", "post_approve", slot_for("hcf_netadm", emergency))) == "F80");
  CHECK(fails(p.ask("netadm", "post_approve", slot_for("hcf_netadm", emergency)), "no_post_approval_due"));
  CHECK(fails(p.ask("sysadm", "sign_off"), "post_approval_missing"));
  CHECK(row_of(p.send("sysadm", "post_approve", slot_for("hcf_sysadm", emergency))) == "F80");

  CHECK(p.file.emergencies.front().approvals.back().after_the_fact);
  CHECK(p.file.emergencies.front().approvals.size() == 4);
  CHECK(p.file.request->approvals.size() == 3);
  CHECK(row_of(p.send("sysadm2", "sign_off")) == "F81");
}

TEST_CASE("who started an emergency does not approve it afterwards, whoever asked for what came next",
          "[fault_response][approval]") {
  Play p = after_an_emergency();
  const Digest emergency = p.file.request->hash;
  Person duty = *p.directory.person(person("duty"));
  duty.roles.push_back({.role = Role::hcf_netadm, .at = organisation("sakura"), .from = tokyo(-10, 0, 0)});
  p.directory.put(duty);
  p.now += 1min;
  finish(p);
  const Verdict own = p.ask("duty", "post_approve", slot_for("hcf_netadm", emergency));
  CHECK(failed_check(own) == "requester_may_not_approve");
  CHECK(fails(own, "person_counts_once"));
  CHECK_FALSE(fails(own, "hash_differs"));
}

TEST_CASE("two emergencies of one night are approved one by one", "[fault_response][approval]") {
  Play p = after_an_emergency();
  const Digest first = p.file.request->hash;
  p.play(R"(
      02:20  net   consent_break_glass  -> acknowledged
      02:21  duty  break_glass          -> conn_approved
      02:22  svc   start_connection     -> connected
      02:30  sysadm revoke              -> acknowledged
  )");
  const Digest second = p.file.request->hash;
  CHECK(std::ranges::count(p.file.obligations, ObligationKind::post_approval, &Obligation::kind) == 4);
  p.now += 1min;
  finish(p);
  REQUIRE(p.file.emergencies.size() == 2);
  const auto clock_runs = [&] {
    return std::ranges::any_of(p.file.timers,
                               [](const Timer& one) { return one.about == "post_approval:hcf_netadm"; });
  };
  CHECK(row_of(p.send("netadm", "post_approve", slot_for("hcf_netadm", second))) == "F80");
  CHECK(clock_runs());
  CHECK(row_of(p.send("netadm", "post_approve", slot_for("hcf_netadm", first))) == "F80");
  CHECK_FALSE(clock_runs());
  for (const Digest& one : {first, second})
    p.send("sysadm", "post_approve", slot_for("hcf_sysadm", one));
  CHECK(row_of(p.send("sysadm2", "sign_off")) == "F81");
}

}  // namespace kintsugi::testing

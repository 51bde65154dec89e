#include "tests/support/invariants.h"

#include "tests/support/stages.h"

#include <set>

// The checks of tests/support/invariants.h are worth something only if they can fail: each is shown a step that is
// sound, and the same step with one thing wrong.
namespace kintsugi::testing {
namespace {

struct Shown {
  Play play;
  CaseFile before;
  Event event;
  Decision decision;
  bool refused = false;
  std::string refused_for = "not_applicable";

  std::vector<std::string> wrong() const {
    Verdict verdict = decision;
    if (refused)
      verdict =
          Refusal{.kind = Refusal::Kind::guard, .failed = {{.name = refused_for, .lifted_by = {}, .since = {}}}};
    const Situation now{.file = before,
                        .event = event,
                        .directory = play.directory,
                        .policy = play.policy(),
                        .same_device = play.same_device,
                        .audit_working = play.audit_working,
                        .target = nullptr};
    return complaints({.now = now, .verdict = verdict});
  }
};

Shown shown(Play play, const std::string& who, const std::string& event, const Json& changes = Json::object()) {
  Shown out{.play = std::move(play), .before = {}, .event = {}, .decision = {}};
  out.before = out.play.file;
  out.event = out.play.event_of(who, event, changes);
  const Verdict verdict = out.play.ask(who, event, changes);
  INFO(who << " " << event << " " << failed_check(verdict));
  REQUIRE(std::holds_alternative<Decision>(verdict));
  out.decision = std::get<Decision>(verdict);
  return out;
}

Shown last_approval() {
  Play play = in_state("conn_requested");
  play.send("sysadm", "approve");
  play.send("netadm", "approve");
  return shown(std::move(play), "net", "approve");
}
Shown start() {
  Play play = in_state("conn_approved");
  play.send("clin", "set_hold");
  return shown(std::move(play), "svc", "start_connection");
}
Shown revocation() {
  return shown(in_state("connected"), "sysadm", "revoke");
}
Shown cut() {
  return shown(in_state("connected"), "psm", "emergency_disconnect");
}
Shown proof() {
  Play play = in_state("connected");
  play.points_answer = false;
  play.send("sysadm", "revoke");
  Grant& grant = play.file.grants.back();
  grant.hops.clear();
  for (const Hop hop : {Hop::route, Hop::access_point, Hop::exit, Hop::probe})
    grant.hops.push_back(
        {.hop = hop, .state = HopState::closed, .at = play.now, .generation = grant.generation, .sessions = 0});
  grant.accounts_disabled = true;
  return shown(std::move(play), "sys", "close_confirmed");
}
Shown signature() {
  Play play = in_state("sign_off");
  play.send("svc", "submit_report");
  play.send("sysadm", "approve_report");
  play.send("netadm", "review_log");
  return shown(std::move(play), "sysadm", "sign_off");
}
Shown triage_over() {
  return shown(in_state("acknowledged"), "sysadm", "set_priority", {{"priority", "p1"}});
}
Shown cancelled() {
  return shown(in_state("acknowledged"), "sysadm", "cancel");
}
Shown repeated() {
  return shown(in_state("connected"), "mr1", "notify_duplicate");
}
Shown logged() {
  return shown(in_state("connected"), "svc", "log_work");
}
Shown extended() {
  Play play = in_state("connected");
  const Json until{{"until", to_text(play.file.grant()->window.closes + 30min)}};
  play.send("svc", "request_extension", until);
  return shown(std::move(play), "sysadm", "extend_window", until);
}
Shown reported() {
  Play play = in_state("sign_off");
  play.send("svc", "submit_report");
  return shown(std::move(play), "sysadm", "approve_report");
}
Shown erased() {
  return shown(in_state("data_deletion"), "svc", "item_erased", {{"medium", "removable"}, {"method", "purge"}});
}
Shown taken() {
  Play play = in_state("connected");
  play.send("svc", "item_declared");
  play.send("sysadm", "authorise_export");
  return shown(std::move(play), "svc", "take_data");
}
Shown noted_after_the_end() {
  return shown(in_state("closed"), "priv", "open_incident");
}

struct Flaw {
  std::string_view says;  // part of the sentence that must complain
  Shown (*step)();
  void (*make)(Shown&);
};

Effect& first_order(Shown& s) {
  return *std::ranges::find_if(s.decision.effects, [](const Effect& one) { return one.order.has_value(); });
}
void lift_orders(Shown& s) {
  std::erase_if(s.decision.effects, [](const Effect& one) { return one.order.has_value(); });
}

// clang-format off
const Flaw flaws[] = {
  // I1
  {"only the live grant opens", last_approval, [](Shown& s) { s.decision.next.grants.back().end = GrantEnd::revoked; }},
  {"only the live grant opens", last_approval, [](Shown& s) { s.decision.next.state = "acknowledged"; }},
  {"only the live grant opens", start, [](Shown& s) { --first_order(s).order->generation; }},
  {"nothing opens outside", start, [](Shown& s) { first_order(s).order->window.closes = s.event.at - 2min; }},
  {"nothing opens outside", start, [](Shown& s) { first_order(s).order->window.closes += 1h; }},
  {"a closing is proved by a look", revocation, [](Shown& s) {
     Grant& grant = s.decision.next.grants.back();
     grant.hops.push_back({.hop = Hop::probe, .state = HopState::closed, .at = {}, .generation = grant.generation});
   }},
  {"a closing is proved by a look", proof, [](Shown& s) { s.decision.next.grants.back().hops.pop_back(); }},
  {"only what both sides approved", last_approval, [](Shown& s) { s.decision.next.request->approvals.pop_back(); }},
  {"only what both sides approved", start, [](Shown& s) { s.decision.next.request->dead = true; }},
  {"only what both sides approved", start, [](Shown& s) { s.decision.next.grants.back().request_hash = {}; }},
  {"approvals that could still be given", last_approval, [](Shown& s) {
     Person gone = *s.play.directory.person(person("sysadm"));
     gone.left_at = s.event.at;
     s.play.directory.put(gone);
   }},
  {"beside an open hop", revocation, [](Shown& s) { s.decision.next.grants.back().proved_closed_at = s.event.at; }},
  {"a grant lives only where", revocation, [](Shown& s) { s.decision.next.state = "acknowledged"; }},
  // I3
  {"at most one armed or open", last_approval, [](Shown& s) { s.decision.next.grants.push_back(s.decision.next.grants.back()); }},
  {"at most one armed or open", last_approval, [](Shown& s) {
     CaseBrief other;
     other.id = id_of<CaseId>("case", "other");
     other.live_grant = true;
     s.play.same_device = {other};
   }},
  {"another fault moves no window", repeated, [](Shown& s) { s.decision.next.grants.back().window.closes += 1h; }},
  // I4
  {"everybody of the hospital can cut", cut, [](Shown& s) { s.refused = true; }},
  {"every cut orders", revocation, lift_orders},
  {"every cut orders", cut, [](Shown& s) { first_order(s).order.reset(); }},
  {"whatever ends access orders", revocation, lift_orders},
  {"never lives again", logged, [](Shown& s) { s.before.grants.back().end = GrantEnd::revoked; }},
  // I7, I8, I9
  {"no timer opens", last_approval, [](Shown& s) { s.event.name = "t_approve_final"; }},
  {"no timer opens", signature, [](Shown& s) { s.event.name = "t_sign_expired"; }},
  {"nothing opens without a working log", last_approval, [](Shown& s) { s.play.audit_working = false; }},
  {"closing asks for no log", revocation, [](Shown& s) {
     s.play.audit_working = false;
     s.refused = true;
     s.refused_for = "audit_not_working";
   }},
  {"every end point is told", start, [](Shown& s) { first_order(s).order->window.closes = {}; }},
  {"every end point is told", start, [](Shown& s) { s.decision.next.grants.back().window.closes += 20h; }},
  {"a generation only rises", revocation, [](Shown& s) { s.decision.next.grants.back().generation = 0; }},
  {"a generation only rises", start, [](Shown& s) { s.before.grants.back().proved_closed_at = s.event.at; }},
  // I14
  {"a notice, a mail or a device", last_approval, [](Shown& s) { s.event.name = "mail_bounced"; }},
  {"a notice, a mail or a device", repeated, [](Shown& s) { s.decision.next.request->approvals.clear(); }},
  // I5
  {"nobody approves what he asked for", last_approval, [](Shown& s) { s.decision.next.request->by = person("net"); }},
  {"nobody approves what he asked for", last_approval, [](Shown& s) { s.decision.next.request->workers.push_back(person("net")); }},
  {"nobody approves what he asked for", last_approval, [](Shown& s) { s.decision.next.request->approvals.front().by = person("net"); }},
  {"nobody extends", extended, [](Shown& s) { s.before.proposals.front().by = person("sysadm"); }},
  {"nobody vouches", reported, [](Shown& s) { s.decision.next.obligations.front().done_by = person("sysadm"); }},
  {"nobody vouches", reported, [](Shown& s) { s.decision.next.nothing_taken_countersigned_by = s.decision.next.nothing_taken_by = person("net"); }},
  {"nobody vouches", erased, [](Shown& s) { s.decision.next.items.front().verified_by = person("svc"); }},
  {"nobody signs", signature, [](Shown& s) { s.before.owner = person("sysadm"); }},
  {"nobody signs", signature, [](Shown& s) { s.event.actor.person = person("svc2"); }},
  // I6
  {"holds for the hash", last_approval, [](Shown& s) { s.decision.next.request->approvals.front().hash = sha256("another"); }},
  {"a changed request", last_approval, [](Shown& s) { s.decision.next.request->window.closes += 1h; }},
  {"a changed request", last_approval, [](Shown& s) { s.decision.next.request->hash = sha256("another"); }},
  {"a worker joins", start, [](Shown& s) { s.decision.next.request->workers.push_back(person("l2")); }},
  {"a dead request", logged, [](Shown& s) { s.before.request->dead = true; }},
  // I13
  {"who did it", logged, [](Shown& s) { s.decision.as = Role::hcf_clin; }},
  {"who did it", logged, [](Shown& s) { s.event.actor.person = person("clin"); }},
  {"who did it", logged, [](Shown& s) { s.decision.row.clear(); }},
  {"from where to where", logged, [](Shown& s) { s.decision.next.version = s.before.version; }},
  {"from where to where", logged, [](Shown& s) { s.decision.next.state_since = s.event.at + 1s; }},
  {"from where to where", logged, [](Shown& s) { s.decision.from = "notified"; }},
  // I2
  {"a closed case owes nothing", signature, [](Shown& s) { s.decision.next.obligations.front().done_at = {}; }},
  {"a closed case owes nothing", signature, [](Shown& s) { s.decision.next.obligations.clear(); }},
  {"a closed case owes nothing", signature, [](Shown& s) { s.decision.next.items.emplace_back(); }},
  {"a closed case owes nothing", signature, [](Shown& s) { s.decision.next.grants.back().accounts_disabled = false; }},
  {"a closed case owes nothing", signature, [](Shown& s) { s.decision.next.incidents.emplace_back(); }},
  {"what ends without deletion", cancelled, [](Shown& s) { s.decision.next.items.emplace_back(); }},
  // I10
  {"ids and words of closed lists", triage_over, [](Shown& s) { s.decision.x["why"] = "Mr Yamada, room 3"; }},
  {"ids and words of closed lists", cancelled, [](Shown& s) {
     for (Effect& one : s.decision.effects)
       if (one.mail) one.mail->facts["what"] = "山田";
   }},
  // I11
  {"judged by nobody yet", repeated, [](Shown& s) { s.decision.next.attachments.emplace_back().phi = Phi::none; }},
  {"erased like patient data", erased, [](Shown& s) { s.event.payload["method"] = "clear"; }},
  {"told to the privacy officer", taken, [](Shown& s) { s.decision.effects.clear(); }},
  // I12
  {"nothing that was written", revocation, [](Shown& s) { s.decision.next.grants.clear(); }},
  {"nothing that was written", signature, [](Shown& s) { s.decision.next.tenant = organisation("fuji"); }},
  {"what was given is never changed", signature, [](Shown& s) { s.decision.next.obligations.front().done_by = person("net"); }},
  {"after an end nothing moves", noted_after_the_end, [](Shown& s) { s.decision.next.state = "acknowledged"; }},
  {"after an end nothing moves", noted_after_the_end, [](Shown& s) { s.decision.next.grants.clear(); }},
};
// clang-format on

}  // namespace

TEST_CASE("each invariant of a step passes a sound step and notices a broken one", "[invariants]") {
  std::set<std::string_view> noticed;
  for (const Flaw& one : flaws) {
    Shown step = one.step();
    INFO(one.says);
    const auto before = step.wrong();
    INFO((before.empty() ? std::string() : before.front()));
    REQUIRE(before.empty());
    one.make(step);
    const auto found = step.wrong();
    CHECK(std::ranges::any_of(found, [&](const std::string& what) { return what.find(one.says) != what.npos; }));
    for (const StepInvariant& known : step_invariants())
      for (const std::string& what : found)
        if (what.find(known.says) != what.npos && known.says.find(one.says) != known.says.npos)
          noticed.insert(known.says);
  }
  for (const StepInvariant& known : step_invariants()) {
    INFO(known.name << " " << known.says);
    CHECK(noticed.contains(known.says));
  }
}

TEST_CASE("a consent that is given anew in the same instant has not outlived its request (I6)", "[invariants]") {
  Play p = in_state("acknowledged");
  p.send("sysadm", "set_priority", {{"priority", "p1"}});
  p.send("net", "consent_break_glass");
  p.send("duty", "break_glass");
  p.send("svc", "amend_or_withdraw");
  REQUIRE(p.file.state == "acknowledged");
  p.send("net", "consent_break_glass");
  Shown step = shown(std::move(p), "sysadm", "break_glass");
  REQUIRE(step.before.request->approvals.back() == step.decision.next.request->approvals.back());
  CHECK(step.wrong().empty());
  step.before.proposals.clear();
  CHECK(std::ranges::any_of(step.wrong(), [](const auto& what) { return what.find("outlived") != what.npos; }));
}

TEST_CASE("every invariant of the rules has a sentence that a step is held to", "[invariants]") {
  std::set<std::string_view> names;
  for (const StepInvariant& one : step_invariants())
    names.insert(one.name);
  for (int i = 1; i <= 14; ++i)
    CHECK(names.contains("I" + std::to_string(i)));
}

}  // namespace kintsugi::testing

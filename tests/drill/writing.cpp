#include "tests/drill/writing.h"

#include "tests/drill/acts.h"
#include "tests/support/nicknames.h"

#include <algorithm>

namespace kintsugi::drill {

using enum Role;

namespace {

Json window_of(Instant opens, Instant closes) {
  return {{"opens", to_text(opens)}, {"closes", to_text(closes)}};
}

Json a_window(Writing& w) {
  const Instant opens = w.now() + std::chrono::minutes(w.dice.one_in(4) ? w.dice.between(-5, 90) : 0);
  const int minutes = w.dice.one_in(25) ? 720 : w.dice.between(20, 230);
  return window_of(opens, opens + std::chrono::minutes(minutes));
}

Json some_workers(Writing& w) {
  std::vector<PersonId> people{w.who};
  const bool worker = !holders_of(w.world, rsc_svc, w.file).empty() && w.dice.percent(90);
  if (w.file.owner != w.who && !w.file.owner.empty() && w.dice.one_in(2)) people.push_back(w.file.owner);
  const auto extra = [&](Role role) {
    const PersonId one = one_of(w.world, role, w.file, w.dice);
    if (!one.empty() && std::ranges::count(people, one) == 0) people.push_back(one);
  };
  const auto roles = w.world.directory()->holders(rsc_svc, w.file.rsc, w.now());
  const bool for_others = w.dice.one_in(6);
  if ((for_others || std::ranges::count(roles, w.who) == 0) && worker)
    people = {one_of(w.world, rsc_svc, w.file, w.dice)};
  if (w.dice.one_in(3)) extra(rsc_l2);
  if (w.dice.one_in(5)) extra(rsc_svc);
  if (w.dice.one_in(20)) extra(rsc_netadm);
  Json out = Json::array();
  for (const PersonId& one : people)
    out.push_back(one.text());
  return out;
}

// Stronger than what was tried, if there is anything stronger.
std::string stronger(Writing& w) {
  if (w.dice.one_in(8)) return "clear";
  return w.dice.any_of({"purge", "crypto_erase", "destroy", "destroy"});
}

}  // namespace

std::string words(std::string_view what) {
  return std::string(what) + " of " + typed_marker;
}
Json because() {
  return {{"reason", words("the reason")}};
}
std::string file_hash(int n) {
  return to_base64(sha256("file " + std::to_string(n)));
}

Json connection_request(Writing& w) {
  Json out{{"purpose", "fault"},
           {"reason", words("the reason")},
           {"work_plan", words("the plan")},
           {"effect_on_operation", words("the room")},
           {"substitute_measure", words("the substitute")},
           {"needs_restart", w.dice.one_in(2)},
           {"level", w.dice.any_of({"view", "control", "file", "service_mode"})},
           {"window", a_window(w)},
           {"sessions_max", w.dice.one_in(20) ? 9 : w.dice.between(1, 3)},
           {"workers", some_workers(w)},
           {"phi_seen", w.dice.one_in(2)},
           {"phi_taken", w.dice.one_in(4)},
           {"hold_needed", true}};
  if (w.dice.one_in(2)) out["files"] = {file_hash(1)};
  if (w.dice.percent(80)) {
    const PersonId attendant = one_of(w.world, hcf_clin, w.file, w.dice);
    if (!attendant.empty()) out["attendant"] = attendant.text();
  } else if (w.dice.one_in(2)) {
    out["attendance_waived"] = true;
  }
  return out;
}

Json emergency(Writing& w) {
  Json out{{"purpose", "fault"},
           {"reason", words("the emergency")},
           {"level", "control"},
           {"window", window_of(w.now(), w.now() + std::chrono::minutes(w.dice.between(20, 200)))}};
  const PersonId worker = one_of(w.world, rsc_svc, w.file, w.dice);
  const PersonId attendant = one_of(w.world, hcf_clin, w.file, w.dice);
  out["workers"] = Json::array({(worker.empty() ? w.who : worker).text()});
  if (!attendant.empty()) out["attendant"] = attendant.text();
  return out;
}

// The slot that this person would fill: one that is open and that he has a role for, if there is one.
std::string slot_of(Writing& w) {
  const auto directory = w.world.directory();
  const Policy& policy = directory->policy_of(w.file.tenant, w.file.policy_version);
  std::vector<Role> mine;
  for (const Role slot : policy.slots)
    if (std::ranges::count(holders_of(w.world, slot, w.file), w.who) > 0) {
      const bool filled = w.file.request && std::ranges::count(w.file.request->approvals, slot, &Approval::slot) > 0;
      if (!filled || w.dice.one_in(10)) mine.push_back(slot);
    }
  if (mine.empty()) return w.dice.any_of({"hcf_sysadm", "hcf_netadm", "rsc_netadm", "hcf_priv", "hcf_sec"});
  return std::string(name_of(w.dice.pick(mine)));
}

std::string request_hash(const Writing& w) {
  return w.file.request ? to_base64(w.file.request->hash) : to_base64(Digest{});
}

Json answer(Writing& w) {
  Json out{{"slot", slot_of(w)}, {"request_hash", request_hash(w)}};
  if (w.dice.one_in(3)) out["reason"] = words("the answer");
  if (w.file.request && w.dice.one_in(15)) {
    const Window& asked = w.file.request->window;
    out["window"] = window_of(asked.opens, asked.closes - (asked.closes - asked.opens) / w.dice.any_of({-4, 3, 4}));
  }
  return out;
}

Json later_answer(Writing& w) {
  Json out = answer(w);
  for (const Obligation& one : w.file.obligations)
    if (one.kind == ObligationKind::post_approval && !one.done() &&
        std::ranges::count(holders_of(w.world, one.slot, w.file), w.who) > 0) {
      out = {{"slot", name_of(one.slot)}, {"request_hash", one.about}};
      break;
    }
  return out;
}

// An item in one of these states, or any.
std::string item_in(Writing& w, std::initializer_list<ItemState> states) {
  std::vector<ItemId> fit;
  for (const DataItem& one : w.file.items)
    if (std::ranges::count(states, one.state) > 0) fit.push_back(one.id);
  if (!fit.empty() && w.dice.percent(95)) return w.dice.pick(fit).text();
  if (!w.file.items.empty()) return w.dice.pick(w.file.items).id.text();
  return testing::id_of<ItemId>("item", "nowhere").text();
}

std::string incident_in(Writing& w, std::initializer_list<IncidentState> states) {
  std::vector<IncidentId> fit;
  for (const Incident& one : w.file.incidents)
    if (std::ranges::count(states, one.state) > 0) fit.push_back(one.id);
  if (!fit.empty() && w.dice.percent(95)) return w.dice.pick(fit).text();
  if (!w.file.incidents.empty()) return w.dice.pick(w.file.incidents).id.text();
  return testing::id_of<IncidentId>("incident", "nowhere").text();
}

std::string somebody(Writing& w, Role role) {
  const PersonId one = one_of(w.world, role, w.file, w.dice);
  return (one.empty() ? w.who : one).text();
}

// The second level that was proposed, or one who could be.
std::string second_level(Writing& w) {
  for (const Proposal& one : w.file.proposals)
    if (one.what == "l2" && w.dice.percent(90)) return one.person.text();
  return somebody(w, rsc_l2);
}

std::string until(Writing& w) {
  const Grant* grant = w.file.grant();
  const Instant from = grant == nullptr ? w.now() : grant->window.closes;
  for (const Proposal& one : w.file.proposals)
    if (one.what == "extension" && w.dice.percent(80)) return to_text(one.until);
  return to_text(from + std::chrono::minutes(w.dice.one_in(6) ? 900 : w.dice.between(5, 60)));
}

std::string merge_target(Writing& w) {
  for (const Proposal& one : w.file.proposals)
    if (one.what == "merge" && w.dice.percent(90)) return one.target.text();
  for (const auto& [id, other] : w.world.cases())
    if (id != w.file.id && other.device == w.file.device && w.world.workflow().is_open(other.state)) return id.text();
  return w.file.id.text();
}

Json an_incident(Writing& w) {
  Json out{{"type", w.dice.any_of({"breach", "overrun", "unverified_closing", "policy_violation"})},
           {"reason", words("what happened")},
           {"malice_possible", w.dice.one_in(4)}};
  if (w.dice.one_in(2)) out["owner"] = somebody(w, hcf_priv);
  return out;
}

Json retry(Writing& w) {
  Json out = Json::object();
  const bool owed = std::ranges::any_of(w.file.items, [](const DataItem& one) { return !is_final(one.state); });
  if (owed || w.dice.one_in(10)) {
    out["item"] = item_in(w, {ItemState::held_at_rsc, ItemState::erased_claimed, ItemState::authorised});
    out["method"] = stronger(w);
    if (w.dice.one_in(8)) out["found_copy"] = "backup";
  }
  return out;
}

Json checks_of(Writing& w) {
  Json out = Json::array();
  const Policy& policy = w.world.directory()->policy_of(w.file.tenant, w.file.policy_version);
  for (const std::string& name : policy.product_line_checks)
    out.push_back({{"check", name}, {"passed", true}});
  return out;
}

std::string nonconformity(const Writing& w) {
  for (const Obligation& one : w.file.obligations)
    if (one.kind == ObligationKind::nonconformity && !one.done()) return one.about;
  return "F57";
}

std::string some_device(Writing& w) {
  return testing::device(w.dice.any_of({"ct-1", "mr-2", "us-9"})).text();
}

Json a_report(Writing& w) {
  return {{"cause_code", "SENSOR"},           {"cause", words("the cause")},
          {"work", words("the work")},        {"nature", w.dice.any_of({"repair", "modification"})},
          {"phi_accessed", w.dice.one_in(3)}, {"tests", words("the tests")},
          {"output_may_have_changed", false}, {"left_behind", "none"}};
}

}  // namespace kintsugi::drill

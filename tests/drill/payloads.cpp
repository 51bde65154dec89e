#include "tests/drill/acts.h"
#include "tests/drill/world.h"
#include "tests/support/nicknames.h"

#include <algorithm>
#include <functional>
#include <map>

// What people write.
namespace kintsugi::drill {
namespace {

using testing::person;
using enum Role;

struct Writing {
  World& world;
  const CaseFile& file;
  const PersonId& who;
  Dice& dice;
  Instant now() const { return world.now(); }
};
using Write = std::function<Json(Writing&)>;

std::string words(std::string_view what) {
  return std::string(what) + " of " + typed_marker;
}
Json window_of(Instant opens, Instant closes) {
  return {{"opens", to_text(opens)}, {"closes", to_text(closes)}};
}
Json because() {
  return {{"reason", words("the reason")}};
}
std::string file_hash(int n) {
  return to_base64(sha256("file " + std::to_string(n)));
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
  if (std::ranges::count(roles, w.who) == 0 && worker) people = {one_of(w.world, rsc_svc, w.file, w.dice)};
  if (w.dice.one_in(3)) extra(rsc_l2);
  if (w.dice.one_in(5)) extra(rsc_svc);
  if (w.dice.one_in(20)) extra(rsc_netadm);
  Json out = Json::array();
  for (const PersonId& one : people)
    out.push_back(one.text());
  return out;
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

// Stronger than what was tried, if there is anything stronger.
std::string stronger(Writing& w) {
  if (w.dice.one_in(8)) return "clear";
  return w.dice.any_of({"purge", "crypto_erase", "destroy", "destroy"});
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
  return {{"cause_code", "SENSOR"},          {"cause", words("the cause")},
          {"work", words("the work")},       {"nature", w.dice.any_of({"repair", "modification"})},
          {"phi_accessed", w.dice.one_in(3)}, {"tests", words("the tests")},
          {"output_may_have_changed", false}, {"left_behind", "none"}};
}

const std::map<std::string, Write, std::less<>>& table() {
  using enum ItemState;
  static const std::map<std::string, Write, std::less<>> all = {
      {"acknowledge", [](Writing&) { return Json::object(); }},
      {"reassign",
       [](Writing& w) {
         return Json{{"person", somebody(w, w.dice.one_in(6) ? rsc_netadm : rsc_svc)}, {"handover", words("notes")}};
       }},
      {"escalate_l2", [](Writing& w) { return Json{{"person", second_level(w)}, {"reason", words("why")}}; }},
      {"set_priority",
       [](Writing& w) { return Json{{"priority", w.dice.any_of({"p1", "p1", "p2", "p3"})}, {"reason", words("why")}}; }},
      {"resolved_without_access", [](Writing&) { return Json{{"advice", words("advice")}}; }},
      {"dispatch_onsite", [](Writing&) { return Json{{"parts", words("parts")}}; }},
      {"onsite_progress",
       [](Writing& w) { return Json{{"progress", w.dice.any_of({"arrived", "waiting_for_parts", "delayed", "working"})}}; }},
      {"onsite_done",
       [](Writing& w) { return Json{{"report", words("done")}, {"items_registered", w.dice.percent(90)}}; }},
      {"propose_merge", [](Writing& w) { return Json{{"target", merge_target(w)}, {"reason", words("the same")}}; }},
      {"merge_into", [](Writing& w) { return Json{{"target", merge_target(w)}}; }},
      {"stop_after_access",
       [](Writing& w) {
         return Json{{"resolution", w.dice.any_of({"cancelled_after_access", "false_alarm_after_access"})},
                     {"reason", words("why")}};
       }},
      {"add_note", [](Writing&) { return Json{{"note", words("a note")}}; }},
      {"judge_attachment",
       [](Writing& w) {
         const bool any = !w.file.attachments.empty();
         return Json{{"attachment", (any ? w.dice.pick(w.file.attachments).document
                                         : testing::id_of<DocumentId>("doc", "nowhere"))
                                        .text()},
                     {"phi", w.dice.any_of({"none", "pseudonymised", "identifiable"})}};
       }},
      {"identify_device", [](Writing& w) { return Json{{"device", some_device(w)}}; }},
      {"request_connection", connection_request},
      {"break_glass", emergency},
      {"consent_break_glass", [](Writing&) { return Json::object(); }},
      {"approve", answer},
      {"reject",
       [](Writing& w) {
         return Json{{"slot", slot_of(w)}, {"request_hash", request_hash(w)}, {"reason", words("why not")}};
       }},
      {"post_approve", later_answer},
      {"assign_attendant", [](Writing& w) { return Json{{"attendant", somebody(w, w.dice.one_in(8) ? rsc_svc : hcf_clin)}}; }},
      {"set_hold", [](Writing& w) { return Json{{"no_patient", w.dice.percent(92)}}; }},
      {"lift_hold", [](Writing& w) { return Json{{"restricted_use", w.dice.one_in(3)}}; }},
      {"start_connection",
       [](Writing& w) { return Json{{"case_number", w.file.number}, {"endpoint_healthy", w.dice.percent(95)}}; }},
      {"request_extension", [](Writing& w) { return Json{{"until", until(w)}, {"reason", words("why")}}; }},
      {"extend_window", [](Writing& w) { return Json{{"until", until(w)}}; }},
      {"propose_l2", [](Writing& w) { return Json{{"person", somebody(w, rsc_l2)}, {"reason", words("why")}}; }},
      {"allow_l2", [](Writing& w) { return Json{{"person", second_level(w)}}; }},
      {"approve_file", [](Writing& w) { return Json{{"content", file_hash(w.dice.between(1, 2))}, {"reason", words("why")}}; }},
      {"confirm_device_safe", [](Writing& w) { return Json{{"safe", w.dice.percent(90)}}; }},
      {"disconnect_for_now",
       [](Writing& w) { return Json{{"cause", w.dice.any_of({"restart", "waiting_for_part", "waiting_for_test"})}}; }},
      {"log_work", [](Writing&) { return Json{{"kind", "command"}, {"entry", words("a command")}}; }},
      {"put_file",
       [](Writing& w) {
         return Json{{"content", file_hash(w.dice.between(1, 3))},
                     {"size_bytes", 100},
                     {"signature_ok", w.dice.percent(92)},
                     {"malware_clean", w.dice.percent(92)}};
       }},
      {"repair_done", [](Writing&) { return Json{{"test_result", "passed"}, {"summary", words("repaired")}}; }},
      {"clinical_ok", [](Writing& w) { return Json{{"checks", checks_of(w)}, {"restricted_use", w.dice.one_in(5)}}; }},
      {"clinical_ng", [](Writing&) { return Json{{"failed", words("still broken")}}; }},
      {"release", [](Writing&) { return Json{{"cause", words("the cause")}}; }},
      {"manual_close",
       [](Writing& w) {
         return Json{{"hops", {"exit", "access_point", "route"}},
                     {"closed_at", to_text(w.now())},
                     {"accounts_disabled", w.dice.percent(95)},
                     {"evidence", words("unplugged")}};
       }},
      {"item_declared",
       [](Writing& w) {
         return Json{{"kind", w.dice.any_of({"log", "image_study", "medium"})},
                     {"phi", w.dice.any_of({"unknown", "none", "identifiable"})},
                     {"reason", words("why")},
                     {"planned_end", "erase"}};
       }},
      {"authorise_export",
       [](Writing& w) {
         return Json{{"items", {item_in(w, {declared})}}, {"allow", w.dice.percent(80)}};
       }},
      {"take_data",
       [](Writing& w) {
         return Json{{"item", item_in(w, {authorised})}, {"content", to_base64(sha256("content"))}, {"size_bytes", 10}};
       }},
      {"nothing_taken",
       [](Writing& w) {
         return Json{{"transfers_checked", true}, {"screens_checked", w.dice.percent(95)}, {"recording_checked", true}};
       }},
      {"item_erased",
       [](Writing& w) {
         return Json{{"item", item_in(w, {held_at_rsc})},
                     {"method", w.dice.any_of({"clear", "purge", "crypto_erase", "destroy"})},
                     {"medium", w.dice.any_of({"shared_storage", "ssd", "removable"})},
                     {"technique", "overwrite"},
                     {"evidence", words("erased")}};
       }},
      {"item_verified",
       [](Writing& w) {
         return Json{{"item", item_in(w, {erased_claimed})},
                     {"verification", "full"},
                     {"searched", {"store", "backup"}},
                     {"found", w.dice.one_in(12) ? 1 : 0},
                     {"certificate", words("certified")}};
       }},
      {"item_returned",
       [](Writing& w) {
         return Json{{"item", item_in(w, {held_at_rsc})}, {"received_by", somebody(w, hcf_priv)}};
       }},
      {"item_deidentified",
       [](Writing& w) {
         return Json{{"item", item_in(w, {held_at_rsc})}, {"technique", "masking"}, {"evidence", words("masked")}};
       }},
      {"item_retained",
       [](Writing& w) {
         return Json{{"item", item_in(w, {held_at_rsc})},
                     {"until", to_text(w.now() + std::chrono::hours(w.dice.one_in(12) ? -1 : 24 * 20))},
                     {"reason", words("why")}};
       }},
      {"legal_hold",
       [](Writing& w) {
         return Json{{"items", {item_in(w, {held_at_rsc, erased_claimed})}}, {"reason", words("the court")}};
       }},
      {"lift_legal_hold", [](Writing& w) { return Json{{"items", {item_in(w, {held})}}, {"reason", words("over")}}; }},
      {"erasure_failed",
       [](Writing& w) {
         return Json{{"item", item_in(w, {held_at_rsc, erased_claimed})},
                     {"cause", w.dice.any_of({"error", "trace_found", "not_verifiable"})},
                     {"reason", words("why")}};
       }},
      {"retry_or_stronger", retry},
      {"accept_residual",
       [](Writing& w) {
         return Json{{"item", item_in(w, {held_at_rsc, erased_claimed})}, {"reason", words("why")}, {"measure", words("what")}};
       }},
      {"raise_incident", an_incident},
      {"open_incident", an_incident},
      {"assess_incident",
       [](Writing& w) {
         return Json{{"incident", incident_in(w, {IncidentState::open})},
                     {"owner", somebody(w, hcf_priv)},
                     {"malice_possible", false},
                     {"sensitive", w.dice.one_in(2)},
                     {"finding", words("found")}};
       }},
      {"report_incident",
       [](Writing& w) {
         return Json{{"incident", incident_in(w, {IncidentState::assessed, IncidentState::reported})},
                     {"stage", w.dice.any_of({"preliminary", "final"})},
                     {"report", words("reported")}};
       }},
      {"close_incident",
       [](Writing& w) {
         return Json{{"incident", incident_in(w, {IncidentState::assessed, IncidentState::reported})},
                     {"reason", words("over")}};
       }},
      {"submit_report", a_report},
      {"approve_report", [](Writing& w) { return Json{{"read", w.dice.percent(92)}}; }},
      {"review_log",
       [](Writing& w) {
         return Json{{"access_list_seen", true},
                     {"operations_seen", w.dice.percent(92)},
                     {"finding", w.dice.any_of({"nothing_unusual", "questions", "violation"})}};
       }},
      {"answer_nonconformity", [](Writing& w) { return Json{{"about", nonconformity(w)}, {"answer", words("mended")}}; }},
      {"submit_safety_report", [](Writing&) { return Json{{"authority", "regulator"}, {"report", words("harm")}}; }},
      {"write_finished", [](Writing&) { return Json::object(); }},
      {"consent_grace", [](Writing&) { return Json::object(); }},
      {"retry", [](Writing&) { return Json::object(); }},
      {"reconnect", [](Writing&) { return Json::object(); }},
      {"write_started", [](Writing&) { return Json::object(); }},
      {"need_remote_help", [](Writing&) { return Json::object(); }},
  };
  return all;
}

}  // namespace

Json payload_of(World& world, const std::string& event, const CaseFile& file, const PersonId& who, Dice& dice) {
  Writing w{world, file, who, dice};
  const auto found = table().find(event);
  return found == table().end() ? because() : found->second(w);
}

}  // namespace kintsugi::drill

#include "tests/drill/acts.h"
#include "tests/drill/writing.h"
#include "tests/support/nicknames.h"

#include <map>

// What people write, event by event.
namespace kintsugi::drill {
namespace {

using enum Role;

const std::map<std::string, Write, std::less<>>& writing_table() {
  using enum ItemState;
  static const std::map<std::string, Write, std::less<>> all = {
      {"acknowledge", [](Writing&) { return Json::object(); }},
      {"reassign",
       [](Writing& w) {
         return Json{{"person", somebody(w, w.dice.one_in(6) ? rsc_netadm : rsc_svc)}, {"handover", words("notes")}};
       }},
      {"escalate_l2",
       [](Writing& w) {
         return Json{{"person", second_level(w)}, {"reason", words("why")}};
       }},
      {"set_priority",
       [](Writing& w) {
         return Json{{"priority", w.dice.any_of({"p1", "p1", "p2", "p3"})}, {"reason", words("why")}};
       }},
      {"resolved_without_access",
       [](Writing&) {
         return Json{{"advice", words("advice")}};
       }},
      {"dispatch_onsite",
       [](Writing&) {
         return Json{{"parts", words("parts")}};
       }},
      {"onsite_progress",
       [](Writing& w) {
         return Json{{"progress", w.dice.any_of({"arrived", "waiting_for_parts", "delayed", "working"})}};
       }},
      {"onsite_done",
       [](Writing& w) {
         return Json{{"report", words("done")}, {"items_registered", w.dice.percent(90)}};
       }},
      {"propose_merge",
       [](Writing& w) {
         return Json{{"target", merge_target(w)}, {"reason", words("the same")}};
       }},
      {"merge_into",
       [](Writing& w) {
         return Json{{"target", merge_target(w)}};
       }},
      {"stop_after_access",
       [](Writing& w) {
         return Json{{"resolution", w.dice.any_of({"cancelled_after_access", "false_alarm_after_access"})},
                     {"reason", words("why")}};
       }},
      {"add_note",
       [](Writing&) {
         return Json{{"note", words("a note")}};
       }},
      {"judge_attachment",
       [](Writing& w) {
         const bool any = !w.file.attachments.empty();
         return Json{
             {"attachment",
              (any ? w.dice.pick(w.file.attachments).document : testing::id_of<DocumentId>("doc", "nowhere")).text()},
             {"phi", w.dice.any_of({"none", "pseudonymised", "identifiable"})}};
       }},
      {"identify_device",
       [](Writing& w) {
         return Json{{"device", some_device(w)}};
       }},
      {"request_connection", connection_request},
      {"break_glass", emergency},
      {"consent_break_glass", [](Writing&) { return Json::object(); }},
      {"approve", answer},
      {"reject",
       [](Writing& w) {
         return Json{{"slot", slot_of(w)}, {"request_hash", request_hash(w)}, {"reason", words("why not")}};
       }},
      {"post_approve", later_answer},
      {"assign_attendant",
       [](Writing& w) {
         return Json{{"attendant", somebody(w, w.dice.one_in(8) ? rsc_svc : hcf_clin)}};
       }},
      {"set_hold",
       [](Writing& w) {
         return Json{{"no_patient", w.dice.percent(92)}};
       }},
      {"lift_hold",
       [](Writing& w) {
         return Json{{"restricted_use", w.dice.one_in(3)}};
       }},
      {"start_connection",
       [](Writing& w) {
         return Json{{"case_number", w.file.number}, {"endpoint_healthy", w.dice.percent(95)}};
       }},
      {"request_extension",
       [](Writing& w) {
         return Json{{"until", until(w)}, {"reason", words("why")}};
       }},
      {"extend_window",
       [](Writing& w) {
         return Json{{"until", until(w)}};
       }},
      {"propose_l2",
       [](Writing& w) {
         return Json{{"person", somebody(w, rsc_l2)}, {"reason", words("why")}};
       }},
      {"allow_l2",
       [](Writing& w) {
         return Json{{"person", second_level(w)}};
       }},
      {"approve_file",
       [](Writing& w) {
         return Json{{"content", file_hash(w.dice.between(1, 2))}, {"reason", words("why")}};
       }},
      {"confirm_device_safe",
       [](Writing& w) {
         return Json{{"safe", w.dice.percent(90)}};
       }},
      {"disconnect_for_now",
       [](Writing& w) {
         return Json{{"cause", w.dice.any_of({"restart", "waiting_for_part", "waiting_for_test"})}};
       }},
      {"log_work",
       [](Writing&) {
         return Json{{"kind", "command"}, {"entry", words("a command")}};
       }},
      {"put_file",
       [](Writing& w) {
         return Json{{"content", file_hash(w.dice.between(1, 3))},
                     {"size_bytes", 100},
                     {"signature_ok", w.dice.percent(92)},
                     {"malware_clean", w.dice.percent(92)}};
       }},
      {"repair_done",
       [](Writing&) {
         return Json{{"test_result", "passed"}, {"summary", words("repaired")}};
       }},
      {"clinical_ok",
       [](Writing& w) {
         return Json{{"checks", checks_of(w)}, {"restricted_use", w.dice.one_in(5)}};
       }},
      {"clinical_ng",
       [](Writing&) {
         return Json{{"failed", words("still broken")}};
       }},
      {"release",
       [](Writing&) {
         return Json{{"cause", words("the cause")}};
       }},
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
         return Json{
             {"item", item_in(w, {authorised})}, {"content", to_base64(sha256("content"))}, {"size_bytes", 10}};
       }},
      {"nothing_taken",
       [](Writing& w) {
         return Json{
             {"transfers_checked", true}, {"screens_checked", w.dice.percent(95)}, {"recording_checked", true}};
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
      {"lift_legal_hold",
       [](Writing& w) {
         return Json{{"items", {item_in(w, {held})}}, {"reason", words("over")}};
       }},
      {"erasure_failed",
       [](Writing& w) {
         return Json{{"item", item_in(w, {held_at_rsc, erased_claimed})},
                     {"cause", w.dice.any_of({"error", "trace_found", "not_verifiable"})},
                     {"reason", words("why")}};
       }},
      {"retry_or_stronger", retry},
      {"accept_residual",
       [](Writing& w) {
         return Json{{"item", item_in(w, {held_at_rsc, erased_claimed})},
                     {"reason", words("why")},
                     {"measure", words("what")}};
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
      {"approve_report",
       [](Writing& w) {
         return Json{{"read", w.dice.percent(92)}};
       }},
      {"review_log",
       [](Writing& w) {
         return Json{{"access_list_seen", true},
                     {"operations_seen", w.dice.percent(92)},
                     {"finding", w.dice.any_of({"nothing_unusual", "questions", "violation"})}};
       }},
      {"answer_nonconformity",
       [](Writing& w) {
         return Json{{"about", nonconformity(w)}, {"answer", words("mended")}};
       }},
      {"submit_safety_report",
       [](Writing&) {
         return Json{{"authority", "regulator"}, {"report", words("harm")}};
       }},
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
  const auto found = writing_table().find(event);
  return found == writing_table().end() ? because() : found->second(w);
}

}  // namespace kintsugi::drill

#include "tests/drill/plans.h"

#include "tests/drill/world.h"
#include "workflows/fault_response/look.h"

#include <algorithm>
#include <map>

namespace kintsugi::drill {
namespace {

using enum Role;
using Wishes = std::vector<std::pair<std::string, int>>;

// Beside what a state is for, there is always somebody who does something else.
Wishes with_the_rest(Wishes own) {
  for (const auto& [event, weight] : Wishes{{"set_priority", 1},
                                            {"add_note", 1},
                                            {"set_hold", 1},
                                            {"lift_hold", 1},
                                            {"authorise_export", 1},
                                            {"open_incident", 1},
                                            {"assess_incident", 1},
                                            {"report_incident", 1},
                                            {"close_incident", 1},
                                            {"submit_safety_report", 1},
                                            {"answer_nonconformity", 1},
                                            {"judge_attachment", 1},
                                            {"identify_device", 1}})
    own.emplace_back(event, weight);
  return own;
}

const std::map<std::string, Wishes, std::less<>>& wish_table() {
  static const std::map<std::string, Wishes, std::less<>> all = [] {
    std::map<std::string, Wishes, std::less<>> out = {
        {"notified",
         {{"acknowledge", 50},
          {"identify_device", 12},
          {"propose_cancel", 2},
          {"cancel", 2},
          {"propose_false_alarm", 2},
          {"confirm_false_alarm", 2},
          {"propose_merge", 3},
          {"merge_into", 3}}},
        {"acknowledged",
         {{"request_connection", 60},
          {"set_hold", 8},
          {"reassign", 3},
          {"escalate_l2", 3},
          {"propose_cancel", 2},
          {"cancel", 1},
          {"propose_false_alarm", 2},
          {"confirm_false_alarm", 2},
          {"propose_merge", 3},
          {"merge_into", 3},
          {"resolved_without_access", 3},
          {"dispatch_onsite", 4},
          {"stop_after_access", 4},
          {"consent_break_glass", 10},
          {"break_glass", 12},
          {"set_priority", 8},
          {"item_declared", 1},
          {"assign_attendant", 2}}},
        {"conn_requested",
         {{"approve", 90},
          {"reject", 3},
          {"amend_or_withdraw", 3},
          {"consent_break_glass", 4},
          {"break_glass", 4},
          {"assign_attendant", 3},
          {"cancel", 1},
          {"propose_cancel", 1},
          {"set_hold", 5}}},
        {"conn_rejected",
         {{"revise", 30}, {"dispatch_onsite", 6}, {"stop_after_access", 6}, {"propose_cancel", 3}, {"cancel", 3}}},
        {"conn_approved",
         {{"start_connection", 50},
          {"set_hold", 25},
          {"assign_attendant", 8},
          {"approve_file", 4},
          {"revoke", 3},
          {"amend_or_withdraw", 2},
          {"emergency_disconnect", 2}}},
        {"connecting", {{"revoke", 2}, {"emergency_disconnect", 2}, {"add_note", 20}}},
        {"connect_failed",
         {{"retry", 30}, {"give_up", 8}, {"dispatch_onsite", 6}, {"emergency_disconnect", 3}, {"add_note", 5}}},
        {"connected",
         {{"log_work", 40},
          {"item_declared", 16},
          {"authorise_export", 20},
          {"take_data", 24},
          {"put_file", 10},
          {"approve_file", 8},
          {"request_extension", 6},
          {"extend_window", 8},
          {"propose_l2", 7},
          {"allow_l2", 14},
          {"escalate_l2", 7},
          {"write_started", 7},
          {"write_finished", 4},
          {"consent_grace", 4},
          {"repair_done", 20},
          {"repair_impossible", 3},
          {"abort", 3},
          {"disconnect_for_now", 8},
          {"revoke", 2},
          {"emergency_disconnect", 3}}},
        {"conn_lost",
         {{"reconnect", 30},
          {"confirm_device_safe", 10},
          {"write_finished", 3},
          {"revoke", 2},
          {"emergency_disconnect", 2}}},
        {"check_online",
         {{"clinical_ok", 30},
          {"clinical_ng", 14},
          {"item_declared", 3},
          {"consent_grace", 2},
          {"write_finished", 2},
          {"revoke", 2},
          {"emergency_disconnect", 2}}},
        {"check_offline", {{"clinical_ok", 30}, {"clinical_ng", 6}, {"item_declared", 3}, {"item_returned", 3}}},
        {"halted",
         {{"assess_incident", 20}, {"release", 14}, {"abandon", 10}, {"dispatch_onsite", 8}, {"open_incident", 3}}},
        {"disconnecting", {{"emergency_disconnect", 2}, {"item_declared", 2}, {"add_note", 10}}},
        {"disc_unverified", {{"manual_close", 30}, {"emergency_disconnect", 4}}},
        {"onsite",
         {{"onsite_progress", 10},
          {"need_remote_help", 6},
          {"onsite_done", 20},
          {"withdraw_device", 4},
          {"item_declared", 4},
          {"item_returned", 4}}},
        {"data_deletion",
         {{"nothing_taken", 30},
          {"countersign", 30},
          {"item_erased", 40},
          {"item_verified", 40},
          {"item_retained", 5},
          {"item_returned", 5},
          {"item_deidentified", 5},
          {"legal_hold", 5},
          {"lift_legal_hold", 6},
          {"erasure_failed", 6},
          {"authorise_export", 10},
          {"item_declared", 2},
          {"open_incident", 3}}},
        {"deletion_failed",
         {{"retry_or_stronger", 30},
          {"raise_incident", 10},
          {"assess_incident", 12},
          {"accept_residual", 16},
          {"lift_legal_hold", 6},
          {"item_declared", 2}}},
        {"sign_off",
         {{"submit_report", 30},
          {"approve_report", 30},
          {"review_log", 30},
          {"post_approve", 24},
          {"lift_hold", 20},
          {"answer_nonconformity", 14},
          {"submit_safety_report", 10},
          {"assess_incident", 10},
          {"sign_off", 40},
          {"refuse_repair", 2},
          {"refuse_data", 3}}},
        {"closed", {{"reopen", 10}, {"open_incident", 2}, {"assess_incident", 2}}},
    };
    for (auto& [state, wishes] : out)
      wishes = with_the_rest(std::move(wishes));
    return out;
  }();
  return all;
}

// ---- duty ---------------------------------------------------------------------------------------------------

Json about_item(const DataItem& one) {
  return {{"item", one.id.text()}};
}

void deletion_duties(const CaseFile& file, std::vector<Duty>& out) {
  using enum ItemState;
  for (const DataItem& one : file.items) {
    const Json named = {{"items", {one.id.text()}}, {"reason", "over"}};
    Json item = about_item(one);
    switch (one.state) {
      case declared:
      case authorised:
        out.push_back({"authorise_export", hcf_sysadm, {{"items", {one.id.text()}}, {"allow", false}}});
        break;
      case held_at_rsc:
        item.update(
            {{"method", "destroy"}, {"medium", "shared_storage"}, {"technique", "shred"}, {"evidence", "gone"}});
        out.push_back({"item_erased", rsc_svc, item});
        break;
      case erased_claimed:
        item.update({{"verification", "full"}, {"searched", {"store"}}, {"found", 0}, {"certificate", "gone"}});
        out.push_back({"item_verified", rsc_netadm, item});
        break;
      case held: out.push_back({"lift_legal_hold", hcf_priv, named}); break;
      default: break;
    }
  }
  // Data that the hospital has refused (F83) wait for an answer.
  if (std::ranges::any_of(file.obligations, [](const Obligation& one) {
        return one.kind == ObligationKind::nonconformity && !one.done();
      }))
    out.push_back({"answer_nonconformity", rsc_mgr});
  out.push_back({"countersign", rsc_netadm, Json::object()});
  if (file.nothing_taken_by.empty())
    out.push_back({"nothing_taken",
                   rsc_svc,
                   {{"transfers_checked", true}, {"screens_checked", true}, {"recording_checked", true}}});
}

void incident_duties(const CaseFile& file, std::vector<Duty>& out) {
  for (const Incident& one : file.incidents)
    if (one.state == IncidentState::open) out.push_back({"assess_incident", hcf_priv});
}

void failed_duties(const CaseFile& file, std::vector<Duty>& out) {
  using enum ItemState;
  bool owed = false;
  for (const DataItem& one : file.items) {
    if (is_final(one.state)) continue;
    owed = true;
    Json item = about_item(one);
    if (one.state == held) {
      out.push_back({"lift_legal_hold", hcf_priv, {{"items", {one.id.text()}}, {"reason", "over"}}});
      continue;
    }
    item["method"] = "destroy";
    out.push_back({"retry_or_stronger", rsc_svc, item});
  }
  if (!owed) out.push_back({"retry_or_stronger", rsc_svc, Json::object()});
}

void sign_off_duties(const CaseFile& file, std::vector<Duty>& out) {
  for (const Obligation& one : file.obligations) {
    if (one.done()) continue;
    switch (one.kind) {
      case ObligationKind::post_approval:
        out.push_back({"post_approve", one.slot, {{"slot", name_of(one.slot)}, {"request_hash", one.about}}});
        break;
      case ObligationKind::report: out.push_back({"submit_report", rsc_svc}); break;
      case ObligationKind::report_approval: out.push_back({"approve_report", hcf_sysadm, {{"read", true}}}); break;
      case ObligationKind::log_review:
        out.push_back({"review_log",
                       hcf_netadm,
                       {{"access_list_seen", true}, {"operations_seen", true}, {"finding", "nothing_unusual"}}});
        break;
      case ObligationKind::safety_report: out.push_back({"submit_safety_report", rsc_mgr}); break;
      case ObligationKind::nonconformity: out.push_back({"answer_nonconformity", rsc_mgr}); break;
    }
  }
  incident_duties(file, out);
  // What was to be kept for a time only is owed again when that is over; here it is doubted first (F83).
  if (!std::ranges::all_of(file.items, [](const DataItem& one) { return is_final(one.state); }))
    out.push_back({"refuse_data", hcf_sysadm});
  if (file.hold.is_set()) out.push_back({"lift_hold", hcf_clin, {{"restricted_use", false}}});
  out.push_back({"sign_off", hcf_sysadm, Json::object()});
}

}  // namespace

const std::vector<std::pair<std::string, int>>& wishes_in(const std::string& state) {
  static const Wishes none_left = {{"add_note", 1}, {"open_incident", 1}, {"reopen", 1}, {"judge_attachment", 1}};
  const auto found = wish_table().find(state);
  return found == wish_table().end() ? none_left : found->second;
}

std::vector<Duty> duties_of(World& world, const CaseFile& file, Dice& dice) {
  const std::string& state = file.state;
  std::vector<Duty> out;
  if (state == "notified") {
    if (file.device.empty() && dice.one_in(2)) out.push_back({"identify_device", hcf_sysadm});
    out.push_back({"acknowledge", rsc_svc});
    out.push_back({"cancel", hcf_sysadm});
  }
  if (state == "acknowledged") {
    out.push_back({"stop_after_access", hcf_sysadm});
    if (dice.one_in(2)) out.push_back({"cancel", hcf_sysadm});
    out.push_back({"resolved_without_access", rsc_svc});
  }
  if (state == "conn_requested") out.push_back({"amend_or_withdraw", rsc_svc});
  if (state == "conn_rejected") out.push_back({"revise", rsc_svc});
  if (state == "check_online") out.push_back({"clinical_ok", hcf_clin});
  if (state == "conn_approved" || state == "connecting" || state == "connected" || state == "conn_lost" ||
      state == "check_online")
    out.push_back({"revoke", hcf_sysadm, Json::object()});
  if (state == "connect_failed") out.push_back({"give_up", rsc_svc, Json::object()});
  if (state == "disc_unverified")
    out.push_back({"manual_close",
                   hcf_netadm,
                   {{"hops", {"exit", "access_point", "route"}},
                    {"closed_at", to_text(world.now())},
                    {"accounts_disabled", true},
                    {"evidence", "unplugged"}}});
  if (state == "halted") {
    incident_duties(file, out);
    out.push_back({"abandon", hcf_sysadm, Json::object()});
  }
  if (state == "check_offline") out.push_back({"clinical_ok", hcf_clin});
  if (state == "onsite") out.push_back({"onsite_done", hcf_psm, {{"report", "done"}, {"items_registered", true}}});
  if (state == "data_deletion") deletion_duties(file, out);
  if (state == "deletion_failed") failed_duties(file, out);
  if (state == "sign_off") sign_off_duties(file, out);
  return out;
}

}  // namespace kintsugi::drill

#include "tests/explore/bounds.h"

#include <algorithm>

namespace kintsugi::explore {
namespace {

const std::vector<std::string> reported = {"mr notify"};
const std::string approved = R"(mr notify
cho acknowledge
cho request_connection
ada approve hcf_sysadm
ben approve hcf_netadm
dan approve rsc_netadm
)";
const std::string unattended = R"(mr notify
cho acknowledge
cho request_connection nobody attends
ada approve hcf_sysadm
ben approve hcf_netadm
dan approve rsc_netadm
)";
const std::string started = approved + R"(ben set_hold
cho start_connection
)";
const std::string inside = started + R"(sys report_hop exit open
sys report_hop access_point open
sys report_hop route open
)";
const std::string shut = R"(sys report_hop route closed
sys report_hop access_point closed
sys report_hop exit closed
sys report_hop probe closed
)";
const std::string took = inside + R"(cho item_declared
ada authorise_export
cho take_data
)";
const std::string triage = "mr notify\ncho acknowledge\n";
const std::string at_night = "mr notify somebody harmed\ncho acknowledge\n";

std::vector<Bound> all_bounds() {
  std::vector<Bound> out;
  out.push_back(
      {.name = "notice",
       .about = "a notice, known or not, repeated or of another fault; who takes it; every end before access",
       .fixed = "no request for a connection, nobody on site",
       .starts = {""},
       .focus = {"", "notified", "acknowledged", "cancelled", "false_alarm", "merged"},
       .events = {"notify",
                  "notify_unknown",
                  "notify_duplicate",
                  "notify_second_fault",
                  "device_normal",
                  "identify_device",
                  "acknowledge",
                  "reassign",
                  "escalate_l2",
                  "set_priority",
                  "propose_cancel",
                  "propose_false_alarm",
                  "propose_merge",
                  "cancel",
                  "confirm_false_alarm",
                  "merge_into",
                  "resolved_without_access",
                  "submit_safety_report",
                  "mail_bounced",
                  "add_note"},
       .masters = true});
  out.push_back({.name = "approval",
                 .about =
                     "a request against its approvals: yes against no, amended, timed out, approver or worker lost, "
                     "device locked, log broken",
                 .fixed = "one grant, which is not used; priority p1 or p2; one of two windows",
                 .starts = {triage, at_night},
                 .focus = {"acknowledged", "conn_requested", "conn_rejected", "conn_approved"},
                 .events = {"request_connection", "approve", "reject", "amend_or_withdraw", "revise", "revoke",
                            "emergency_disconnect", "mail_bounced", "assign_attendant", "cancel", "stop_after_access",
                            "submit_safety_report"},
                 .log = true,
                 .other = true,
                 .masters = true});
  out.push_back({.name = "emergency",
                 .about = "break-glass: consent, start, what is armed by it, and the approvals owed for it",
                 .fixed = "priority p1; one grant, which is not used",
                 .starts = {at_night, at_night + "cho request_connection\n"},
                 .focus = {"acknowledged", "conn_requested", "conn_approved", "sign_off"},
                 .events = {"consent_break_glass", "break_glass", "approve", "reject", "amend_or_withdraw", "revoke",
                            "emergency_disconnect", "stop_after_access", "post_approve", "submit_report",
                            "approve_report", "review_log", "submit_safety_report", "sign_off"},
                 .log = true,
                 .other = true,
                 .masters = true});
  out.push_back({.name = "connection",
                 .about =
                     "the hops being opened, answers in any order, late, wrong and contradicting, lost and resumed; "
                     "against revoke, cut and the clock",
                 .fixed = "one grant; nothing is done inside",
                 .starts = {approved, unattended},
                 .focus = {"conn_approved", "connecting", "connect_failed", "conn_lost"},
                 .events = {"set_hold", "lift_hold", "start_connection", "report_hop", "connection_lost", "retry",
                            "give_up", "reconnect", "revoke", "emergency_disconnect", "policy_violation",
                            "amend_or_withdraw", "assign_attendant", "dispatch_onsite", "confirm_device_safe"},
                 .log = true,
                 .other = true});
  out.push_back({.name = "session",
                 .about =
                     "the work itself: writes and grace, the window and its extension, idleness, the clinical check, "
                     "a pause; against revoke, cut, loss, and end points that answer late or otherwise",
                 .fixed = "one grant; no data, no files, no second level; the closing's own races are in `closing`",
                 .starts = {inside},
                 .focus = {"connected", "check_online", "conn_lost", "connecting"},
                 .events = {"report_hop", "log_work", "write_started", "write_finished", "consent_grace",
                            "confirm_device_safe", "request_extension", "extend_window", "repair_done",
                            "repair_impossible", "abort", "clinical_ok", "clinical_ng", "disconnect_for_now",
                            "connection_lost", "reconnect", "revoke", "emergency_disconnect", "policy_violation"},
                 .log = true,
                 .masters = true});
  out.push_back(
      {.name = "export",
       .about = "data and files over a live connection, and a second level who joins",
       .fixed = "one grant, one item; no writes, no extension, no check",
       .starts = {inside},
       .focus = {"connected"},
       .events = {"item_declared", "authorise_export", "take_data", "approve_file", "put_file", "propose_l2",
                  "allow_l2", "escalate_l2", "log_work", "revoke", "emergency_disconnect", "abort"},
       .masters = true,
       .joins = true});
  out.push_back(
      {.name = "closing",
       .about = "the proof of closing after a revocation, a pause, an abort and a cut: answers of each hop and the "
                "probe in any order, late openings, hands, clocks, and cuts meanwhile",
       .fixed = "one grant; hops answer closed, open or closed with a session, of which only the route opens late",
       .starts = {inside + "ada revoke\n", inside + "cho disconnect_for_now\n", inside + "cho abort\n",
                  inside + "ben emergency_disconnect\n", started + "sys report_hop exit refused\n"},
       .focus = {"disconnecting", "disc_unverified", "halted", "connect_failed"},
       .events = {"report_hop", "emergency_disconnect", "manual_close", "release", "abandon", "dispatch_onsite",
                  "retry", "give_up"},
       .log = true,
       .other = true,
       .masters = true});
  out.push_back({.name = "onsite",
                 .about = "work on site, its check, and what is found there",
                 .fixed = "one item beside the memory of a withdrawn device; no second connection",
                 .starts = {triage + "cho dispatch_onsite\n"},
                 .focus = {"onsite", "check_offline"},
                 .events = {"onsite_progress", "need_remote_help", "onsite_done", "withdraw_device", "item_declared",
                            "item_returned", "clinical_ok", "clinical_ng", "set_hold", "lift_hold"},
                 .items_max = 2});
  out.push_back(
      {.name = "deletion",
       .about = "step 5: every way of an item to its end, failures, holds, incidents, retention, and the statement "
                "that nothing was taken",
       .fixed = "one item, taken or found, or none; one incident; two items in `copies`",
       .starts = {took + "cho abort\n" + shut, inside + "cho abort\n" + shut},
       .focus = {"data_deletion", "deletion_failed"},
       .events = {"nothing_taken", "countersign", "item_declared", "item_erased", "item_verified", "item_retained",
                  "item_returned", "item_deidentified", "legal_hold", "lift_legal_hold", "erasure_failed",
                  "retry_or_stronger", "raise_incident", "assess_incident", "report_incident", "close_incident",
                  "accept_residual"},
       .masters = true});
  out.push_back(
      {.name = "copies",
       .about = "two items: one that was taken, and a copy of it that is found, or another that is declared",
       .fixed = "no incident and no legal hold, so nothing is accepted as lost",
       .starts = {took + "cho abort\n" + shut},
       .focus = {"data_deletion", "deletion_failed"},
       .events = {"item_declared", "item_erased", "item_verified", "item_retained", "item_returned", "erasure_failed",
                  "retry_or_stronger"},
       .items_max = 2});
  out.push_back(
      {.name = "retention",
       .about = "an item that is kept until a date: it comes before, during and after the sign-off",
       .fixed = "ordinary payloads, by the first who may; one grant, one item",
       .starts = {took + "cho abort\n" + shut},
       .focus = {"data_deletion", "deletion_failed", "sign_off", "closed"},
       .events = {"item_retained", "item_erased", "item_verified", "retry_or_stronger", "submit_report",
                  "approve_report", "review_log", "sign_off", "refuse_data", "answer_nonconformity", "reopen"},
       .ordinary = true,
       .by_one = true});
  out.push_back({.name = "sign_off",
                 .about = "report, approval, review, signature, refusals, incidents, and a reopening",
                 .fixed = "one grant; nothing was taken; reopened once",
                 .starts = {inside + "cho abort\n" + shut + "cho nothing_taken\ndan countersign\n"},
                 .focus = {"sign_off", "closed"},
                 .events = {"submit_report", "approve_report", "review_log", "sign_off", "refuse_repair",
                            "refuse_data", "answer_nonconformity", "set_hold", "lift_hold", "open_incident",
                            "assess_incident", "close_incident", "reopen"},
                 .masters = true});
  out.push_back(
      {.name = "twice",
       .about = "the whole straight way with a second request and a second grant after a revocation, a refusal or a "
                "reopening",
       .fixed = "ordinary payloads; end points do as they are told; two grants, nothing taken",
       .starts = {triage},
       .focus = {"acknowledged", "conn_requested", "conn_rejected", "conn_approved", "connecting", "connected",
                 "check_online", "disconnecting", "data_deletion", "sign_off", "closed"},
       .events = {"request_connection", "approve",    "reject",        "revise",        "set_hold",
                  "start_connection",   "report_hop", "log_work",      "repair_done",   "clinical_ok",
                  "disconnect_for_now", "revoke",     "nothing_taken", "countersign",   "submit_report",
                  "approve_report",     "review_log", "sign_off",      "refuse_repair", "reopen",
                  "stop_after_access"},
       .ordinary = true,
       .grants_max = 2});
  out.push_back(
      {.name = "whole",
       .about = "all phases in one, from triage to the end",
       .fixed = "ordinary payloads, by the first who may; end points do as they are told; one grant, one "
                "item; no emergency, no writes, no pause, no loss, no second attempt, no violation, no reopening",
       .starts = {triage},
       .focus = {"acknowledged", "conn_requested", "conn_rejected", "conn_approved", "connecting", "connect_failed",
                 "connected", "conn_lost", "check_online", "check_offline", "halted", "disconnecting",
                 "disc_unverified", "onsite", "data_deletion", "deletion_failed", "sign_off"},
       .events = {"request_connection",
                  "approve",
                  "reject",
                  "amend_or_withdraw",
                  "revise",
                  "cancel",
                  "stop_after_access",
                  "dispatch_onsite",
                  "resolved_without_access",
                  "set_hold",
                  "start_connection",
                  "report_hop",
                  "give_up",
                  "revoke",
                  "emergency_disconnect",
                  "log_work",
                  "repair_done",
                  "repair_impossible",
                  "abort",
                  "clinical_ok",
                  "clinical_ng",
                  "manual_close",
                  "release",
                  "abandon",
                  "need_remote_help",
                  "onsite_done",
                  "withdraw_device",
                  "item_declared",
                  "authorise_export",
                  "take_data",
                  "item_erased",
                  "item_verified",
                  "erasure_failed",
                  "retry_or_stronger",
                  "nothing_taken",
                  "countersign",
                  "submit_report",
                  "approve_report",
                  "review_log",
                  "sign_off",
                  "refuse_repair",
                  "refuse_data",
                  "answer_nonconformity"},
       .ordinary = true,
       .by_one = true});
  return out;
}

}  // namespace

const std::vector<Bound>& bounds() {
  static const std::vector<Bound> all = all_bounds();
  return all;
}

}  // namespace kintsugi::explore

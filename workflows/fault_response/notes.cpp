#include "workflows/fault_response/notes.h"

#include "workflows/fault_response/actions.h"
#include "workflows/fault_response/checks.h"
#include "workflows/fault_response/note_actions.h"

#include <algorithm>
#include <initializer_list>

namespace kintsugi::fault_response {
namespace {

using machine::Action;
using machine::RowSpec;
using enum Role;

// The lists of one note, kept for ever: RowSpec only points at them.
struct Note {
  std::string_view name;
  std::vector<std::string_view> states;
  std::vector<Role> by;
  std::vector<const Check*> checks;
  std::vector<Action> actions;
};

using States = std::vector<std::string_view>;

const std::vector<Note>& table() {
  // Where notes are possible; an empty list is every open state.
  const States any_open = {};
  const States before_access = {"notified", "acknowledged", "conn_requested", "conn_rejected"};
  const States early = {"notified", "acknowledged"};
  const States inside = {"connected", "check_online"};
  const States armed_or_inside = {"conn_approved", "connecting",    "connect_failed",  "connected", "conn_lost",
                                  "check_online",  "disconnecting", "disc_unverified", "halted"};
  const States closing = {"connect_failed", "disconnecting", "disc_unverified", "halted"};
  const States everywhere = {"notified",      "acknowledged",    "conn_requested", "conn_rejected",   "conn_approved",
                             "connecting",    "connect_failed",  "connected",      "conn_lost",       "check_online",
                             "check_offline", "halted",          "disconnecting",  "disc_unverified", "onsite",
                             "data_deletion", "deletion_failed", "sign_off",       "closed",          "cancelled",
                             "false_alarm",   "merged"};
  // Closing destroys the care key, and with it whatever was never judged.
  const States while_readable = [&] {
    States out = everywhere;
    std::erase(out, "closed");
    return out;
  }();
  const States not_deleting = {
      "notified",       "acknowledged",    "conn_requested", "conn_rejected",   "conn_approved", "connecting",
      "connect_failed", "connected",       "conn_lost",      "check_online",    "check_offline", "halted",
      "disconnecting",  "disc_unverified", "onsite",         "deletion_failed", "sign_off"};
  const States data_states = {"connected", "check_online",  "check_offline", "acknowledged",
                              "onsite",    "disconnecting", "data_deletion", "deletion_failed"};

  // clang-format off
  static const std::vector<Note> all = {
  // note                    in                 by                                                        if                                                    do
  // 1 the fault
  {"device_normal"        , any_open       , {device, hcf_clin, hcf_psm, hcf_sysadm, sys}            , {}                                                  , {{"device_is_normal", device_is_normal}}},
  {"set_priority"         , any_open       , {hcf_clin, hcf_sysadm, hcf_duty, rsc_svc, rsc_mgr}      , {&priority_lowered_by_rsc, &harm_keeps_p1}          , {{"set_priority", set_priority}}},
  {"add_note"             , any_open       , {rsc_svc, rsc_l2, rsc_mgr, rsc_netadm, hcf_clin, hcf_psm, hcf_sysadm, hcf_netadm, hcf_priv, hcf_sec, hcf_duty} , {}, {{"keep_attachments", keep_attachments}}},
  {"judge_attachment"     , while_readable , {hcf_priv, hcf_sysadm, hcf_clin}                        , {&vendor_acts_for_hospital, &nothing_to_judge, &attachment_unknown, &judged_so_already, &own_judgement}, {{"judge_attachment", judge_attachment}}},
  {"propose_cancel"       , before_access  , {rsc_svc}                                               , {}                                                  , {{"propose", propose}}},
  {"propose_false_alarm"  , early          , {rsc_svc}                                               , {}                                                  , {{"propose", propose}}},
  {"propose_merge"        , early          , {rsc_svc}                                               , {&merge_target_not_open}                            , {{"propose", propose}}},
  {"mail_bounced"         , everywhere     , {sys}                                                   , {}                                                  , {{"tell_bounced", tell_bounced}}},
  {"identify_device"      , any_open       , {rsc_svc, rsc_mgr, hcf_sysadm, hcf_clin, hcf_psm}       , {&device_already_known, &device_not_registered, &no_contract, &device_of_other_rsc}, {{"identify_device", identify_device}}},
  // 2 before the connection
  {"set_hold"             , any_open       , {hcf_clin}                                              , {&patient_present}                                  , {{"set_hold", set_hold}}},
  {"lift_hold"            , any_open       , {hcf_clin}                                              , {&hold_not_set, &work_still_running}                , {{"lift_hold", lift_hold}}},
  {"assign_attendant"     , {"acknowledged", "conn_requested", "conn_approved"}, {hcf_clin, hcf_psm, hcf_sysadm, hcf_netadm}, {&no_request, &attendant_not_hospital}     , {{"assign_attendant", assign_attendant}}},
  {"consent_break_glass"  , {"acknowledged", "conn_requested"}, {rsc_netadm}                          , {&not_p1, &break_glass_not_allowed, &step_up_missing}, {{"consent_break_glass", consent_break_glass}}},
  {"approval_lapsed"      , {"conn_requested"}, {sys}                                                , {&approvals_stand}                                   , {{"void_approval", void_approval}}},
  // 3 and 4 the connection
  {"report_hop"           , armed_or_inside, {sys}                                                   , {&no_grant}                                         , {{"report_hop", report_hop}}},
  {"request_extension"    , {"connected"}  , {rsc_svc, rsc_l2}                                       , {&not_a_listed_worker}                              , {{"propose", propose}}},
  {"propose_l2"           , {"connected"}  , {rsc_svc}                                               , {&not_a_listed_worker, &no_second_level_person}     , {{"propose", propose}}},
  {"allow_l2"             , {"connected"}  , {hcf_sysadm, rsc_netadm}                                , {&no_grant, &second_level_not_proposed, &own_proposal, &requester_may_not_approve, &vendor_in_hcf_slot, &worker_not_eligible, &approver_may_not_work, &step_up_missing}, {{"allow_second_level", allow_second_level}}},
  {"approve_file"         , {"conn_approved", "connected"}, {hcf_sysadm}                             , {&no_request, &requester_may_not_approve, &worker_may_not_approve, &vendor_acts_for_hospital}, {{"approve_file", approve_file}}},
  {"write_started"        , {"connected"}  , {rsc_svc, rsc_l2, device, sys}                          , {&not_a_listed_worker}                              , {{"write_started", write_started}}},
  {"write_finished"       , {"connected", "check_online", "conn_lost"}, {rsc_svc, rsc_l2, device, sys}, {&write_not_running, &not_a_listed_worker}          , {{"write_finished", write_finished}}},
  {"consent_grace"        , inside         , {hcf_clin}                                              , {&write_not_running}                                , {{"consent_grace", consent_grace}}},
  {"confirm_device_safe"  , {"conn_lost"}  , {hcf_clin}                                              , {&not_said_safe}                                    , {{"confirm_device_safe", confirm_device_safe}}},
  {"window_warning"       , inside         , {sys}                                                   , {&timer_not_running}                                , {{"warn_window", warn_window}}},
  {"t_close_recheck"      , closing        , {sys}                                                   , {&timer_not_running}                                , {{"look_again", look_again}}},
  // 5 data
  {"item_declared"        , data_states    , {rsc_svc, rsc_l2, hcf_psm}                              , {}                                                  , {{"declare_item", declare_item}}},
  {"authorise_export"     , any_open       , {hcf_sysadm, hcf_priv}                                  , {&vendor_acts_for_hospital, &item_unknown, &item_already_decided, &no_item_to_decide}, {{"authorise_export", authorise_export}}},
  {"countersign"          , {"data_deletion"}, {rsc_netadm}                                          , {&nothing_to_countersign, &own_claim, &data_was_taken}, {{"countersign", countersign}}},
  {"item_returned"        , {"data_deletion", "onsite", "check_offline"}, {hcf_sysadm, hcf_priv, hcf_psm}, {&item_unknown, &item_state_wrong}               , {{"return_item", return_item}}},
  {"item_deidentified"    , {"data_deletion"}, {rsc_netadm, hcf_priv}                                , {&item_unknown, &item_state_wrong, &eraser_may_not_verify}, {{"deidentify_item", deidentify_item}}},
  {"lift_legal_hold"      , {"data_deletion", "deletion_failed"}, {hcf_priv, rsc_mgr}                , {&item_unknown, &item_not_held}                     , {{"lift_legal_hold", lift_legal_hold}}},
  {"t_delete_warn"        , not_deleting   , {sys}                                                   , {&timer_not_running}                                , {{"warn_deletion", warn_deletion}}},
  {"t_retention_over"     , everywhere     , {sys}                                                   , {&timer_not_running}                                , {{"end_retention", end_retention}}},
  // beside the steps
  {"open_incident"        , everywhere     , {hcf_priv, hcf_sec, hcf_sysadm, rsc_mgr}                , {}                                                  , {{"open_incident", open_incident}}},
  {"assess_incident"      , everywhere     , {hcf_priv, hcf_sec}                                     , {&incident_unknown, &incident_state_wrong}          , {{"assess_incident", assess_incident}}},
  {"report_incident"      , everywhere     , {hcf_priv, hcf_sec}                                     , {&incident_unknown, &incident_state_wrong}          , {{"report_incident", report_incident}}},
  {"close_incident"       , everywhere     , {hcf_priv, hcf_sec}                                     , {&incident_unknown, &incident_state_wrong}          , {{"close_incident", close_incident}}},
  {"answer_nonconformity" , any_open       , {rsc_svc, rsc_mgr, rsc_netadm, hcf_netadm, hcf_sysadm}  , {&no_such_nonconformity, &no_nonconformity_open}    , {{"answer_nonconformity", answer_nonconformity}}},
  {"submit_safety_report" , any_open       , {rsc_mgr, hcf_sec, hcf_sysadm}                          , {&no_safety_report_due}                             , {{"submit_safety_report", submit_safety_report}}},
  {"t_obligation_due"     , any_open       , {sys}                                                   , {&timer_not_running}                                , {{"remind_obligation", remind_obligation}}},
  {"t_incident_due"       , everywhere     , {sys}                                                   , {&timer_not_running}                                , {{"remind_incident", remind_incident}}},
};
  // clang-format on
  return all;
}

}  // namespace

const std::vector<RowSpec>& notes() {
  static const std::vector<RowSpec> all = [] {
    std::vector<RowSpec> out;
    for (const Note& one : table())
      out.push_back({.row = one.name,
                     .event = one.name,
                     .from = one.states,
                     .to = "",
                     .actions = one.actions,
                     .by = one.by,
                     .checks = one.checks});
    return out;
  }();
  return all;
}

bool note_applies(const RowSpec& note, std::string_view state, bool open) {
  return note.from.empty() ? open : std::ranges::count(note.from, state) > 0;
}

}  // namespace kintsugi::fault_response

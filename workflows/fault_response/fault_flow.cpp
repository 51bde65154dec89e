#include "workflows/fault_response/fault_flow.h"

#include "engine/machine/table.h"
#include "workflows/fault_response/actions.h"
#include "workflows/fault_response/checks.h"

namespace kintsugi::fault_response {
namespace {

using machine::AnyOpen;
using machine::Arcs;
using machine::By;
using machine::Do;
using machine::From;
using machine::Row;
using machine::Same;
using machine::State;
using machine::Unless;

// What is true while a case stands in a state is said in docs/rules.md, state by state; here are the names that are
// stored for ever, the guideline's step, and what the access to the device is meant to be.
// clang-format off
struct Initial        : State<""                , 0, Access::closed   > {};
struct Notified       : State<"notified"        , 1, Access::closed   > {};
struct Acknowledged   : State<"acknowledged"    , 1, Access::closed   > {};
struct ConnRequested  : State<"conn_requested"  , 2, Access::closed   > {};
struct ConnRejected   : State<"conn_rejected"   , 2, Access::closed   > {};
struct ConnApproved   : State<"conn_approved"   , 2, Access::armed    > {};
struct Connecting     : State<"connecting"      , 3, Access::opening  > {};
struct ConnectFailed  : State<"connect_failed"  , 3, Access::closing  > {};
struct Connected      : State<"connected"       , 3, Access::open     > {};
struct ConnLost       : State<"conn_lost"       , 3, Access::suspended> {};
struct CheckOnline    : State<"check_online"    , 3, Access::open     > {};
struct CheckOffline   : State<"check_offline"   , 0, Access::closed   > {};
struct Halted         : State<"halted"          , 4, Access::closing  > {};
struct Disconnecting  : State<"disconnecting"   , 4, Access::closing  > {};
struct DiscUnverified : State<"disc_unverified" , 4, Access::unknown  > {};
struct Onsite         : State<"onsite"          , 0, Access::closed   > {};
struct DataDeletion   : State<"data_deletion"   , 5, Access::closed   > {};
struct DeletionFailed : State<"deletion_failed" , 5, Access::closed   > {};
struct SignOff        : State<"sign_off"        , 5, Access::closed   > {};
struct Closed         : State<"closed"          , 0, Access::closed, true> {};
struct Cancelled      : State<"cancelled"       , 0, Access::closed, true> {};
struct FalseAlarm     : State<"false_alarm"     , 0, Access::closed, true> {};
struct Merged         : State<"merged"          , 0, Access::closed, true> {};
// clang-format on

using enum Role;

// The guideline's figure, row for row: a case enters at the top and leaves at the bottom. A check has the name of
// what stands in the way, so a row is read "... by one of these, unless any of this is the case". A refusal names
// every check that blocks, in the row's order, and is known by the first, so the telling one stands first: who
// somebody is tells more than what he sent, and that more than where the case stands. Rows that share an event and a
// state exclude each other by their last check.
struct FaultFlow : machine::FlowBase, boost::msm::front::state_machine_def<FaultFlow> {
  using initial_state = Initial;
  using no_exception_thrown = int;
  using no_message_queue = int;
  template <class Fsm, class Event>
  void no_transition(const Event&, Fsm&, int) {}

  // clang-format off
  struct transition_table : Arcs<
    //   row    from                                      on                         to               do                                       by                                              unless
    // 1 Notice and triage
    Row<"F01", From<Initial>                            , "notify"                 , Notified       , Do<open_case>                          , By<device, hcf_clin, hcf_psm, hcf_sysadm, sys> , Unless<device_not_registered, no_contract, device_has_open_case>>,
    Row<"F02", From<Initial>                            , "notify_unknown"         , Notified       , Do<open_unknown_case>                  , By<sys, device, hcf_clin, hcf_psm, hcf_sysadm>>,
    Row<"F05", From<Notified>                           , "acknowledge"            , Acknowledged   , Do<take_over, start_triage>            , By<rsc_svc>                                    , Unless<not_on_duty, outside_contract_hours>>,
    Row<"F06", From<Notified>                           , "t_ack_expired"          , Same           , Do<climb_ladder>                       , By<sys>                                        , Unless<timer_not_running>>,
    Row<"F07", From<Acknowledged>                       , "t_triage_expired"       , Same           , Do<climb_ladder>                       , By<sys>                                        , Unless<timer_not_running>>,
    Row<"F08", From<Acknowledged>                       , "reassign"               , Same           , Do<hand_over>                          , By<rsc_svc, rsc_mgr>                           , Unless<new_owner_not_qualified>>,
    Row<"F09", From<Acknowledged>                       , "escalate_l2"            , Same           , Do<add_second_level>                   , By<rsc_svc>                                    , Unless<no_second_level_person>>,
    Row<"F10", From<Notified, Acknowledged>             , "confirm_false_alarm"    , FalseAlarm     , Do<end_without_access>                 , By<hcf_sysadm, hcf_clin>                       , Unless<access_was_granted, data_item_registered, false_alarm_not_proposed>>,
    Row<"F11", From<Notified, Acknowledged, ConnRequested, ConnRejected>
                                                        , "cancel"                 , Cancelled      , Do<void_request, end_without_access>   , By<hcf_sysadm, hcf_clin, hcf_psm>              , Unless<access_was_granted, data_item_registered, not_the_reporter>>,
    Row<"F12", From<Notified, Acknowledged>             , "merge_into"             , Merged         , Do<link_merged, end_without_access>    , By<hcf_sysadm>                                 , Unless<access_was_granted, data_item_registered, merge_not_proposed, merge_target_not_open>>,
    Row<"F13", From<Acknowledged>                       , "resolved_without_access", CheckOffline   , Do<ask_clinical_check>                 , By<rsc_svc>>,
    Row<"F22", From<ConnRejected>                       , "revise"                 , Acknowledged   , Do<start_triage>                       , By<rsc_svc>>,
    Row<"F23", From<Acknowledged, ConnRejected, ConnectFailed>
                                                        , "dispatch_onsite"        , Onsite         , Do<end_grant_failed, dispatch>         , By<rsc_svc, hcf_sysadm>                        , Unless<hops_not_closed>>,
    Row<"F86", From<Acknowledged>                       , "stop_after_access"      , DataDeletion   , Do<stop_after_access, owe_paper>       , By<hcf_sysadm>                                 , Unless<no_access_before, hops_not_closed>>,
    Row<"F87", From<ConnRejected>                       , "stop_after_access"      , DataDeletion   , Do<stop_after_access, owe_paper>       , By<hcf_sysadm>                                 , Unless<no_access_before, hops_not_closed>>,

    // 2 Request and approval
    Row<"F14", From<Acknowledged>                       , "request_connection"     , ConnRequested  , Do<file_request, ask_approvers>        , By<rsc_svc>                                    , Unless<device_not_registered, path_not_registered, device_locked, worker_not_eligible, window_not_valid, window_too_long, too_many_sessions>>,
    Row<"F15", From<ConnRequested>                      , "approve"                , Same           , Do<approve_slot, tell_requester>       , By<hcf_sysadm, hcf_netadm, rsc_netadm, hcf_priv, hcf_sec, hcf_clin, rsc_mgr>
                                                                                                                                                                                              , Unless<requester_may_not_approve, worker_may_not_approve, person_counts_once, vendor_in_hcf_slot, hash_differs, step_up_missing, slot_not_open, window_not_narrower, is_last_slot>>,
    Row<"F16", From<ConnRequested>                      , "approve"                , ConnApproved   , Do<approve_slot, grant_access, arm>    , By<hcf_sysadm, hcf_netadm, rsc_netadm, hcf_priv, hcf_sec, hcf_clin, rsc_mgr>
                                                                                                                                                                                              , Unless<requester_may_not_approve, worker_may_not_approve, person_counts_once, vendor_in_hcf_slot, hash_differs, step_up_missing, slot_not_open, window_not_narrower, worker_not_eligible, approver_lost_role, two_sides_missing, window_over, device_locked, audit_not_working, is_not_last_slot>>,
    Row<"F17", From<ConnRequested>                      , "reject"                 , ConnRejected   , Do<reject_slot, void_request, start_decision>
                                                                                                                                             , By<hcf_sysadm, hcf_netadm, rsc_netadm, hcf_priv, hcf_sec, hcf_clin, rsc_mgr>
                                                                                                                                                                                              , Unless<requester_may_not_approve, worker_may_not_approve, vendor_in_hcf_slot, hash_differs, slot_not_open>>,
    Row<"F18", From<ConnRequested>                      , "t_approve_expired"      , Same           , Do<ask_again>                          , By<sys>                                        , Unless<timer_not_running>>,
    Row<"F19", From<ConnRequested>                      , "t_approve_final"        , ConnRejected   , Do<time_out_request, void_request, start_decision>
                                                                                                                                             , By<sys>                                        , Unless<timer_not_running>>,
    Row<"F20", From<ConnRequested>                      , "amend_or_withdraw"      , Acknowledged   , Do<void_request, tell_withdrawn, start_triage>
                                                                                                                                             , By<rsc_svc>>,
    Row<"F21", From<Acknowledged, ConnRequested>        , "break_glass"            , ConnApproved   , Do<file_break_glass, grant_access, arm>, By<hcf_sysadm, hcf_duty>                       , Unless<vendor_in_hcf_slot, worker_may_not_approve, not_p1, break_glass_not_allowed, rsc_consent_missing, device_not_registered, path_not_registered, worker_not_eligible, window_not_valid, device_locked, audit_not_working, step_up_missing>>,
    Row<"F24", From<ConnApproved, Connecting, Connected, ConnLost, CheckOnline>
                                                        , "revoke"                 , Disconnecting  , Do<revoke_grant>                       , By<hcf_sysadm, hcf_netadm, hcf_duty, rsc_netadm, sys>>,
    Row<"F25", From<ConnApproved>                       , "t_window_unused"        , Disconnecting  , Do<expire_grant>                       , By<sys>                                        , Unless<timer_not_running>>,
    Row<"F90", From<ConnRejected, ConnectFailed>        , "t_decide_expired"       , Same           , Do<climb_ladder>                       , By<sys>                                        , Unless<timer_not_running>>,
    Row<"F94", From<ConnApproved>                       , "amend_or_withdraw"      , Disconnecting  , Do<void_request, withdraw_grant>       , By<rsc_svc>>,

    // 3 Connection and repair
    Row<"F26", From<ConnApproved>                       , "start_connection"       , Connecting     , Do<open_first_hop>                     , By<rsc_svc, rsc_l2>                            , Unless<not_a_listed_worker, outside_window, hold_not_set, attendant_missing, second_factor_missing, case_number_differs, end_point_not_healthy, audit_not_working>>,
    Row<"F27", From<Connecting>                         , "path_confirmed"         , Connected      , Do<begin_session>                      , By<sys>                                        , Unless<path_not_confirmed>>,
    Row<"F28", From<Connecting>                         , "t_open_expired"         , ConnectFailed  , Do<take_back>                          , By<sys>                                        , Unless<opening_not_failed>>,
    Row<"F29", From<ConnectFailed>                      , "retry"                  , ConnApproved   , Do<arm_again>                          , By<rsc_svc>                                    , Unless<hops_not_closed, grant_ended, worker_not_eligible, attempts_used_up, window_over, device_locked, audit_not_working>>,
    Row<"F30", From<ConnectFailed>                      , "give_up"                , Acknowledged   , Do<end_grant_failed, start_triage, tell_gave_up>
                                                                                                                                             , By<rsc_svc, sys>                               , Unless<hops_not_closed>>,
    Row<"F31", From<ConnectFailed>                      , "t_close_expired"        , DiscUnverified , Do<closing_unproved>                   , By<sys>                                        , Unless<timer_not_running>>,
    Row<"F32", From<Connected>                          , "log_work"               , Same           , Do<log_work>                           , By<rsc_svc, rsc_l2, device, sys>               , Unless<not_a_listed_worker>>,
    Row<"F33", From<Connected>                          , "take_data"              , Same           , Do<take_item>                          , By<rsc_svc, rsc_l2>                            , Unless<not_a_listed_worker, item_unknown, export_not_authorised>>,
    Row<"F34", From<Connected>                          , "put_file"               , Same           , Do<put_file>                           , By<rsc_svc, rsc_l2>                            , Unless<not_a_listed_worker, file_not_clean, file_not_approved>>,
    Row<"F35", From<Connected>                          , "extend_window"          , Same           , Do<extend_window>                      , By<hcf_sysadm, hcf_netadm>                     , Unless<vendor_acts_for_hospital, extension_not_requested, own_proposal, extension_too_long>>,
    Row<"F36", From<Connected>                          , "escalate_l2"            , Same           , Do<add_second_level, let_second_level_in>, By<rsc_svc>                                    , Unless<no_second_level_person, second_level_not_listed, worker_not_eligible, approver_may_not_work>>,
    Row<"F37", From<Connected>                          , "repair_done"            , CheckOnline    , Do<claim_repair, ask_clinical_check>   , By<rsc_svc, rsc_l2>                            , Unless<not_a_listed_worker, work_log_empty>>,
    Row<"F38", From<Connected>                          , "repair_impossible"      , Disconnecting  , Do<leave_for_onsite>                   , By<rsc_svc, rsc_l2>                            , Unless<not_a_listed_worker>>,
    Row<"F39", From<Connected>                          , "abort"                  , Disconnecting  , Do<abort_repair>                       , By<rsc_svc, hcf_sysadm>>,
    Row<"F40", From<Connected, Connecting, CheckOnline> , "connection_lost"        , ConnLost       , Do<suspend>                            , By<sys>>,
    Row<"F41", From<ConnLost>                           , "reconnect"              , Connecting     , Do<reopen_path>                        , By<rsc_svc, rsc_l2>                            , Unless<not_a_listed_worker, window_over, grant_ended, step_up_missing, device_not_safe, audit_not_working>>,
    Row<"F50", From<CheckOnline>                        , "clinical_ok"            , Disconnecting  , Do<return_to_use, leave_for_deletion>  , By<hcf_clin, hcf_psm>                          , Unless<not_appointed, check_list_incomplete>>,
    Row<"F51", From<CheckOffline>                       , "clinical_ok"            , DataDeletion   , Do<return_to_use, owe_paper, start_deletion>
                                                                                                                                             , By<hcf_clin, hcf_psm>                          , Unless<not_appointed, check_list_incomplete>>,
    Row<"F52", From<CheckOnline>                        , "clinical_ng"            , Connected      , Do<tell_check_failed, resume_work>     , By<hcf_clin>                                   , Unless<outside_window>>,
    Row<"F53", From<CheckOffline>                       , "clinical_ng"            , Acknowledged   , Do<tell_check_failed, start_triage>    , By<hcf_clin>>,
    Row<"F88", From<CheckOnline, CheckOffline>          , "t_clin_expired"         , Same           , Do<climb_ladder>                       , By<sys>                                        , Unless<timer_not_running>>,
    Row<"F92", From<Connected>                          , "disconnect_for_now"     , Disconnecting  , Do<leave_for_now>                      , By<rsc_svc, rsc_l2>                            , Unless<not_a_listed_worker, window_over, sessions_used_up>>,

    // 4 Disconnection
    Row<"F42", From<ConnLost>                           , "t_reconnect_expired"    , Disconnecting  , Do<give_up_lost>                       , By<sys>                                        , Unless<timer_not_running>>,
    Row<"F43", From<Connected, CheckOnline>             , "t_window_end"           , Disconnecting  , Do<end_window>                         , By<sys>                                        , Unless<timer_not_running>>,
    Row<"F44", From<Connected>                          , "t_idle_final"           , Disconnecting  , Do<end_idle>                           , By<sys>                                        , Unless<timer_not_running>>,
    Row<"F45", From<ConnApproved, Connecting, Connected, ConnLost, CheckOnline, ConnectFailed, Disconnecting, DiscUnverified>
                                                        , "emergency_disconnect"   , Halted         , Do<cut>                                , By<hcf_clin, hcf_psm, hcf_sysadm, hcf_netadm, hcf_priv, hcf_sec, hcf_duty, rsc_netadm, sys>>,
    Row<"F46", From<Connecting, Connected, CheckOnline> , "policy_violation"       , Halted         , Do<cut, raise_violation>               , By<sys>>,
    Row<"F47", From<Halted>                             , "release"                , Acknowledged   , Do<tell_halt_over, start_triage>       , By<hcf_sysadm>                                 , Unless<vendor_acts_for_hospital, hops_not_closed, incident_not_assessed>>,
    Row<"F48", From<Halted>                             , "abandon"                , DataDeletion   , Do<abandon, owe_paper, start_deletion> , By<hcf_sysadm>                                 , Unless<hops_not_closed>>,
    Row<"F95", From<Halted>                             , "dispatch_onsite"        , Onsite         , Do<tell_halt_over, dispatch>           , By<hcf_sysadm>                                 , Unless<hops_not_closed>>,
    Row<"F49", From<Halted>                             , "t_close_expired"        , Same           , Do<closing_still_unproved>             , By<sys>                                        , Unless<timer_not_running>>,
    Row<"F54", From<Disconnecting>                      , "close_confirmed"        , DataDeletion   , Do<closing_proved, owe_paper, start_deletion>
                                                                                                                                             , By<sys>                                        , Unless<closing_not_proved, next_is_not_data_deletion>>,
    Row<"F55", From<Disconnecting>                      , "close_confirmed"        , Onsite         , Do<closing_proved, owe_paper, dispatch>, By<sys>                                        , Unless<closing_not_proved, next_is_not_onsite>>,
    Row<"F56", From<Disconnecting>                      , "close_confirmed"        , Acknowledged   , Do<closing_proved, end_unresumed, owe_paper, start_triage>
                                                                                                                                             , By<sys>                                        , Unless<closing_not_proved, next_is_not_acknowledged>>,
    Row<"F91", From<Disconnecting>                      , "close_confirmed"        , CheckOffline   , Do<closing_proved, owe_paper, ask_clinical_check>
                                                                                                                                             , By<sys>                                        , Unless<closing_not_proved, next_is_not_check_offline>>,
    Row<"F93", From<Disconnecting>                      , "close_confirmed"        , ConnApproved   , Do<closing_proved, arm_again>          , By<sys>                                        , Unless<closing_not_proved, resume_not_possible>>,
    Row<"F57", From<Disconnecting>                      , "t_close_expired"        , DiscUnverified , Do<closing_unproved>                   , By<sys>                                        , Unless<timer_not_running>>,
    Row<"F58", From<DiscUnverified>                     , "close_confirmed_late"   , Disconnecting  , Do<record_nonconformity>               , By<sys>                                        , Unless<closing_not_proved>>,
    Row<"F59", From<DiscUnverified>                     , "manual_close"           , Disconnecting  , Do<attest_closing, record_nonconformity>, By<hcf_netadm>                                , Unless<vendor_acts_for_hospital, attestation_incomplete>>,

    // On site, beside the steps
    Row<"F60", From<Onsite>                             , "onsite_progress"        , Same           , Do<tell_onsite>                        , By<hcf_psm>>,
    Row<"F61", From<Onsite>                             , "t_onsite_expired"       , Same           , Do<climb_ladder>                       , By<sys>                                        , Unless<timer_not_running>>,
    Row<"F62", From<Onsite>                             , "need_remote_help"       , Acknowledged   , Do<start_triage>                       , By<hcf_psm, rsc_svc>>,
    Row<"F63", From<Onsite>                             , "onsite_done"            , CheckOffline   , Do<owe_paper, ask_clinical_check>      , By<hcf_psm>                                    , Unless<onsite_items_not_registered>>,
    Row<"F64", From<Onsite>                             , "withdraw_device"        , DataDeletion   , Do<withdraw_device, owe_paper, start_deletion>
                                                                                                                                             , By<hcf_sysadm>>,

    // 5 Deletion
    Row<"F65", From<DataDeletion>                       , "nothing_taken"          , Same           , Do<claim_nothing_taken>                , By<rsc_svc>                                    , Unless<data_was_taken, nothing_taken_claimed, logs_not_checked>>,
    Row<"F66", From<DataDeletion>                       , "item_erased"            , Same           , Do<erase_item>                         , By<rsc_svc, rsc_l2, sys>                       , Unless<item_unknown, item_state_wrong, method_too_weak>>,
    Row<"F67", From<DataDeletion>                       , "item_verified"          , Same           , Do<verify_item>                        , By<rsc_netadm, sys>                            , Unless<item_unknown, item_state_wrong, eraser_may_not_verify, traces_found>>,
    Row<"F68", From<DataDeletion>                       , "item_retained"          , Same           , Do<retain_item>                        , By<hcf_priv, hcf_sysadm>                       , Unless<privacy_officer_decides, item_unknown, item_state_wrong, end_date_not_later>>,
    Row<"F69", From<DataDeletion>                       , "legal_hold"             , Same           , Do<hold_items>                         , By<hcf_priv, rsc_mgr>                          , Unless<no_open_incident, item_unknown, item_state_wrong>>,
    Row<"F70", From<DataDeletion>                       , "all_accounted"          , SignOff        , Do<issue_certificate>                  , By<sys>                                        , Unless<not_all_accounted>>,
    Row<"F71", From<DataDeletion>                       , "erasure_failed"         , DeletionFailed , Do<fail_item, tell_deletion_failed>    , By<sys, rsc_svc, rsc_netadm>                   , Unless<item_unknown>>,
    Row<"F72", From<DataDeletion>                       , "t_delete_warn"          , Same           , Do<warn_deletion>                      , By<sys>                                        , Unless<timer_not_running>>,
    Row<"F73", From<DataDeletion>                       , "t_delete_overdue"       , DeletionFailed , Do<tell_deletion_failed>               , By<sys>                                        , Unless<timer_not_running>>,
    Row<"F74", From<DeletionFailed>                     , "retry_or_stronger"      , DataDeletion   , Do<retry_item, start_deletion>         , By<rsc_svc>                                    , Unless<item_not_named, method_not_stronger>>,
    Row<"F75", From<DeletionFailed>                     , "raise_incident"         , Same           , Do<open_incident>                      , By<hcf_priv, rsc_mgr>>,
    Row<"F76", From<DeletionFailed>                     , "accept_residual"        , DataDeletion   , Do<accept_residual, start_deletion>    , By<hcf_priv>                                   , Unless<vendor_acts_for_hospital, item_unknown, item_state_wrong, incident_not_decided>>,
    Row<"F89", From<DeletionFailed, Halted, DiscUnverified>
                                                        , "t_reminder"             , Same           , Do<climb_ladder>                       , By<sys>                                        , Unless<timer_not_running>>,

    // 5+ Sign-off
    Row<"F77", From<SignOff>                            , "submit_report"          , Same           , Do<submit_report>                      , By<rsc_svc>>,
    Row<"F78", From<SignOff>                            , "approve_report"         , Same           , Do<approve_report>                     , By<hcf_sysadm>                                 , Unless<vendor_acts_for_hospital, report_missing, report_not_read, author_may_not_approve>>,
    Row<"F79", From<SignOff>                            , "review_log"             , Same           , Do<review_log>                         , By<hcf_sysadm, hcf_netadm>                     , Unless<vendor_acts_for_hospital, logs_not_shown>>,
    Row<"F80", From<SignOff>                            , "post_approve"           , Same           , Do<post_approve>                       , By<hcf_sysadm, hcf_netadm, rsc_netadm, hcf_priv, hcf_sec, hcf_clin, rsc_mgr>
                                                                                                                                                                                              , Unless<requester_may_not_approve, worker_may_not_approve, person_counts_once, vendor_in_hcf_slot, hash_differs, step_up_missing, no_post_approval_due>>,
    Row<"F81", From<SignOff>                            , "sign_off"               , Closed         , Do<close_case>                         , By<hcf_sysadm>                                 , Unless<signer_is_vendor, signer_did_the_work, report_not_approved, log_not_reviewed, device_not_returned, data_not_accounted, accounts_alive, post_approval_missing, nonconformity_unanswered, safety_report_missing, incident_without_owner, hops_not_closed, step_up_missing>>,
    Row<"F82", From<SignOff>                            , "refuse_repair"          , Acknowledged   , Do<tell_refused, start_triage>         , By<hcf_sysadm, hcf_clin>>,
    Row<"F83", From<SignOff>                            , "refuse_data"            , DataDeletion   , Do<tell_refused, doubt_deletion, start_deletion>
                                                                                                                                             , By<hcf_sysadm, hcf_priv>>,
    Row<"F84", From<SignOff>                            , "t_sign_expired"         , Same           , Do<climb_ladder>                       , By<sys>                                        , Unless<timer_not_running>>,
    Row<"F85", From<Closed>                             , "reopen"                 , Acknowledged   , Do<reopen, start_triage>               , By<hcf_clin, hcf_sysadm, hcf_psm, rsc_svc>     , Unless<too_late_to_reopen>>
  > {};

  struct internal_transition_table : Arcs<
    // In every open state
    Row<"F03", AnyOpen                                  , "notify_duplicate"       , Same           , Do<count_again>                        , By<device, hcf_clin, hcf_psm, hcf_sysadm, sys> , Unless<fault_code_differs>>,
    Row<"F04", AnyOpen                                  , "notify_second_fault"    , Same           , Do<open_linked_case>                   , By<device, hcf_clin, hcf_psm, hcf_sysadm, sys> , Unless<device_not_registered, no_contract, fault_code_known>>
  > {};
  // clang-format on
};

using Flow = machine::Machine<FaultFlow>;

template <class... States>
std::vector<StateInfo> states_of() {
  return {{.name = std::string(States::name),
           .label = {},
           .step = States::step,
           .access = States::access,
           .end = States::end}...};
}

}  // namespace

std::vector<StateInfo> flow_states() {
  return states_of<Notified, Acknowledged, ConnRequested, ConnRejected, ConnApproved, Connecting, ConnectFailed,
                   Connected, ConnLost, CheckOnline, CheckOffline, Halted, Disconnecting, DiscUnverified, Onsite,
                   DataDeletion, DeletionFailed, SignOff, Closed, Cancelled, FalseAlarm, Merged>();
}

const std::vector<const machine::RowSpec*>& flow_rows() {
  static const std::vector<const machine::RowSpec*> all = [] {
    auto out = FaultFlow::transition_table::specs();
    const auto any = FaultFlow::internal_transition_table::specs();
    out.insert(out.end(), any.begin(), any.end());
    return out;
  }();
  return all;
}

bool knows_state(std::string_view state) {
  return Flow::knows(state);
}

machine::Handled process(machine::Lap& lap, Event& asking, bool open, std::string& state) {
  return Flow::process(lap, asking, open, state, asking.name);
}

}  // namespace kintsugi::fault_response

#pragma once

#include "engine/machine/row.h"

// The named conditions of the table. A check holds when its row may fire; its name says what is wrong when it does
// not, and is the type of the problem that a caller gets. Each is defined beside the others of its step.
namespace kintsugi::fault_response {

using machine::Asks;
using machine::Check;

// Step 1, and timers.
extern const Check device_not_registered;
extern const Check path_not_registered;
extern const Check no_contract;
extern const Check device_has_open_case;
extern const Check fault_code_differs;
extern const Check fault_code_known;
extern const Check not_on_duty;
extern const Check outside_contract_hours;
extern const Check new_owner_not_qualified;
extern const Check no_second_level_person;
extern const Check access_was_granted;
extern const Check data_item_registered;
extern const Check no_access_before;
extern const Check false_alarm_not_proposed;
extern const Check not_the_reporter;
extern const Check merge_not_proposed;
extern const Check merge_target_not_open;
extern const Check timer_not_running;
extern const Check device_already_known;
extern const Check device_of_other_rsc;

// What hangs on mails.
extern const Check nothing_to_judge;
extern const Check attachment_unknown;
extern const Check judged_so_already;
extern const Check own_judgement;

// Step 2.
extern const Check device_locked;
extern const Check worker_not_eligible;
extern const Check window_not_valid;
extern const Check window_too_long;
extern const Check too_many_sessions;
extern const Check slot_not_open;
extern const Check requester_may_not_approve;
extern const Check worker_may_not_approve;
extern const Check person_counts_once;
extern const Check vendor_in_hcf_slot;
extern const Check step_up_missing;
extern const Check hash_differs;
extern const Check is_last_slot;
extern const Check is_not_last_slot;
extern const Check two_sides_missing;
extern const Check approver_lost_role;
extern const Check approvals_stand;
extern const Check window_not_narrower;
extern const Check vendor_acts_for_hospital;
extern const Check window_over;
extern const Check audit_not_working;
extern const Check not_p1;
extern const Check break_glass_not_allowed;
extern const Check rsc_consent_missing;
extern const Check no_request;

// Steps 3 and 4.
extern const Check not_a_listed_worker;
extern const Check outside_window;
extern const Check hold_not_set;
extern const Check attendant_missing;
extern const Check second_factor_missing;
extern const Check case_number_differs;
extern const Check end_point_not_healthy;
extern const Check path_not_confirmed;
extern const Check opening_not_failed;
extern const Check attempts_used_up;
extern const Check hops_not_closed;
extern const Check grant_ended;
extern const Check item_unknown;
extern const Check export_not_authorised;
extern const Check file_not_clean;
extern const Check file_not_approved;
extern const Check extension_not_requested;
extern const Check own_proposal;
extern const Check extension_too_long;
extern const Check second_level_not_listed;
extern const Check second_level_not_proposed;
extern const Check approver_may_not_work;
extern const Check work_log_empty;
extern const Check device_not_safe;
extern const Check sessions_used_up;
extern const Check not_appointed;
extern const Check check_list_incomplete;
extern const Check closing_not_proved;
extern const Check next_is_not_data_deletion;
extern const Check next_is_not_onsite;
extern const Check next_is_not_acknowledged;
extern const Check next_is_not_check_offline;
extern const Check resume_not_possible;
extern const Check attestation_incomplete;
extern const Check incident_not_assessed;
extern const Check onsite_items_not_registered;

// Step 5.
extern const Check item_state_wrong;
extern const Check item_not_held;
extern const Check item_already_decided;
extern const Check no_item_to_decide;
extern const Check method_too_weak;
extern const Check method_not_stronger;
extern const Check item_not_named;
extern const Check eraser_may_not_verify;
extern const Check traces_found;
extern const Check privacy_officer_decides;
extern const Check end_date_not_later;
extern const Check no_open_incident;
extern const Check incident_not_decided;
extern const Check data_was_taken;
extern const Check logs_not_checked;
extern const Check nothing_taken_claimed;
extern const Check nothing_to_countersign;
extern const Check own_claim;
extern const Check not_all_accounted;
extern const Check incident_unknown;
extern const Check incident_state_wrong;

// After step 5, and notes.
extern const Check report_missing;
extern const Check report_not_read;
extern const Check author_may_not_approve;
extern const Check logs_not_shown;
extern const Check no_post_approval_due;
extern const Check signer_is_vendor;
extern const Check signer_did_the_work;
extern const Check report_not_approved;
extern const Check log_not_reviewed;
extern const Check device_not_returned;
extern const Check data_not_accounted;
extern const Check accounts_alive;
extern const Check post_approval_missing;
extern const Check nonconformity_unanswered;
extern const Check safety_report_missing;
extern const Check incident_without_owner;
extern const Check too_late_to_reopen;
extern const Check patient_present;
extern const Check work_still_running;
extern const Check priority_lowered_by_rsc;
extern const Check harm_keeps_p1;
extern const Check attendant_not_hospital;
extern const Check write_not_running;
extern const Check not_said_safe;
extern const Check no_nonconformity_open;
extern const Check no_such_nonconformity;
extern const Check no_grant;
extern const Check no_safety_report_due;

}  // namespace kintsugi::fault_response

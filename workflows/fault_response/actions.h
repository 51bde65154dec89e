#pragma once

#include "engine/machine/row.h"

// What the table's rows do: each writes the next case file, effects, timers and audit members into the lap, and
// nothing else. Each is defined beside the others of its step.
namespace kintsugi::fault_response {

using machine::Lap;

// Step 1.
void open_case(Lap& lap);
void open_unknown_case(Lap& lap);
void count_again(Lap& lap);
void open_linked_case(Lap& lap);
void take_over(Lap& lap);
void start_triage(Lap& lap);
void start_decision(Lap& lap);
void hand_over(Lap& lap);
void add_second_level(Lap& lap);
void let_second_level_in(Lap& lap);
void climb_ladder(Lap& lap);
void end_without_access(Lap& lap);
void link_merged(Lap& lap);
void ask_clinical_check(Lap& lap);
void dispatch(Lap& lap);
void tell_onsite(Lap& lap);
void withdraw_device(Lap& lap);
void stop_after_access(Lap& lap);

// Step 2.
void file_request(Lap& lap);
void ask_approvers(Lap& lap);
void ask_again(Lap& lap);
void approve_slot(Lap& lap);
void post_approve(Lap& lap);
void reject_slot(Lap& lap);
void void_approval(Lap& lap);
void time_out_request(Lap& lap);
void void_request(Lap& lap);
void tell_requester(Lap& lap);
void tell_withdrawn(Lap& lap);
void file_break_glass(Lap& lap);
void grant_access(Lap& lap);
void arm(Lap& lap);

// Step 3.
void open_first_hop(Lap& lap);
void begin_session(Lap& lap);
void resume_work(Lap& lap);
void log_work(Lap& lap);
void put_file(Lap& lap);
void take_item(Lap& lap);
void extend_window(Lap& lap);
void claim_repair(Lap& lap);
void suspend(Lap& lap);
void reopen_path(Lap& lap);
void tell_check_failed(Lap& lap);
void return_to_use(Lap& lap);
void take_back(Lap& lap);
void arm_again(Lap& lap);
void end_grant_failed(Lap& lap);
void tell_gave_up(Lap& lap);

// Step 4.
void revoke_grant(Lap& lap);
void expire_grant(Lap& lap);
void withdraw_grant(Lap& lap);
void leave_for_onsite(Lap& lap);
void abort_repair(Lap& lap);
void leave_for_deletion(Lap& lap);
void leave_for_now(Lap& lap);
void end_unresumed(Lap& lap);
void give_up_lost(Lap& lap);
void end_window(Lap& lap);
void end_idle(Lap& lap);
void cut(Lap& lap);
void raise_violation(Lap& lap);
void tell_halt_over(Lap& lap);
void abandon(Lap& lap);
void closing_proved(Lap& lap);
void closing_unproved(Lap& lap);
void closing_still_unproved(Lap& lap);
void record_nonconformity(Lap& lap);
void attest_closing(Lap& lap);

// Step 5.
void start_deletion(Lap& lap);
void owe_paper(Lap& lap);
void claim_nothing_taken(Lap& lap);
void erase_item(Lap& lap);
void verify_item(Lap& lap);
void retain_item(Lap& lap);
void hold_items(Lap& lap);
void issue_certificate(Lap& lap);
void fail_item(Lap& lap);
void tell_deletion_failed(Lap& lap);
void warn_deletion(Lap& lap);
void retry_item(Lap& lap);
void open_incident(Lap& lap);
void accept_residual(Lap& lap);

// After step 5.
void submit_report(Lap& lap);
void approve_report(Lap& lap);
void review_log(Lap& lap);
void close_case(Lap& lap);
void tell_refused(Lap& lap);
void doubt_deletion(Lap& lap);
void reopen(Lap& lap);

// Shared by rows and notes.
void watch_window(Lap& lap, Instant closes);  // its end and its two announcements
void restart_idle(Lap& lap);                  // somebody works: the cut for idleness is put off
void settle_item(Lap& lap, DataItem& item, ItemState end);
void start_item_clock(Lap& lap);  // warnings about what is still owed, in whatever state the case is
void set_incident_clock(Lap& lap, Incident& incident, bool malice_possible);

}  // namespace kintsugi::fault_response

#pragma once

#include "engine/machine/row.h"

namespace kintsugi::fault_response {

using machine::Lap;

// What notes do.
// What came with a notice or a note by mail, each counted as patient data until somebody judges it (I11).
void keep_attachments(Lap& lap);
void judge_attachment(Lap& lap);
void device_is_normal(Lap& lap);
void set_priority(Lap& lap);
void propose(Lap& lap);
void tell_bounced(Lap& lap);
void set_hold(Lap& lap);
void lift_hold(Lap& lap);
void assign_attendant(Lap& lap);
void consent_break_glass(Lap& lap);
void identify_device(Lap& lap);
void approve_file(Lap& lap);
void allow_second_level(Lap& lap);
void submit_safety_report(Lap& lap);
// One hop's answer. One of an older generation is recorded and changes nothing (W39); otherwise the next hop is
// ordered, or the look from outside, or the proof is complete.
void report_hop(Lap& lap);
void write_started(Lap& lap);
void write_finished(Lap& lap);
void consent_grace(Lap& lap);
void confirm_device_safe(Lap& lap);
void warn_window(Lap& lap);
void look_again(Lap& lap);
void declare_item(Lap& lap);
void authorise_export(Lap& lap);
void countersign(Lap& lap);
void return_item(Lap& lap);
void deidentify_item(Lap& lap);
void lift_legal_hold(Lap& lap);
void end_retention(Lap& lap);
void assess_incident(Lap& lap);
void report_incident(Lap& lap);
void close_incident(Lap& lap);
void answer_nonconformity(Lap& lap);
void remind_obligation(Lap& lap);
void remind_incident(Lap& lap);

}  // namespace kintsugi::fault_response

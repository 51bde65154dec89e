#include "workflows/fault_response/actions.h"
#include "workflows/fault_response/timers.h"
#include "workflows/fault_response/write.h"

#include <algorithm>

// After step 5: report, review, signature; or back.
namespace kintsugi::fault_response {

using enum Role;

void submit_report(Lap& lap) {
  // A corrected report is a new record; what was accepted of the old one is to be accepted again (I12).
  if (none_undone(lap.file, ObligationKind::report)) owe(lap, ObligationKind::report, {});
  settle(lap, ObligationKind::report, none, "", id_in<DocumentId>(lap.event.payload, "work"));
  owe(lap, ObligationKind::report_approval, {});
  note(lap, "obligation", "report");
  mail(lap, "M29", holders(lap, {hcf_sysadm, hcf_clin}));
}

void approve_report(Lap& lap) {
  settle(lap, ObligationKind::report_approval);
  note(lap, "obligation", "report_approval");
}

void review_log(Lap& lap) {
  settle(lap, ObligationKind::log_review, none, "", id_in<DocumentId>(lap.event.payload, "remarks"));
  note(lap, "obligation", "log_review");
  note(lap, "why", text_in(lap.event.payload, "finding"));
}

void close_case(Lap& lap) {
  lap.file.closed_at = lap.event.at;
  if (lap.file.resolution.empty()) lap.file.resolution = "repaired";
  note(lap, "resolution", lap.file.resolution);
  mail(lap, "M30", plus(holders(lap, {hcf_sysadm, rsc_mgr}), {lap.file.fault.reporter}));
  // The care key goes with the case: notices, notes and work log are unreadable from here on.
  Effect effect;
  effect.id = lap.new_id<EffectId>("effect");
  effect.case_id = lap.file.id;
  effect.tenant = lap.file.tenant;
  effect.lane = "vault";
  effect.at = lap.event.at;
  effect.destroy_key = DestroyKey{.key = KeyClass::care};
  lap.out.effects.push_back(std::move(effect));
}

void tell_refused(Lap& lap) {
  mail(lap, "M31", holders(lap, {rsc_svc, rsc_mgr}), {{"what", lap.event.name}});
}

// The doubt must be answered before the deletion counts as accounted for again, and a statement that nothing was
// taken must be made anew.
void doubt_deletion(Lap& lap) {
  doubt_nothing_taken(lap);
  owe(lap, ObligationKind::nonconformity, {}, none, "F83");
  note(lap, "obligation", "nonconformity");
}

void reopen(Lap& lap) {
  doubt_nothing_taken(lap);
  lap.file.closed_at = {};
  lap.file.resolution.clear();
  ++lap.file.reopened;
  lap.file.proposals.clear();
  lap.file.attachments.clear();  // with the care key of then: nobody can read them any more, so nobody judges them
  void_request(lap);
  note(lap, "count", lap.file.reopened);
  mail_and_desks(lap, "M32", holders(lap, {rsc_svc, hcf_sysadm, hcf_psm}));
}

}  // namespace kintsugi::fault_response

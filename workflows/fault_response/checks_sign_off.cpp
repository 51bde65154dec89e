#include "workflows/fault_response/checks.h"
#include "workflows/fault_response/look.h"

#include <algorithm>

// After step 5: what the hospital signs, and what must be true before it may.
namespace kintsugi::fault_response {

using enum Role;

namespace {

bool from_rsc(const Situation& s) {
  const Person* person = actor_of(s);
  const Organisation* employer = person == nullptr ? nullptr : s.directory.organisation(person->employer);
  return employer == nullptr || employer->side == Side::rsc;
}

// The latest: a corrected report has an author of its own.
const Obligation* obligation(const CaseFile& file, ObligationKind kind) {
  const auto found = std::find_if(file.obligations.rbegin(), file.obligations.rend(),
                                  [&](const Obligation& one) { return one.kind == kind; });
  return found == file.obligations.rend() ? nullptr : &*found;
}

}  // namespace

const Check report_missing{
    "report_missing", [](const Situation& s) { return all_done(s.file, ObligationKind::report); }, {rsc_svc}};
const Check report_not_read{
    "report_not_read", [](const Situation& s) { return flag_in(s.event.payload, "read"); }, {}, Asks::payload};
const Check author_may_not_approve{"author_may_not_approve",
                                   [](const Situation& s) {
                                     const Obligation* report = obligation(s.file, ObligationKind::report);
                                     return report == nullptr || report->done_by != s.event.actor.person;
                                   },
                                   {hcf_sysadm}};
const Check logs_not_shown{"logs_not_shown",
                           [](const Situation& s) {
                             return flag_in(s.event.payload, "access_list_seen") &&
                                    flag_in(s.event.payload, "operations_seen");
                           },
                           {},
                           Asks::payload};
const Check no_post_approval_due{"no_post_approval_due",
                                 [](const Situation& s) { return request_owed(s.file, s.event.as, {}) != nullptr; }};
const Check signer_is_vendor{"signer_is_vendor", [](const Situation& s) { return !from_rsc(s); }, {hcf_sysadm}};
const Check signer_did_the_work{"signer_did_the_work",
                                [](const Situation& s) {
                                  const PersonId& signer = s.event.actor.person;
                                  return s.file.owner != signer && !is_listed_worker(s.file, signer) &&
                                         std::ranges::count(s.file.team, signer) == 0;
                                },
                                {hcf_sysadm}};
const Check report_not_approved{"report_not_approved",
                                [](const Situation& s) { return all_done(s.file, ObligationKind::report_approval); },
                                {hcf_sysadm}};
const Check log_not_reviewed{"log_not_reviewed",
                             [](const Situation& s) { return all_done(s.file, ObligationKind::log_review); },
                             {hcf_sysadm, hcf_netadm}};
// Returned to use, returned with restrictions, or taken out of use for good.
const Check device_not_returned{
    "device_not_returned",
    [](const Situation& s) { return !s.file.hold.is_set() || s.file.resolution == "device_withdrawn"; },
    {hcf_clin}};
const Check data_not_accounted{
    "data_not_accounted", [](const Situation& s) { return all_accounted(s.file); }, {rsc_svc, rsc_netadm, hcf_priv}};
const Check accounts_alive{"accounts_alive",
                           [](const Situation& s) {
                             return std::ranges::all_of(s.file.grants,
                                                        [](const Grant& one) { return one.accounts_disabled; });
                           },
                           {rsc_netadm, hcf_netadm}};
const Check post_approval_missing{
    "post_approval_missing",
    [](const Situation& s) { return none_undone(s.file, ObligationKind::post_approval); },
    {hcf_sysadm, hcf_netadm, rsc_netadm}};
const Check nonconformity_unanswered{
    "nonconformity_unanswered",
    [](const Situation& s) { return none_undone(s.file, ObligationKind::nonconformity); },
    {rsc_svc, rsc_mgr, hcf_netadm}};
const Check safety_report_missing{
    "safety_report_missing",
    [](const Situation& s) { return none_undone(s.file, ObligationKind::safety_report); },
    {rsc_mgr, hcf_sec}};
const Check incident_without_owner{"incident_without_owner",
                                   [](const Situation& s) {
                                     return std::ranges::none_of(s.file.incidents, [](const Incident& one) {
                                       return one.state != IncidentState::closed && one.owner.empty();
                                     });
                                   },
                                   {hcf_priv, hcf_sec, rsc_mgr}};
const Check too_late_to_reopen{"too_late_to_reopen", [](const Situation& s) {
                                 return s.event.at < s.file.closed_at +
                                                         term_of(s.policy, TimerName::t_reopen, s.file.priority).wall;
                               }};

// ---- notes -------------------------------------------------------------------------------------------------

const Check patient_present{"patient_present",
                            [](const Situation& s) { return flag_in(s.event.payload, "no_patient"); },
                            {hcf_clin},
                            Asks::payload};
const Check work_still_running{"work_still_running", [](const Situation& s) {
                                 return access_surely_closed(s.file) || s.file.state == "conn_approved";
                               }};
// The hospital sets the priority; the RSC may raise it, never lower it.
const Check priority_lowered_by_rsc{"priority_lowered_by_rsc",
                                    [](const Situation& s) {
                                      const Priority wanted =
                                          name_in_payload(s.event.payload, "priority", s.file.priority);
                                      return side_of(s.event.as) != Side::rsc || wanted <= s.file.priority;
                                    },
                                    {hcf_clin, hcf_sysadm}};
// Harm to a person keeps a case at P1.
const Check harm_keeps_p1{"harm_keeps_p1", [](const Situation& s) {
                            return !s.file.fault.harmed ||
                                   name_in_payload(s.event.payload, "priority", s.file.priority) == Priority::p1;
                          }};
const Check attendant_not_hospital{"attendant_not_hospital",
                                   [](const Situation& s) {
                                     PersonId id = id_in<PersonId>(s.event.payload, "attendant");
                                     if (id.empty()) id = s.event.actor.person;
                                     const Person* person = s.directory.person(id);
                                     if (person == nullptr) return false;
                                     const auto roles = s.directory.roles_of(*person, s.file.tenant, s.event.at);
                                     return !is_listed_worker(s.file, id) &&
                                            std::ranges::any_of(roles,
                                                                [](Role role) { return side_of(role) == Side::hcf; });
                                   },
                                   {hcf_clin, hcf_sysadm},
                                   Asks::payload};
const Check write_not_running{"write_not_running", [](const Situation& s) { return s.file.write_running; }};
const Check not_said_safe{
    "not_said_safe", [](const Situation& s) { return flag_in(s.event.payload, "safe"); }, {hcf_clin}, Asks::payload};
const Check no_nonconformity_open{"no_nonconformity_open", [](const Situation& s) {
                                    return std::ranges::any_of(s.file.obligations, [](const Obligation& one) {
                                      return one.kind == ObligationKind::nonconformity && !one.done();
                                    });
                                  }};
const Check no_such_nonconformity{"no_such_nonconformity",
                                  [](const Situation& s) {
                                    const std::string about = text_in(s.event.payload, "about");
                                    return std::ranges::any_of(s.file.obligations, [&](const Obligation& one) {
                                      return one.kind == ObligationKind::nonconformity && !one.done() &&
                                             one.about == about;
                                    });
                                  },
                                  {},
                                  Asks::payload};
const Check no_safety_report_due{
    "no_safety_report_due", [](const Situation& s) { return !none_undone(s.file, ObligationKind::safety_report); }};
const Check no_grant{"no_grant", [](const Situation& s) { return s.file.grant() != nullptr; }};

}  // namespace kintsugi::fault_response

#include "workflows/fault_response/checks.h"
#include "workflows/fault_response/look.h"

#include <algorithm>

// Steps 3 and 4: who may be inside, when, and whether the door is shut.
namespace kintsugi::fault_response {

using enum Role;

namespace {

const Grant* live_grant(const Situation& s) {
  const Grant* grant = s.file.grant();
  return grant != nullptr && grant->proved_closed_at == Instant{} ? grant : nullptr;
}

bool may_resume(const Situation& s) {
  const Grant* grant = s.file.grant();
  return grant != nullptr && s.audit_working && s.file.next == "conn_approved" && s.event.at < grant->window.closes &&
         grant->sessions_used < grant->sessions_max && s.file.request && !s.file.request->dead &&
         std::ranges::all_of(s.file.request->workers,
                             [&](const PersonId& id) { return may_work(s, id, s.event.at); });
}

bool is_vendor(const Situation& s, const Person& person) {
  const Organisation* employer = s.directory.organisation(person.employer);
  return employer != nullptr && employer->side == Side::rsc;
}

}  // namespace

// Devices and the engine's own agents are bound to their device already; people must stand in the request.
const Check not_a_listed_worker{
    "not_a_listed_worker",
    [](const Situation& s) { return s.event.actor.kind != none || is_listed_worker(s.file, s.event.actor.person); },
    {rsc_svc}};
const Check outside_window{"outside_window", [](const Situation& s) {
                             const Grant* grant = live_grant(s);
                             return grant != nullptr && grant->window.contains(s.event.at);
                           }};
const Check hold_not_set{"hold_not_set", [](const Situation& s) { return s.file.hold.is_set(); }, {hcf_clin}};
const Check attendant_missing{
    "attendant_missing",
    [](const Situation& s) {
      return !s.policy.attendance_required ||
             (s.file.request && (!s.file.request->attendant.empty() || s.file.request->attendance_waived));
    },
    {hcf_clin, hcf_psm, hcf_sysadm}};
const Check second_factor_missing{
    "second_factor_missing",
    [](const Situation& s) { return s.event.step_up || s.event.actor.auth.find("otp") != std::string::npos; },
    {},
    Asks::payload};
// Typing it shows that he means this case and not the neighbour's.
const Check case_number_differs{
    "case_number_differs",
    [](const Situation& s) { return text_in(s.event.payload, "case_number") == s.file.number; },
    {},
    Asks::payload};
const Check end_point_not_healthy{"end_point_not_healthy",
                                  [](const Situation& s) {
                                    const Grant* grant = live_grant(s);
                                    if (grant == nullptr) return false;
                                    const auto bad = [&](Hop hop) {
                                      const HopState state = hop_of(*grant, hop).state;
                                      return state == HopState::refused || state == HopState::lost;
                                    };
                                    const auto said = s.event.payload.find("endpoint_healthy");
                                    return !bad(Hop::exit) && !bad(Hop::access_point) &&
                                           (said == s.event.payload.end() || *said != Json(false));
                                  },
                                  {rsc_netadm, hcf_netadm}};
const Check path_not_confirmed{"path_not_confirmed", [](const Situation& s) {
                                 const Grant* grant = live_grant(s);
                                 return grant != nullptr && !identity_mismatch(s.file) &&
                                        std::ranges::all_of(
                                            std::array{Hop::exit, Hop::access_point, Hop::route},
                                            [&](Hop hop) { return hop_of(*grant, hop).state == HopState::open; });
                               }};
const Check opening_not_failed{
    "opening_not_failed", [](const Situation& s) {
      const Grant* grant = live_grant(s);
      return timer_not_running.holds(s) ||
             (grant != nullptr &&
              std::ranges::any_of(std::array{Hop::exit, Hop::access_point, Hop::route},
                                  [&](Hop hop) { return hop_of(*grant, hop).state == HopState::refused; }));
    }};
const Check attempts_used_up{"attempts_used_up", [](const Situation& s) {
                               return s.file.grant() != nullptr &&
                                      s.file.grant()->attempts < s.policy.connect_attempts_max;
                             }};
const Check hops_not_closed{
    "hops_not_closed", [](const Situation& s) { return access_surely_closed(s.file); }, {hcf_netadm, rsc_netadm}};
const Check grant_ended{"grant_ended", [](const Situation& s) {
                          return s.file.grant() != nullptr && s.file.grant()->end == GrantEnd::none;
                        }};

const Check item_unknown{"item_unknown",
                         [](const Situation& s) {
                           const auto items = items_named(s);
                           return !items.empty() && std::ranges::count(items, nullptr) == 0;
                         },
                         {},
                         Asks::payload};
const Check export_not_authorised{"export_not_authorised",
                                  [](const Situation& s) {
                                    const auto items = items_named(s);
                                    return std::ranges::all_of(items, [](const DataItem* item) {
                                      return item != nullptr && item->state == ItemState::authorised;
                                    });
                                  },
                                  {hcf_sysadm},
                                  Asks::payload};
const Check file_not_clean{"file_not_clean",
                           [](const Situation& s) {
                             return flag_in(s.event.payload, "signature_ok") &&
                                    flag_in(s.event.payload, "malware_clean");
                           },
                           {rsc_svc},
                           Asks::payload};
const Check file_not_approved{
    "file_not_approved",
    [](const Situation& s) {
      return s.file.request && std::ranges::count(s.file.request->files, digest_in(s.event.payload, "content")) > 0;
    },
    {hcf_sysadm},
    Asks::payload};
const Check extension_not_requested{"extension_not_requested",
                                    [](const Situation& s) {
                                      const Proposal* asked = proposal_of(s.file, "extension");
                                      return asked != nullptr && instant_in(s.event.payload, "until") <= asked->until;
                                    },
                                    {rsc_svc}};
const Check own_proposal{"own_proposal",
                         [](const Situation& s) {
                           const Proposal* asked =
                               proposal_of(s.file, s.event.name == "allow_l2" ? "l2" : "extension");
                           return (asked == nullptr || asked->by != s.event.actor.person) &&
                                  !is_listed_worker(s.file, s.event.actor.person);
                         },
                         {hcf_sysadm, hcf_netadm}};
const Check extension_too_long{
    "extension_too_long",
    [](const Situation& s) {
      const Grant* grant = live_grant(s);
      if (grant == nullptr) return false;
      const Instant until = instant_in(s.event.payload, "until");
      const auto workers = s.file.request ? s.file.request->workers : std::vector<PersonId>{};
      return until > grant->window.closes && until <= latest_close(s, grant->window.opens, workers);
    },
    {},
    Asks::payload};
// Listed in the approved request, or let in since by one person of each side (F36).
const Check second_level_not_listed{
    "second_level_not_listed",
    [](const Situation& s) {
      const auto person = id_in<PersonId>(s.event.payload, "person");
      const Proposal* hcf = proposal_of(s.file, "l2_hcf");
      const Proposal* rsc = proposal_of(s.file, "l2_rsc");
      return is_listed_worker(s.file, person) ||
             (hcf != nullptr && rsc != nullptr && hcf->person == person && rsc->person == person &&
              hcf->by != rsc->by && consents_still(s, *hcf, hcf_sysadm) && consents_still(s, *rsc, rsc_netadm));
    },
    {hcf_sysadm, rsc_netadm},
    Asks::payload};
const Check second_level_not_proposed{"second_level_not_proposed",
                                      [](const Situation& s) {
                                        const Proposal* asked = proposal_of(s.file, "l2");
                                        return asked != nullptr &&
                                               asked->person == id_in<PersonId>(s.event.payload, "person");
                                      },
                                      {rsc_svc},
                                      Asks::payload};
// I5, the other way round: who has said yes to the work does not join it.
const Check approver_may_not_work{"approver_may_not_work",
                                  [](const Situation& s) {
                                    const auto person = id_in<PersonId>(s.event.payload, "person");
                                    const bool consents = std::ranges::any_of(s.file.proposals, [&](const auto& one) {
                                      return one.what.starts_with("l2_") && one.by == person;
                                    });
                                    return s.file.request && !consents && person != s.event.actor.person &&
                                           std::ranges::count(s.file.request->approvals, person, &Approval::by) == 0;
                                  },
                                  {rsc_svc},
                                  Asks::payload};
const Check work_log_empty{"work_log_empty", [](const Situation& s) { return s.file.work_entries > 0; }, {rsc_svc}};
const Check device_not_safe{"device_not_safe",
                            [](const Situation& s) { return !s.file.write_running || s.file.device_said_safe; },
                            {hcf_clin}};
const Check sessions_used_up{"sessions_used_up", [](const Situation& s) {
                               const Grant* grant = s.file.grant();
                               return grant != nullptr && grant->sessions_used < grant->sessions_max;
                             }};
// The primary serviceman checks the device only when the hospital has appointed him.
const Check not_appointed{"not_appointed",
                          [](const Situation& s) {
                            const Person* person = actor_of(s);
                            return s.event.as != hcf_psm ||
                                   (person != nullptr && !is_vendor(s, *person) &&
                                    s.directory.belongs_to(*person, hcf_psm, s.file.tenant, s.event.at));
                          },
                          {hcf_clin}};
const Check check_list_incomplete{
    "check_list_incomplete",
    [](const Situation& s) {
      const auto checks = s.event.payload.find("checks");
      return std::ranges::all_of(s.policy.product_line_checks, [&](const std::string& name) {
        return checks != s.event.payload.end() && checks->is_array() &&
               std::ranges::any_of(
                   *checks, [&](const Json& one) { return text_in(one, "check") == name && flag_in(one, "passed"); });
      });
    },
    {hcf_clin},
    Asks::payload};

const Check closing_not_proved{
    "closing_not_proved",
    [](const Situation& s) { return s.file.grant() != nullptr && closing_proved(*s.file.grant()); },
    {hcf_netadm}};
const Check next_is_not_data_deletion{
    "next_is_not_data_deletion", [](const Situation& s) { return s.file.next == "data_deletion"; }, {}, Asks::twin};
const Check next_is_not_onsite{
    "next_is_not_onsite", [](const Situation& s) { return s.file.next == "onsite"; }, {}, Asks::twin};
// Also where a resumption leads that is not possible any more.
const Check next_is_not_acknowledged{"next_is_not_acknowledged",
                                     [](const Situation& s) {
                                       return s.file.next == "acknowledged" ||
                                              (s.file.next == "conn_approved" && !may_resume(s));
                                     },
                                     {},
                                     Asks::twin};
const Check next_is_not_check_offline{
    "next_is_not_check_offline", [](const Situation& s) { return s.file.next == "check_offline"; }, {}, Asks::twin};
const Check resume_not_possible{
    "resume_not_possible", [](const Situation& s) { return may_resume(s); }, {}, Asks::twin};
const Check attestation_incomplete{"attestation_incomplete",
                                   [](const Situation& s) {
                                     const auto hops = texts_in(s.event.payload, "hops");
                                     const Grant* grant = s.file.grant();
                                     return grant != nullptr && flag_in(s.event.payload, "accounts_disabled") &&
                                            std::ranges::all_of(
                                                std::array{Hop::exit, Hop::access_point, Hop::route}, [&](Hop hop) {
                                                  const HopReport report = hop_of(*grant, hop);
                                                  return (report.state == HopState::closed && report.sessions == 0) ||
                                                         std::ranges::count(hops, name_of(hop)) > 0;
                                                });
                                   },
                                   {hcf_netadm},
                                   Asks::payload};
const Check incident_not_assessed{"incident_not_assessed",
                                  [](const Situation& s) {
                                    return std::ranges::none_of(s.file.incidents, [](const Incident& one) {
                                      return one.state == IncidentState::open;
                                    });
                                  },
                                  {hcf_priv, hcf_sec}};
const Check onsite_items_not_registered{
    "onsite_items_not_registered",
    [](const Situation& s) { return flag_in(s.event.payload, "items_registered"); },
    {hcf_psm},
    Asks::payload};

}  // namespace kintsugi::fault_response

#include "workflows/fault_response/checks.h"
#include "workflows/fault_response/look.h"

#include <algorithm>

// Step 2: the request, and who may say yes to it (2.3, I3, I5, I6).
namespace kintsugi::fault_response {

using enum Role;

namespace {

// What the person has answered to the same request before.
const Approval* earlier_answer(const Situation& s) {
  const Request* request = request_answered(s);
  if (request == nullptr) return nullptr;
  const auto& list = request->approvals;
  const auto found = std::ranges::find(list, s.event.actor.person, &Approval::by);
  return found == list.end() ? nullptr : &*found;
}

bool slots_on_both_sides(const Situation& s) {
  std::vector<PersonId> people{s.event.actor.person};
  bool hcf = side_of(s.event.as) == Side::hcf;
  bool rsc = side_of(s.event.as) == Side::rsc;
  for (const Approval& one : s.file.request->approvals) {
    people.push_back(one.by);
    hcf = hcf || side_of(one.slot) == Side::hcf;
    rsc = rsc || side_of(one.slot) == Side::rsc;
  }
  std::ranges::sort(people);
  return hcf && rsc && std::ranges::unique(people).begin() - people.begin() >= 2;
}

// Whom a payload names, or the workers of the request: a pledge may have ended, or a worker left, since it was made.
std::vector<PersonId> workers_of(const Situation& s) {
  if (s.event.payload.contains("workers")) return people_in(s.event.payload, "workers");
  if (s.event.payload.contains("person")) return {id_in<PersonId>(s.event.payload, "person")};
  return s.file.request ? s.file.request->workers : std::vector<PersonId>{};
}
Instant begin_of(const Situation& s) {
  if (s.event.payload.contains("workers")) return window_in(s.event.payload).opens;
  return s.file.request && s.file.state == "conn_requested" ? std::max(s.event.at, s.file.request->window.opens)
                                                            : s.event.at;
}

// What is left for the grant once this approval counts, too.
Window window_left(const Situation& s) {
  Window out = approved_window(*s.file.request);
  if (s.event.payload.contains("window")) out = overlap(out, window_in(s.event.payload));
  out.closes = std::min(out.closes, latest_close(s, out.opens, s.file.request->workers));
  return out;
}

}  // namespace

// I3: another case of this device holds a grant that is not proved closed.
const Check device_locked{"device_locked",
                          [](const Situation& s) {
                            return std::ranges::none_of(s.same_device, [&](const CaseBrief& one) {
                              return one.id != s.file.id && one.live_grant;
                            });
                          },
                          {rsc_svc, hcf_sysadm, hcf_netadm}};
const Check worker_not_eligible{"worker_not_eligible",
                                [](const Situation& s) {
                                  const auto workers = workers_of(s);
                                  const Instant begin = begin_of(s);
                                  return !workers.empty() && std::ranges::all_of(workers, [&](const PersonId& id) {
                                    return may_work(s, id, begin);
                                  });
                                },
                                {rsc_mgr},
                                Asks::payload};
const Check window_not_valid{"window_not_valid",
                             [](const Situation& s) {
                               const Window window = window_in(s.event.payload);
                               return window.opens < window.closes && window.closes > s.event.at;
                             },
                             {rsc_svc},
                             Asks::payload};
const Check window_too_long{"window_too_long",
                            [](const Situation& s) {
                              const Window window = window_in(s.event.payload);
                              const Contract* contract = contract_of(s);
                              return contract != nullptr && window.length() <= contract->window_max &&
                                     window.length() <= s.policy.site_window_max;
                            },
                            {rsc_svc},
                            Asks::payload};
const Check too_many_sessions{"too_many_sessions",
                              [](const Situation& s) {
                                const Contract* contract = contract_of(s);
                                return contract != nullptr &&
                                       number_in(s.event.payload, "sessions_max") <= contract->sessions_max;
                              },
                              {rsc_svc},
                              Asks::payload};

const Check slot_not_open{"slot_not_open", [](const Situation& s) {
                            if (!s.file.request || s.file.request->dead) return false;
                            const auto open = open_slots(s.policy, *s.file.request);
                            return std::ranges::count(open, s.event.as) > 0;
                          }};
const Check requester_may_not_approve{"requester_may_not_approve",
                                      [](const Situation& s) {
                                        const Request* request = request_answered(s);
                                        return request != nullptr && request->by != s.event.actor.person;
                                      },
                                      {hcf_sysadm, hcf_netadm, rsc_netadm}};
// For a break-glass: he who starts it may not be among those whom he lets in.
const Check worker_may_not_approve{"worker_may_not_approve",
                                   [](const Situation& s) {
                                     if (s.event.payload.contains("workers")) {
                                       const auto workers = people_in(s.event.payload, "workers");
                                       const Proposal* consent = proposal_of(s.file, "break_glass");
                                       return std::ranges::count(workers, s.event.actor.person) == 0 &&
                                              (consent == nullptr || std::ranges::count(workers, consent->by) == 0);
                                     }
                                     const Request* request = request_answered(s);
                                     return request == nullptr ||
                                            std::ranges::count(request->workers, s.event.actor.person) == 0;
                                   },
                                   {hcf_sysadm, hcf_netadm, rsc_netadm}};
// I5; the only exception is the declared combination of the two HCF slots.
const Check person_counts_once{"person_counts_once",
                               [](const Situation& s) {
                                 const Approval* earlier = earlier_answer(s);
                                 if (earlier == nullptr) return true;
                                 return s.policy.allow_combined_hcf_slots && side_of(s.event.as) == Side::hcf &&
                                        side_of(earlier->slot) == Side::hcf && earlier->slot != s.event.as;
                               },
                               {hcf_sysadm, hcf_netadm, rsc_netadm}};
// A hospital's slot is filled by the hospital's people or its appointed agents, the RSC's by nobody whom the
// hospital employs.
const Check vendor_in_hcf_slot{
    "vendor_in_hcf_slot",
    [](const Situation& s) {
      const Person* person = actor_of(s);
      if (person == nullptr) return false;
      if (side_of(s.event.as) != Side::rsc) return stands_for_hospital(s);
      const bool deputy = s.directory.deputises_for(*person, s.event.as, s.file.rsc, s.event.at).has_value();
      return deputy ? person->employer == s.file.rsc : person->employer != s.file.tenant;
    },
    {hcf_sysadm, hcf_netadm}};
// Beside the slots, too: what only the hospital may allow or accept, none of the vendor's people does in its name.
const Check vendor_acts_for_hospital{
    "vendor_acts_for_hospital",
    [](const Situation& s) { return side_of(s.event.as) != Side::hcf || stands_for_hospital(s); },
    {hcf_sysadm, hcf_netadm}};
const Check step_up_missing{
    "step_up_missing",
    [](const Situation& s) { return s.event.actor.kind == sys || s.event.step_up.has_value(); },
    {},
    Asks::payload};
const Check hash_differs{"hash_differs",
                         [](const Situation& s) {
                           const Request* request = request_answered(s);
                           return request != nullptr && digest_in(s.event.payload, "request_hash") == request->hash;
                         },
                         {},
                         Asks::payload};
const Check is_last_slot{
    "is_last_slot",
    [](const Situation& s) { return s.file.request && open_slots(s.policy, *s.file.request).size() > 1; },
    {},
    Asks::twin};
const Check is_not_last_slot{
    "is_not_last_slot",
    [](const Situation& s) { return s.file.request && open_slots(s.policy, *s.file.request).size() == 1; },
    {},
    Asks::twin};
const Check two_sides_missing{"two_sides_missing",
                              [](const Situation& s) { return s.file.request && slots_on_both_sides(s); },
                              {hcf_sysadm, hcf_netadm, rsc_netadm}};
// I1: every slot's yes is that of somebody who may still say it.
const Check approver_lost_role{
    "approver_lost_role",
    [](const Situation& s) { return approval_lost(s.directory, s.file, s.event.at) == nullptr; },
    {hcf_sysadm, hcf_netadm, rsc_netadm}};
const Check approvals_stand{
    "approvals_stand", [](const Situation& s) { return approval_lost(s.directory, s.file, s.event.at) != nullptr; }};
const Check window_over{"window_over",
                        [](const Situation& s) {
                          if (s.file.grant() != nullptr && s.file.state != "conn_requested")
                            return s.event.at < s.file.grant()->window.closes;
                          if (!s.file.request) return false;
                          const Window left = window_left(s);
                          return left.opens < left.closes && s.event.at < left.closes;
                        },
                        {rsc_svc}};
const Check window_not_narrower{"window_not_narrower",
                                [](const Situation& s) {
                                  if (!s.event.payload.contains("window")) return true;
                                  if (!s.file.request) return false;
                                  const Window wanted = window_in(s.event.payload);
                                  return wanted.opens < wanted.closes && s.event.at < wanted.closes &&
                                         overlap(approved_window(*s.file.request), wanted) == wanted;
                                },
                                {},
                                Asks::payload};
// I8: opening needs a working audit; closing does not.
const Check audit_not_working{"audit_not_working", [](const Situation& s) { return s.audit_working; }};

const Check not_p1{
    "not_p1", [](const Situation& s) { return s.file.priority == Priority::p1; }, {hcf_clin, hcf_sysadm}};
const Check break_glass_not_allowed{
    "break_glass_not_allowed", [](const Situation& s) { return s.policy.allow_break_glass; }, {hcf_sysadm}};
const Check rsc_consent_missing{"rsc_consent_missing",
                                [](const Situation& s) {
                                  const Proposal* consent = proposal_of(s.file, "break_glass");
                                  return consent != nullptr && s.event.at < consent->until &&
                                         consent->by != s.event.actor.person &&
                                         consents_still(s, *consent, rsc_netadm);
                                },
                                {rsc_netadm}};
const Check no_request{"no_request", [](const Situation& s) { return s.file.request && !s.file.request->dead; }};

}  // namespace kintsugi::fault_response

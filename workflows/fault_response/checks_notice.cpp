#include "engine/on_call/on_call.h"
#include "workflows/fault_response/checks.h"
#include "workflows/fault_response/look.h"

#include <algorithm>

// Step 1: is this a fault of ours, whose is it, and how may a case end before anybody was inside?
namespace kintsugi::fault_response {

using enum Role;

// A grant whose path has a hop that is nobody's could not be opened, nor proved closed afterwards.
const Check path_not_registered{"path_not_registered",
                                [](const Situation& s) {
                                  const Device* device = device_of(s);
                                  return device != nullptr && !device->access_point.empty() && !device->exit.empty();
                                },
                                {hcf_sysadm, hcf_netadm, rsc_mgr, rsc_netadm}};
const Check device_not_registered{
    "device_not_registered",
    [](const Situation& s) {
      const Device* device = device_of(s);
      return device != nullptr && (s.file.tenant.empty() || device->tenant == s.file.tenant) &&
             (!s.file.id.empty() || s.event.actor.org.empty() || device->tenant == s.event.actor.org ||
              !s.event.actor.person.empty());  // a person's role has been looked up where the device stands
    },
    {hcf_sysadm, rsc_mgr}};
const Check no_contract{"no_contract", [](const Situation& s) { return contract_of(s) != nullptr; }, {rsc_mgr}};
const Check device_has_open_case{"device_has_open_case", [](const Situation& s) {
                                   const std::string code = text_in(s.event.payload, "code");
                                   return std::ranges::none_of(s.same_device, [&](const CaseBrief& one) {
                                     return one.open && one.fault_code == code;
                                   });
                                 }};
const Check fault_code_differs{
    "fault_code_differs",
    [](const Situation& s) { return text_in(s.event.payload, "code") == s.file.fault.code; },
    {},
    Asks::payload};
const Check fault_code_known{"fault_code_known",
                             [](const Situation& s) { return text_in(s.event.payload, "code") != s.file.fault.code; },
                             {},
                             Asks::payload};

// Whom the ladder has asked may take it too: else it would ask for what is then refused.
const Check not_on_duty{
    "not_on_duty",
    [](const Situation& s) {
      const PersonId& person = s.event.actor.person;
      const Device* device = device_of(s);
      const OnCallFor first_line{
          .at = s.file.rsc, .product_line = device == nullptr ? "" : device->product_line, .tier = 1};
      const auto duty = people_on_call(s.directory, first_line, s.event.at);
      return duty.empty() || std::ranges::count(duty, person) > 0 ||
             std::ranges::any_of(s.file.asked,
                                 [&](const Asked& one) { return std::ranges::count(one.people, person) > 0; });
    },
    {rsc_mgr}};
const Check outside_contract_hours{"outside_contract_hours",
                                   [](const Situation& s) {
                                     const Contract* contract = contract_of(s);
                                     return contract == nullptr || contract->around_the_clock ||
                                            s.file.priority == Priority::p1 ||
                                            is_working_time(contract->hours, s.event.at);
                                   },
                                   {hcf_sysadm, hcf_clin}};
const Check new_owner_not_qualified{"new_owner_not_qualified",
                                    [](const Situation& s) {
                                      const Person* person =
                                          s.directory.person(id_in<PersonId>(s.event.payload, "person"));
                                      if (person == nullptr) return false;
                                      const auto roles = s.directory.roles_of(*person, s.file.rsc, s.event.at);
                                      const Device* device = device_of(s);
                                      return std::ranges::count(roles, rsc_svc) > 0 &&
                                             (device == nullptr || person->product_lines.empty() ||
                                              std::ranges::count(person->product_lines, device->product_line) > 0);
                                    },
                                    {rsc_mgr},
                                    Asks::payload};
const Check no_second_level_person{"no_second_level_person",
                                   [](const Situation& s) {
                                     const Person* person =
                                         s.directory.person(id_in<PersonId>(s.event.payload, "person"));
                                     if (person == nullptr) return false;
                                     const auto roles = s.directory.roles_of(*person, s.file.rsc, s.event.at);
                                     return std::ranges::count(roles, rsc_l2) > 0;
                                   },
                                   {rsc_mgr},
                                   Asks::payload};

const Check access_was_granted{"access_was_granted", [](const Situation& s) { return !s.file.ever_granted(); }};
const Check data_item_registered{"data_item_registered", [](const Situation& s) { return s.file.items.empty(); }};
const Check no_access_before{"no_access_before",
                             [](const Situation& s) { return s.file.ever_granted() || !s.file.items.empty(); }};
const Check false_alarm_not_proposed{"false_alarm_not_proposed",
                                     [](const Situation& s) {
                                       const Proposal* proposal = proposal_of(s.file, "false_alarm");
                                       return proposal != nullptr && proposal->by != s.event.actor.person;
                                     },
                                     {rsc_svc}};
const Check not_the_reporter{
    "not_the_reporter",
    [](const Situation& s) { return s.event.as == hcf_sysadm || s.event.actor.person == s.file.fault.reporter; },
    {hcf_sysadm}};
const Check merge_not_proposed{"merge_not_proposed",
                               [](const Situation& s) {
                                 const Proposal* proposal = proposal_of(s.file, "merge");
                                 return proposal != nullptr && proposal->by != s.event.actor.person &&
                                        proposal->target == id_in<CaseId>(s.event.payload, "target");
                               },
                               {rsc_svc}};
const Check merge_target_not_open{
    "merge_target_not_open",
    [](const Situation& s) {
      const CaseId target = id_in<CaseId>(s.event.payload, "target");
      return target != s.file.id && (s.event.name != "merge_into" || s.target != nullptr) &&
             std::ranges::any_of(s.same_device, [&](const CaseBrief& one) { return one.id == target && one.open; });
    },
    {},
    Asks::payload};

// An unknown device is named once (F02); which one it is cannot be taken back.
const Check device_already_known{"device_already_known", [](const Situation& s) { return s.file.device.empty(); }};
// Who works on the case sees it for his own RSC. Another RSC's device is the hospital's to name, and only before
// anybody has taken the case.
const Check device_of_other_rsc{
    "device_of_other_rsc",
    [](const Situation& s) {
      const Contract* contract = contract_of(s);
      return contract != nullptr &&
             (contract->rsc == s.file.rsc || (side_of(s.event.as) == Side::hcf && s.file.state == "notified"));
    },
    {hcf_sysadm}};

// A timer fires once, at its time, and only while it runs.
const Check timer_not_running{"timer_not_running", [](const Situation& s) {
                                const Timer* timer = timer_of(s.file, s.event.name, s.event.timer_about);
                                return timer != nullptr && timer->due <= s.event.at &&
                                       timer->round == s.event.timer_round;
                              }};

}  // namespace kintsugi::fault_response

#include "workflows/fault_response/checks.h"
#include "workflows/fault_response/look.h"

#include <algorithm>
#include <map>

// Step 5: every data item reaches an end, and nobody vouches for his own erasure.
namespace kintsugi::fault_response {

using enum Role;

namespace {

const DataItem* the_item(const Situation& s) {
  return item_of(s.file, id_in<ItemId>(s.event.payload, "item"));
}

int strength_of(std::string_view method) {
  if (method == "clear") return 1;
  if (method == "purge" || method == "crypto_erase") return 2;
  return method == "destroy" ? 3 : 0;
}

// Which state each event leads an item to.
ItemState target_of(const std::string& event) {
  using enum ItemState;
  static const std::map<std::string, ItemState, std::less<>> targets = {{"item_erased", erased_claimed},
                                                                        {"item_verified", erased_verified},
                                                                        {"item_retained", retained_with_consent},
                                                                        {"item_returned", returned},
                                                                        {"item_deidentified", deidentified_verified},
                                                                        {"accept_residual", lost_or_residual},
                                                                        {"legal_hold", held},
                                                                        {"take_data", held_at_rsc}};
  const auto found = targets.find(event);
  return found == targets.end() ? declared : found->second;
}

}  // namespace

// A legal hold stops everything but its own lifting (F69).
const Check item_state_wrong{"item_state_wrong",
                             [](const Situation& s) {
                               const ItemState next = target_of(s.event.name);
                               return std::ranges::all_of(items_named(s), [&](const DataItem* item) {
                                 return item != nullptr && item->state != ItemState::held &&
                                        may_follow(item->state, next);
                               });
                             },
                             {},
                             Asks::payload};
const Check item_not_held{"item_not_held",
                          [](const Situation& s) {
                            return std::ranges::all_of(items_named(s), [](const DataItem* item) {
                              return item != nullptr && item->state == ItemState::held;
                            });
                          },
                          {},
                          Asks::payload};
const Check item_already_decided{"item_already_decided",
                                 [](const Situation& s) {
                                   // What was allowed and not yet taken can still be denied.
                                   const bool allow = flag_in(s.event.payload, "allow");
                                   return std::ranges::all_of(items_named(s), [&](const DataItem* item) {
                                     return item != nullptr && (item->state == ItemState::declared ||
                                                                (!allow && item->state == ItemState::authorised));
                                   });
                                 },
                                 {},
                                 Asks::payload};
const Check no_item_to_decide{"no_item_to_decide", [](const Situation& s) {
                                return std::ranges::any_of(s.file.items, [](const DataItem& one) {
                                  return one.state == ItemState::declared || one.state == ItemState::authorised;
                                });
                              }};
// Clearing is enough for shared storage; a medium that leaves the building needs more, unless nothing on it can be
// about a patient (I11: unknown counts as patient data).
const Check method_too_weak{"method_too_weak",
                            [](const Situation& s) {
                              const DataItem* item = the_item(s);
                              const std::string medium = text_in(s.event.payload, "medium");
                              const bool leaves = medium == "removable" || medium == "optical" || medium == "paper" ||
                                                  medium == "device_part";
                              return item != nullptr && (item->phi == Phi::none || !leaves ||
                                                         strength_of(text_in(s.event.payload, "method")) >= 2);
                            },
                            {rsc_svc},
                            Asks::payload};
const Check method_not_stronger{
    "method_not_stronger",
    [](const Situation& s) {
      const DataItem* item = the_item(s);
      if (item == nullptr) return true;
      return s.event.payload.contains("found_copy") || item->method.empty() ||
             strength_of(text_in(s.event.payload, "method")) > strength_of(item->method) || item->method == "destroy";
    },
    {rsc_svc},
    Asks::payload};
// Where no item is owed it was only the statement "nothing taken" that came too late: there is nothing to name.
const Check item_not_named{"item_not_named",
                           [](const Situation& s) {
                             if (s.event.payload.contains("item")) return the_item(s) != nullptr;
                             return !s.event.payload.contains("found_copy") &&
                                    std::ranges::all_of(s.file.items,
                                                        [](const DataItem& one) { return is_final(one.state); });
                           },
                           {rsc_svc},
                           Asks::payload};
const Check eraser_may_not_verify{
    "eraser_may_not_verify",
    [](const Situation& s) {
      const DataItem* item = the_item(s);
      return item != nullptr && (s.event.actor.kind == sys ||
                                 (item->erased_by != s.event.actor.person && item->holder != s.event.actor.person));
    },
    {rsc_netadm},
    Asks::payload};
const Check traces_found{"traces_found",
                         [](const Situation& s) { return number_in(s.event.payload, "found") == 0; },
                         {rsc_svc},
                         Asks::payload};
// HCF_SYSADM decides on retention only where no privacy officer is appointed.
const Check privacy_officer_decides{"privacy_officer_decides",
                                    [](const Situation& s) {
                                      return s.event.as == hcf_priv ||
                                             s.directory.holders(hcf_priv, s.file.tenant, s.event.at).empty();
                                    },
                                    {hcf_priv}};
const Check end_date_not_later{"end_date_not_later",
                               [](const Situation& s) { return instant_in(s.event.payload, "until") > s.event.at; },
                               {},
                               Asks::payload};
const Check no_open_incident{"no_open_incident",
                             [](const Situation& s) {
                               return std::ranges::any_of(s.file.incidents, [](const Incident& one) {
                                 return one.state != IncidentState::closed;
                               });
                             },
                             {hcf_priv, hcf_sec, rsc_mgr}};
const Check incident_not_decided{"incident_not_decided",
                                 [](const Situation& s) {
                                   return std::ranges::any_of(s.file.incidents, [](const Incident& one) {
                                     return one.state != IncidentState::open;
                                   });
                                 },
                                 {hcf_priv, hcf_sec}};
const Check data_was_taken{"data_was_taken", [](const Situation& s) {
                             return std::ranges::all_of(s.file.items, [](const DataItem& item) {
                               return item.received_at == Instant{} && item.state == ItemState::denied;
                             });
                           }};
const Check logs_not_checked{"logs_not_checked",
                             [](const Situation& s) {
                               return flag_in(s.event.payload, "transfers_checked") &&
                                      flag_in(s.event.payload, "screens_checked") &&
                                      flag_in(s.event.payload, "recording_checked");
                             },
                             {rsc_svc},
                             Asks::payload};
// One claim is enough: it waits for its countersignature, or has it. Somebody else may take it over before that,
// where he who made it is the only one who could countersign.
const Check nothing_taken_claimed{
    "nothing_taken_claimed",
    [](const Situation& s) {
      return s.file.nothing_taken_by.empty() ||
             (s.file.nothing_taken_by != s.event.actor.person && s.file.nothing_taken_countersigned_by.empty());
    },
    {rsc_netadm}};
const Check nothing_to_countersign{
    "nothing_to_countersign", [](const Situation& s) { return !s.file.nothing_taken_by.empty(); }, {rsc_svc}};
const Check own_claim{
    "own_claim", [](const Situation& s) { return s.file.nothing_taken_by != s.event.actor.person; }, {rsc_netadm}};
const Check not_all_accounted{
    "not_all_accounted", [](const Situation& s) { return all_accounted(s.file); }, {rsc_svc, rsc_netadm, hcf_priv}};
const Check incident_unknown{
    "incident_unknown",
    [](const Situation& s) { return incident_of(s.file, id_in<IncidentId>(s.event.payload, "incident")) != nullptr; },
    {},
    Asks::payload};
const Check incident_state_wrong{
    "incident_state_wrong",
    [](const Situation& s) {
      const Incident* one = incident_of(s.file, id_in<IncidentId>(s.event.payload, "incident"));
      const IncidentState next = s.event.name == "assess_incident"   ? IncidentState::assessed
                                 : s.event.name == "report_incident" ? IncidentState::reported
                                                                     : IncidentState::closed;
      if (one == nullptr || !may_follow(one->state, next)) return false;
      return s.event.name == "assess_incident" || one->state != IncidentState::open;
    },
    {},
    Asks::payload};

}  // namespace kintsugi::fault_response

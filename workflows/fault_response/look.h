#pragma once

#include "engine/domain/decision.h"

#include <string>
#include <string_view>
#include <vector>

// Questions that checks and actions both ask.
namespace kintsugi::fault_response {

// ---- the payload, which has passed its schema ------------------------------------------------------------

// Empty, zero or false when the member is absent.
std::string text_in(const Json& payload, std::string_view member);
bool flag_in(const Json& payload, std::string_view member);
std::int64_t number_in(const Json& payload, std::string_view member);
Instant instant_in(const Json& payload, std::string_view member);
Digest digest_in(const Json& payload, std::string_view member);
std::vector<std::string> texts_in(const Json& payload, std::string_view member);
Window window_in(const Json& payload);
std::vector<PersonId> people_in(const Json& payload, std::string_view member);

template <class AnyId>
AnyId id_in(const Json& payload, std::string_view member) {
  return AnyId{text_in(payload, member)};
}
template <class E>
E name_in_payload(const Json& payload, std::string_view member, E otherwise) {
  return from_name<E>(text_in(payload, member)).value_or(otherwise);
}

// ---- the situation -----------------------------------------------------------------------------------------

// Of an opening event: the device that the payload or the device's own token names; otherwise the case's.
const Device* device_of(const Situation& s);
// The contract of the case, or of the device for an opening event.
const Contract* contract_of(const Situation& s);
const Person* actor_of(const Situation& s);
bool is_listed_worker(const CaseFile& file, const PersonId& person);

const DataItem* item_of(const CaseFile& file, const ItemId& id);
DataItem* item_of(CaseFile& file, const ItemId& id);
// The items that the payload names, with `item` or `items`; a null for each that does not exist.
std::vector<const DataItem*> items_named(const Situation& s);
const Incident* incident_of(const CaseFile& file, const IncidentId& id);
const Proposal* proposal_of(const CaseFile& file, std::string_view what);
const Timer* timer_of(const CaseFile& file, std::string_view event, std::string_view about = "");

// ---- access -------------------------------------------------------------------------------------------------

// What this hop last said for the grant's present generation.
HopReport hop_of(const Grant& grant, Hop hop);
// All three hops closed without sessions.
bool hops_closed(const Grant& grant);
// The proof of closing (F54): hops closed, accounts disabled, and the probe could not get through after all that was
// ordered and done.
bool closing_proved(const Grant& grant);
// Nothing is open: there never was a grant, or its closing is proved.
bool access_surely_closed(const CaseFile& file);
// The identity that the device behind the route gave is not the one of the grant (H04).
bool identity_mismatch(const CaseFile& file);

// ---- step 2 -------------------------------------------------------------------------------------------------

// May this person work on the case's device then: role, product line, pledge and training (F14)?
bool may_work(const Situation& s, const PersonId& id, Instant then);
// The first answer to the request before the approvers that counts no more, because whoever gave it has lost what he
// gave it by; null while all stand.
const Approval* approval_lost(const Directory& directory, const CaseFile& file, Instant now);
// Could whoever consented to this, beside the slots, still consent to it in that role?
bool consents_still(const Situation& s, const Proposal& consent, Role slot);
// Does the actor, in the role he uses, stand for the hospital: employed there, appointed in writing, or its own
// person as a deputy? Vendor staff never do.
bool stands_for_hospital(const Situation& s);
// The window that the approvers have left of the one asked for: each may narrow it, nobody widen it (2.3).
Window approved_window(const Request& request);
Window overlap(const Window& a, const Window& b);
// The emergency request that this slot still owes its approval: the one that is named, or else the oldest (F80).
const Request* request_owed(const CaseFile& file, Role slot, const Digest& named);
// What an answer of the actor would be about: for an approval after the fact the emergency, else the last request.
const Request* request_answered(const Situation& s);
// Slots of the policy that the request before the approvers still lacks.
std::vector<Role> open_slots(const Policy& policy, const Request& request);
// The latest instant at which a window that opens then may close: the lowest of all limits (2.3).
Instant latest_close(const Situation& s, Instant opens, const std::vector<PersonId>& workers);
// Every item has reached its end, and there is one or a countersigned "nothing taken"; a doubt about the deletion
// (F83) is answered.
bool all_accounted(const CaseFile& file);
// Is every obligation of this kind done, and is there one?
bool all_done(const CaseFile& file, ObligationKind kind);
bool none_undone(const CaseFile& file, ObligationKind kind);

// The instant a term after `from`: wall clock, or working days of the side that must act. In a P1 case a working
// day is 24 hours.
Instant due_after(const Directory& directory, const CaseFile& file, const Term& term, Instant from, Side acts);

}  // namespace kintsugi::fault_response

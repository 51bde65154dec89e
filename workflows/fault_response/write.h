#pragma once

#include "engine/machine/row.h"
#include "workflows/fault_response/look.h"

#include <initializer_list>
#include <map>
#include <string>
#include <vector>

// What actions write into the Decision: effects, timers, obligations, audit members.
namespace kintsugi::fault_response {

using machine::Lap;
using Facts = std::map<std::string, std::string>;
using People = std::vector<PersonId>;

// ---- timers ------------------------------------------------------------------------------------------------

// Replaces the timer of the same event and subject.
void set_timer(Lap& lap, std::string_view event, Instant due, int round = 0, const std::string& about = "");
// After the rule's own term, from now.
void start_timer(Lap& lap, std::string_view event, int round = 0, const std::string& about = "");
void drop_timer(Lap& lap, std::string_view event, const std::string& about = "");
// After the state has changed: every timer that does not live there goes.
void drop_strays(CaseFile& file);
Instant due_in(const Lap& lap, TimerName term, Side acts);

// ---- letters -----------------------------------------------------------------------------------------------

// Everybody who holds one of the roles at the case's hospital or RSC; rsc_svc means the owner, or who is on duty
// while nobody owns the case.
People holders(const Lap& lap, std::initializer_list<Role> roles);
// Both sides: those who use, approve, open and work.
People all_lanes(const Lap& lap);
People plus(People some, const People& others);
void mail(Lap& lap, std::string_view which, const People& to, Facts facts = {});
// The same, and the duty desks of both sides.
void mail_and_desks(Lap& lap, std::string_view which, const People& to, Facts facts = {});
// A letter of the ladder, remembered in the case file, so that it can be withdrawn with its reason.
void ask_by_letter(Lap& lap, Asked asked, std::string_view which, const People& to,
                   const std::vector<OrganisationId>& desks, Facts facts = {});
// The case is more urgent than it was: what it waits for is due sooner, and letters that wait for somebody's quiet
// hours to end wait no longer.
void raise_priority(Lap& lap, Priority priority);

// ---- access ------------------------------------------------------------------------------------------------

void order(Lap& lap, OrderKind kind, Hop hop);
// In the reverse order of opening; `kill` cuts what is alive, `close` asks it to end.
void order_closing(Lap& lap, OrderKind kind);
// Before doors are told to shut: what the probe saw then proves nothing of what is to come, such as an order to open
// that is still on its way.
void forget_look(Grant& grant);
// Leaves for the closing states: ends the grant and voids its request (unless it is to be resumed), drops what was
// asked for during the session, orders, starts the clock of the proof.
void begin_closing(Lap& lap, OrderKind kind, GrantEnd end, std::string_view next);
// Makes everything that was said for older generations void and starts a new one.
void raise_generation(Lap& lap);

// ---- what is owed -------------------------------------------------------------------------------------------

// Opens an obligation unless the same is open already.
void owe(Lap& lap, ObligationKind kind, Instant due, Role slot = Role::none, const std::string& about = "");
// Ends the oldest open one of this kind (and slot, and row).
void settle(Lap& lap, ObligationKind kind, Role slot = Role::none, const std::string& about = "",
            DocumentId document = {});
Incident& new_incident(Lap& lap, const std::string& type);
void drop_proposal(Lap& lap, std::string_view what);
// Somebody is about to be at the device again: what was said before about nothing having been taken is void.
void doubt_nothing_taken(Lap& lap);

// ---- audit -------------------------------------------------------------------------------------------------

// Members of the record's `x`, by the names of docs/audit-record.md; ids in the record's spelling, nothing if empty.
void note(Lap& lap, std::string_view member, Json value);
void note_id(Lap& lap, std::string_view member, const std::string& id);
// The item as it is now. `received` and `settled` are what the verifier counts the debt with.
void note_item(Lap& lap, const DataItem& item);
void note_ids(Lap& lap, std::string_view member, const std::vector<std::string>& ids);
void note_grant(Lap& lap);

}  // namespace kintsugi::fault_response

#pragma once

#include "adapters/http/exchange.h"
#include "engine/masters/sight.h"
#include "engine/run/registry.h"

#include <string>

// Masters as the API shows them: the members of fields() that differ from their default, of what the reader may see.
namespace kintsugi::http {

// What each kind of master answers to; T is the kind.
template <class T>
void list_masters(Exchange& exchange);
template <class T>
void show_master(Exchange& exchange);
template <class T>
void add_master(Exchange& exchange);
template <class T>
void put_master(Exchange& exchange);
template <class T>
void retire_master(Exchange& exchange);

// A policy with every member, those too that are as the built-in one has them: whoever changes it must see them.
Json whole(const Policy& policy);

Sight sight_of(const Exchange& exchange, const Directory& directory);
// The reason in the query; false when it is none of the list, and then the problem is answered.
bool change_reason(Exchange& exchange, const std::string& text, ChangeReason& out);
// Why a change was not planned or not made. False when it was, and then nothing is answered.
bool refused(Exchange& exchange, const Registry::Planned& planned);
bool refused(Exchange& exchange, const Registry::Applied& applied);
// Whoever leaves with this change is out with its commit: no sign-in, no credential (RA34). Its grants the writer
// revokes in the same one.
void see_out_leavers(const Exchange& exchange, Registry::Order& order);
void not_in_order(Exchange& exchange, std::string_view problem, const std::vector<Mistake>& mistakes);

}  // namespace kintsugi::http

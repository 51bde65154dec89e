#pragma once

#include "adapters/http/exchange.h"
#include "engine/masters/sight.h"

#include <string>

// Masters as the API shows them: the members of fields() that differ from their default, of what the reader may see.
namespace kintsugi::http {

// What a list, a read and a write have in common; T is the kind.
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

// Of what a reader is shown; it changes with what he is shown, and only with that.
std::string etag_of(const std::string& shown);

}  // namespace kintsugi::http

#pragma once

#include "tests/drill/world.h"

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

// The parts of what people write (payloads.cpp).
namespace kintsugi::drill {

struct Writing {
  World& world;
  const CaseFile& file;
  const PersonId& who;
  Dice& dice;
  Instant now() const { return world.now(); }
};
using Write = std::function<Json(Writing&)>;

// Every typed text holds the marker that may be read nowhere.
std::string words(std::string_view what);
Json because();
std::string file_hash(int n);

Json connection_request(Writing& w);
Json emergency(Writing& w);
std::string slot_of(Writing& w);  // one that is open and that he has a role for, if there is one
std::string request_hash(const Writing& w);
Json answer(Writing& w);
Json later_answer(Writing& w);  // after a break-glass

// One in these states, or any.
std::string item_in(Writing& w, std::initializer_list<ItemState> states);
std::string incident_in(Writing& w, std::initializer_list<IncidentState> states);
std::string somebody(Writing& w, Role role);
std::string second_level(Writing& w);  // who was proposed, or could be
std::string until(Writing& w);         // of an extension
std::string merge_target(Writing& w);
std::string nonconformity(const Writing& w);
std::string some_device(Writing& w);
Json an_incident(Writing& w);
Json retry(Writing& w);
Json checks_of(Writing& w);
Json a_report(Writing& w);

}  // namespace kintsugi::drill

#pragma once

#include "engine/domain/directory.h"

#include <span>
#include <string_view>

// Every word that a person reads about this workflow, in Japanese and English. Japanese and English are equal: a name
// without both is a mistake that a unit test finds. A name that is not known gives an empty Text.
namespace kintsugi::fault_response {

// One name's words, as they stand in the tables.
struct Word {
  std::string_view name;
  std::string_view ja;
  std::string_view en;
};
std::span<const Word> state_words();
std::span<const Word> event_words();  // notes included; what an actor reads on the button
std::span<const Word> check_words();  // what is missing when the check does not hold, and who can supply it
std::span<const Word> role_words();
std::span<const Word> fact_words();  // closed vocabularies: hops, access levels, item classes, ends of a grant …

Text state_label(std::string_view state);
Text event_label(std::string_view event);
Text check_text(std::string_view check);
Text role_name(std::string_view role);
Text fact_text(std::string_view value);

// Workflow::text. Some names are two things (`sign_off` is an event and a state); the order is check, event, state,
// role, fact.
Text text(std::string_view name);

}  // namespace kintsugi::fault_response

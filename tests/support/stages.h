#pragma once

#include "tests/support/play.h"

#include <string>
#include <string_view>
#include <vector>

namespace kintsugi::testing {

// A play whose case stands in this state, brought there by people, timers and end points as the table wants it.
// Every state of the workflow has its way; an unknown one fails the test.
Play in_state(std::string_view state);

// The smallest payload that an event's schema takes: its required members, with values of their type.
Json sample_of(const Json& schema, Instant now);
// The ordinary payload of the play as somebody outside would write it: members that the schema does not know are left
// out (the engine adds them itself), missing ones are sampled.
Json written(const Play& play, const EventInfo& event, const std::string& who);

}  // namespace kintsugi::testing

#pragma once

#include "programs/demo/story.h"

#include <vector>

namespace kintsugi::demo {

// The acts worth trying in the state that a case is in, best first: where the story departs from the straight way,
// its own come first. Pure.
std::vector<Act> worth_trying(const Story& story, const Json& seen, const Cast& cast, Instant now);

}  // namespace kintsugi::demo

#pragma once

#include "engine/domain/directory.h"
#include "engine/run/outcome.h"

#include <string>

namespace kintsugi::drill {

// As the trail tells it: who asked for what, and what came of it.
std::string told(const Submission& asked, const Directory& directory);
std::string told(const Outcome& outcome);
// The last characters of an id: enough to tell those of one story apart.
std::string shortened(const std::string& id);

}  // namespace kintsugi::drill

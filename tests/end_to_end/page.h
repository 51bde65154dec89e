#pragma once

#include "tests/end_to_end/run.h"

#include <string>

namespace kintsugi::testing {

// The shell blocks of a page of docs/, as a newcomer pastes them: all of them, in one bash that ends at the first
// mistake, in this directory, with the built program in PATH and a free port for its server.
Ran run_page(const std::string& path, const std::string& directory);

}  // namespace kintsugi::testing

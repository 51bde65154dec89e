#pragma once

#include "programs/server/server.h"

namespace kintsugi::cli {

// The engine over an installation's directory, for one command and without an API: Refused while a server runs there.
Result<std::unique_ptr<Server>> opened(const std::string& data, const Clock& clock, Entropy& entropy);

}  // namespace kintsugi::cli

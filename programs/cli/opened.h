#pragma once

#include "programs/server/server.h"

namespace kintsugi::cli {

// The engine over an installation's directory, for one command and without an API: Refused while a server runs there.
Result<std::unique_ptr<Server>> opened(const std::string& data, const Clock& clock, Entropy& entropy);

// Has an order of the operator's carried out (operator_orders.h): by the server that runs there, or else here.
Result<Json> carried_out(const std::string& data, const std::string& order, const Json& with);

}  // namespace kintsugi::cli

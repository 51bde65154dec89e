#pragma once

#include "programs/cli/visit.h"

#include <string>

namespace kintsugi::cli {

// The outbox of a server, with a person's sign-in: of the cases whose systems he runs. Exit codes.
int list_outbox(const VisitOptions& options, const std::string& state, const Tongue& say);
int redrive_effect(const VisitOptions& options, const std::string& effect, const Tongue& say);

}  // namespace kintsugi::cli

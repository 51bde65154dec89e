#pragma once

#include "programs/cli/client/api.h"
#include "programs/cli/client/exit.h"
#include "programs/cli/client/table.h"

#include <string>

namespace kintsugi::cli {

// The exit code that says to a script what the status said to us.
Exit exit_of(const Reply& reply);

// What the words of a problem need besides its body.
struct About {
  std::string server;
  std::string case_ref;  // as the person named it; empty if it is about none
  std::string event;     // that was refused; empty if none was
};

// A refusal in words: title and detail, the places of mistakes in the input, each check that does not hold with who
// can lift it and since when, and last what to do now. Pure; every line ends.
std::string to_text(const Reply& reply, const About& about, const Tongue& tongue, const Paint& paint);

// The list of checks alone, as a problem's `failed` and a case's `blocked_by` hold it.
std::string checks_text(const Json& checks, std::size_t indent, const Tongue& tongue, const Paint& paint);

// The roles that could lift a check, with their names.
std::string roles_text(const Json& roles);

}  // namespace kintsugi::cli

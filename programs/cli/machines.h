#pragma once

#include "programs/cli/commands.h"

namespace kintsugi::cli {

// The verbs with which machines of one kind get what they prove themselves with and lose it: token, credentials, end,
// and certificate for those that may show one. `list` is where the API has them, `id` how their ids look.
struct MachineKind {
  const char* list;
  const char* id;
  bool shows_certificates = true;
};
void add_credential_verbs(CLI::App& group, int& exit, const Tongue& say, const MachineKind& kind);

}  // namespace kintsugi::cli

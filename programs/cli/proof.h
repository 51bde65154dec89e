#pragma once

#include "programs/cli/client/words.h"
#include "programs/cli/visit.h"

namespace kintsugi::cli {

inline constexpr std::string_view from_input = "--password-stdin";

// Password and code of whoever is signed in, as the API takes them: asked at the terminal, or a line each from
// standard input.
Result<Json> ask_proof(bool from_stdin, const Tongue& say);

}  // namespace kintsugi::cli

#pragma once

#include "programs/cli/client/words.h"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kintsugi::cli {

// What to say when a word stands where a command is expected and names none: the word, the nearest command if one is
// near, and where the commands are listed. Nothing when every such word names one; what is wrong beyond that, the
// parser says. `words` are the arguments without the program's name.
std::optional<std::string> unknown_word(const CLI::App& app, const std::vector<std::string>& words,
                                        const Tongue& say);

}  // namespace kintsugi::cli

#pragma once

#include "programs/cli/client/words.h"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kintsugi::cli {

// What to say when a word stands where a command is expected and names none, or looks like an option and is none of
// its command: the word, the nearest right one if one is near, and where they are listed. Nothing when there is no
// such word; what is wrong beyond that, the parser says. `words` are the arguments without the program's name.
std::optional<std::string> unknown_word(const CLI::App& app, const std::vector<std::string>& words,
                                        const Tongue& say);

// The one of these names that the word was probably meant to be; empty when none is near.
std::string nearest_to(const std::string& word, const std::vector<std::string>& names);

}  // namespace kintsugi::cli

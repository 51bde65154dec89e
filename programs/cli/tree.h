#pragma once

#include "programs/cli/commands.h"

#include <memory>
#include <string>
#include <vector>

// All commands, in one language. What they are for is written in English where they are made; the Japanese stands in
// descriptions.cpp, and a test misses what is not there.
namespace kintsugi::cli {

// `exit` gets the exit code when the tree has parsed its arguments; it must outlive the tree. `chosen` is what --lang
// said: the demo speaks both languages when neither that nor the locale names one.
std::unique_ptr<CLI::App> make_tree(Language language, int& exit, const std::string& chosen = {});

// The value of --lang, wherever it stands before a `--`, taken out of the words.
std::string take_language(std::vector<std::string>& words);

// The Japanese of a description, null if there is none.
const char* japanese_of(const std::string& english);

}  // namespace kintsugi::cli

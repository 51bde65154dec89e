#pragma once

#include <CLI/CLI.hpp>

#include <string>

// What the command tree says about itself to other programs. Pure.
namespace kintsugi::cli {

// Completes commands and options in bash; files are bash's own business.
std::string bash_completion(const CLI::App& tree);

// The same in zsh.
std::string zsh_completion(const CLI::App& tree);

// The manual page in troff (man macros), every command and option of the tree.
std::string man_page(const CLI::App& tree, bool japanese);

}  // namespace kintsugi::cli

#pragma once

#include <string>
#include <string_view>
#include <vector>

// The project's own files as values, for the tests whose subject is the source itself.
namespace kintsugi::testing {

struct SourceFile {
  std::string path;  // from the root, with forward slashes
  std::string text;

  bool in(std::string_view folder) const { return path.starts_with(folder); }
  bool is_header() const { return path.ends_with(".h"); }
  bool is_code() const { return is_header() || path.ends_with(".cpp"); }
  bool is_document() const { return path.ends_with(".md"); }
};

// Every text file of the working tree but what is built, fetched or hidden; read once.
const std::vector<SourceFile>& source_tree();

std::vector<std::string_view> lines_of(std::string_view text);

// The text with comments and the insides of string literals blanked out, line for line: what the compiler acts on.
std::string code_of(std::string_view text);

// Is `word` in the line, not as a part of a longer identifier?
bool has_word(std::string_view line, std::string_view word);

// The targets of all #include lines as written, with their quotes or brackets.
std::vector<std::string> includes_of(std::string_view text);

// Does the project hold this file or folder?
bool exists(const std::string& path);

}  // namespace kintsugi::testing

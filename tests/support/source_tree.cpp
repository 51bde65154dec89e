#include "tests/support/source_tree.h"

#include "tests/support/places.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace kintsugi::testing {

namespace fs = std::filesystem;

namespace {

constexpr std::array skipped_folders = {"build", "node_modules", "dist", "kintsugi-data"};
constexpr std::array text_endings = {".h",    ".cpp", ".md",   ".txt", ".sh", ".json",
                                     ".toml", ".sql", ".yaml", ".yml", ""};

bool is_skipped(const fs::path& folder) {
  const std::string name = folder.filename().string();
  const bool hidden = name.starts_with(".") && name != ".ci";
  return hidden || std::find(skipped_folders.begin(), skipped_folders.end(), name) != skipped_folders.end();
}

bool is_text(const fs::path& file) {
  if (file.filename().string().starts_with(".")) return false;
  return std::find(text_endings.begin(), text_endings.end(), file.extension().string()) != text_endings.end();
}

std::vector<SourceFile> read_tree() {
  const fs::path root = source_directory;
  std::vector<SourceFile> files;
  for (auto at = fs::recursive_directory_iterator(root); at != fs::recursive_directory_iterator(); ++at) {
    if (at->is_directory() && is_skipped(at->path())) {
      at.disable_recursion_pending();
    } else if (at->is_regular_file() && is_text(at->path())) {
      std::ifstream in(at->path(), std::ios::binary);
      files.push_back({at->path().lexically_relative(root).generic_string(),
                       std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>())});
    }
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

bool is_identifier(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Length of the literal or comment that begins at `from`, delimiters included; 0 if none does.
std::size_t length_of_text(std::string_view text, std::size_t from) {
  const std::string_view rest = text.substr(from);
  const auto until = [&](std::string_view end, std::size_t after) {
    const auto found = rest.find(end, after);
    return found == std::string_view::npos ? rest.size() : found + end.size();
  };
  if (rest.starts_with("//")) return std::min(rest.find('\n'), rest.size());
  if (rest.starts_with("/*")) return until("*/", 2);
  if (rest.starts_with("R\"")) {
    const std::string end = ")" + std::string(rest.substr(2, rest.find('(') - 2)) + "\"";
    return until(end, 2);
  }
  // An apostrophe inside a number is no literal.
  const bool in_number = rest.front() == '\'' && from > 0 && is_identifier(text[from - 1]);
  if ((rest.front() != '"' && rest.front() != '\'') || in_number) return 0;
  std::size_t end = 1;
  while (end < rest.size() && rest[end] != rest.front() && rest[end] != '\n')
    end += rest[end] == '\\' ? 2 : 1;
  return std::min(end + 1, rest.size());
}

}  // namespace

const std::vector<SourceFile>& source_tree() {
  static const std::vector<SourceFile> files = read_tree();
  return files;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string code_of(std::string_view text) {
  std::string code;
  code.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = length_of_text(text, at);
    if (length == 0) {
      code += text[at++];
      continue;
    }
    for (const char c : text.substr(at, length))
      code += c == '\n' ? '\n' : ' ';
    at += length;
  }
  return code;
}

bool has_word(std::string_view line, std::string_view word) {
  for (auto at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
    const bool begins = at == 0 || !is_identifier(line[at - 1]);
    const bool ends = at + word.size() >= line.size() || !is_identifier(line[at + word.size()]);
    if (begins && ends) return true;
  }
  return false;
}

std::vector<std::string> includes_of(std::string_view text) {
  std::vector<std::string> includes;
  for (std::string_view line : lines_of(text)) {
    if (!line.starts_with("#include ")) continue;
    line.remove_prefix(std::string_view("#include ").size());
    const auto end = line.find_first_of(">\"", 1);
    if (end != std::string_view::npos) includes.emplace_back(line.substr(0, end + 1));
  }
  return includes;
}

bool exists(const std::string& path) {
  return fs::exists(fs::path(source_directory) / path);
}

}  // namespace kintsugi::testing

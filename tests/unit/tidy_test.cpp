#include "tests/support/source_tree.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <string>
#include <vector>

// Style that a machine can hold, as data. Layout belongs to clang-format, rooms to rooms_test.cpp.
namespace kintsugi::testing {

namespace {

using Names = std::vector<std::string_view>;
using Objections = std::vector<std::string>;

bool begins_with_one_of(std::string_view path, const Names& folders) {
  return std::any_of(folders.begin(), folders.end(), [&](auto folder) { return path.starts_with(folder); });
}

std::string at(const SourceFile& file, std::size_t line, std::string_view what) {
  return file.path + ":" + std::to_string(line + 1) + ": " + std::string(what);
}

// ---- words that may not stand in code ---------------------------------------------------------------------------

struct BannedWord {
  std::string_view word;
  Names where;   // folders
  Names except;  // paths as they begin
  std::string_view instead;
};

const Names all_code = {"engine/", "workflows/", "adapters/", "programs/", "tests/"};
const std::vector<BannedWord> banned_words = {
    {"system_clock::now", all_code, {"engine/base/clock.cpp"}, "take a Clock"},
    {"gettimeofday", all_code, {}, "take a Clock"},
    {"std::time", all_code, {}, "take a Clock"},
    {"sleep_for",
     {"engine/", "workflows/", "tests/"},
     {"tests/bench/", "tests/crash/"},
     "wait on a condition with a bound"},
    {"sleep_until", {"engine/", "workflows/", "tests/"}, {}, "wait on a condition with a bound"},
    {"usleep", all_code, {}, "wait on a condition with a bound"},
    {"nanosleep", all_code, {}, "wait on a condition with a bound"},
    {"std::rand", all_code, {}, "take an Entropy"},
    {"srand", all_code, {}, "take an Entropy"},
    {"random_device", all_code, {}, "take an Entropy"},
    {"mt19937", all_code, {}, "take an Entropy"},
    {"strcpy", all_code, {}, "std::string"},
    {"sprintf", all_code, {}, "fmt::format"},
    {"detach", all_code, {}, "a thread has an owner that joins it"},
};

Objections banned_words_in(const SourceFile& file) {
  Objections found;
  const std::string code = code_of(file.text);
  const auto lines = lines_of(code);
  for (const BannedWord& banned : banned_words) {
    if (!begins_with_one_of(file.path, banned.where)) continue;
    if (begins_with_one_of(file.path, banned.except)) continue;
    for (std::size_t n = 0; n < lines.size(); ++n)
      if (has_word(lines[n], banned.word))
        found.push_back(at(file, n, std::string(banned.word) + "; " + std::string(banned.instead)));
  }
  return found;
}

// The database has no clock either.
Objections clocks_in_sql(const SourceFile& file) {
  Objections found;
  if (!file.in("adapters/")) return found;
  const auto lines = lines_of(file.text);
  for (std::size_t n = 0; n < lines.size(); ++n)
    for (const auto clock : {"CURRENT_TIMESTAMP", "'now'", "unixepoch("})
      if (lines[n].find(clock) != std::string_view::npos) found.push_back(at(file, n, "a second clock, in SQL"));
  return found;
}

// ---- names that say nothing -------------------------------------------------------------------------------------

constexpr std::array<std::string_view, 4> empty_names = {"Manager", "Helper", "Util", "Impl"};

// `CaseManager` and `Helpers`, but not `Implicit`: the word ends where the next one begins.
bool says_nothing(std::string_view line, std::string_view name) {
  for (auto found = line.find(name); found != std::string_view::npos; found = line.find(name, found + 1)) {
    auto end = found + name.size();
    if (end < line.size() && line[end] == 's') ++end;
    if (end >= line.size() || std::islower(static_cast<unsigned char>(line[end])) == 0) return true;
  }
  return false;
}

Objections empty_names_in(const SourceFile& file) {
  Objections found;
  const std::string code = code_of(file.text);
  const auto lines = lines_of(code);
  for (std::size_t n = 0; n < lines.size(); ++n)
    for (const auto name : empty_names)
      if (says_nothing(lines[n], name)) found.push_back(at(file, n, "a name that says nothing"));

  std::string words = "_" + std::filesystem::path(file.path).stem().string() + "_";
  for (const auto name : {"_manager", "_helper", "_util", "_impl_", "_misc_", "_common_"})
    if (words.find(name) != std::string::npos) found.push_back(file.path + ": a file name that says nothing");
  return found;
}

// ---- the shape of files -----------------------------------------------------------------------------------------

constexpr std::size_t lines_max = 400;

Objections too_long(const SourceFile& file) {
  const std::size_t lines = lines_of(file.text).size();
  if (lines <= lines_max) return {};
  return {file.path + ": " + std::to_string(lines) + " lines, allowed " + std::to_string(lines_max)};
}

Objections shape_of_header(const SourceFile& file) {
  Objections found;
  if (!file.is_header()) return found;
  if (!file.text.starts_with("#pragma once\n")) found.push_back(file.path + ": begins with #pragma once");
  const std::string code = code_of(file.text);
  const auto lines = lines_of(code);
  for (std::size_t n = 0; n < lines.size(); ++n)
    if (lines[n].starts_with("using namespace") && lines[n].find("literals;") == std::string_view::npos)
      found.push_back(at(file, n, "a header opens no namespace for its readers"));
  return found;
}

Objections includes_from_the_root(const SourceFile& file) {
  Objections found;
  for (const std::string& include : includes_of(file.text))
    if (include.front() == '"' && !exists(include.substr(1, include.size() - 2)))
      found.push_back(file.path + " includes " + include + ": no such file, seen from the root");
  return found;
}

// Said in two halves, so that this file passes its own test.
const std::array<std::string, 3> promises = {std::string("TO") + "DO", std::string("FIX") + "ME",
                                             std::string("XX") + "X"};
const std::array<std::string, 3> private_paths = {std::string("/ro") + "ot/", std::string("/ho") + "me/",
                                                  std::string("/wo") + "rk/"};

Objections promises_in(const SourceFile& file) {
  Objections found;
  const auto lines = lines_of(file.text);
  for (std::size_t n = 0; n < lines.size(); ++n) {
    for (const std::string& promise : promises)
      if (has_word(lines[n], promise)) found.push_back(at(file, n, "a promise instead of the thing"));
    for (const std::string& path : private_paths)
      if (lines[n].find(path) != std::string_view::npos) found.push_back(at(file, n, "a path of one machine"));
  }
  return found;
}

// ---- documents --------------------------------------------------------------------------------------------------

bool is_part_of_path(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '/' || c == '.' || c == '-' || c == '_';
}

Objections dead_links(const SourceFile& file) {
  Objections found;
  if (!file.is_document()) return found;
  const auto folder = std::filesystem::path(file.path).parent_path();
  for (auto open = file.text.find("]("); open != std::string::npos; open = file.text.find("](", open + 1)) {
    std::string target = file.text.substr(open + 2, file.text.find(')', open) - open - 2);
    if (target.starts_with("#") || target.starts_with("mailto:") || target.find("://") != std::string::npos) continue;
    target = target.substr(0, target.find('#'));
    if (!exists((folder / target).lexically_normal().generic_string()))
      found.push_back(file.path + ": links to " + target + ", which is not there");
  }
  return found;
}

// ---- names of tests ---------------------------------------------------------------------------------------------

// CTest and Catch each read these characters their own way, and then the test is not found by its name.
Objections unspeakable_tests(const SourceFile& file) {
  Objections found;
  if (!file.in("tests/") || !file.is_code()) return found;
  const auto lines = lines_of(file.text);
  for (std::size_t n = 0; n < lines.size(); ++n) {
    if (lines[n].find("TEST_CASE(\"") > std::string_view("TEMPLATE_").size()) continue;
    const std::string_view rest = lines[n].substr(lines[n].find('"') + 1);
    const std::string_view name = rest.substr(0, std::min(rest.find("\", \""), rest.rfind('"')));
    if (name.find_first_of(";\"*\\~#") != std::string_view::npos)
      found.push_back(at(file, n, "a test's name has none of ; \" * \\ ~ #"));
    if (name.find(' ') == std::string_view::npos) found.push_back(at(file, n, "a test's name is a sentence"));
  }
  return found;
}

// Comments say `docs/rules.md` to whoever wants to know where a rule comes from.
Objections missing_documents(const SourceFile& file) {
  Objections found;
  const auto lines = lines_of(file.text);
  for (std::size_t n = 0; n < lines.size(); ++n) {
    const auto begins = lines[n].find("docs/");
    if (begins == std::string_view::npos || (begins > 0 && is_part_of_path(lines[n][begins - 1]))) continue;
    std::string_view path = lines[n].substr(begins);
    path = path.substr(0, std::find_if_not(path.begin(), path.end(), is_part_of_path) - path.begin());
    while (path.ends_with('.'))
      path.remove_suffix(1);
    if (path.ends_with(".md") && !exists(std::string(path)))
      found.push_back(at(file, n, "names " + std::string(path) + ", which is not there"));
  }
  return found;
}

using Rule = Objections (*)(const SourceFile&);

void hold(Rule rule, bool code_only) {
  for (const SourceFile& file : source_tree()) {
    if (code_only && !file.is_code()) continue;
    for (const std::string& objection : rule(file))
      FAIL_CHECK(objection);
  }
  SUCCEED();
}

std::size_t count(Rule rule, const char* path, std::string text) {
  return rule({path, std::move(text)}).size();
}

}  // namespace

TEST_CASE("time, chance and waiting come from outside", "[tidy]") {
  hold(banned_words_in, true);
  hold(clocks_in_sql, true);
  CHECK(count(banned_words_in, "engine/run/x.cpp", "auto t = std::chrono::system_clock::now();") == 1);
  CHECK(count(banned_words_in, "engine/base/clock.cpp", "std::chrono::system_clock::now()") == 0);
  CHECK(count(banned_words_in, "tests/unit/x.cpp", "std::this_thread::sleep_for(2s);") == 1);
  CHECK(count(banned_words_in, "programs/cli/x.cpp", "std::this_thread::sleep_for(2s);") == 0);
  CHECK(count(banned_words_in, "engine/run/x.cpp", "int n = std::rand();") == 1);
  CHECK(count(banned_words_in, "engine/run/x.cpp", "// std::rand() is not used\n\"srand\"; brands();") == 0);
  CHECK(count(clocks_in_sql, "adapters/sqlite/x.cpp", "R\"(DELETE FROM t WHERE at < datetime('now'))\"") == 1);
}

TEST_CASE("no name says nothing", "[tidy]") {
  hold(empty_names_in, true);
  for (const char* text : {"class CaseManager {", "using Utils = int;", "HelperOf x;", "struct StoreImpl;"})
    CHECK(count(empty_names_in, "engine/run/x.h", text) == 1);
  CHECK(count(empty_names_in, "engine/run/string_utils.h", "") == 1);
  CHECK(count(empty_names_in, "engine/run/x.h", "class Implicit {}; // no Manager, no Util") == 0);
}

TEST_CASE("a file is one idea of at most 400 lines", "[tidy]") {
  hold(too_long, true);
  CHECK(count(too_long, "engine/run/x.cpp", std::string(lines_max, '\n')) == 0);
  CHECK(count(too_long, "engine/run/x.cpp", std::string(lines_max + 1, '\n')) == 1);
}

TEST_CASE("a header guards itself and opens no namespace", "[tidy]") {
  hold(shape_of_header, true);
  CHECK(count(shape_of_header, "engine/run/x.h", "int x;\n") == 1);
  CHECK(count(shape_of_header, "engine/run/x.h", "#pragma once\nusing namespace std;\n") == 1);
  CHECK(count(shape_of_header, "engine/run/x.h", "#pragma once\nusing namespace std::chrono_literals;\n") == 0);
}

TEST_CASE("includes are written from the root", "[tidy]") {
  hold(includes_from_the_root, true);
  CHECK(count(includes_from_the_root, "engine/base/x.cpp", "#include \"clock.h\"\n") == 1);
  CHECK(count(includes_from_the_root, "engine/base/x.cpp", "#include \"engine/base/clock.h\"\n") == 0);
}

TEST_CASE("no file promises work or knows somebody's machine", "[tidy]") {
  hold(promises_in, false);
  CHECK(count(promises_in, "notes/x.md", "see " + promises[0] + ": later") == 1);
  CHECK(count(promises_in, "scripts/x", "cp " + private_paths[0] + "x .") == 1);
  CHECK(count(promises_in, "notes/x.md", "mastodon") == 0);
}

TEST_CASE("every link to a file of the project leads somewhere", "[tidy]") {
  hold(dead_links, false);
  CHECK(count(dead_links, "notes/x.md", "see [rules](nowhere.md#a)") == 1);
  CHECK(count(dead_links, "notes/x.md",
              "see [code](../engine/base/clock.h), [web](https://example.org), [up](#top)") == 0);
}

TEST_CASE("every document that the code names exists", "[tidy]") {
  hold(missing_documents, true);
  CHECK(count(missing_documents, "engine/base/x.h", "// see " + std::string("docs") + "/nowhere.md for more") == 1);
  CHECK(count(missing_documents, "engine/base/x.h", "// see docs/architecture.md") == 0);
}

TEST_CASE("a test's name is a sentence that CTest and Catch read alike", "[tidy]") {
  hold(unspeakable_tests, true);
  const std::string begin = "TEST_CASE";
  CHECK(count(unspeakable_tests, "tests/unit/x.cpp", begin + R"(("this; or that", "[x]") {)") == 1);
  CHECK(count(unspeakable_tests, "tests/unit/x.cpp", begin + R"(("guard", "[x]") {)") == 1);
  CHECK(count(unspeakable_tests, "tests/unit/x.cpp", begin + R"(("it holds, always", "[x]") {)") == 0);
}

TEST_CASE("code is told apart from what is said about it", "[tidy]") {
  CHECK(code_of("a // b\nc") == "a     \nc");
  CHECK(code_of("x = \"a\\\"b\" + y") == "x =        + y");
  CHECK(code_of("R\"(\" // )\" z") == "           z");
  CHECK(code_of("1'000'000 + n") == "1'000'000 + n");
  CHECK(code_of("/* a\nb */ c") == "    \n     c");
}

}  // namespace kintsugi::testing

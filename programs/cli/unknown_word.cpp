#include "programs/cli/unknown_word.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace kintsugi::cli {
namespace {

constexpr std::size_t mistakes_max = 2;  // letters wrong, missing or too many in a word that is still taken for near

// Levenshtein's distance, one row at a time.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (const char letter : a) {
    std::size_t diagonal = std::exchange(row[0], row[0] + 1);
    for (std::size_t i = 1; i < row.size(); ++i) {
      const std::size_t changed = diagonal + (letter == b[i - 1] ? 0 : 1);
      diagonal = std::exchange(row[i], std::min({changed, row[i] + 1, row[i - 1] + 1}));
    }
  }
  return row.back();
}

using Commands = std::vector<const CLI::App*>;

Commands commands_of(const CLI::App& group) {
  return group.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<std::string> names_of(const Commands& commands) {
  std::vector<std::string> out;
  for (const CLI::App* one : commands)
    out.push_back(one->get_name());
  return out;
}

std::optional<std::string> unknown_option(const CLI::App& command, const std::string& path, const std::string& word,
                                          const Tongue& say) {
  const std::string option = word.substr(0, word.find('='));
  const bool looks_like_one = option.size() > 2 && option.starts_with("--") && option[2] >= 'a' && option[2] <= 'z';
  if (!looks_like_one || command.get_option_no_throw(option) != nullptr) return std::nullopt;
  std::vector<std::string> names;
  for (const CLI::Option* one : command.get_options())
    for (const std::string& name : one->get_lnames())
      names.push_back("--" + name);
  const std::string nearest = nearest_to(option, names);
  return nearest.empty() ? say("option.none", option, path) : say("option.near", option, path, nearest);
}

}  // namespace

std::string nearest_to(const std::string& word, const std::vector<std::string>& names) {
  std::string nearest;
  std::size_t least = std::min(mistakes_max, word.size() / 2) + 1;
  for (const std::string& one : names)
    if (const auto far = distance(word, one); far < least) {
      least = far;
      nearest = one;
    }
  return nearest;
}

std::optional<std::string> unknown_word(const CLI::App& app, const std::vector<std::string>& words,
                                        const Tongue& say) {
  const CLI::App* group = &app;
  std::string path = app.get_name();
  auto word = words.begin();
  for (; word != words.end(); ++word) {
    const Commands commands = commands_of(*group);
    if (commands.empty() || word->starts_with('-')) break;
    const auto named = std::ranges::find(commands, *word, [](const CLI::App* one) { return one->get_name(); });
    if (named == commands.end()) {
      const std::string nearest = nearest_to(*word, names_of(commands));
      return nearest.empty() ? say("command.none", *word, path) : say("command.near", *word, path, nearest);
    }
    group = *named;
    path += " " + *word;
  }
  for (; word != words.end() && *word != "--"; ++word)
    if (auto mistake = unknown_option(*group, path, *word, say)) return mistake;
  return std::nullopt;
}

}  // namespace kintsugi::cli

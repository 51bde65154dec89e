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

std::string nearest_to(const std::string& word, const Commands& commands) {
  std::string nearest;
  std::size_t least = std::min(mistakes_max, word.size() / 2) + 1;
  for (const CLI::App* one : commands)
    if (const auto far = distance(word, one->get_name()); far < least) {
      least = far;
      nearest = one->get_name();
    }
  return nearest;
}

}  // namespace

std::optional<std::string> unknown_word(const CLI::App& app, const std::vector<std::string>& words,
                                        const Tongue& say) {
  const CLI::App* group = &app;
  std::string path = app.get_name();
  for (const std::string& word : words) {
    const Commands commands = commands_of(*group);
    if (commands.empty() || word.starts_with('-')) return std::nullopt;
    const auto named = std::ranges::find(commands, word, [](const CLI::App* one) { return one->get_name(); });
    if (named == commands.end()) {
      const std::string nearest = nearest_to(word, commands);
      return nearest.empty() ? say("command.none", word, path) : say("command.near", word, path, nearest);
    }
    group = *named;
    path += " " + word;
  }
  return std::nullopt;
}

}  // namespace kintsugi::cli

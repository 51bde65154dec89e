#include "programs/cli/client/words.h"
#include "programs/cli/tree.h"
#include "programs/cli/unknown_word.h"

#include <algorithm>
#include <cstdio>

int main(int count, char** given) {
  using namespace kintsugi::cli;
  std::vector<std::string> words(given + 1, given + count);
  const std::string chosen = take_language(words);
  if (!chosen.empty() && chosen != "ja" && chosen != "en") {
    std::fprintf(stderr, "kintsugi: --lang ja|en\n");
    return usage;
  }
  const Language language = language_of(chosen);
  int exit = ok;
  const auto app = make_tree(language, exit, chosen);
  if (const auto mistake = unknown_word(*app, words, Tongue(language))) {
    std::fprintf(stderr, "kintsugi: %s\n", mistake->c_str());
    return usage;
  }
  std::ranges::reverse(words);  // as CLI11 takes a vector
  try {
    app->parse(words);
  } catch (const CLI::ParseError& e) {
    return app->exit(e) == 0 ? ok : usage;
  }
  return exit;
}

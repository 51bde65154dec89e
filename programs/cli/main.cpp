#include "programs/cli/client/words.h"
#include "programs/cli/tree.h"

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
  int exit = ok;
  const auto app = make_tree(language_of(chosen), exit);
  std::ranges::reverse(words);  // as CLI11 takes a vector
  try {
    app->parse(words);
  } catch (const CLI::ParseError& e) {
    return app->exit(e) == 0 ? ok : usage;
  }
  return exit;
}

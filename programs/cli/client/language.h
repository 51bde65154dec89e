#pragma once

#include <string_view>

namespace kintsugi::cli {

enum class Language { ja, en };

constexpr std::string_view tag_of(Language language) {
  return language == Language::ja ? "ja" : "en";
}

// The language of the person at the terminal: what was chosen by flag (`ja` or `en`, else empty), then LC_ALL,
// LC_MESSAGES and LANG as POSIX ranks them. Whoever names neither Japanese nor anything else gets English.
Language language_of(std::string_view chosen);

}  // namespace kintsugi::cli

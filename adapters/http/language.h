#pragma once

#include "engine/domain/directory.h"

#include <string>
#include <string_view>
#include <utility>

namespace kintsugi::http {

enum class Language { ja, en };

inline std::string_view tag_of(Language language) {
  return language == Language::ja ? "ja" : "en";
}
inline const std::string& in(Language language, const Text& text) {
  return language == Language::ja ? text.ja : text.en;
}
inline std::string in(Language language, Text&& text) {
  return std::move(language == Language::ja ? text.ja : text.en);
}

// The better liked of our two languages by Accept-Language (RFC 9110 12.5.4). Japanese when the header is missing
// or names neither.
Language language_of(std::string_view accept_language);

}  // namespace kintsugi::http

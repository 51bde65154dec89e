#include "programs/stage/tongue.h"

#include <cstdlib>
#include <string_view>

namespace kintsugi::demo {

Tongue::Tongue(const std::string& chosen) {
  if (!chosen.empty()) {
    ja_ = chosen == "ja";
    en_ = !ja_;
    return;
  }
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string_view locale = value;
    if (locale.starts_with("ja")) en_ = false;
    if (locale.starts_with("en")) ja_ = false;
    return;
  }
}

std::string Tongue::operator()(const Text& text) const {
  if (!en_) return text.ja;
  if (!ja_) return text.en;
  return text.ja == text.en ? text.ja : text.ja + " / " + text.en;
}

}  // namespace kintsugi::demo

#include "programs/cli/client/language.h"

#include <cstdlib>

namespace kintsugi::cli {

Language language_of(std::string_view chosen) {
  if (chosen == "ja") return Language::ja;
  if (chosen == "en") return Language::en;
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0')
      return std::string_view(value).starts_with("ja") ? Language::ja : Language::en;
  return Language::en;
}

}  // namespace kintsugi::cli

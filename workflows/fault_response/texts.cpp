#include "workflows/fault_response/texts.h"

#include <algorithm>

namespace kintsugi::fault_response {
namespace {

Text find(std::span<const Word> words, std::string_view name) {
  const auto found = std::ranges::find(words, name, &Word::name);
  return found == words.end() ? Text{} : Text{std::string(found->ja), std::string(found->en)};
}

}  // namespace

Text state_label(std::string_view state) {
  return find(state_words(), state);
}
Text event_label(std::string_view event) {
  return find(event_words(), event);
}
Text check_text(std::string_view check) {
  return find(check_words(), check);
}
Text role_name(std::string_view role) {
  return find(role_words(), role);
}
Text fact_text(std::string_view value) {
  return find(fact_words(), value);
}

Text text(std::string_view name) {
  for (const auto words : {check_words(), event_words(), state_words(), role_words(), fact_words()})
    if (Text found = find(words, name); !found.en.empty()) return found;
  return {};
}

}  // namespace kintsugi::fault_response

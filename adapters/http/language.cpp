#include "adapters/http/language.h"

#include "engine/base/ascii.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace kintsugi::http {
namespace {

bool is_primary(std::string_view range, char first, char second) {
  const auto lower = [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); };
  return range.size() >= 2 && lower(range[0]) == first && lower(range[1]) == second &&
         (range.size() == 2 || range[2] == '-');
}

// Thousandths; a weight that cannot be read counts as none given.
int weight_of(std::string_view parameters) {
  const auto at = parameters.find("q=");
  if (at == std::string_view::npos) return 1000;
  double value = 1;
  const std::string_view digits = parameters.substr(at + 2);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return read.ec == std::errc{} && value >= 0 && value <= 1 ? static_cast<int>(value * 1000) : 1000;
}

}  // namespace

Language language_of(std::string_view header) {
  int japanese = 0;
  int english = 0;
  while (!header.empty()) {
    const auto comma = header.find(',');
    const std::string_view one = trimmed(header.substr(0, comma));
    header = comma == std::string_view::npos ? std::string_view{} : header.substr(comma + 1);
    const auto semicolon = one.find(';');
    const std::string_view range = trimmed(one.substr(0, semicolon));
    const int weight = semicolon == std::string_view::npos ? 1000 : weight_of(one.substr(semicolon));
    // Of two that are liked alike the one named first wins.
    if (weight == 0) continue;
    if (is_primary(range, 'j', 'a')) japanese = std::max(japanese, weight * 2 + (english == 0));
    if (is_primary(range, 'e', 'n')) english = std::max(english, weight * 2 + (japanese == 0));
  }
  return english > japanese ? Language::en : Language::ja;
}

}  // namespace kintsugi::http

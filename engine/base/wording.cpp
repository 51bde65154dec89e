#include "engine/base/wording.h"

#include <array>
#include <optional>
#include <vector>

namespace kintsugi {
namespace {

using Tables = std::initializer_list<std::span<const Wording>>;

constexpr std::string_view place = "{}";
constexpr int depth_max = 4;  // of sentences within sentences

// What stands in the places of the pattern, if the text is such a one.
std::optional<std::vector<std::string_view>> places_of(std::string_view pattern, std::string_view text) {
  std::vector<std::string_view> out;
  auto cut = pattern.find(place);
  if (!text.starts_with(pattern.substr(0, cut))) return std::nullopt;
  if (cut == std::string_view::npos) return text == pattern ? std::optional(out) : std::nullopt;
  text.remove_prefix(cut);
  pattern.remove_prefix(cut);
  while (!pattern.empty()) {
    pattern.remove_prefix(place.size());
    cut = pattern.find(place);
    const std::string_view after = pattern.substr(0, cut);
    // The last words end the text; all others are where they stand first.
    const bool last = cut == std::string_view::npos;
    if (last && !text.ends_with(after)) return std::nullopt;
    const auto end = last ? text.size() - after.size() : text.find(after);
    if (end == std::string_view::npos || end == 0) return std::nullopt;
    out.push_back(text.substr(0, end));
    text.remove_prefix(end + after.size());
    pattern.remove_prefix(after.size());
  }
  return out;
}

std::string said(std::string_view english, Tables tables, int depth);

std::string filled(std::string_view ja, const std::vector<std::string_view>& places, Tables tables, int depth) {
  std::string out;
  for (std::size_t i = 0; i < ja.size(); ++i) {
    if (ja[i] != '{' || i + 2 >= ja.size() || ja[i + 1] < '0' || ja[i + 1] > '9') {
      out += ja[i];
      continue;
    }
    const std::string_view one = places.at(static_cast<std::size_t>(ja[i + 1] - '0'));
    const std::string known = depth == depth_max ? std::string() : said(one, tables, depth + 1);
    out += known.empty() ? std::string(one) : known;
    i += 2;
  }
  return out;
}

std::string said(std::string_view english, Tables tables, int depth) {
  for (const auto& table : tables)
    for (const Wording& one : table)
      if (const auto places = places_of(one.en, english)) return filled(one.ja, *places, tables, depth);
  return {};
}

constexpr std::array forms{
    Wording{"must be {}", "{0}にしてください"},
    Wording{"a string", "文字列"},
    Wording{"true or false", "true か false"},
    Wording{"a name", "名前"},
    Wording{"a known name", "決められた名前のどれか"},
    Wording{"a whole number", "整数"},
    Wording{"a whole number from {} to {}", "{0} から {1} までの整数"},
    Wording{"a time", "時刻"},
    Wording{"a time like {}", "{0} のような時刻"},
    Wording{"microseconds", "マイクロ秒の整数"},
    Wording{"base64 of 32 bytes", "32 バイトの base64"},
    Wording{"an id", "識別子 (ID)"},
    Wording{"a list", "リスト"},
    Wording{"an object", "項目の組"},
    Wording{"no other members than its own", "決められた項目だけ"},
};

}  // namespace

std::string in_japanese(std::string_view english, Tables tables) {
  return said(english, tables, 0);
}

std::span<const Wording> form_wordings() {
  return forms;
}

}  // namespace kintsugi

#include "engine/base/width.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace kintsugi {
namespace {

// Reads one code point of well-formed UTF-8 and moves on.
char32_t take(std::string_view& rest) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(rest[i]); };
  const std::uint8_t lead = byte(0);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t out = length == 1 ? lead : lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length && i < rest.size(); ++i)
    out = (out << 6) | (byte(i) & 0x3FU);
  rest.remove_prefix(std::min(length, rest.size()));
  return out;
}

void append(std::string& out, char32_t c) {
  const auto put = [&](char32_t value) { out += static_cast<char>(static_cast<std::uint8_t>(value)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0U | (c >> 6));
    put(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    put(0xE0U | (c >> 12));
    put(0x80U | ((c >> 6) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  } else {
    put(0xF0U | (c >> 18));
    put(0x80U | ((c >> 12) & 0x3FU));
    put(0x80U | ((c >> 6) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  }
}

// U+FF61 to U+FF9F in order.
constexpr std::u32string_view half_width_kana =
    U"。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラ"
    U"リルレロワン゙゚";
static_assert(half_width_kana.size() == 0xFF9F - 0xFF61 + 1);
constexpr std::u32string_view can_be_voiced = U"カキクケコサシスセソタチツテトハヒフヘホ";
constexpr std::u32string_view can_be_half_voiced = U"ハヒフヘホ";

std::optional<char32_t> joined(char32_t before, char32_t mark) {
  constexpr char32_t voiced = U'\u3099';
  constexpr char32_t half_voiced = U'\u309A';
  if (mark == voiced && before == U'ウ') return U'ヴ';
  if (mark == voiced && can_be_voiced.find(before) != std::u32string_view::npos) return before + 1;
  if (mark == half_voiced && can_be_half_voiced.find(before) != std::u32string_view::npos) return before + 2;
  return std::nullopt;
}

}  // namespace

std::string fold_width(std::string_view utf8) {
  std::u32string folded;
  while (!utf8.empty()) {
    char32_t c = take(utf8);
    if (c >= 0xFF01 && c <= 0xFF5E)
      c -= 0xFEE0;
    else if (c == 0x3000)
      c = U' ';
    else if (c >= 0xFF61 && c <= 0xFF9F)
      c = half_width_kana[c - 0xFF61];
    if (!folded.empty()) {
      if (const auto one = joined(folded.back(), c)) {
        folded.back() = *one;
        continue;
      }
    }
    folded += c;
  }
  std::string out;
  for (const char32_t c : folded)
    append(out, c);
  return out;
}

}  // namespace kintsugi

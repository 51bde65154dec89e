#include "programs/cli/client/table.h"

#include <algorithm>
#include <array>
#include <utility>

namespace kintsugi::cli {
namespace {

using Range = std::pair<char32_t, char32_t>;
constexpr std::array wide = {
    Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},   Range{0x3041, 0x33FF},   Range{0x3400, 0x4DBF},
    Range{0x4E00, 0x9FFF},   Range{0xA000, 0xA4CF},   Range{0xA960, 0xA97C},   Range{0xAC00, 0xD7A3},
    Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},   Range{0xFF01, 0xFF60},   Range{0xFFE0, 0xFFE6},
    Range{0x1F300, 0x1F64F}, Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD},
};
constexpr std::array combining = {
    Range{0x0300, 0x036F}, Range{0x200B, 0x200F}, Range{0x20D0, 0x20FF}, Range{0x3099, 0x309A}, Range{0xFE00, 0xFE0F},
};

bool is_in(const auto& ranges, char32_t c) {
  return std::ranges::any_of(ranges, [c](const Range& one) { return c >= one.first && c <= one.second; });
}

// Takes one character off the front; a byte that begins none stands for itself.
char32_t take(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0x80 ? 1 : first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (length == 1 || text.size() < length) {
    text.remove_prefix(1);
    return first;
  }
  char32_t out = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i)
    out = (out << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  text.remove_prefix(length);
  return out;
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const char32_t c = take(text);
    columns += is_in(combining, c) ? 0 : is_in(wide, c) ? 2 : 1;
  }
  return columns;
}

std::string padded(const std::string& text, std::size_t columns) {
  const std::size_t has = columns_of(text);
  return has < columns ? text + std::string(columns - has, ' ') : text;
}

std::string harmless(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view before = text;
    const char32_t c = take(text);
    const bool control = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c <= 0x9F);
    out += control ? std::string_view("\xEF\xBF\xBD") : before.substr(0, before.size() - text.size());
  }
  return out;
}

std::string to_table(const std::vector<std::string>& headings, const std::vector<std::vector<std::string>>& rows,
                     const Paint& paint) {
  std::vector<std::size_t> columns;
  for (const std::string& heading : headings)
    columns.push_back(columns_of(heading));
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size() && i < columns.size(); ++i)
      columns[i] = std::max(columns[i], columns_of(row[i]));
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i)
      out += i + 1 < cells.size() ? padded(cells[i], columns[i]) + "  " : cells[i];
    out.erase(out.find_last_not_of(' ') + 1);
    return out;
  };
  std::string out = paint.strong(line(headings)) + "\n";
  for (const auto& row : rows)
    out += line(row) + "\n";
  return out;
}

}  // namespace kintsugi::cli

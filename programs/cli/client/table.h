#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kintsugi::cli {

// Columns that a terminal gives to a UTF-8 text: two for East Asian wide characters (UAX 11), none for combining
// ones.
std::size_t columns_of(std::string_view text);
// The text and spaces up to so many columns.
std::string padded(const std::string& text, std::size_t columns);

// What came from elsewhere may hold control characters, with which a device could repaint the terminal of whoever
// reads its notice. Everything below space but line ends and tabs, DEL and the C1 set become U+FFFD.
std::string harmless(std::string_view text);

// Words for the eye, and nothing when colours are unwelcome.
struct Paint {
  bool on = false;
  std::string strong(const std::string& text) const { return in("1", text); }
  std::string good(const std::string& text) const { return in("32", text); }
  std::string waiting(const std::string& text) const { return in("33", text); }
  std::string bad(const std::string& text) const { return in("31", text); }
  std::string faint(const std::string& text) const { return in("2", text); }

 private:
  std::string in(const char* colour, const std::string& text) const {
    return on && !text.empty() ? "\x1b[" + std::string(colour) + "m" + text + "\x1b[0m" : text;
  }
};

// Rows under headings, two spaces between columns, no space at a line's end.
std::string to_table(const std::vector<std::string>& headings, const std::vector<std::vector<std::string>>& rows,
                     const Paint& paint);

}  // namespace kintsugi::cli

#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

// Sentences that a room says in English because they end in an operator's log, and that reach a person as well: an
// error of a form, of a file, of a setting. Whoever shows one to a person has it in Japanese by a table.
namespace kintsugi {

// `{}` in the English stands for any text but none; `{0}`, `{1}` … in the Japanese say where it goes.
struct Wording {
  std::string_view en;
  std::string_view ja;
};

// The sentence in Japanese, by the first entry that fits it whole; what stands in its places is said in Japanese too
// where a table knows it. Empty if none fits.
std::string in_japanese(std::string_view english, std::initializer_list<std::span<const Wording>> tables);

// What fields.h says of a value that does not read.
std::span<const Wording> form_wordings();

}  // namespace kintsugi

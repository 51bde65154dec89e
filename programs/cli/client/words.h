#pragma once

#include "programs/cli/client/catalogue.h"
#include "programs/cli/client/language.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace kintsugi::cli {

// How many values a text takes: `{}` counts on, `{1}` means the second.
consteval std::size_t places_in(std::string_view text) {
  std::size_t next = 0;
  std::size_t named = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != '{') continue;
    if (text[i + 1] == '}')
      ++next;
    else
      named = std::max(named, static_cast<std::size_t>(text[i + 1] - '0') + 1);
  }
  if (next > 0 && named > 0) throw "a text counts its places in one way only";
  return std::max(next, named);
}

// A text of the catalogue that takes so many values. A name that is not there, a language that is missing, or
// another number of places than values stops the build.
template <std::size_t Values>
class Word {
 public:
  consteval Word(const char* name) : said_(find(name)) {}
  const Said& said() const { return said_; }

 private:
  static consteval const Said& find(std::string_view name) {
    for (const Said& one : catalogue) {
      if (one.name != name) continue;
      if (one.ja.empty() || one.en.empty()) throw "a language is missing";
      if (places_in(one.ja) != Values || places_in(one.en) != Values) throw "another number of values";
      return one;
    }
    throw "no such text";
  }
  const Said& said_;
};

// Says something in the language it was made for: tongue("login.done", name, until).
class Tongue {
 public:
  explicit Tongue(Language language) : language_(language) {}
  Language language() const { return language_; }

  template <class... Values>
  std::string operator()(Word<sizeof...(Values)> word, const Values&... values) const {
    const Said& said = word.said();
    return fmt::vformat(language_ == Language::ja ? said.ja : said.en, fmt::make_format_args(values...));
  }

 private:
  Language language_;
};

}  // namespace kintsugi::cli

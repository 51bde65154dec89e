#include "tests/fuzz/replay.h"

#include <algorithm>
#include <array>

namespace kintsugi::fuzz {
namespace {

constexpr std::size_t stretch_bytes = 120'000;  // more than any text may have, and than a stack has room for
constexpr std::size_t input_max = 400'000;
constexpr std::array<std::string_view, 16> troublemakers = {
    "\"", "\\", "{", "[", "\n\n", "%00", "=?", "\x1B$B", "\xFF", "\xE3\x81", "-", "0", "99999999999999999999",
    "=",  "<",  "("};

// splitmix64: enough to choose with.
class Choice {
 public:
  explicit Choice(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t limit) {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return static_cast<std::size_t>((z ^ (z >> 31U)) % std::max<std::size_t>(limit, 1));
  }

 private:
  std::uint64_t state_;
};

void change_once(std::string& text, Choice& choice) {
  const std::size_t at = choice.below(text.size() + 1);
  const std::size_t length = std::min(text.size() - at, 1 + choice.below(24));
  switch (choice.below(7)) {
    case 0:
      if (at < text.size())
        text[at] = static_cast<char>(static_cast<unsigned char>(text[at]) ^ (1U << choice.below(8)));
      break;
    case 1: text.resize(at); break;
    case 2: text.erase(at, length); break;
    case 3: text.insert(at, text.substr(at, length)); break;
    case 4: text.insert(choice.below(text.size() + 1), text.substr(at, length)); break;
    case 5: text.insert(at, troublemakers[choice.below(troublemakers.size())]); break;
    default: text.replace(at, length, troublemakers[choice.below(troublemakers.size())]); break;
  }
}

// One place of it, over and over: `AAAA…` and `[[[[…` and `, 1, 1, 1…`.
void stretch(std::string& text, Choice& choice) {
  if (text.empty()) return;
  const std::size_t at = choice.below(text.size());
  const std::string piece = text.substr(at, 1 + choice.below(3));
  std::string run;
  while (run.size() < stretch_bytes)
    run += piece;
  text.insert(at, run);
}

}  // namespace

std::string changed(std::string_view input, std::uint64_t n) {
  constexpr std::uint64_t stretched_every = 25;
  Choice choice(n);
  std::string out(input);
  if (n % stretched_every == stretched_every - 1) {
    stretch(out, choice);
  } else {
    for (std::size_t left = 1 + choice.below(4); left > 0; --left)
      change_once(out, choice);
  }
  if (out.size() > input_max) out.resize(input_max);
  return out;
}

}  // namespace kintsugi::fuzz

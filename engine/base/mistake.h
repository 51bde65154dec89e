#pragma once

#include <string>

namespace kintsugi {

// Something wrong in what somebody wrote, for the person who wrote it: where it is and what to do about it, in both
// languages. All mistakes of a text are told at once.
struct Mistake {
  std::string place;  // JSON pointer: /terms/0/p1
  std::string ja;
  std::string en;
  auto operator<=>(const Mistake&) const = default;
};

// As it stands in a line of output.
inline std::string to_text(const Mistake& mistake) {
  return mistake.place.empty() ? mistake.en : mistake.place + ": " + mistake.en;
}

}  // namespace kintsugi

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

// What a fuzz target is made of. A target is one source of targets/: it takes any bytes, calls the parser that it is
// named after, and says with must() what has to be true of whatever comes out. docs/fuzzing.md tells how to run it.
//
// libFuzzer calls LLVMFuzzerTestOneInput of one target in a program of its own; the replay
// (tests/unit/hostile_input_test.cpp) has all of them in one, each under another name.
namespace kintsugi::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Ends the program, which is a finding, unless it holds.
inline void must(bool holds, const char* sentence) {
  if (holds) return;
  std::fprintf(stderr, "fuzz: it must be so that %s\n", sentence);
  std::abort();
}

// Takes the first line off, without its end; everything when there is only one.
inline std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return line;
}

// Are more brackets opened in it than closed, by so many at a time? toml11 takes a step down the stack for each, and
// is given nothing deeper: its files are written by whoever runs the program.
inline bool nests_deeper(std::string_view text, int most) {
  int depth = 0;
  for (const char c : text)
    if (((c == '[' || c == '{') && ++depth > most) || ((c == ']' || c == '}') && --depth < -most)) return true;
  return false;
}
inline constexpr int toml_depth_max = 100;

}  // namespace kintsugi::fuzz

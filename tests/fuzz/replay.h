#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace kintsugi::fuzz {

// A target beside the others; its corpus is the folder of that name.
struct Target {
  std::string_view name;
  int (*take)(const std::uint8_t* data, std::size_t size);
};
// Every target of targets/, by name. Made by CMake.
std::span<const Target> targets();

// The n-th change of an input: bits turned, pieces left out, doubled, moved, or stretched far beyond every limit. A
// function of both.
std::string changed(std::string_view input, std::uint64_t n);

}  // namespace kintsugi::fuzz

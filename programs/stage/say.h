#pragma once

#include <fmt/format.h>

#include <cstdio>

namespace kintsugi::demo {

// One line of the telling, seen at once even if the output is a pipe.
template <class... Args>
void say(fmt::format_string<Args...> text, Args&&... args) {
  fmt::print(text, std::forward<Args>(args)...);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

}  // namespace kintsugi::demo

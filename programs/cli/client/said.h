#pragma once

#include <string_view>

namespace kintsugi::cli {

// One text of the command line: by what name it is said, and what is said.
struct Said {
  std::string_view name;
  std::string_view ja;
  std::string_view en;
};

}  // namespace kintsugi::cli

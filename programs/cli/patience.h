#pragma once

#include "programs/cli/visit.h"

#include <chrono>
#include <string>

namespace kintsugi::cli {

inline constexpr std::chrono::milliseconds look_again{500};

// What somebody waits for.
struct Wish {
  std::string state;  // empty: the end of the case
  Duration limit{};   // zero: for ever
  bool tell = false;  // every change on the way, and not only the last
};

// Looks at a case again and again until the wish is fulfilled. Exit: ok, timed_out, conflict when it ended
// elsewhere, or what the server refused. `first` saves the first look.
int follow(Visit& visit, const std::string& id, const Wish& wish, const Reply* first = nullptr);

// A `--timeout`; zero when it is empty.
Result<Duration> limit_from(const std::string& text, const Tongue& say);

}  // namespace kintsugi::cli

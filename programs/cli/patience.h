#pragma once

#include "programs/cli/visit.h"

#include <chrono>
#include <string>

namespace kintsugi::cli {

inline constexpr std::chrono::milliseconds look_again{500};  // before the next try when the server is away
inline constexpr std::chrono::seconds silence_max{20};  // of a stream; the server shows every 5 s that it is alive
inline constexpr std::chrono::minutes away_max{2};      // a server that does not come back by then is not there

// What somebody waits for.
struct Wish {
  std::string state;  // empty: the end of the case
  Duration limit{};   // zero: for ever
  bool tell = false;  // every change on the way, and not only the last
};

// Follows a case by the server's events until the wish is fulfilled, through restarts of the server. Exit: ok,
// timed_out, conflict when it ended elsewhere, or what the server refused. `first` saves the first look.
int follow(Visit& visit, const std::string& id, const Wish& wish, const Reply* first = nullptr);

// Whether there is such a state at all, before anybody waits for it: ok, or what the server refused. Empty is ok.
int check_state(Visit& visit, const std::string& state);

// A `--timeout`; zero when it is empty.
Result<Duration> limit_from(const std::string& text, const Tongue& say);

}  // namespace kintsugi::cli

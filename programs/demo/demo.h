#pragma once

#include <filesystem>

namespace kintsugi::demo {

struct Options {
  std::filesystem::path directory;  // empty: a new one under the system's temporary directory
  int port = 0;                     // of the API; 0: any free one
  bool play_only = false;           // play to the end, verify, leave
  bool keep = false;                // leave the directory behind
};

// Starts the whole program in a small world, plays one fault from the automatic notice to the sign-off over the API,
// as many different people, and tells what happens. A directory in which a play was interrupted is taken up where
// it stands. Returns the exit code: 0 only if the case was closed and every log verified; 7 if a log did not.
int run(const Options& options);

}  // namespace kintsugi::demo

#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace kintsugi {

// A program to start, in a process group of its own, so that nothing it starts need outlive a test.
struct Launch {
  std::vector<std::string> words;             // the program first; looked for in PATH
  std::vector<std::string> environment = {};  // NAME=value to set, NAME to take away; the rest is the test's own
  std::string directory = {};                 // where it works; empty: where the test does
  std::string input = "/dev/null";            // a file
  std::string output = {};                    // a file, appended to; empty: the pipe
  std::string errors = {};                    // the same for standard error; empty: with the output
  int pipe = -1;                              // an end to write into
};

// Starts it; throws when it cannot be started.
pid_t spawn(const Launch& launch);
// Waits for its end and gives its exit code; -1 if a signal ended it.
int exit_of(pid_t process);

// The words of a line, split at white space.
std::vector<std::string> words_of(const std::string& line);

}  // namespace kintsugi

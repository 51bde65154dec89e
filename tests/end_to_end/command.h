#pragma once

#include <array>
#include <cstdio>
#include <string>
#include <sys/wait.h>

namespace kintsugi::testing {

// `kintsugi` as an operator runs it: a command that ends by itself, with what it said on both of its outputs.
struct Ran {
  int exit = -1;
  std::string output;
};
inline Ran run(const std::string& words) {
  Ran out;
  std::FILE* pipe = ::popen((std::string(KINTSUGI_BINARY) + " " + words + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return out;
  std::array<char, 4096> some{};
  while (const auto n = std::fread(some.data(), 1, some.size(), pipe))
    out.output.append(some.data(), n);
  const int status = ::pclose(pipe);
  out.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return out;
}

}  // namespace kintsugi::testing

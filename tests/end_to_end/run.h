#pragma once

#include "tests/end_to_end/process.h"
#include "tests/support/places.h"

#include <array>
#include <chrono>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace kintsugi::testing {

// A program that is read through a pipe while it runs: what it says wakes whoever waits for it, and so does its end.
// Whatever it started ends with it.
class Run {
 public:
  explicit Run(Launch launch, std::chrono::seconds most = std::chrono::seconds(60))
      : until_(std::chrono::steady_clock::now() + most) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
    said_ = ends[0];
    launch.pipe = ends[1];
    process_ = spawn(launch);
    started_ = true;
    ::close(ends[1]);
  }
  // `kintsugi` with these words. `log`: a file for its standard error; without one it is read with the rest.
  explicit Run(std::vector<std::string> words, std::chrono::seconds most = std::chrono::seconds(60),
               const std::string& log = {})
      : Run(of_kintsugi(std::move(words), log), most) {}
  ~Run() {
    kill_now();
    if (said_ >= 0) ::close(said_);
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  static Launch of_kintsugi(std::vector<std::string> words, const std::string& log = {}) {
    words.insert(words.begin(), kintsugi_program);
    return {.words = std::move(words), .errors = log};
  }

  bool started() const { return started_; }
  pid_t pid() const { return process_; }
  const std::string& output() const { return output_; }
  // The exit code; -1 when it was killed or took too long.
  int wait() {
    while (hear()) {
    }
    if (!silent_) return -1;
    ended_ = true;
    return exit_of(process_);
  }
  bool says(const std::string& text) {
    while (output_.find(text) == std::string::npos)
      if (!hear()) return false;
    return true;
  }
  // The rest of the first line in which it says this; empty if it does not.
  std::string rest_after(const std::string& text) {
    for (;;) {
      const auto at = output_.find(text);
      const auto end = at == std::string::npos ? at : output_.find('\n', at);
      if (end != std::string::npos) return output_.substr(at + text.size(), end - at - text.size());
      if (!hear()) return {};
    }
  }
  void signal(int number) const {
    if (started_ && !ended_) ::kill(process_, number);
  }
  void kill_now() {
    if (!started_ || ended_) return;
    ::kill(-process_, SIGKILL);
    exit_of(process_);
    ended_ = true;
  }

 private:
  // Waits until there is more to read; false at the end of the run and when it has taken too long.
  bool hear() {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until_ - std::chrono::steady_clock::now());
    pollfd waiting{.fd = said_, .events = POLLIN, .revents = 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) return false;
    std::array<char, 4096> text{};
    const auto count = ::read(said_, text.data(), text.size());
    silent_ = count <= 0;
    if (!silent_) output_.append(text.data(), static_cast<std::size_t>(count));
    return !silent_;
  }

  const std::chrono::steady_clock::time_point until_;
  std::string output_;
  pid_t process_ = 0;
  int said_ = -1;
  bool silent_ = false;  // it has closed its end: it is over
  bool started_ = false;
  bool ended_ = false;
};

// `kintsugi` to its end, given as one line.
struct Ran {
  int exit = -1;
  std::string output;
};
inline Ran run(const std::string& line) {
  Run one(words_of(line));
  const int exit = one.wait();
  return {exit, one.output()};
}

}  // namespace kintsugi::testing

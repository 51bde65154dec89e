#pragma once

#include <array>
#include <chrono>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

extern char** environ;

namespace kintsugi::testing {

// `kintsugi` in a process of its own, read through a pipe: what it says wakes whoever waits for it, and so does its
// end. `log`: a file for its standard error; without one it is read with the rest.
class Run {
 public:
  explicit Run(std::vector<std::string> words, std::chrono::seconds most = std::chrono::seconds(60),
               const std::string& log = {})
      : until_(std::chrono::steady_clock::now() + most) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
    said_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    if (log.empty())
      posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    else
      posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    words.insert(words.begin(), KINTSUGI_BINARY);
    std::vector<char*> arguments;
    for (std::string& one : words)
      arguments.push_back(one.data());
    arguments.push_back(nullptr);
    started_ = posix_spawn(&process_, KINTSUGI_BINARY, &actions, nullptr, arguments.data(), environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
  }
  ~Run() {
    kill_now();
    if (said_ >= 0) ::close(said_);
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  bool started() const { return started_; }
  pid_t pid() const { return process_; }
  const std::string& output() const { return output_; }
  // The exit code; -1 when it was killed or took too long.
  int wait() {
    while (hear()) {
    }
    if (!silent_) return -1;
    int status = 0;
    ::waitpid(process_, &status, 0);
    ended_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
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
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
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

// The same to its end, given as one line.
struct Ran {
  int exit = -1;
  std::string output;
};
inline Ran run(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> words;
  for (std::string word; in >> word;)
    words.push_back(word);
  Run one(std::move(words));
  const int exit = one.wait();
  return {exit, one.output()};
}

}  // namespace kintsugi::testing

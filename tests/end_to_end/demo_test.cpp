#include "programs/server/home.h"
#include "tests/support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <array>
#include <chrono>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

extern char** environ;

// The demo as a person starts it: the real program, in a process of its own.
namespace kintsugi::testing {
namespace {

constexpr std::chrono::minutes play_max{8};

// A run, read through a pipe: what it says wakes whoever waits for it, and so does its end.
class Run {
 public:
  explicit Run(const std::filesystem::path& data) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
    said_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    std::vector<std::string> words = {KINTSUGI_BINARY, "demo", "--play-only", "--data", data.string()};
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

  const std::chrono::steady_clock::time_point until_ = std::chrono::steady_clock::now() + play_max;
  std::string output_;
  pid_t process_ = 0;
  int said_ = -1;
  bool silent_ = false;  // it has closed its end: it is over
  bool started_ = false;
  bool ended_ = false;
};

}  // namespace

TEST_CASE("the demo plays one fault to its end and its log verifies", "[demo]") {
  const TemporaryDirectory directory;
  Run run(directory.path("data"));
  REQUIRE(run.started());
  const int exit = run.wait();
  INFO(run.output());
  CHECK(exit == 0);
}

TEST_CASE("a demo killed in the middle is played to its end by the next start", "[demo]") {
  const char* moment = GENERATE("-> conn_requested", "-> check_online");
  CAPTURE(moment);
  const TemporaryDirectory directory;
  {
    Run run(directory.path("data"));
    REQUIRE(run.started());
    const bool reached = run.says(moment);
    INFO(run.output());
    REQUIRE(reached);
    run.kill_now();
  }
  Run again(directory.path("data"));
  REQUIRE(again.started());
  const int exit = again.wait();
  INFO(again.output());
  CHECK(exit == 0);
}

}  // namespace kintsugi::testing

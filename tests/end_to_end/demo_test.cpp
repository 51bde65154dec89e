#include "programs/server/home.h"
#include "tests/support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <chrono>
#include <fcntl.h>
#include <fstream>
#include <signal.h>
#include <spawn.h>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

extern char** environ;

// The demo as a person starts it: the real program, in a process of its own.
namespace kintsugi::testing {
namespace {

constexpr std::chrono::minutes play_max{8};

class Run {
 public:
  Run(const std::filesystem::path& data, const std::filesystem::path& output) : output_(output) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    std::vector<std::string> words = {KINTSUGI_BINARY, "demo", "--play-only", "--data", data.string()};
    std::vector<char*> arguments;
    for (std::string& one : words)
      arguments.push_back(one.data());
    arguments.push_back(nullptr);
    started_ = posix_spawn(&process_, KINTSUGI_BINARY, &actions, nullptr, arguments.data(), environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
  }
  ~Run() {
    if (started_ && !ended_) {
      kill_now();
    }
  }
  bool started() const { return started_; }
  std::string output() const {
    std::ifstream file(output_);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  // The exit code; -1 when it was killed or took too long.
  int wait() {
    const auto until = std::chrono::steady_clock::now() + play_max;
    int status = 0;
    while (::waitpid(process_, &status, WNOHANG) == 0) {
      if (std::chrono::steady_clock::now() > until) return -1;
      ::usleep(50'000);
    }
    ended_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  bool says(const std::string& text) {
    const auto until = std::chrono::steady_clock::now() + play_max;
    while (output().find(text) == std::string::npos) {
      if (std::chrono::steady_clock::now() > until || ::waitpid(process_, nullptr, WNOHANG) != 0) return false;
      ::usleep(10'000);
    }
    return true;
  }
  void kill_now() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    ended_ = true;
  }

 private:
  std::filesystem::path output_;
  pid_t process_ = 0;
  bool started_ = false;
  bool ended_ = false;
};

}  // namespace

TEST_CASE("the demo plays one fault to its end and its log verifies", "[demo]") {
  const TemporaryDirectory directory;
  Run run(directory.path("data"), directory.path("out"));
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
    Run run(directory.path("data"), directory.path("out-1"));
    REQUIRE(run.started());
    const bool reached = run.says(moment);
    INFO(run.output());
    REQUIRE(reached);
    run.kill_now();
  }
  Run again(directory.path("data"), directory.path("out-2"));
  REQUIRE(again.started());
  const int exit = again.wait();
  INFO(again.output());
  CHECK(exit == 0);
}

}  // namespace kintsugi::testing

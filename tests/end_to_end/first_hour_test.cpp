#include "tests/end_to_end/private_server.h"
#include "tests/support/source_tree.h"
#include "tests/support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

// docs/first-hour.md as a newcomer pastes it: every block, in one shell, with the real binary.
namespace kintsugi::testing {
namespace {

constexpr std::chrono::minutes page_max{6};

std::string blocks_of(const std::string& path) {
  const auto page = std::ranges::find(source_tree(), path, &SourceFile::path);
  REQUIRE(page != source_tree().end());
  std::string out;
  bool inside = false;
  for (const std::string_view line : lines_of(page->text)) {
    if (line.starts_with("```")) {
      inside = line == "```sh";
    } else if (inside) {
      out.append(line).push_back('\n');
    }
  }
  return out;
}

struct Answer {
  int exit = -1;
  std::string output;
};

// Runs a script in a process group of its own, so that nothing it started outlives the test.
Answer run_in(const std::string& directory, const std::string& script, int port) {
  const std::string file = directory + "/page.sh";
  std::ofstream(file) << "set -euo pipefail\ncd " << directory << "\n" << script;
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  posix_spawnattr_t own_group;
  posix_spawnattr_init(&own_group);
  posix_spawnattr_setflags(&own_group, POSIX_SPAWN_SETPGROUP);
  const auto programs = std::filesystem::path(KINTSUGI_BINARY).parent_path().string();
  std::vector<std::string> words = {"env",
                                    "PATH=" + programs + ":" + std::getenv("PATH"),
                                    "LC_ALL=C.UTF-8",
                                    "KINTSUGI_LISTEN=127.0.0.1:" + std::to_string(port),
                                    "bash",
                                    file};
  std::vector<char*> arguments;
  for (std::string& one : words)
    arguments.push_back(one.data());
  arguments.push_back(nullptr);
  pid_t process = 0;
  const bool started = posix_spawnp(&process, "env", &actions, &own_group, arguments.data(), environ) == 0;
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&own_group);
  ::close(ends[1]);
  REQUIRE(started);

  Answer out;
  const auto until = std::chrono::steady_clock::now() + page_max;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd waiting{.fd = ends[0], .events = POLLIN, .revents = 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) break;
    std::array<char, 4096> text{};
    const auto count = ::read(ends[0], text.data(), text.size());
    if (count <= 0) break;
    out.output.append(text.data(), static_cast<std::size_t>(count));
  }
  ::kill(-process, SIGKILL);
  int status = 0;
  ::waitpid(process, &status, 0);
  ::close(ends[0]);
  if (WIFEXITED(status)) out.exit = WEXITSTATUS(status);
  return out;
}

}  // namespace

TEST_CASE("the first hour goes from an empty directory to a closed case, exactly as its page says", "[cli]") {
  const std::string script = blocks_of("docs/first-hour.md");
  REQUIRE(script.find("sign_off") != std::string::npos);
  const TemporaryDirectory directory;
  const Answer ran = run_in(directory.path(), script, free_port());
  INFO(ran.output);
  CHECK(ran.exit == 0);
  CHECK(ran.output.find("sign_off → closed") != std::string::npos);
  CHECK(ran.output.find("\nVERIFIED") != std::string::npos);
}

}  // namespace kintsugi::testing

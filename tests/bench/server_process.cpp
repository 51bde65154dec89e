#include "tests/bench/server_process.h"

#include "engine/base/ensure.h"
#include "tests/bench/engine.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <csignal>
#include <fstream>
#include <iostream>
#include <sstream>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace kintsugi::bench {
namespace {

constexpr std::chrono::seconds drain_max{30};

void say(const std::string& line) {
  std::cout << line << std::endl;
}

}  // namespace

int serve(const std::filesystem::path& directory, bool tls) {
  Engine engine(directory);
  engine.start();
  say(std::to_string(engine.listen(tls)));
  for (std::string command; std::getline(std::cin, command);) {
    if (command == "prepare") {
      say(std::to_string(engine.prepare()));
    } else if (command == "drain") {
      say(std::to_string(engine.drain(drain_max)));
    } else if (command == "backlog") {
      say(std::to_string(engine.drain({})));
    } else if (command == "mails") {
      say(std::to_string(engine.mails()));
    } else if (command == "sizes") {
      const auto [cases, records] = engine.row_sizes();
      say(fmt::format("{} {}", cases, records));
    } else if (command == "verify") {
      const auto seen = engine.verify();
      if (!seen.sound) std::cerr << seen.defects;
      say(fmt::format("{} {} {:.6f} {}", seen.sound ? 1 : 0, seen.records, seen.seconds, seen.open_cases));
    } else {
      break;
    }
  }
  engine.stop();
  return 0;
}

ServerProcess::ServerProcess(const std::filesystem::path& directory, bool tls) {
  std::array<int, 2> down{};
  std::array<int, 2> up{};
  ensure(::pipe(down.data()) == 0 && ::pipe(up.data()) == 0, "no pipes");
  pid_ = ::fork();
  ensure(pid_ >= 0, "no second process");
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(down[0], STDIN_FILENO);
    ::dup2(up[1], STDOUT_FILENO);
    for (const int fd : {down[0], down[1], up[0], up[1]})
      ::close(fd);
    const std::string where = directory.string();
    ::execl("/proc/self/exe", "bench", "--serve", where.c_str(), tls ? "tls" : "plain", nullptr);
    ::_exit(127);
  }
  ::close(down[0]);
  ::close(up[1]);
  to_ = down[1];
  from_ = up[0];
  const std::string line = read_line();
  std::from_chars(line.data(), line.data() + line.size(), port_);
  ensure(port_ > 0, "the server does not listen");
}

ServerProcess::~ServerProcess() {
  ::close(to_);  // the end of its input is the end of it
  ::close(from_);
  ::waitpid(pid_, nullptr, 0);
}

std::int64_t ServerProcess::resident_kib() const {
  std::ifstream status(fmt::format("/proc/{}/status", pid_));
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::stoll(line.substr(6));
  return 0;
}

double ServerProcess::cpu_seconds() const {
  std::ifstream stat(fmt::format("/proc/{}/stat", pid_));
  std::string line;
  std::getline(stat, line);
  std::istringstream rest(line.substr(line.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i)
    rest >> skipped;
  long user = 0;
  long kernel = 0;
  rest >> user >> kernel;
  return static_cast<double>(user + kernel) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::vector<std::string> ServerProcess::ask(const std::string& command) {
  const std::string line = command + "\n";
  ensure(::write(to_, line.data(), line.size()) == static_cast<ssize_t>(line.size()), "the server has gone");
  std::istringstream words(read_line());
  std::vector<std::string> out;
  for (std::string word; words >> word;)
    out.push_back(word);
  ensure(!out.empty(), "the server has no answer to " + command);
  return out;
}

std::string ServerProcess::read_line() {
  for (;;) {
    if (const auto end = pending_.find('\n'); end != std::string::npos) {
      std::string line = pending_.substr(0, end);
      pending_.erase(0, end + 1);
      return line;
    }
    std::array<char, 4096> chunk{};
    const auto got = ::read(from_, chunk.data(), chunk.size());
    ensure(got > 0, "the server has gone");
    pending_.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace kintsugi::bench

#include "tests/end_to_end/api.h"
#include "tests/support/places.h"

#include <array>
#include <chrono>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

// The command line at a terminal: what is asked, and what is not shown.
namespace kintsugi::testing {
namespace {

constexpr std::chrono::seconds answer_max{30};

std::string mail_of(Api& api, const std::string& nick) {
  return api.server->conductor().directory()->person(person(nick))->mail;
}

// The binary with a terminal of its own.
class Terminal {
 public:
  Terminal(const std::string& profiles, std::vector<std::string> words) {
    words.insert(words.begin(),
                 {"env", "XDG_CONFIG_HOME=" + profiles, "LC_ALL=C.UTF-8", "TERM=xterm", kintsugi_program});
    std::vector<char*> arguments;
    for (std::string& one : words)
      arguments.push_back(one.data());
    arguments.push_back(nullptr);
    process_ = ::forkpty(&terminal_, nullptr, nullptr, nullptr);
    if (process_ == 0) {
      ::execvp("env", arguments.data());
      ::_exit(127);
    }
    REQUIRE(process_ > 0);
  }
  ~Terminal() {
    if (!ended_) {
      ::kill(process_, SIGKILL);
      ::waitpid(process_, nullptr, 0);
    }
    ::close(terminal_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // Waits until it asks, then types the answer.
  void answer(const std::string& question, const std::string& keys) {
    while (shown.find(question, read_upto_) == std::string::npos)
      REQUIRE(hear());
    read_upto_ = shown.size();
    REQUIRE(::write(terminal_, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size()));
  }
  // How it ended, as waitpid() tells it.
  int wait() {
    while (hear()) {
    }
    int status = 0;
    ::waitpid(process_, &status, 0);
    ended_ = true;
    return status;
  }

  std::string shown;

 private:
  bool hear() {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until_ - std::chrono::steady_clock::now());
    pollfd waiting{.fd = terminal_, .events = POLLIN, .revents = 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) return false;
    std::array<char, 4096> text{};
    const auto count = ::read(terminal_, text.data(), text.size());
    if (count > 0) shown.append(text.data(), static_cast<std::size_t>(count));
    return count > 0;
  }

  const std::chrono::steady_clock::time_point until_ = std::chrono::steady_clock::now() + answer_max;
  int terminal_ = -1;
  pid_t process_ = -1;
  std::size_t read_upto_ = 0;
  bool ended_ = false;
};

}  // namespace

TEST_CASE("password and code are typed at the terminal and not shown there", "[cli]") {
  Api api;
  api.enrol("abe");
  Terminal terminal(api.directory.path(), {"login", "--server", api.server->url()});
  const std::string code = api.code("abe");
  terminal.answer("Mail address: ", mail_of(api, "abe") + "\n");
  terminal.answer("Password: ", "wrong\x15" + api.password + "x\x7f\r");
  terminal.answer("One-time code: ", code + "\r");
  const int status = terminal.wait();
  INFO(terminal.shown);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(terminal.shown.find("Signed in as") != std::string::npos);
  CHECK(terminal.shown.find(api.password) == std::string::npos);
  CHECK(terminal.shown.find(code) == std::string::npos);
}

TEST_CASE("a question for a secret can be broken off", "[cli]") {
  Api api;
  Terminal terminal(api.directory.path(), {"login", "--server", api.server->url(), "--mail", "abe@alpha.example"});
  terminal.answer("Password: ", "half\x03");
  const int status = terminal.wait();
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGINT);
}

TEST_CASE("who joins at a terminal gets the secret of his codes to photograph", "[cli]") {
  Api api;
  const auto invitation = api.server->accounts().invite(person("abe"));
  REQUIRE(invitation);
  Terminal terminal(api.directory.path(), {"join", "--server", api.server->url(), "--mail", mail_of(api, "abe")});
  terminal.answer("Code of the invitation: ", *invitation + "\r");
  terminal.answer("New password: ", api.password + "\r");
  terminal.answer("Once more: ", api.password + "\r");
  const int status = terminal.wait();
  INFO(terminal.shown);
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(terminal.shown.find("otpauth://totp/") != std::string::npos);
  CHECK(terminal.shown.find("▀") != std::string::npos);
  CHECK(terminal.shown.find(api.password) == std::string::npos);
}

}  // namespace kintsugi::testing

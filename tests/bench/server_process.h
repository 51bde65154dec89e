#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

// The server in a process of its own, so that what it uses and what the load generator uses can be told apart. The
// two talk over pipes, one line a command, one line an answer.
namespace kintsugi::bench {

// What the child does until it is told to quit: `prepare`, `backlog`, `drain`, `mails`, `sizes`, `verify`.
int serve(const std::filesystem::path& directory, bool tls);

class ServerProcess {
 public:
  // Starts this program again as a server; does not return if that fails.
  ServerProcess(const std::filesystem::path& directory, bool tls);
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess();

  int port() const { return port_; }
  std::int64_t resident_kib() const;
  double cpu_seconds() const;  // used by the process so far
  // The numbers and words of the answer; ends the program if the server has gone.
  std::vector<std::string> ask(const std::string& command);

 private:
  std::string read_line();
  pid_t pid_ = 0;
  int to_ = -1;
  int from_ = -1;
  std::string pending_;
  int port_ = 0;
};

}  // namespace kintsugi::bench

#include "tests/end_to_end/process.h"

#include <algorithm>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace kintsugi {
namespace {

std::string name_in(const std::string& variable) {
  return variable.substr(0, variable.find('='));
}

std::vector<std::string> environment_of(const Launch& launch) {
  std::vector<std::string> out;
  for (char** one = environ; *one != nullptr; ++one)
    if (std::ranges::find(launch.environment, name_in(*one), name_in) == launch.environment.end())
      out.emplace_back(*one);
  for (const std::string& one : launch.environment)
    if (one.find('=') != std::string::npos) out.push_back(one);
  return out;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& one : texts)
    out.push_back(one.data());
  out.push_back(nullptr);
  return out;
}

void open_for_writing(posix_spawn_file_actions_t& actions, int descriptor, const std::string& file) {
  posix_spawn_file_actions_addopen(&actions, descriptor, file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
}

}  // namespace

pid_t spawn(const Launch& launch) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, launch.input.c_str(), O_RDONLY, 0);
  if (!launch.output.empty())
    open_for_writing(actions, STDOUT_FILENO, launch.output);
  else if (launch.pipe >= 0)
    posix_spawn_file_actions_adddup2(&actions, launch.pipe, STDOUT_FILENO);
  if (!launch.errors.empty())
    open_for_writing(actions, STDERR_FILENO, launch.errors);
  else
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  if (!launch.directory.empty()) posix_spawn_file_actions_addchdir_np(&actions, launch.directory.c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  std::vector<std::string> words = launch.words;
  std::vector<std::string> environment = environment_of(launch);
  pid_t process = -1;
  const int wrong = posix_spawnp(&process, words.at(0).c_str(), &actions, &attributes, pointers_to(words).data(),
                                 pointers_to(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (wrong != 0) throw std::runtime_error("cannot start " + words[0]);
  return process;
}

int exit_of(pid_t process) {
  int status = 0;
  return ::waitpid(process, &status, 0) == process && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> out;
  for (std::string word; in >> word;)
    out.push_back(word);
  return out;
}

}  // namespace kintsugi

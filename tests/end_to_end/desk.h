#pragma once

#include "tests/end_to_end/api.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace kintsugi::testing {

// What one run of the command line answered.
struct Answer {
  int exit = -1;
  std::string out, err;
};

inline std::string mail_of(Api& api, const std::string& nick) {
  return api.server->conductor().directory()->person(person(nick))->mail;
}

// One person's machine: a directory for his profiles, and a shell.
class Desk {
 public:
  explicit Desk(Api& api) : api_(api) {}

  // `words` follow `kintsugi`; `input` is what it finds on standard input.
  Answer run(const std::string& words, const std::string& input = "") {
    write("input", input);
    for (const char* one : {"out", "err"})
      std::filesystem::remove(place_.path(one));
    Launch launch = Run::of_kintsugi(words_of(words), place_.path("err"));
    launch.environment = {"KINTSUGI_DATA", "KINTSUGI_SERVER", "XDG_CONFIG_HOME=" + place_.path(), "LC_ALL=C.UTF-8",
                          "TZ=UTC"};
    launch.directory = place_.path();
    launch.input = place_.path("input");
    launch.output = place_.path("out");
    Answer ran;
    ran.exit = exit_of(spawn(launch));
    ran.out = read("out");
    ran.err = read("err");
    return ran;
  }
  Answer sign_in(const std::string& nick) {
    api_.enrol(nick);
    return run("login --profile " + nick + " --server " + api_.server->url() + " --mail " + mail_of(api_, nick) +
                   " --password-stdin",
               proof(nick));
  }
  std::string proof(const std::string& nick) { return api_.password + "\n" + api_.code(nick) + "\n"; }

  void write(const std::string& name, const std::string& text) { std::ofstream(place_.path(name)) << text; }
  std::string read(const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(place_.path(name)).rdbuf();
    return text.str();
  }
  std::string path(const std::string& name) { return place_.path(name); }

 private:
  Api& api_;
  TemporaryDirectory place_;
};

}  // namespace kintsugi::testing

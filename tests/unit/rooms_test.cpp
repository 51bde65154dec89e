#include "tests/support/source_tree.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

// Which room may look into which, and which stranger may enter where. The rules are the two tables; a room or a
// header that stands in neither is refused, so that a new arrow is drawn here before it is drawn in the code.
namespace kintsugi::testing {

namespace {

using Names = std::vector<std::string_view>;

struct Room {
  std::string_view path;
  Names may_use;  // its own files are always allowed
};

const std::vector<Room> rooms = {
    {"engine/base/", {}},
    {"engine/domain/", {"engine/base/"}},
    {"engine/on_call/", {"engine/base/", "engine/domain/"}},
    {"engine/machine/", {"engine/base/", "engine/domain/"}},
    {"engine/audit/", {"engine/base/", "engine/domain/"}},
    {"engine/ports/", {"engine/base/", "engine/domain/"}},
    {"engine/masters/", {"engine/base/", "engine/domain/", "engine/on_call/"}},
    {"engine/run/",
     {"engine/base/", "engine/domain/", "engine/on_call/", "engine/masters/", "engine/audit/", "engine/ports/"}},
    {"engine/accounts/",
     {"engine/base/", "engine/domain/", "engine/on_call/", "engine/masters/", "engine/audit/", "engine/ports/",
      "engine/run/"}},
    {"workflows/fault_response/",
     {"engine/base/", "engine/domain/", "engine/on_call/", "engine/machine/", "engine/audit/"}},
    {"adapters/memory/", {"engine/base/", "engine/domain/", "engine/audit/", "engine/ports/"}},
    {"adapters/sqlite/", {"engine/base/", "engine/domain/", "engine/audit/", "engine/ports/"}},
    {"adapters/vault/", {"engine/base/", "engine/domain/", "engine/audit/", "engine/ports/"}},
    {"adapters/signer/", {"engine/base/", "engine/domain/", "engine/audit/", "engine/ports/"}},
    {"adapters/smtp/", {"engine/base/", "engine/domain/", "engine/audit/", "engine/ports/"}},
    {"adapters/webhook/", {"engine/base/", "engine/domain/", "engine/audit/", "engine/ports/"}},
    {"adapters/access_point/", {"engine/base/", "engine/domain/", "engine/audit/", "engine/ports/"}},
    {"adapters/sodium/",
     {"engine/base/", "engine/domain/", "engine/audit/", "engine/ports/", "engine/run/", "engine/accounts/"}},
    {"adapters/intake/", {"engine/base/", "engine/domain/", "engine/audit/", "engine/ports/", "engine/run/"}},
    {"adapters/http/",
     {"engine/base/", "engine/domain/", "engine/on_call/", "engine/masters/", "engine/audit/", "engine/ports/",
      "engine/run/", "engine/accounts/"}},
    {"programs/cli/client/", {"engine/base/"}},  // knows the API and nothing of the engine behind it
    {"programs/cli/", {"engine/", "workflows/", "adapters/", "programs/"}},
    {"programs/stage/", {"engine/", "adapters/", "programs/server/"}},  // a server with a world around it
    {"programs/demo/", {"engine/", "workflows/", "adapters/", "programs/server/", "programs/stage/"}},
    {"programs/", {"engine/", "workflows/", "adapters/"}},
    {"tests/end_to_end/", {"engine/", "workflows/", "adapters/", "programs/", "tests/"}},
    {"tests/bench/", {"engine/", "workflows/", "adapters/", "programs/", "tests/"}},
    {"tests/crash/", {"engine/", "workflows/", "adapters/", "programs/", "tests/"}},
    {"tests/drill/", {"engine/", "workflows/", "adapters/", "programs/server/", "tests/"}},
    {"tests/fuzz/", {"engine/", "workflows/", "adapters/", "programs/cli/client/", "programs/server/", "tests/"}},
    {"tests/scenario/", {"engine/", "workflows/", "adapters/", "programs/server/", "tests/"}},
    {"tests/unit/", {"engine/", "workflows/", "adapters/", "programs/cli/", "programs/server/", "tests/"}},
    {"tests/", {"engine/", "workflows/", "adapters/", "tests/"}},
};

struct Stranger {
  std::string_view header;  // as the include begins
  Names rooms;
};

// Headers of the language itself have neither a dot nor a slash in their name and are free.
const std::vector<Stranger> strangers = {
    {"boost/", {"engine/machine/"}},
    {"CLI/", {"programs/"}},
    {"curl/", {"adapters/smtp/", "adapters/intake/", "adapters/webhook/", "tests/"}},
    {"date/", {"engine/base/"}},
    {"fmt/", {"engine/", "workflows/", "adapters/", "programs/", "tests/"}},
    {"iconv.h", {"adapters/intake/"}},
    {"glib", {"adapters/smtp/"}},
    {"gmime/", {"adapters/smtp/", "adapters/intake/", "tests/"}},
    {"httplib.h", {"adapters/http/", "adapters/access_point/", "programs/", "tests/"}},
    {"liboath/", {"adapters/sodium/", "tests/"}},
    {"nlohmann/", {"engine/", "workflows/", "adapters/", "programs/", "tests/"}},
    {"openssl/", {"engine/base/", "adapters/", "programs/", "tests/"}},
    {"qrencode.h", {"programs/", "adapters/http/"}},
    {"sodium.h",
     {"engine/audit/", "adapters/vault/", "adapters/signer/", "adapters/sodium/", "adapters/webhook/", "tests/"}},
    {"spdlog/", {"engine/base/"}},
    {"sqlite3.h", {"adapters/sqlite/", "tests/"}},
    {"tl/", {"engine/base/"}},
    {"toml.hpp", {"programs/"}},
    {"valijson/", {"engine/run/", "adapters/http/", "tests/"}},
    {"catch2/", {"tests/"}},
    {"rapidcheck", {"tests/"}},
    // the operating system
    {"arpa/", {"engine/base/", "adapters/", "programs/", "tests/"}},
    {"dirent.h", {"adapters/", "programs/", "tests/"}},
    {"fcntl.h", {"engine/base/", "engine/run/", "adapters/", "programs/", "tests/"}},
    {"grp.h", {"tests/"}},
    {"ifaddrs.h", {"adapters/", "programs/", "tests/"}},
    {"linux/tcp.h", {"adapters/http/"}},
    {"netdb.h", {"adapters/", "programs/", "tests/"}},
    {"netinet/", {"adapters/", "programs/", "tests/"}},
    {"poll.h", {"adapters/", "programs/", "tests/"}},
    {"pthread.h", {"engine/run/", "adapters/", "programs/"}},
    {"pty.h", {"tests/"}},
    {"pwd.h", {"programs/", "tests/"}},
    {"sched.h", {"tests/"}},
    {"signal.h", {"programs/", "tests/"}},
    {"spawn.h", {"programs/", "tests/"}},
    {"sys/", {"engine/base/", "engine/run/", "adapters/", "programs/", "tests/"}},
    {"termios.h", {"programs/"}},
    {"unistd.h", {"engine/base/", "engine/run/", "adapters/", "programs/", "tests/"}},
};

// What only decides, and what only computes, must not reach the world. The audit room may read and write a download
// directory, which is all that an auditor has.
const Names core = {"engine/domain/",  "engine/on_call/", "engine/machine/",
                    "engine/masters/", "engine/audit/",   "workflows/"};
const Names without_files = {"engine/domain/", "engine/on_call/", "engine/machine/", "engine/masters/", "workflows/"};
const std::vector<Stranger> kept_out = {
    {"<thread>", core},
    {"<mutex>", core},
    {"<condition_variable>", core},
    {"<random>", core},
    {"<ctime>", core},
    {"<fstream>", without_files},
    {"<iostream>", without_files},
    {"<filesystem>", without_files},
    {"<cstdio>", without_files},
    {"\"engine/base/log.h\"", core},
    {"\"engine/base/clock.h\"", core},
};

bool begins_with_one_of(std::string_view path, const Names& folders) {
  return std::any_of(folders.begin(), folders.end(), [&](auto folder) { return path.starts_with(folder); });
}

template <class Row>
const Row* row_for(const std::vector<Row>& table, std::string_view Row::*key, std::string_view path) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const Row& row) { return path.starts_with(row.*key); });
  return found == table.end() ? nullptr : &*found;
}

// Why this file may not include that, or nothing.
std::string objection(const SourceFile& file, const std::string& include) {
  const std::string target = include.substr(1, include.size() - 2);
  const auto because = [&](std::string_view why) {
    return file.path + " includes " + include + ": " + std::string(why);
  };

  const Room* room = row_for(rooms, &Room::path, file.path);
  if (room == nullptr) return because("the file stands in no room of the table");
  const Stranger* out = row_for(kept_out, &Stranger::header, include);
  if (out != nullptr && begins_with_one_of(file.path, out->rooms))
    return because("the rooms that decide have no clock, no log, no files and no threads");

  if (include.front() == '"') {
    // programs/<one>/ may use its own folder only, though all programs share a row.
    const std::string own = file.path.substr(0, file.path.find('/', room->path.size()) + 1);
    const bool at_home = target.starts_with(room->path == "programs/" ? std::string_view(own) : room->path);
    if (at_home || begins_with_one_of(target, room->may_use)) return {};
    return because("the arrow does not point downwards");
  }
  if (target.find_first_of("./") == std::string::npos) return {};
  const Stranger* stranger = row_for(strangers, &Stranger::header, target);
  if (stranger == nullptr) return because("a third party that the table does not know");
  return begins_with_one_of(file.path, stranger->rooms) ? std::string() : because("not in this room");
}

std::vector<std::string> objections(const std::vector<SourceFile>& files) {
  std::vector<std::string> all;
  for (const SourceFile& file : files) {
    if (!file.is_code()) continue;
    for (const std::string& include : includes_of(file.text))
      if (std::string why = objection(file, include); !why.empty()) all.push_back(std::move(why));
  }
  return all;
}

std::vector<std::string> files_with_the_machine(const std::vector<SourceFile>& files) {
  std::vector<std::string> paths;
  for (const SourceFile& file : files) {
    const auto includes = includes_of(file.text);
    if (std::any_of(includes.begin(), includes.end(), [](const auto& i) { return i.starts_with("<boost/msm/"); }))
      paths.push_back(file.path);
  }
  return paths;
}

}  // namespace

TEST_CASE("includes point downwards and third parties stay in their rooms", "[rooms]") {
  for (const std::string& why : objections(source_tree()))
    FAIL_CHECK(why);
  CHECK(source_tree().size() > 40);  // it did look at the tree
}

TEST_CASE("Boost.MSM is included by one header and nowhere else", "[rooms]") {
  const auto paths = files_with_the_machine(source_tree());
  CAPTURE(paths);
  CHECK(paths.size() <= 1);
  for (const std::string& path : paths)
    CHECK(path.starts_with("engine/machine/"));
}

TEST_CASE("every room of the tree stands in the table", "[rooms]") {
  for (const SourceFile& file : source_tree())
    if (file.is_code() && row_for(rooms, &Room::path, file.path) == nullptr) FAIL_CHECK(file.path);
  CHECK(row_for(rooms, &Room::path, "engine/cellar/x.h") == nullptr);
}

TEST_CASE("each forbidden arrow is seen", "[rooms]") {
  const auto seen = [](const char* path, const char* include) {
    return objections({{path, "#include " + std::string(include) + "\n"}}).size() == 1;
  };
  CHECK(seen("engine/base/x.h", "\"engine/domain/ids.h\""));
  CHECK(seen("engine/domain/x.h", "\"engine/ports/store.h\""));
  CHECK(seen("engine/run/x.cpp", "\"workflows/fault_response/workflow.h\""));
  CHECK(seen("workflows/fault_response/x.cpp", "\"engine/run/conductor.h\""));
  CHECK(seen("adapters/sqlite/x.cpp", "\"adapters/memory/store.h\""));
  CHECK(seen("adapters/sqlite/x.cpp", "\"engine/run/conductor.h\""));
  CHECK(seen("engine/run/x.cpp", "\"adapters/sqlite/store.h\""));
  CHECK(seen("programs/gate/x.cpp", "\"programs/server/wiring.h\""));
  CHECK(seen("programs/server/x.cpp", "\"programs/stage/world.h\""));
  CHECK(seen("engine/base/x.cpp", "\"clock.h\""));
  CHECK(seen("engine/cellar/x.h", "\"engine/base/id.h\""));
  CHECK(seen("engine/run/x.cpp", "<sqlite3.h>"));
  CHECK(seen("workflows/fault_response/x.cpp", "<boost/msm/back/state_machine.hpp>"));
  CHECK(seen("adapters/smtp/x.cpp", "<httplib.h>"));
  CHECK(seen("engine/base/x.cpp", "<somebody/new.h>"));
  CHECK(seen("engine/domain/x.cpp", "<fstream>"));
  CHECK(seen("workflows/fault_response/x.cpp", "\"engine/base/clock.h\""));
  CHECK(files_with_the_machine({{"a.h", "#include <boost/msm/x.hpp>\n"}, {"b.h", "#include <boost/msm/y.hpp>\n"}})
            .size() == 2);
}

TEST_CASE("each allowed arrow passes", "[rooms]") {
  const auto passes = [](const char* path, const char* include) {
    return objections({{path, "#include " + std::string(include) + "\n"}}).empty();
  };
  CHECK(passes("engine/domain/x.h", "\"engine/base/id.h\""));
  CHECK(passes("engine/domain/x.h", "\"engine/domain/ids.h\""));
  CHECK(passes("workflows/fault_response/x.cpp", "\"engine/machine/table.h\""));
  CHECK(passes("adapters/http/x.cpp", "\"engine/run/conductor.h\""));
  CHECK(passes("adapters/sqlite/x.cpp", "<sqlite3.h>"));
  CHECK(passes("programs/cli/main.cpp", "\"programs/server/serve.h\""));
  CHECK(passes("programs/stage/world.cpp", "\"programs/server/home.h\""));
  CHECK(passes("programs/server/x.cpp", "\"programs/server/wiring.h\""));
  CHECK(passes("engine/domain/x.cpp", "<string>"));
}

}  // namespace kintsugi::testing

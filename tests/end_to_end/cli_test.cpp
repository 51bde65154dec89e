#include "tests/end_to_end/api.h"
#include "tests/end_to_end/run.h"

#include <catch2/catch.hpp>

#include <sstream>
#include <vector>

// What `kintsugi` says to somebody who mistypes.
namespace kintsugi::testing {
namespace {

// The commands that a help page lists; none for a verb.
std::vector<std::string> commands_in(const std::string& help) {
  std::vector<std::string> out;
  std::istringstream lines(help);
  bool listed = false;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string word;
    words >> word;
    if (listed && line.starts_with("  ") && line[2] != ' ') out.push_back(word);
    listed = listed || word == "Subcommands:";
  }
  return out;
}

}  // namespace

TEST_CASE("a word that is no command is named, with the nearest one and where to look, in every group", "[cli]") {
  const std::vector<std::string> nouns = commands_in(run("--help").output);
  REQUIRE(nouns.size() >= 8);
  std::vector<std::string> groups{""};
  for (const std::string& noun : nouns)
    if (!commands_in(run(noun + " --help").output).empty()) groups.push_back(noun + " ");
  REQUIRE(groups.size() >= 6);
  for (const std::string& group : groups) {
    CAPTURE(group);
    const Ran wrong = run(group + "frobnicate");
    CHECK(wrong.exit == 2);
    std::string path = "kintsugi " + group;
    path.pop_back();
    CHECK(wrong.output == "kintsugi: 'frobnicate' is no command of " + path + "; see " + path + " --help\n");
    CHECK(run(group + "--frobnicate").exit == 2);
    CHECK(run(group).exit == 2);
    CHECK(run(group + "--help").exit == 0);
  }
}

TEST_CASE("a word that is nearly a command is answered with that command", "[cli]") {
  CHECK(run("db bakcup").output ==
        "kintsugi: 'bakcup' is no command of kintsugi db; did you mean 'backup'? see kintsugi db --help\n");
  CHECK(run("serv --data x").output ==
        "kintsugi: 'serv' is no command of kintsugi; did you mean 'serve'? see kintsugi --help\n");
  CHECK(run("outbox lst --data x").exit == 2);
  CHECK(run("x").output == "kintsugi: 'x' is no command of kintsugi; see kintsugi --help\n");
}

TEST_CASE("a token made at the machine is good for its device, and the one before only as long as was said",
          "[cli]") {
  Api api;
  const std::string data = api.directory.path("data");
  const std::string at = "device token --data " + data + " ";
  CHECK(run(at + device("ct-1").text()).exit == 4);  // the server has the directory
  api.stop();
  CHECK(run(at + device("unknown").text()).exit == 3);
  const std::string before = api.device_token;
  const Ran kept = run(at + device("ct-1").text());
  INFO(kept.output);
  REQUIRE(kept.exit == 0);
  const auto token_in = [](const Ran& ran) { return ran.output.substr(0, ran.output.find('\n')); };
  const auto works = [&](const std::string& token) {
    return api.post("/api/v1/faults", token, api.fault().dump())->status < 300;
  };
  api.open();
  api.listen();
  CHECK(works(token_in(kept)));
  CHECK(works(before));

  api.stop();
  const Ran alone = run(at + device("ct-1").text() + " --overlap-hours 0");
  REQUIRE(alone.exit == 0);
  const Ran gate = run("gate token --data " + data + " " + access_point_of("midori").text());
  INFO(gate.output);
  CHECK(gate.exit == 0);
  api.open();
  api.listen();
  CHECK(works(token_in(alone)));
  CHECK_FALSE(works(token_in(kept)));
  CHECK_FALSE(works(token_in(gate)));  // a gate is no device
}

TEST_CASE("what is given to a verb is not taken for a command", "[cli]") {
  const Ran missing = run("audit list /nowhere");
  INFO(missing.output);
  CHECK(missing.exit == 3);
}

}  // namespace kintsugi::testing

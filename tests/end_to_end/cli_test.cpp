#include "tests/end_to_end/api.h"
#include "tests/end_to_end/run.h"
#include "tests/support/wait.h"

#include <catch2/catch.hpp>

#include <filesystem>
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

TEST_CASE("an option that a command does not have is answered with the nearest one, and a value is not taken for one",
          "[cli]") {
  const Ran near = run("db check --dta x");
  CHECK(near.exit == 2);
  CHECK(near.output ==
        "kintsugi: '--dta' is no option of kintsugi db check; did you mean '--data'? see kintsugi db check --help\n");
  CHECK(run("--profile sato case list").output ==
        "kintsugi: '--profile' is no option of kintsugi; see kintsugi --help\n");
  CHECK(run("audit verify /nowhere --vkey ---x").exit == run("audit verify /nowhere --vkey x").exit);
}

TEST_CASE("what is wrong with arguments is said in Japanese too", "[cli]") {
  const auto said = [](const std::string& line) {
    const Ran ran = run("--lang ja " + line);
    CHECK(ran.exit == 2);
    return ran.output.substr(0, ran.output.find('\n'));
  };
  CHECK(said("db") == "kintsugi: コマンドがありません");
  CHECK(said("db backup --data x") == "kintsugi: --into がありません");
  CHECK(said("db backup --data") == "kintsugi: --data の値がありません");
  CHECK(said("db check --data x more") == "kintsugi: 余分な引数です: more");
  CHECK(said("demo --port 99999") == "kintsugi: --port に 99999 は使えません。使えるのは 0〜65535");
  CHECK(said("case list -o xml") == "kintsugi: --output に xml は使えません。使えるのは {table,json,jsonl}");
  CHECK(said("audit prove x --log y --index abc") == "kintsugi: 値を読めません: --index = abc");
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

TEST_CASE("a port that another server has is not shared with it", "[cli]") {
  Api api;
  const TemporaryDirectory directory;
  const std::string data = directory.path("data");
  REQUIRE(run("init --log-base audit.test.invalid --data " + data).exit == 0);
  const std::string url = api.server->url();
  const Ran second = run("serve --data " + data + " --listen 127.0.0.1" + url.substr(url.rfind(':')));
  INFO(second.output);
  CHECK(second.exit == 5);
  CHECK(second.output.find("is taken") != std::string::npos);
}

TEST_CASE("a server does not go on signing a log with another key than before", "[cli][audit]") {
  Api api;
  api.report();
  const auto is_signed = [&] {
    const auto last = api.server->store().last_checkpoint(Api::log_of("midori"));
    return last && last->has_value();
  };
  REQUIRE(wait_until(is_signed, std::chrono::seconds(30)));
  api.stop();
  const std::string data = api.directory.path("data");
  std::filesystem::rename(data + "/signer", data + "/signer-elsewhere");
  const Ran lost = run("serve --listen 127.0.0.1:0 --data " + data);
  INFO(lost.output);
  CHECK(lost.exit == 4);
  CHECK(lost.output.find("does not hold the key that signed") != std::string::npos);
  std::filesystem::remove_all(data + "/signer");
  std::filesystem::rename(data + "/signer-elsewhere", data + "/signer");
  api.open();
  CHECK(run("audit verify " + data).exit == 0);
}

TEST_CASE("a name that no log can have is refused before anything is made", "[cli]") {
  const TemporaryDirectory directory;
  CHECK(run("init --log-base audit+test --data " + directory.path("data")).exit == 2);
  CHECK_FALSE(std::filesystem::exists(directory.path("data")));
}

}  // namespace kintsugi::testing

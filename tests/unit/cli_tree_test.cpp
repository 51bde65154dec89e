#include "programs/cli/client/profile.h"
#include "programs/cli/client/terminal.h"
#include "programs/cli/pages.h"
#include "programs/cli/tree.h"
#include "programs/cli/visit.h"
#include "tests/support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <functional>
#include <map>
#include <sys/stat.h>

// The command tree itself, and where sign-ins are kept.
namespace kintsugi::cli {
namespace {

// Every description of a tree by its place.
std::map<std::string, std::string> descriptions_of(const CLI::App& tree) {
  std::map<std::string, std::string> out;
  const std::function<void(const CLI::App&, const std::string&)> walk = [&](const CLI::App& app,
                                                                            const std::string& path) {
    out[path] = app.get_description();
    for (const CLI::Option* one : app.get_options())
      out[path + " " + one->get_name(true, true)] = one->get_description();
    for (const CLI::App* one : app.get_subcommands([](const CLI::App*) { return true; }))
      walk(*one, path + " " + one->get_name());
  };
  walk(tree, tree.get_name());
  return out;
}

// Names and forms are the same in every language: they have no words.
bool is_only_a_name(const std::string& text) {
  return text.find(' ') == std::string::npos && text.find_first_of("_") != std::string::npos;
}

}  // namespace

TEST_CASE("every command and every option says what it is for in both languages", "[cli]") {
  int exit = 0;
  const auto english = descriptions_of(*make_tree(Language::en, exit));
  const auto japanese = descriptions_of(*make_tree(Language::ja, exit));
  CHECK(english.size() > 100);
  REQUIRE(english.size() == japanese.size());
  for (const auto& [place, en] : english) {
    CAPTURE(place, en);
    CHECK_FALSE(en.empty());
    const std::string& ja = japanese.at(place);
    CHECK_FALSE(ja.empty());
    if (!is_only_a_name(en)) CHECK(ja != en);
  }
}

TEST_CASE("the manual page and the completion know every command and every option", "[cli]") {
  int exit = 0;
  const auto tree = make_tree(Language::en, exit);
  const std::string page = man_page(*tree, false);
  const std::string completion = bash_completion(*tree);
  CHECK(page.find(".SS kintsugi case act\n") != std::string::npos);
  CHECK(page.find("\\-\\-code\\-stdin") != std::string::npos);
  CHECK(page.find("KINTSUGI_PROFILE") != std::string::npos);
  CHECK(completion.find("'kintsugi case act') list='") != std::string::npos);
  CHECK(completion.find("--code-stdin") != std::string::npos);
  CHECK(man_page(*make_tree(Language::ja, exit), true).find("案件に操作を行う") != std::string::npos);
}

TEST_CASE("what is wrong with the arguments names the command's own help", "[cli]") {
  for (const Language language : {Language::en, Language::ja}) {
    int exit = 0;
    const auto tree = make_tree(language, exit);
    std::ostringstream told;
    try {
      tree->parse(std::vector<std::string>{"show", "case"});  // as CLI11 takes a vector
      FAIL("a case must be named");
    } catch (const CLI::ParseError& wrong) {
      tree->exit(wrong, told, told);
    }
    CHECK(told.str().find("kintsugi case show --help") != std::string::npos);
  }
}

TEST_CASE("the language is taken out wherever it stands", "[cli]") {
  const auto taken = [](std::vector<std::string> words) {
    const std::string language = take_language(words);
    return std::pair{language, words};
  };
  using Words = std::vector<std::string>;
  CHECK(taken({"case", "--lang", "ja", "list"}) == std::pair{std::string("ja"), Words{"case", "list"}});
  CHECK(taken({"case", "list", "--lang=en"}) == std::pair{std::string("en"), Words{"case", "list"}});
  CHECK(taken({"case", "list"}) == std::pair{std::string(), Words{"case", "list"}});
  CHECK(taken({"--", "--lang", "ja"}) == std::pair{std::string(), Words{"--", "--lang", "ja"}});
}

TEST_CASE("a command works in the directory that KINTSUGI_DATA names unless somebody names a profile or a server",
          "[cli]") {
  const auto in_directory = [](const std::string& line) {
    CLI::App app;
    VisitOptions options;
    std::string data;
    app.add_option("--data", data)->envname("KINTSUGI_DATA");
    add_profile(app, options);
    add_server(app, options);
    app.parse(line);
    return works_in_directory(app);
  };
  CHECK_FALSE(in_directory(""));
  CHECK(in_directory("--data d"));
  CHECK(in_directory("--data d --profile sato"));
  REQUIRE(::setenv("KINTSUGI_DATA", "d", 1) == 0);
  REQUIRE(::setenv("KINTSUGI_PROFILE", "sato", 1) == 0);
  CHECK(in_directory(""));
  CHECK_FALSE(in_directory("--profile sato"));
  CHECK_FALSE(in_directory("--server https://127.0.0.1:8443"));
  ::unsetenv("KINTSUGI_DATA");
  ::unsetenv("KINTSUGI_PROFILE");
}

TEST_CASE("a sign-in is kept where only its owner can read it", "[cli]") {
  const testing::TemporaryDirectory directory;
  REQUIRE(::setenv("XDG_CONFIG_HOME", directory.path().c_str(), 1) == 0);
  const Tongue english(Language::en);
  const auto place = ProfilePlace::of("sato", english);
  REQUIRE(place);
  CHECK(place->load()->token.empty());
  Profile profile;
  profile.server = "https://127.0.0.1:8443";
  profile.token = "secret";
  REQUIRE(place->save(profile));
  CHECK(place->load()->token == "secret");

  const std::string file = directory.path("kintsugi/sato.json");
  struct stat found {};
  REQUIRE(::stat(file.c_str(), &found) == 0);
  CHECK((found.st_mode & 0777U) == 0600U);
  REQUIRE(::stat(directory.path("kintsugi").c_str(), &found) == 0);
  CHECK((found.st_mode & 0777U) == 0700U);

  REQUIRE(::chmod(file.c_str(), 0640) == 0);
  CHECK(place->load().error().code == Errc::Refused);
  ::unsetenv("XDG_CONFIG_HOME");
}

TEST_CASE("a profile's name cannot lead out of its directory", "[cli]") {
  const Tongue english(Language::en);
  for (const char* wrong : {"", "..", ".hidden", "a/b", "a b", "名前"})
    CHECK_FALSE(ProfilePlace::of(wrong, english));
  CHECK(ProfilePlace::of("midori-2.test_A", english));
}

}  // namespace kintsugi::cli

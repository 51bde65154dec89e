#include "tests/end_to_end/run.h"
#include "tests/support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <filesystem>

// The demo as a person starts it: the real program, in a process of its own.
namespace kintsugi::testing {
namespace {

constexpr std::chrono::minutes play_max{4};

std::vector<std::string> words(const std::string& story, const TemporaryDirectory& directory) {
  return {"--lang", "en", "demo", "--play-only", "--story", story, "--data", directory.path("data")};
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every story that the demo lists is played to its end by signed-in people, and its log verifies",
          "[demo][stories]") {
  const auto story = GENERATE(as<std::pair<std::string, std::vector<std::string>>>(),
                              std::pair("reject", std::vector<std::string>{"-> conn_rejected", "-> conn_approved"}),
                              std::pair("emergency", std::vector<std::string>{"-> halted", "-> acknowledged"}),
                              std::pair("onsite", std::vector<std::string>{"-> onsite", "-> check_offline"}),
                              std::pair("break-glass", std::vector<std::string>{"[F21]", "not yet: ", "[F80]"}),
                              std::pair("storm", std::vector<std::string>{"240 devices, 480 notices", "240 cases",
                                                                          "p1 3", "withdraws 237 cases"}));
  CAPTURE(story.first);
  CHECK(holds(run("demo --list-stories").output, story.first));
  const TemporaryDirectory directory;
  Run demo(words(story.first, directory), play_max);
  const int exit = demo.wait();
  INFO(demo.output());
  CHECK(exit == 0);
  for (const std::string& told : story.second) {
    CAPTURE(told);
    CHECK(holds(demo.output(), told));
  }
  CHECK(holds(demo.output(), "[F81]"));
  if (story.first == "storm") {
    // Most of 240 letters gathered into a few; those of P1 cases went alone.
    const std::string told = demo.output().substr(0, demo.output().find(" mails to "));
    CHECK(std::stoi(told.substr(told.rfind('\n') + 1)) < 100);
  }

  // The mails that it kept can be read, whoever they were for.
  const Ran mails = run("mail list " + directory.path("data") + "/mail");
  CHECK(mails.exit == 0);
  CHECK(holds(mails.output, "[K26-0000001-8]"));
  const Ran first = run("mail show " + directory.path("data") + "/mail 1");
  CHECK(holds(first.output, "みどり病院"));
  CHECK(holds(first.output, "Midori Hospital"));
}

TEST_CASE("a story killed in the middle is played to its end by the next start", "[demo][stories]") {
  const char* moment = GENERATE("-> conn_requested", "-> check_online");
  CAPTURE(moment);
  const TemporaryDirectory directory;
  {
    Run demo(words("straight", directory), play_max);
    const bool reached = demo.says(moment);
    INFO(demo.output());
    REQUIRE(reached);
    demo.kill_now();
  }
  Run again({"demo", "--play-only", "--resume", "--data", directory.path("data")}, play_max);
  const int exit = again.wait();
  INFO(again.output());
  CHECK(exit == 0);
}

TEST_CASE("the demo lists its stories in the language that was asked for", "[demo][stories]") {
  const Ran japanese = run("--lang ja demo --list-stories");
  CHECK(japanese.exit == 0);
  CHECK(holds(japanese.output, "緊急切断"));
  CHECK_FALSE(holds(japanese.output, "red button"));
  CHECK(holds(run("--lang en demo --list-stories").output, "red button"));
}

TEST_CASE("a story that does not exist is refused before anything is made", "[demo][stories]") {
  const TemporaryDirectory directory;
  const Ran wrong = run("demo --play-only --story straigth --data " + directory.path("data"));
  CHECK(wrong.exit == 2);
  CHECK(holds(wrong.output, "--list-stories"));
  CHECK_FALSE(std::filesystem::exists(directory.path("data")));
}

}  // namespace kintsugi::testing

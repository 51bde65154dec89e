#include "tests/end_to_end/run.h"
#include "tests/support/temporary_directory.h"

#include <catch2/catch.hpp>

// The demo as a person starts it: the real program, in a process of its own.
namespace kintsugi::testing {
namespace {

constexpr std::chrono::minutes play_max{8};

Run demo(const TemporaryDirectory& directory) {
  return Run({"demo", "--play-only", "--data", directory.path("data")}, play_max);
}

}  // namespace

TEST_CASE("the demo plays one fault to its end and its log verifies", "[demo]") {
  const TemporaryDirectory directory;
  Run run = demo(directory);
  REQUIRE(run.started());
  const int exit = run.wait();
  INFO(run.output());
  CHECK(exit == 0);
}

TEST_CASE("a demo killed in the middle is played to its end by the next start", "[demo]") {
  const char* moment = GENERATE("-> conn_requested", "-> check_online");
  CAPTURE(moment);
  const TemporaryDirectory directory;
  {
    Run run = demo(directory);
    REQUIRE(run.started());
    const bool reached = run.says(moment);
    INFO(run.output());
    REQUIRE(reached);
    run.kill_now();
  }
  Run again = demo(directory);
  REQUIRE(again.started());
  const int exit = again.wait();
  INFO(again.output());
  CHECK(exit == 0);
}

}  // namespace kintsugi::testing

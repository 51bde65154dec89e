#include "engine/run/timekeeper.h"
#include "tests/support/toy_engine.h"

namespace kintsugi::toy {

TEST_CASE("a timer fires once, also across restarts and a clock that jumps back", "[run][timer]") {
  World world;
  const CaseId opened = world.open_case();
  Timekeeper timekeeper(*world.conductor, world.store, world.clock, "node-1");
  world.clock.advance(10min - 1s);
  CHECK(timekeeper.step() == 0);
  world.clock.advance(1s);
  CHECK(timekeeper.step() == 1);
  CHECK(timekeeper.step() == 0);
  CHECK(world.file(opened).escalation == 1);
  CHECK(world.file(opened).timers.empty());

  world.clock.set(morning);
  world.begin();
  Timekeeper again(*world.conductor, world.store, world.clock, "node-1");
  world.clock.advance(1h);
  CHECK(again.step() == 0);
  CHECK(world.file(opened).escalation == 1);
}

TEST_CASE("a clock that jumps forward fires what has become due, in order", "[run][timer]") {
  World world;
  const CaseId working = world.working_case();
  world.conductor->submit(world.on(working, "set_timer", {{"event", "t_late"}, {"in", 30}}));
  world.conductor->submit(world.on(working, "set_timer", {{"event", "t_never"}, {"in", 20}}));
  Timekeeper timekeeper(*world.conductor, world.store, world.clock, "node-1");
  world.clock.advance(1h);
  CHECK(timekeeper.step() == 3);
  const auto records = world.records(world.hospital_log());
  REQUIRE(records.size() == 7);
  CHECK(has(records[4], "\"event\":\"t_never\""));
  CHECK(has(records[5], "\"ev\":\"t_late\""));
  CHECK(has(records[6], "\"ev\":\"t_late\""));
}

TEST_CASE("a timer that a rule refuses has fired all the same", "[run][timer]") {
  World world;
  const CaseId opened = world.open_case();
  world.conductor->submit(world.on(opened, "set_timer", {{"event", "t_never"}, {"in", 5}}));
  Timekeeper timekeeper(*world.conductor, world.store, world.clock, "node-1");
  world.clock.advance(5s);
  CHECK(timekeeper.step() == 1);
  CHECK(timekeeper.step() == 0);
  CHECK(world.file(opened).timers.size() == 1);
}

TEST_CASE("a timer whose lap could not be stored fires again", "[run][timer]") {
  World world;
  const CaseId opened = world.open_case();
  Timekeeper timekeeper(*world.conductor, world.store, world.clock, "node-1");
  world.clock.advance(10min);
  world.store.commits_to_fail = 1;
  CHECK(timekeeper.step() == 0);
  CHECK(timekeeper.step() == 1);
  CHECK(world.file(opened).escalation == 1);
}

}  // namespace kintsugi::toy

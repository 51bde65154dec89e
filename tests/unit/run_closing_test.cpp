#include "tests/support/toy_engine.h"

#include <fstream>

namespace kintsugi::toy {

using Kind = Outcome::Kind;

TEST_CASE("a closing jumps the queue and hands its order over before the commit", "[run][closing]") {
  World world;
  const CaseId working = world.working_case();
  const auto note = world.conductor->hand_in(world.on(working, "add_note", {{"text", "n"}}));
  const auto stop = world.conductor->hand_in(world.on(working, "stop", {{"reason", "enough"}}));
  world.conductor->step();
  const auto stopped = world.conductor->answer(stop);
  const auto noted = world.conductor->answer(note);
  REQUIRE(stopped->kind == Kind::moved);
  CHECK(stopped->version == 3);
  CHECK(noted->version == 4);
  REQUIRE(world.hurried.size() == 1);
  CHECK(world.hurried[0].closing);
  CHECK(world.hurried[0].order->order == OrderKind::close);
  const auto rows = world.store.outbox({});
  REQUIRE(rows);
  CHECK(std::ranges::any_of(*rows, [&](const OutboxRow& row) { return row.effect.id == world.hurried[0].id; }));
}

TEST_CASE("a closing whose commit fails is journalled, and replayed as soon as the store is back", "[run][closing]") {
  World world(4, true);
  const CaseId working = world.working_case();
  world.store.commits_to_fail = 1;
  const Outcome outcome = world.conductor->submit(world.on(working, "stop", {{"reason", "typed text"}}));
  CHECK(outcome.kind == Kind::transient);
  CHECK(outcome.problem == "closing-journalled");
  CHECK(world.hurried.size() == 1);
  CHECK(world.file(working).state == "working");
  CHECK(std::filesystem::file_size(world.journal) > 0);

  SECTION("in the same process, after the next commit") {
    world.open_case(2);
    world.conductor->step();
  }
  SECTION("at the next start") {
    world.begin();
  }
  CHECK(world.file(working).state == "waiting");
  CHECK(std::filesystem::file_size(world.journal) == 0);
  REQUIRE(world.hurried.size() == 2);
  CHECK(world.hurried[0].id == world.hurried[1].id);  // receivers recognise the repeat
}

TEST_CASE("no typed text stands in the journal in clear", "[run][closing]") {
  World world(4, true);
  const CaseId working = world.working_case();
  world.store.commits_to_fail = 1;
  world.conductor->submit(world.on(working, "stop", {{"reason", "typed text"}}));
  std::ifstream file(world.journal);
  const std::string all((std::istreambuf_iterator<char>(file)), {});
  CHECK(has(all, "\"event\":\"stop\""));
  CHECK(has(all, "\\\"ev\\\":\\\"stop\\\""));
  CHECK_FALSE(has(all, "typed text"));
}

TEST_CASE("with the store away a closing's order still goes out, and its lap follows", "[run][closing]") {
  World world(4, true);
  const CaseId working = world.working_case();
  world.store.away = true;
  const Outcome outcome = world.conductor->submit(world.on(working, "stop"));
  CHECK(outcome.problem == "closing-journalled");
  CHECK(world.hurried.size() == 1);
  CHECK(world.conductor->submit(world.on(working, "add_note", {{"text", "n"}})).kind == Kind::transient);
  world.store.away = false;
  world.begin();
  CHECK(world.file(working).state == "waiting");
}

TEST_CASE("a closing that a rule refuses is not journalled", "[run][closing]") {
  World world(4, true);
  const CaseId opened = world.open_case();
  world.store.commits_to_fail = 1;
  CHECK(world.conductor->submit(world.on(opened, "stop")).problem == "store-unavailable");
  CHECK_FALSE(std::filesystem::exists(world.journal));
}

TEST_CASE("a journal that was changed stops the start, one torn at its end does not", "[run][closing]") {
  World world(4, true);
  const CaseId working = world.working_case();
  world.store.commits_to_fail = 1;
  world.conductor->submit(world.on(working, "stop"));
  std::string line;
  std::getline(std::ifstream(world.journal), line);

  SECTION("changed") {
    std::string changed = line;
    changed[changed.size() / 2] = changed[changed.size() / 2] == 'a' ? 'b' : 'a';
    std::ofstream(world.journal) << changed << '\n' << line << '\n';
    Conductor next(world.parts());
    const auto opened = next.open();
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Errc::Corrupt);
  }
  SECTION("torn") {
    std::ofstream(world.journal) << line << '\n' << line.substr(0, line.size() / 2);
    world.begin();
    CHECK(world.file(working).state == "waiting");
  }
}

TEST_CASE("a key of a journalled closing gives the replayed lap's answer", "[run][closing]") {
  World world(4, true);
  const CaseId working = world.working_case();
  Submission stop = world.on(working, "stop");
  stop.key = IdempotencyKey{.owner = sato.text(), .route = "stop", .key = "1"};
  world.store.commits_to_fail = 1;
  world.conductor->submit(stop);
  world.begin();
  const Outcome again = world.conductor->submit(stop);
  CHECK(again.kind == Kind::moved);
  CHECK(again.replayed);
}

}  // namespace kintsugi::toy

#include "tests/support/toy_engine.h"

#include <atomic>
#include <fstream>
#include <set>
#include <thread>

namespace kintsugi::toy {

using Kind = Outcome::Kind;

TEST_CASE("many submissions are one commit, each decided on the state left by the one before", "[run]") {
  World world;
  const CaseId opened = world.open_case();
  world.store.commits = 0;
  std::vector<Conductor::Ticket> tickets;
  for (int i = 0; i < 100; ++i)
    tickets.push_back(world.conductor->hand_in(world.on(opened, "approve", Json::object())));
  for (int i = 0; i < 100; ++i)
    tickets.push_back(world.conductor->hand_in(world.on(opened, "add_note", {{"text", "n"}})));
  CHECK_FALSE(world.conductor->answer(tickets[0]));
  CHECK(world.conductor->step() == 200);
  CHECK(world.store.commits == 1);
  for (int i = 0; i < 100; ++i)
    CHECK(world.conductor->answer(tickets[static_cast<std::size_t>(i)])->kind == Kind::refused);
  std::set<std::int64_t> versions;
  for (std::size_t i = 100; i < 200; ++i)
    versions.insert(world.conductor->answer(tickets[i])->version);
  CHECK(versions.size() == 100);
  CHECK(world.file(opened).work_entries == 100);
}

TEST_CASE("a batch takes no more than its limit", "[run]") {
  World world;
  auto parts = world.parts();
  parts.batch_max = 10;
  Conductor small(parts);
  REQUIRE(small.open());
  for (unsigned i = 0; i < 25; ++i)
    small.hand_in(world.fault(1 + i % 4));
  CHECK(small.step() == 10);
  CHECK(small.step() == 10);
  CHECK(small.step() == 5);
  CHECK(small.step() == 0);
}

TEST_CASE("a full queue answers at once that it is overloaded, except closings", "[run]") {
  World world;
  const CaseId working = world.working_case();
  auto parts = world.parts();
  parts.queue_max = 2;
  Conductor small(parts);
  REQUIRE(small.open());
  small.hand_in(world.fault(2));
  small.hand_in(world.fault(3));
  const auto late = small.answer(small.hand_in(world.fault(4)));
  REQUIRE(late);
  CHECK(late->kind == Kind::transient);
  CHECK(late->problem == "overloaded");
  const auto stop = small.hand_in(world.on(working, "stop"));
  small.step();
  CHECK(small.answer(stop)->kind == Kind::moved);
}

TEST_CASE("a lap that cannot be written is undone alone", "[run]") {
  World world;
  world.store.writes_to_fail = 1;
  const auto first = world.conductor->hand_in(world.fault(1));
  const auto second = world.conductor->hand_in(world.fault(2));
  world.conductor->step();
  CHECK(world.conductor->answer(first)->kind == Kind::transient);
  CHECK(world.conductor->answer(second)->kind == Kind::moved);
  const auto records = world.records(world.hospital_log());
  REQUIRE(records.size() == 1);
  CHECK(has(records[0], "\"n\":0"));
}

TEST_CASE("a commit that fails undoes every lap of its batch, and nothing of it is remembered", "[run]") {
  World world;
  const CaseId opened = world.open_case();
  world.store.commits_to_fail = 1;
  const auto start = world.conductor->hand_in(world.on(opened, "start"));
  const auto fault = world.conductor->hand_in(world.fault(2));
  world.conductor->step();
  CHECK(world.conductor->answer(start)->kind == Kind::transient);
  CHECK(world.conductor->answer(fault)->kind == Kind::transient);
  CHECK(world.file(opened).state == "waiting");
  CHECK(world.conductor->submit(world.on(opened, "start")).kind == Kind::moved);
  // Records of the engine are numbered without a gap, lost batches or not.
  const auto records = world.records(world.hospital_log());
  REQUIRE(records.size() == 2);
  CHECK(has(records[1], "\"n\":1"));
}

TEST_CASE("the same key twice in one batch is one lap", "[run]") {
  World world;
  Submission fault = world.fault();
  fault.key = IdempotencyKey{.owner = "device", .route = "faults", .key = "k"};
  const auto one = world.conductor->hand_in(fault);
  const auto two = world.conductor->hand_in(fault);
  world.conductor->step();
  const auto first = world.conductor->answer(one);
  const auto second = world.conductor->answer(two);
  CHECK(first->case_id == second->case_id);
  CHECK(second->replayed);
  CHECK(second->occurrences == 1);
}

TEST_CASE("a lap that did not happen leaves no stored answer", "[run]") {
  World world;
  Submission fault = world.fault();
  fault.key = IdempotencyKey{.owner = "device", .route = "faults", .key = "k"};
  world.store.commits_to_fail = 1;
  CHECK(world.conductor->submit(fault).kind == Kind::transient);
  const Outcome outcome = world.conductor->submit(fault);
  CHECK(outcome.kind == Kind::moved);
  CHECK_FALSE(outcome.replayed);
}

TEST_CASE("automatic events follow in the same commit, each with a record of its own", "[run]") {
  World world;
  const CaseId opened = world.open_case();
  world.conductor->submit(world.on(opened, "add_note", {{"text", "1"}}));
  world.store.commits = 0;
  const Outcome outcome = world.conductor->submit(world.on(opened, "add_note", {{"text", "2"}}));
  CHECK(outcome.row == "add_note");
  CHECK(outcome.followed_by == std::vector<std::string>{"F03"});
  CHECK(outcome.state == "working");
  CHECK(outcome.version == 4);
  CHECK(world.store.commits == 1);
  const auto records = world.records(world.hospital_log());
  REQUIRE(records.size() == 4);
  CHECK(has(records[3], "\"ev\":\"auto_start\""));
  CHECK(has(records[3], "\"cn\":3"));
}

TEST_CASE("a second case is opened in the same commit, with number, keys and record", "[run]") {
  World world;
  const CaseId opened = world.open_case();
  const Outcome outcome = world.conductor->submit(world.on(opened, "link"));
  REQUIRE(outcome.kind == Kind::moved);
  REQUIRE_FALSE(outcome.opened.empty());
  const CaseFile other = world.file(outcome.opened);
  CHECK(other.number != outcome.number);
  CHECK_FALSE(other.number.empty());
  const auto records = world.records(world.hospital_log());
  REQUIRE(records.size() == 3);
  INFO(records[1] + "\n" + records[2]);
  CHECK(has(records[2], "\"ev\":\"opened\""));
  CHECK(has(records[2], "\"cn\":0"));
  CHECK(world.conductor->submit(world.on(other.id, "add_note", {{"text", "has a key"}})).kind == Kind::moved);
}

TEST_CASE("a chore that fails undoes itself and nothing else", "[run]") {
  World world;
  const Credential half{.kind = CredentialKind::password,
                        .owner = "half",
                        .secret = {},
                        .verifier = "v",
                        .created = morning,
                        .expires = {}};
  Result<> failed;  // looked at when the thread has ended: Catch counts in one thread only
  std::thread failing([&] {
    failed = world.conductor->chore([&](Batch& batch) -> Result<> {
      if (auto done = batch.put_credential(half); !done) return done;
      return fail(Errc::Refused, "no");
    });
  });
  CHECK(world.conductor->chore([&](Batch& batch) -> Result<> {
    Credential whole = half;
    whole.owner = "whole";
    return batch.put_credential(whole);
  }));
  failing.join();
  CHECK_FALSE(failed);
  CHECK_FALSE(*world.store.credential_of(CredentialKind::password, "half"));
  CHECK(*world.store.credential_of(CredentialKind::password, "whole"));
}

TEST_CASE("whoever comes while nobody steps does the step himself, who finds it taken is served too", "[run]") {
  World world;
  std::mutex mutex;
  std::vector<std::thread::id> steppers;
  std::function<void()> held;
  world.store.fate.begun = [&] {
    std::function<void()> hold;
    {
      const std::scoped_lock lock(mutex);
      steppers.push_back(std::this_thread::get_id());
      hold = std::exchange(held, nullptr);
    }
    if (hold) hold();
  };
  world.conductor->start();
  CHECK(world.conductor->submit(world.fault(1)).kind == Kind::moved);
  CHECK(steppers == std::vector{std::this_thread::get_id()});

  std::thread other;
  std::atomic<bool> served{false};
  held = [&] {
    other = std::thread([&] { served = world.conductor->submit(world.fault(3)).kind == Kind::moved; });
    while (world.conductor->queue_length() == 0)
      std::this_thread::yield();
  };
  CHECK(world.conductor->submit(world.fault(2)).kind == Kind::moved);
  other.join();
  CHECK(served);
  REQUIRE(steppers.size() == 3);
  CHECK(steppers[1] == std::this_thread::get_id());
  CHECK(steppers[2] != std::this_thread::get_id());  // the writer's thread, or the other if the step was over by then
  world.store.fate.begun = nullptr;
  world.conductor->stop();
}

TEST_CASE("masters that do not read are refused, good ones are seen at once", "[run]") {
  World world;
  CHECK(world.conductor->put_masters({{.kind = "device", .id = "x", .tenant = "", .body = "{"}}).error().code ==
        Errc::Invalid);
  Person one;
  one.id = PersonId{id("person", 9)};
  REQUIRE(world.conductor->put_masters({master("person", one.id.text(), hospital, one)}));
  CHECK(world.conductor->directory()->person(one.id) != nullptr);
}

TEST_CASE("what callers of many threads were answered is in the store", "[run]") {
  World world(16);
  world.conductor->start();
  std::atomic<int> moved{0};
  std::vector<std::thread> callers;
  for (unsigned n = 1; n <= 8; ++n)
    callers.emplace_back([&, n] {
      const Outcome opened = world.conductor->submit(world.fault(n));
      if (opened.kind == Kind::moved) ++moved;
      for (int i = 0; i < 20; ++i) {
        const Outcome noted = world.conductor->submit(world.on(opened.case_id, "add_note", {{"text", "n"}}));
        const auto stored = world.store.read_case(opened.case_id);
        if (noted.kind == Kind::moved && stored && stored->version >= noted.version) ++moved;
      }
    });
  for (auto& one : callers)
    one.join();
  CHECK(moved == 8 * 21);
  world.conductor->stop();
}

}  // namespace kintsugi::toy

#include "adapters/memory/store.h"
#include "engine/run/forgetter.h"
#include "tests/support/flaky_store.h"
#include "tests/support/memory_vault.h"
#include "tests/support/play.h"

#include <catch2/catch.hpp>

namespace kintsugi::testing {
namespace {

// The engine on a store in memory, and a clock that is moved by hand.
struct Engine {
  Engine() { REQUIRE(conductor.open()); }

  void put(std::function<Result<>(Batch&)> work) { REQUIRE(conductor.chore(std::move(work))); }
  IdempotencyKey key(int number) const { return {"person_a", "POST /api/v1/sites", std::to_string(number)}; }
  bool keeps_reply(int number) {
    bool out = false;
    put([&](Batch& batch) -> Result<> {
      out = batch.reply_of(key(number))->has_value();
      return {};
    });
    return out;
  }
  void reply(int number) {
    put([&](Batch& batch) {
      return batch.put_reply({.key = key(number), .request = {}, .outcome = "{}", .at = clock.now()});
    });
  }
  bool keeps_step_up(const Digest& token) {
    bool out = false;
    put([&](Batch& batch) -> Result<> {
      out = batch.step_up_of(token)->has_value();
      return {};
    });
    return out;
  }
  void sign_in(const char* id, Duration life) {
    put([&](Batch& batch) {
      return batch.put_sign_in({.id = SignInId{id},
                                .person = PersonId{"person_a"},
                                .token = sha256(std::string_view(id)),
                                .created = clock.now(),
                                .expires = clock.now() + life});
    });
  }
  std::size_t sign_ins() { return store.sign_ins_of(PersonId{"person_a"}, 100)->size(); }

  memory::Store memory;
  FlakyStore store{memory};
  testing::MemoryVault vault;
  ManualClock clock{Instant{std::chrono::sys_days{std::chrono::year{2026} / 3 / 4}}};
  SeededEntropy entropy{7};
  Conductor conductor{{.workflow = fault_response::fault_response(),
                       .store = store,
                       .vault = vault,
                       .clock = clock,
                       .entropy = entropy,
                       .node = "node-1",
                       .log_base = "audit.example",
                       .journal_path = "",
                       .hurry = {},
                       .audit_working = {}}};
  Forgetter forgetter{conductor, clock};
};

}  // namespace

TEST_CASE("a stored reply is forgotten when it is a day old, and not before", "[run][forgetter]") {
  Engine engine;
  engine.reply(1);
  engine.clock.advance(1h);
  engine.reply(2);
  engine.clock.advance(23h);
  CHECK(engine.forgetter.step().replies == 0);
  CHECK(engine.keeps_reply(1));
  engine.clock.advance(1s);
  CHECK(engine.forgetter.step().replies == 1);
  CHECK_FALSE(engine.keeps_reply(1));
  CHECK(engine.keeps_reply(2));
  engine.clock.advance(1h);
  CHECK(engine.forgetter.step().replies == 1);
  CHECK(engine.forgetter.total().replies == 2);
}

TEST_CASE("however many replies are too old, one step forgets them all", "[run][forgetter]") {
  Engine engine;
  constexpr int many = 2'500;
  engine.put([&](Batch& batch) -> Result<> {
    for (int i = 0; i < many; ++i)
      if (auto done =
              batch.put_reply({.key = engine.key(i), .request = {}, .outcome = "{}", .at = engine.clock.now()});
          !done)
        return done;
    return {};
  });
  engine.clock.advance(25h);
  const int before = engine.store.commits;
  CHECK(engine.forgetter.step().replies == many);
  CHECK(engine.store.commits - before == 3);  // none so large that others wait for it
}

TEST_CASE("a step-up is forgotten as soon as it is over", "[run][forgetter]") {
  Engine engine;
  const Digest token = sha256(std::string_view("token"));
  engine.put([&](Batch& batch) {
    return batch.put_step_up({.token = token,
                              .person = PersonId{"person_a"},
                              .case_id = CaseId{"case_1"},
                              .event = "approve",
                              .request_hash = {},
                              .created = engine.clock.now(),
                              .expires = engine.clock.now() + 120s});
  });
  engine.clock.advance(119s);
  CHECK(engine.forgetter.step().step_ups == 0);
  CHECK(engine.keeps_step_up(token));
  engine.clock.advance(2s);
  CHECK(engine.forgetter.step().step_ups == 1);
  CHECK_FALSE(engine.keeps_step_up(token));
}

TEST_CASE("a sign-in is forgotten ninety days after it was over, ended or run out", "[run][forgetter]") {
  Engine engine;
  engine.sign_in("signin_1", 12h);
  engine.put([&](Batch& batch) { return batch.end_sign_ins(PersonId{"person_a"}, engine.clock.now(), {}); });
  engine.sign_in("signin_2", 12h);
  engine.clock.advance(90 * 24h);
  CHECK(engine.forgetter.step().sign_ins == 0);
  engine.clock.advance(1s);
  CHECK(engine.forgetter.step().sign_ins == 1);
  CHECK(engine.sign_ins() == 1);
  engine.clock.advance(12h);
  CHECK(engine.forgetter.step().sign_ins == 1);
  CHECK(engine.sign_ins() == 0);
}

TEST_CASE("what cannot be forgotten now is forgotten by the next step", "[run][forgetter]") {
  Engine engine;
  engine.reply(1);
  engine.clock.advance(25h);
  engine.store.commits_to_fail = 1;
  CHECK(engine.forgetter.step().replies == 0);
  CHECK(engine.forgetter.step().replies == 1);
}

}  // namespace kintsugi::testing

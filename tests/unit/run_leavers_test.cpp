#include "adapters/memory/store.h"
#include "engine/run/leavers.h"
#include "tests/support/flaky_store.h"
#include "tests/support/memory_vault.h"
#include "tests/support/play.h"

namespace kintsugi::testing {
namespace {

template <class Map>
void add_all(std::vector<Master>& out, const char* kind, const Map& all) {
  for (const auto& [id, one] : all)
    out.push_back({.kind = kind, .id = id.text(), .tenant = "", .body = to_json_text(one)});
}

// The engine on a store in memory, with one case of the small world in it.
struct Engine {
  explicit Engine(const Play& play) : clock(play.now) {
    REQUIRE(conductor.open());
    std::vector<Master> masters;
    add_all(masters, "organisation", play.directory.organisations());
    add_all(masters, "person", play.directory.people());
    add_all(masters, "device", play.directory.devices());
    add_all(masters, "contract", play.directory.contracts());
    REQUIRE(conductor.put_masters(masters));
    REQUIRE(conductor.chore([&](Batch& batch) {
      LapWrites writes;
      writes.files.push_back({.file = &play.file, .is_new = true, .open = true});
      return batch.write(writes);
    }));
  }
  void leaves(const Play& play, std::string_view who, Instant when) {
    Person one = *play.directory.person(person(who));
    one.left_at = when;
    REQUIRE(
        conductor.put_masters({{.kind = "person", .id = one.id.text(), .tenant = "", .body = to_json_text(one)}}));
  }

  memory::Store memory;
  FlakyStore store{memory};
  testing::MemoryVault vault;
  ManualClock clock;
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
  Leavers leavers{conductor, store, fault_response::fault_response(), clock, "node-1"};
};

}  // namespace

TEST_CASE("when a listed worker leaves his grant is revoked at once, and once (RA34)", "[run]") {
  Play play;
  bring_to(play, "connected");
  Engine engine(play);
  const auto state = [&] { return engine.store.read_case(play.file.id)->state; };
  CHECK(engine.leavers.step() == 0);
  SECTION("at once") {
    engine.leaves(play, "svc", play.now);
    CHECK(engine.leavers.step() == 1);
    CHECK(state() == "disconnecting");
    CHECK(engine.leavers.step() == 0);
  }
  SECTION("on the day that was told before") {
    engine.leaves(play, "svc", play.now + 24h);
    CHECK(engine.leavers.step() == 0);
    engine.clock.advance(24h);
    CHECK(engine.leavers.step() == 1);
    CHECK(state() == "disconnecting");
  }
  SECTION("not for somebody whom no grant lists") {
    engine.leaves(play, "svc2", play.now);
    CHECK(engine.leavers.step() == 0);
    CHECK(state() == "connected");
  }
  SECTION("as soon as the store answers again") {
    engine.leaves(play, "svc", play.now);
    engine.store.away = true;
    CHECK(engine.leavers.step() == 0);
    engine.store.away = false;
    CHECK(engine.leavers.step() == 1);
  }
}

}  // namespace kintsugi::testing

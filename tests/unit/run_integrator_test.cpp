#include "engine/audit/checkpoint.h"
#include "engine/audit/record.h"
#include "engine/base/digest.h"
#include "engine/run/integrator.h"
#include "tests/support/toy_engine.h"

#include <map>

namespace kintsugi::toy {
namespace {

// Checks what a signer checks, and signs with a signature that nobody checks here.
struct FakeSigner final : Signer {
  std::map<std::string, Head> heads;
  bool away = false;
  Result<std::string> sign(const Head& head, const std::vector<Digest>& proof) override {
    if (away) return fail(Errc::Transient, "away");
    const Head before = *last(head.origin);
    if (auto extends = audit::verify_consistency(before.size, head.size, before.root, head.root, proof); !extends)
      return pass(extends);
    heads[head.origin] = head;
    const std::string text = audit::format_checkpoint({.origin = head.origin, .size = head.size, .root = head.root});
    return audit::format_note({.text = text, .signatures = {{.name = head.origin, .id = {}, .bytes = Bytes(64)}}});
  }
  Result<Head> last(const std::string& origin) override {
    const auto found = heads.find(origin);
    if (found != heads.end()) return found->second;
    return Head{.origin = origin, .size = 0, .root = audit::empty_root()};
  }
  std::string verifier_key(const std::string&) const override { return ""; }
};

void make_records(World& world, const CaseId& on, int count) {
  for (int i = 0; i < count; ++i)
    world.conductor->hand_in(world.on(on, "add_note", {{"text", "n"}}));
  while (world.conductor->step() > 0) {
  }
}

}  // namespace

TEST_CASE("every log that grew gets a checkpoint over all of its records", "[run][integrator]") {
  World world;
  FakeSigner signer;
  Integrator integrator(*world.conductor, world.store, signer, world.clock);
  REQUIRE(integrator.open());
  const CaseId opened = world.open_case();
  make_records(world, opened, 600);
  CHECK(integrator.step() > 600);
  const auto log = world.hospital_log();
  CHECK(signer.heads.at(log).size == *world.store.audit_size(log));
  CHECK(signer.heads.contains("audit.example/system"));
  CHECK(world.store.last_checkpoint(log)->has_value());
  CHECK(world.store.audit_tile(log, 0, 1)->has_value());

  SECTION("at most once in each interval") {
    make_records(world, opened, 1);
    const auto before = signer.heads.at(log).size;
    CHECK(integrator.step() == 1);
    CHECK(signer.heads.at(log).size == before);
    world.clock.advance(1s);
    integrator.step();
    CHECK(signer.heads.at(log).size == before + 1);
  }
  SECTION("and at once when it stops: what was committed does not wait unsigned for the next start") {
    make_records(world, opened, 1);
    integrator.start();
    integrator.stop();
    CHECK(signer.heads.at(log).size == *world.store.audit_size(log));
  }
  SECTION("also after a restart, from tiles and the rows behind them") {
    make_records(world, opened, 300);
    world.begin();
    Integrator next(*world.conductor, world.store, signer, world.clock);
    REQUIRE(next.open());
    next.step();
    CHECK(next.working());
    CHECK(signer.heads.at(log).size == *world.store.audit_size(log));
  }
  SECTION("and an engine whose records differ from what was signed does not start") {
    audit::Checkpoint other{.origin = log, .size = signer.heads.at(log).size, .root = sha256("another history")};
    const std::string note = audit::format_note(
        {.text = audit::format_checkpoint(other), .signatures = {{.name = log, .id = {}, .bytes = Bytes(64)}}});
    REQUIRE(world.conductor->chore([&](Batch& batch) { return batch.put_checkpoint(log, other.size, note); }));
    Integrator next(*world.conductor, world.store, signer, world.clock);
    const auto started = next.open();
    REQUIRE_FALSE(started);
    CHECK(started.error().code == Errc::Corrupt);
    CHECK_FALSE(next.working());
  }
}

TEST_CASE("while nothing can be signed, the audit does not work", "[run][integrator]") {
  World world;
  FakeSigner signer;
  signer.away = true;
  Integrator integrator(*world.conductor, world.store, signer, world.clock);
  REQUIRE(integrator.open());
  world.open_case();
  integrator.step();
  CHECK_FALSE(integrator.working());
  signer.away = false;
  integrator.step();
  CHECK(integrator.working());
}

}  // namespace kintsugi::toy

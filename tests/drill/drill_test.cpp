#include "adapters/sqlite/store.h"
#include "tests/drill/disk.h"
#include "tests/drill/mutants.h"
#include "tests/drill/story.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <numeric>

// A short fixed part of the simulation; `make drill` plays as much of it as somebody has time for (docs/drill.md).
namespace kintsugi::drill {
namespace {

constexpr std::uint64_t fixed_seeds = 25;
constexpr std::uint64_t on_a_disk = 4;
constexpr std::uint64_t until_found = 60;  // stories within which a planted mistake must be found
constexpr int plays_to_shorten = 60;
constexpr int worth_shortening = 20;  // steps before it broke

// Vault and signer are files; in memory a story does not wait for a disk.
const bool in_memory = [] {
  std::error_code error;
  return std::filesystem::is_directory("/dev/shm", error) && ::setenv("TMPDIR", "/dev/shm", 0) == 0;
}();

Options options(std::uint64_t seed, std::string store = "memory", std::string mutant = "") {
  return {.seed = seed, .store = std::move(store), .mutant = std::move(mutant)};
}

Totals none_breaks(std::uint64_t seeds, const std::string& store) {
  Totals totals;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const Ending ending = play(options(seed, store), totals);
    INFO("seed " << seed << ": drill --from " << seed << " --seeds 1 --store " << store);
    INFO((ending.broken ? ending.broken->check + ": " + ending.broken->what : std::string()));
    REQUIRE(!ending.broken);
  }
  return totals;
}

TEST_CASE("a fixed set of stories breaks no promise", "[drill]") {
  none_breaks(fixed_seeds, "memory");
}

TEST_CASE("the same seed tells the same story, byte for byte", "[drill]") {
  for (const char* store : {"memory", "sqlite"})
    for (const std::uint64_t seed : {3, 4}) {
      Totals once;
      Totals again;
      const Ending first = play(options(seed, store), once);
      const Ending second = play(options(seed, store), again);
      INFO(store << " seed " << seed);
      CHECK(first.trail == second.trail);
      CHECK(first.digest == second.digest);
      CHECK(first.root == second.root);
      CHECK(first.root != Digest{});
    }
}

TEST_CASE("what lasts with the next commit does not wait for the disk, and is there when the next has waited",
          "[drill]") {
  Disk& disk = Disk::the();
  disk.dice = nullptr;
  const auto unsynced = [&] {
    const auto log = disk.find("lasting.db-wal");
    return log == nullptr ? std::size_t{0} : log->since.size();
  };
  {
    auto store = sqlite::Store::open("lasting.db", Instant{} + 1s);
    REQUIRE(store);
    const auto commits = [&](Lasts lasts) {
      auto batch = (*store)->begin(lasts);
      REQUIRE(batch);
      REQUIRE((*batch)->append_audit({.log = "a log", .body = "a record", .leaf = {}}));
      return (*batch)->commit().has_value();
    };
    CHECK(commits(Lasts::at_once));
    CHECK(unsynced() == 0);
    CHECK(commits(Lasts::with_next));
    CHECK(unsynced() > 0);
    CHECK((*store)->audit_size("a log") == 2);
    CHECK(commits(Lasts::at_once));
    CHECK(unsynced() == 0);

    // What failed may be on the disk: whatever comes next stands in its place before anybody relies on it.
    Dice dice{1};
    disk.dice = &dice;
    disk.faults = {.error = 100};
    CHECK_FALSE(commits(Lasts::at_once));
    disk.dice = nullptr;
    CHECK(commits(Lasts::with_next));
    CHECK(unsynced() == 0);
    CHECK(commits(Lasts::with_next));
    CHECK(unsynced() > 0);
    CHECK((*store)->audit_size("a log") == 5);
  }
  disk.remove_all();
}

TEST_CASE("on a disk that fails and forgets, a fixed set of stories breaks no promise", "[drill]") {
  const Totals totals = none_breaks(on_a_disk, "sqlite");
  CHECK(totals.disk_faults > 0);
  CHECK(totals.power_cuts > 0);
}

// In the first story that breaks late enough to be worth shortening.
void is_found_and_shortened(const std::string& mutant) {
  const auto planted = std::ranges::find(mutants(), mutant, &Mutant::name);
  REQUIRE(planted != mutants().end());
  for (std::uint64_t seed = 1; seed <= until_found; ++seed) {
    Totals totals;
    const Options wanted = options(seed, "memory", mutant);
    const Ending whole = play(wanted, totals);
    if (!whole.broken || whole.step < worth_shortening) continue;
    INFO("seed " << seed << ": " << whole.broken->what);
    CHECK(whole.broken->check == planted->check);
    const auto steps = shortened_story(wanted, whole, plays_to_shorten);
    const Ending shorter = play(wanted, steps, totals);
    REQUIRE(shorter.broken);
    CHECK(shorter.broken->check == whole.broken->check);
    CHECK(static_cast<int>(steps.size()) < whole.step);
    return;
  }
  FAIL("no story broke");
}

TEST_CASE("a record that is left out is found, and its story is shortened", "[drill]") {
  is_found_and_shortened("forgotten_record");
}

TEST_CASE("a requester who may approve is found, and the story is shortened", "[drill]") {
  is_found_and_shortened("skipped_check");
}

TEST_CASE("a door that forgets what it closed is found, and its story is shortened", "[drill]") {
  is_found_and_shortened("ignored_fence");
}

}  // namespace
}  // namespace kintsugi::drill

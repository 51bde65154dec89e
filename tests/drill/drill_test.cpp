#include "tests/drill/disk.h"
#include "tests/drill/mutants.h"
#include "tests/drill/story.h"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <cstdlib>
#include <filesystem>
#include <numeric>

// A short fixed part of the simulation; `make drill` plays as much of it as somebody has time for (docs/drill.md).
namespace kintsugi::drill {
namespace {

constexpr std::uint64_t fixed_seeds = 150;
constexpr std::uint64_t fixed_seeds_on_disk = 15;
constexpr std::uint64_t until_found = 60;  // stories within which a planted mistake must be found
constexpr int plays_to_shorten = 60;

// Vault and signer are files; in memory a story does not wait for a disk.
const bool in_memory = [] {
  std::error_code error;
  return std::filesystem::is_directory("/dev/shm", error) && ::setenv("TMPDIR", "/dev/shm", 0) == 0;
}();

Options options(std::uint64_t seed, std::string store = "memory", std::string mutant = "") {
  return {.seed = seed, .store = std::move(store), .mutant = std::move(mutant)};
}

void none_breaks(std::uint64_t seeds, const std::string& store) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    Totals totals;
    const Ending ending = play(options(seed, store), totals);
    INFO("seed " << seed << ": drill --from " << seed << " --seeds 1 --store " << store);
    INFO((ending.broken ? ending.broken->check + ": " + ending.broken->what : std::string()));
    REQUIRE(!ending.broken);
  }
}

TEST_CASE("a fixed set of stories breaks no promise", "[drill]") {
  none_breaks(fixed_seeds, "memory");
}

TEST_CASE("a fixed set of stories on SQLite and a failing disk breaks no promise", "[drill]") {
  none_breaks(fixed_seeds_on_disk, "sqlite");
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

TEST_CASE("a planted mistake is found, and by the check that is there for it", "[drill]") {
  for (const Mutant& mutant : mutants()) {
    std::optional<Ending> found;
    Totals totals;
    for (std::uint64_t seed = 1; seed <= until_found && !found; ++seed)
      if (Ending ending = play(options(seed, "memory", mutant.name), totals); ending.broken)
        found = std::move(ending);
    INFO(mutant.name << ": " << mutant.what);
    REQUIRE(found);
    CHECK(found->broken->check == mutant.check);
  }
}

TEST_CASE("a story that breaks is shortened to one that breaks the same check", "[drill]") {
  const std::string mutant = "forgotten_record";
  for (std::uint64_t seed = 1; seed <= until_found; ++seed) {
    Totals totals;
    const Options wanted = options(seed, "memory", mutant);
    const Ending whole = play(wanted, totals);
    if (!whole.broken) continue;
    const auto steps = shortened_story(wanted, whole, plays_to_shorten);
    const Ending shorter = play(wanted, steps, totals);
    REQUIRE(shorter.broken);
    CHECK(shorter.broken->check == whole.broken->check);
    CHECK(static_cast<int>(steps.size()) < whole.step);
    return;
  }
  FAIL("no story broke");
}

TEST_CASE("a power cut forgets what was not synced, and a kill does not", "[drill]") {
  Disk& disk = Disk::the();
  const auto write = [&](const char* sql, const char* synchronous) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open("power.db", &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, synchronous, nullptr, nullptr, nullptr) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    disk.freeze();
    sqlite3_close(db);
  };
  const auto rows = [&] {
    sqlite3* db = nullptr;
    sqlite3_stmt* count = nullptr;
    REQUIRE(sqlite3_open("power.db", &db) == SQLITE_OK);
    REQUIRE(sqlite3_prepare_v2(db, "SELECT count(*) FROM t", -1, &count, nullptr) == SQLITE_OK);
    REQUIRE(sqlite3_step(count) == SQLITE_ROW);
    const int out = sqlite3_column_int(count, 0);
    sqlite3_finalize(count);
    sqlite3_close(db);
    return out;
  };
  Dice dice(1);
  constexpr const char* full = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL";
  constexpr const char* off = "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF";
  write("CREATE TABLE t (n); INSERT INTO t VALUES (1)", full);
  disk.thaw(true, dice);
  CHECK(rows() == 1);

  write("INSERT INTO t VALUES (2)", off);
  disk.thaw(false, dice);
  CHECK(rows() == 2);

  int lost = 0;
  for (int i = 0; i < 20; ++i) {
    const int before = rows();
    write("INSERT INTO t VALUES (3)", off);
    disk.thaw(true, dice);
    lost += rows() == before ? 1 : 0;
  }
  CHECK(lost > 0);
  disk.remove_all();
}

}  // namespace
}  // namespace kintsugi::drill

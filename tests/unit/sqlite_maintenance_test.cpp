#include "adapters/sqlite/maintenance.h"
#include "engine/audit/tree.h"
#include "tests/support/store_fixtures.h"

#include <catch2/catch.hpp>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

// Check, backup and restore of a data directory.
namespace kintsugi::testing {
namespace {

Result<> put(Store& store, int n) {
  const auto name = std::to_string(n);
  const auto file = a_case("case_" + name, "device_" + name);
  auto lap = opens(file);
  lap.audit = {a_line("hospital a", "a " + name), a_line("hospital b", "b " + name)};
  lap.effects = {an_effect("effect_" + name, "case_" + name)};
  return commit_lap(store, lap);
}

void fill(Store& store, int from, int count) {
  for (int n = from; n < from + count; ++n)
    REQUIRE(put(store, n));
}

std::vector<std::string> mistakes_of(const SqliteStore& fixture) {
  const auto found = sqlite::check(fixture.directory.path(sqlite::database_file));
  REQUIRE(found);
  return found->mistakes;
}

void change(const SqliteStore& fixture, const std::string& sql) {
  auto db = sqlite::Connection::open(fixture.directory.path(sqlite::database_file),
                                     sqlite::Connection::Access::read_write, 1s);
  REQUIRE(db);
  REQUIRE(db->execute(sql));
}

Digest root_of(const std::vector<std::string>& bodies) {
  audit::Frontier frontier;
  for (const auto& body : bodies)
    frontier.append(a_line("", body).leaf);
  return frontier.root();
}

}  // namespace

TEST_CASE("a sound database has no mistakes, and check knows its audit heads", "[sqlite][maintenance]") {
  SqliteStore fixture;
  fill(fixture.store(), 0, 3);
  const auto found = *sqlite::check(fixture.directory.path(sqlite::database_file));
  CHECK(found.mistakes.empty());
  REQUIRE(found.heads.size() == 2);
  CHECK(found.heads[0].log == "hospital a");
  CHECK(found.heads[0].size == 3);
  CHECK(found.heads[0].root == root_of({"a 0", "a 1", "a 2"}));
}

TEST_CASE("one changed byte in an audit record is found", "[sqlite][maintenance]") {
  SqliteStore fixture;
  fill(fixture.store(), 0, 3);
  change(fixture, "DROP TRIGGER audit_no_update; UPDATE audit SET body = CAST('b 9' AS BLOB) WHERE gsn = 4");
  const auto mistakes = mistakes_of(fixture);
  REQUIRE(mistakes.size() == 1);
  CHECK_THAT(mistakes[0], Catch::Contains("audit row 4 was changed"));
}

TEST_CASE("a changed leaf, a missing row and a moved row are found", "[sqlite][maintenance]") {
  SqliteStore fixture;
  fill(fixture.store(), 0, 3);
  const std::string sql = GENERATE("DROP TRIGGER audit_no_update; UPDATE audit SET leaf = zeroblob(32) WHERE gsn = 4",
                                   "DROP TRIGGER audit_no_delete; DELETE FROM audit WHERE gsn = 4",
                                   "DROP TRIGGER audit_no_update; UPDATE audit SET seq = 7 WHERE gsn = 4",
                                   "DROP TRIGGER audit_no_update; UPDATE audit SET log = 99 WHERE gsn = 4");
  change(fixture, sql);
  CHECK_FALSE(mistakes_of(fixture).empty());
}

TEST_CASE("rows cut off at the end are found by the checkpoint", "[sqlite][maintenance]") {
  SqliteStore fixture;
  fill(fixture.store(), 0, 3);
  const auto note = [](std::int64_t size, const Digest& root) {
    return "hospital a\n" + std::to_string(size) + "\n" + to_base64(root) + "\n\n— signature\n";
  };
  {
    auto batch = *fixture.store().begin();
    REQUIRE(batch->put_checkpoint("hospital a", 3, note(3, root_of({"a 0", "a 1", "a 2"}))));
    REQUIRE(batch->commit());
  }
  CHECK(mistakes_of(fixture).empty());
  SECTION("when they are gone") {
    change(fixture, "DROP TRIGGER audit_no_delete; DELETE FROM audit WHERE gsn > 4");
    const auto mistakes = mistakes_of(fixture);
    REQUIRE(mistakes.size() == 1);
    CHECK_THAT(mistakes[0], Catch::Contains("rows are gone"));
  }
  SECTION("and so is a checkpoint of another tree") {
    auto batch = *fixture.store().begin();
    REQUIRE(batch->put_checkpoint("hospital a", 2, note(2, root_of({"a 0", "a 2"}))));
    REQUIRE(batch->commit());
    CHECK_THAT(mistakes_of(fixture).at(0), Catch::Contains("size 2"));
  }
}

TEST_CASE("tiles and bundles that are not the log's are found", "[sqlite][maintenance]") {
  SqliteStore fixture;
  std::vector<Digest> leaves;
  {
    auto batch = *fixture.store().begin();
    for (int n = 0; n < 3000; ++n) {
      REQUIRE(batch->append_audit(a_line("hospital a", "a " + std::to_string(n))));
      leaves.push_back(a_line("", "a " + std::to_string(n)).leaf);
    }
    REQUIRE(batch->commit());
  }
  CHECK(mistakes_of(fixture).empty());
  AuditTile tile{.log = "hospital a", .level = 0, .index = 3, .hashes = {}};
  for (int at = 0; at < 256; ++at)
    tile.hashes.insert(tile.hashes.end(), leaves[768 + static_cast<std::size_t>(at)].begin(),
                       leaves[768 + static_cast<std::size_t>(at)].end());
  const auto put = [&] {
    auto batch = *fixture.store().begin();
    REQUIRE(batch->put_tiles(std::span(&tile, 1), {.position = 3000}));
    REQUIRE(batch->commit());
  };
  put();
  CHECK(mistakes_of(fixture).empty());
  SECTION("a tile with one other byte") {
    tile.hashes[4000] ^= 1;
    put();
    CHECK_THAT(mistakes_of(fixture).at(0), Catch::Contains("tile 0/3"));
  }
  SECTION("a tile of rows that do not exist") {
    tile.index = 50;
    put();
    CHECK_THAT(mistakes_of(fixture).at(0), Catch::Contains("tiles beyond its rows"));
  }
  SECTION("a bundle that names another row") {
    change(fixture, "UPDATE audit_bundle SET gsns = (SELECT gsns FROM audit_bundle WHERE idx = 2) WHERE idx = 1");
    CHECK_THAT(mistakes_of(fixture).at(0), Catch::Contains("bundle 1"));
  }
}

TEST_CASE("an open case that disagrees with its columns is found", "[sqlite][maintenance]") {
  SqliteStore fixture;
  fill(fixture.store(), 0, 2);
  const std::string sql = GENERATE(
      "UPDATE cases SET state = 'elsewhere' WHERE id = 'case_1'", "UPDATE cases SET version = 7 WHERE id = 'case_1'",
      "UPDATE cases SET next_due = 7 WHERE id = 'case_1'", "UPDATE cases SET body = '{' WHERE id = 'case_1'");
  change(fixture, sql);
  const auto mistakes = mistakes_of(fixture);
  REQUIRE(mistakes.size() == 1);
  CHECK_THAT(mistakes[0], Catch::Contains("case_1"));
}

TEST_CASE("a backup made while laps go on is whole, and restores to the same audit heads", "[sqlite][maintenance]") {
  SqliteStore fixture;
  fill(fixture.store(), 0, 20);
  std::ofstream(fixture.directory.path(sqlite::slots_file)) << "slots";
  const TemporaryDirectory elsewhere;
  const auto copy = elsewhere.path("backup");

  std::atomic<bool> stop = false;
  std::atomic<int> written = 20;
  std::thread writer([&] {
    while (!stop && written < 5000 && put(fixture.store(), written))
      ++written;
  });
  const auto manifest = sqlite::backup(fixture.directory.path(), copy, noon);
  stop = true;
  writer.join();
  REQUIRE(manifest);
  REQUIRE(manifest->heads.size() == 2);
  CHECK(manifest->heads[0].size >= 20);
  CHECK(manifest->heads[0].size <= written);
  CHECK(manifest->heads[0].size == manifest->heads[1].size);  // one lap writes both
  CHECK(mistakes_of(fixture).empty());

  const auto back = elsewhere.path("data");
  const auto restored = sqlite::restore(copy, back);
  REQUIRE(restored);
  CHECK(restored->heads == manifest->heads);
  CHECK(sqlite::check(back + "/" + sqlite::database_file)->heads == manifest->heads);
  CHECK(std::filesystem::exists(back + "/" + sqlite::slots_file));
  auto store = *sqlite::Store::open(back + "/" + sqlite::database_file, noon);
  CHECK(store->audit_size("hospital a") == manifest->heads[0].size);
  CHECK(store->read_case(CaseId{"case_19"}));
  fill(*store, 10'000, 1);

  SECTION("neither overwrites anything") {
    CHECK(sqlite::restore(copy, back).error().code == Errc::Refused);
    CHECK(sqlite::backup(fixture.directory.path(), copy, noon).error().code == Errc::Refused);
  }
}

TEST_CASE("a backup that was changed is not restored", "[sqlite][maintenance]") {
  SqliteStore fixture;
  fill(fixture.store(), 0, 3);
  std::ofstream(fixture.directory.path(sqlite::slots_file)) << "slots";
  const TemporaryDirectory elsewhere;
  const auto copy = elsewhere.path("backup");
  REQUIRE(sqlite::backup(fixture.directory.path(), copy, noon));
  const auto changed = [&](const char* name) {
    std::fstream file(copy + "/" + name, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(2);
    file.put('!');
  };
  SECTION("in its database") {
    changed(sqlite::database_file);
  }
  SECTION("in its slots") {
    changed(sqlite::slots_file);
  }
  SECTION("in its manifest") {
    changed(sqlite::manifest_file);
  }
  CHECK(sqlite::restore(copy, elsewhere.path("data")).error().code == Errc::Corrupt);
  CHECK_FALSE(std::filesystem::exists(elsewhere.path("data") + "/" + sqlite::database_file));
}

TEST_CASE("a directory without a manifest is no backup", "[sqlite][maintenance]") {
  const TemporaryDirectory directory;
  CHECK(sqlite::restore(directory.path(), directory.path("data")).error().code == Errc::NotFound);
  CHECK(sqlite::backup(directory.path("nothing"), directory.path("backup"), noon).error().code == Errc::NotFound);
  CHECK(sqlite::migrate(directory.path("nothing"), noon).error().code == Errc::NotFound);
}

}  // namespace kintsugi::testing

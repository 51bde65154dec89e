#include "engine/base/digest.h"
#include "tests/support/store_fixtures.h"

#include <catch2/catch.hpp>

// What engine/ports/store.h promises about audit rows, tiles and checkpoints, of every store.
namespace kintsugi::testing {

#define EVERY_STORE MemoryStore, SqliteStore

namespace {

// Appends `count` lines to each log in turn, in one batch.
void append(Store& store, const std::vector<std::string>& logs, int count, int from = 0) {
  auto batch = *store.begin();
  for (int n = from; n < from + count; ++n)
    for (const auto& log : logs)
      REQUIRE(batch->append_audit(a_line(log, log + " " + std::to_string(n))));
  REQUIRE(batch->commit());
}

}  // namespace

TEMPLATE_TEST_CASE("audit rows are dense in their log and in commit order over all", "[store][audit]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  append(store, {"hospital a", "hospital b"}, 2);
  append(store, {"hospital b"}, 1, 2);
  CHECK(*store.audit_logs() == std::vector<std::string>{"hospital a", "hospital b"});
  CHECK(store.audit_size("hospital a") == 2);
  CHECK(store.audit_size("hospital b") == 3);
  CHECK(store.audit_size("hospital c") == 0);

  const auto rows = *store.audit_after(0, 100);
  REQUIRE(rows.size() == 5);
  CHECK(rows[0].body == "hospital a 0");
  CHECK(rows[1].body == "hospital b 0");
  CHECK(rows[4].log == "hospital b");
  CHECK(rows[4].seq == 2);
  CHECK(rows[4].leaf == a_line("", "hospital b 2").leaf);
  for (std::size_t n = 1; n < rows.size(); ++n)
    CHECK(rows[n].position > rows[n - 1].position);
  CHECK(store.audit_after(rows[2].position, 100)->size() == 2);
  CHECK(store.audit_after(rows[2].position, 1)->front().position == rows[3].position);
  CHECK(store.audit_after(rows[4].position, 100)->empty());
}

TEMPLATE_TEST_CASE("rows of a log are read from any place, however long it is", "[store][audit]", EVERY_STORE) {
  TestType fixture;
  // The quiet log has one row at the very beginning and one at the very end.
  append(fixture.store(), {"quiet"}, 1);
  for (int part = 0; part < 5; ++part)
    append(fixture.store(), {"busy", "other"}, 700, part * 700);
  append(fixture.store(), {"quiet"}, 1, 1);
  for (const bool restarted : {false, true}) {
    CAPTURE(restarted);
    if (restarted) fixture.restart();
    auto& store = fixture.store();
    CHECK(store.audit_size("busy") == 3500);
    CHECK(store.audit_size("quiet") == 2);
    CHECK(store.audit_rows("quiet", 1, 10)->front().body == "quiet 1");
    std::int64_t next = 0;
    while (next < 3500) {
      const auto rows = *store.audit_rows("busy", next, 333);
      REQUIRE_FALSE(rows.empty());
      for (const auto& row : rows) {
        REQUIRE(row.seq == next);
        REQUIRE(row.body == "busy " + std::to_string(next));
        ++next;
      }
    }
    CHECK(store.audit_rows("busy", 255, 2)->back().seq == 256);
    CHECK(store.audit_rows("busy", 3499, 10)->size() == 1);
    CHECK(store.audit_rows("busy", 3500, 10)->empty());
    CHECK(store.audit_rows("busy", 0, 0)->empty());
    CHECK(store.audit_rows("nobody's", 0, 10)->empty());
  }
  append(fixture.store(), {"busy"}, 1, 3500);
  CHECK(fixture.store().audit_rows("busy", 3500, 1)->front().seq == 3500);
}

TEMPLATE_TEST_CASE("rolled back rows leave no gap in any log", "[store][audit]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  append(store, {"hospital"}, 1);
  auto inside = a_case("case_1", "device_1");
  inside.grants.push_back({.id = GrantId{"grant_1"}});
  REQUIRE(commit_lap(store, opens(inside)));
  const auto another = a_case("case_2", "device_2");
  auto refused = a_case("case_3", "device_1");
  refused.grants = inside.grants;
  for (int round = 0; round < 3; ++round) {
    {
      auto dropped = *store.begin();
      REQUIRE(dropped->append_audit(a_line("hospital", "dropped")));
      REQUIRE(dropped->append_audit(a_line("never opened", "dropped")));
    }
    auto batch = *store.begin();
    LapWrites taken = opens(another);
    taken.files.push_back({.file = &refused, .is_new = true, .open = true});  // a second live grant (I3)
    taken.audit = {a_line("hospital", "taken back"), a_line("opened in vain", "taken back")};
    CHECK(batch->write(taken).error().code == Errc::Refused);
    REQUIRE(batch->append_audit(a_line("hospital", "kept")));
    REQUIRE(batch->commit());
  }
  fixture.restart();
  auto& again = fixture.store();
  append(again, {"hospital"}, 1, 9);
  const auto rows = *again.audit_rows("hospital", 0, 100);
  for (std::size_t n = 0; n < rows.size(); ++n) {
    CHECK(rows[n].seq == static_cast<std::int64_t>(n));
    CHECK(rows[n].position == static_cast<std::int64_t>(n) + 1);
    CHECK_FALSE(rows[n].body == "dropped");
    CHECK_FALSE(rows[n].body == "taken back");
  }
  CHECK(rows.size() == 5);
  CHECK(*again.audit_logs() == std::vector<std::string>{"hospital"});
}

TEMPLATE_TEST_CASE("tiles and how far they reach are kept, and may be written again", "[store][audit]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  CHECK(store.audit_progress()->position == 0);
  append(store, {"hospital"}, 1);
  AuditTile tile{.log = "hospital", .level = 1, .index = 3, .hashes = Bytes(8192, 7)};
  for (const std::uint8_t content : {std::uint8_t{7}, std::uint8_t{9}}) {
    tile.hashes.assign(8192, content);
    auto batch = *store.begin();
    REQUIRE(batch->put_tiles(std::span(&tile, 1), {.position = content}));
    REQUIRE(batch->commit());
    CHECK(store.audit_progress()->position == content);
    CHECK(*store.audit_tile("hospital", 1, 3) == tile.hashes);
  }
  CHECK_FALSE(*store.audit_tile("hospital", 0, 3));
  CHECK_FALSE(*store.audit_tile("hospital", 1, 2));
  CHECK_FALSE(*store.audit_tile("nobody's", 1, 3));
  tile.log = "nobody's";
  auto batch = *store.begin();
  CHECK(batch->put_tiles(std::span(&tile, 1), {.position = 1}).error().code == Errc::NotFound);
}

TEMPLATE_TEST_CASE("the last checkpoint of a log is the one of its greatest size", "[store][audit]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  append(store, {"hospital", "other"}, 1);
  CHECK_FALSE(*store.last_checkpoint("hospital"));
  auto batch = *store.begin();
  REQUIRE(batch->put_checkpoint("hospital", 9, "nine"));
  REQUIRE(batch->put_checkpoint("hospital", 10, "ten"));
  REQUIRE(batch->put_checkpoint("other", 11, "eleven"));
  CHECK(batch->put_checkpoint("nobody's", 1, "one").error().code == Errc::NotFound);
  REQUIRE(batch->commit());
  CHECK((*store.last_checkpoint("hospital"))->size == 10);
  CHECK((*store.last_checkpoint("hospital"))->note == "ten");
}

}  // namespace kintsugi::testing

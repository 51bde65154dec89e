#include "adapters/sqlite/migrations.h"
#include "tests/support/store_fixtures.h"

#include <catch2/catch.hpp>

#include <sys/stat.h>

// What is true of the SQLite store alone.
namespace kintsugi::testing {
namespace {

sqlite::Connection connection_to(const std::string& path) {
  auto db = sqlite::Connection::open(path, sqlite::Connection::Access::read_write, 0s);
  REQUIRE(db);
  return std::move(*db);
}

}  // namespace

TEST_CASE("a new database is brought to the newest schema, step by step, once", "[sqlite]") {
  const TemporaryDirectory directory;
  auto db = connection_to(directory.path("new.db"));
  const int newest = sqlite::migrations().back().number;
  CHECK(sqlite::schema_version(db) == 0);
  CHECK(sqlite::migrate(db, noon, 1) == 1);
  CHECK(sqlite::schema_version(db) == 1);
  CHECK(sqlite::migrate(db, noon) == static_cast<int>(sqlite::migrations().size()) - 1);
  CHECK(sqlite::schema_version(db) == newest);
  CHECK(sqlite::migrate(db, noon) == 0);
}

TEST_CASE("cases and effects of an older schema are the same in the newest", "[sqlite]") {
  const TemporaryDirectory directory;
  auto db = connection_to(directory.path("old.db"));
  REQUIRE(sqlite::migrate(db, noon, 12));
  REQUIRE(db.execute(R"(
      INSERT INTO cases VALUES (3, 'case_3', 'hcf', 'rsc', 'device', 'notified', 1, 7, 'p2', 'code', 'key', 1, 4, 5, 6,
                                'KS-2026-000003', '{}');
      INSERT INTO outbox VALUES (9, 'effect_9', 'case_3', 'mail', 'gave_up', 1, 'bundle', 2, 8, 9, x'00', 'letter',
                                 'error', '{}');)"));
  REQUIRE(sqlite::migrate(db, noon));
  static constexpr std::string_view one_case = R"(
      SELECT count(*) FROM cases
       WHERE position = 3 AND id = 'case_3' AND tenant = 'hcf' AND rsc = 'rsc' AND device = 'device' AND state = 'notified'
         AND open = 1 AND version = 7 AND priority = 'p2' AND fault_code = 'code' AND dedup_key = 'key' AND live_grant = 1
         AND next_due = 4 AND opened_at = 5 AND state_since = 6 AND number = 'KS-2026-000003' AND body = '{}')";
  static constexpr std::string_view one_effect = R"(
      SELECT count(*) FROM outbox
       WHERE position = 9 AND id = 'effect_9' AND case_id = 'case_3' AND lane = 'mail' AND state = 'gave_up' AND urgent = 1
         AND bundle = 'bundle' AND attempts = 2 AND due = 8 AND settled_at = 9 AND sent = x'00' AND letter = 'letter'
         AND last_error = 'error' AND body = '{}')";
  CHECK(db.integer(one_case) == 1);
  CHECK(db.integer(one_effect) == 1);
}

TEST_CASE("a row is written without a table of its own being laid out for its checks", "[sqlite]") {
  const TemporaryDirectory directory;
  auto db = connection_to(directory.path("new.db"));
  REQUIRE(sqlite::migrate(db, noon));
  std::vector<std::string> inserts;
  {
    static constexpr std::string_view tables = R"(
        SELECT 'EXPLAIN INSERT INTO ' || t.name || ' VALUES (' || group_concat('?') || ')'
          FROM sqlite_schema t, pragma_table_info(t.name) c
         WHERE t.type = 'table' AND t.name IN ('cases', 'outbox', 'audit', 'documents', 'replies', 'sign_ins')
         GROUP BY t.name)";
    auto rows = *db.statement(tables);
    while (*rows.step())
      inserts.push_back(rows.string(0));
  }
  CHECK(inserts.size() == 6);
  for (const std::string& insert : inserts) {
    CAPTURE(insert);
    auto steps = *db.statement(insert);
    int seen = 0;
    for (; *steps.step(); ++seen)
      CHECK(steps.text(1) != "OpenEphemeral");
    CHECK(seen > 0);
  }
}

TEST_CASE("a database of a newer build is refused, in words", "[sqlite]") {
  const TemporaryDirectory directory;
  const auto path = directory.path("newer.db");
  {
    auto db = connection_to(path);
    REQUIRE(sqlite::migrate(db, noon));
    REQUIRE(db.execute("INSERT INTO migrations VALUES (999, 'from the future', x'00', 0)"));
  }
  const auto opened = sqlite::Store::open(path, noon);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == Errc::Refused);
  CHECK_THAT(opened.error().what, Catch::Contains("schema 999") && Catch::Contains("newer build"));
}

TEST_CASE("a database that went through another migration of the same number is refused", "[sqlite]") {
  const TemporaryDirectory directory;
  const auto path = directory.path("other.db");
  {
    auto db = connection_to(path);
    REQUIRE(sqlite::migrate(db, noon));
    REQUIRE(db.execute("UPDATE migrations SET digest = zeroblob(32) WHERE number = 2"));
  }
  CHECK(sqlite::Store::open(path, noon).error().code == Errc::Refused);
}

TEST_CASE("a file that is no database is corrupt", "[sqlite]") {
  const TemporaryDirectory directory;
  const auto path = directory.path("text");
  {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "w"), std::fclose);
    for (int line = 0; line < 1000; ++line)
      std::fputs("this is not a database\n", file.get());
  }
  CHECK(sqlite::Store::open(path, noon).error().code == Errc::Corrupt);
}

TEST_CASE("audit rows can be neither changed nor deleted", "[sqlite]") {
  SqliteStore fixture;
  auto batch = *fixture.store().begin();
  REQUIRE(batch->append_audit(a_line("hospital", "one")));
  REQUIRE(batch->commit());
  auto db = connection_to(fixture.directory.path(sqlite::database_file));
  CHECK_FALSE(db.execute("UPDATE audit SET body = x'00'"));
  CHECK_FALSE(db.execute("DELETE FROM audit"));
}

TEST_CASE("a database that another process is writing to is transient, and nothing is lost", "[sqlite]") {
  const TemporaryDirectory directory;
  const auto path = directory.path(sqlite::database_file);
  auto store = *sqlite::Store::open(path, noon, {.busy_wait = 0s});
  auto other = connection_to(path);
  const auto file = a_case("case_1");
  {
    auto lock = sqlite::Transaction::begin(other, sqlite::Transaction::Kind::write);
    REQUIRE(lock);
    CHECK(store->begin().error().code == Errc::Transient);
    CHECK(commit_lap(*store, opens(file)).error().code == Errc::Transient);
    CHECK(store->list_cases({})->empty());  // readers go on
  }
  CHECK(commit_lap(*store, opens(file)));
}

TEST_CASE("a full disk is transient: whole laps are kept, none is lost after its commit", "[sqlite]") {
  const TemporaryDirectory directory;
  const auto path = directory.path(sqlite::database_file);
  std::int64_t committed = 0;
  Error full;
  {
    auto store = *sqlite::Store::open(path, noon, {.max_pages = 80});
    for (int n = 0; n < 1000 && full.what.empty(); ++n) {
      auto batch = *store->begin();
      Result<> done;
      for (int lap = 0; done && lap < 4; ++lap) {
        const auto name = std::to_string(n) + "_" + std::to_string(lap);
        const auto file = a_case("case_" + name, "device_" + name);
        auto writes = opens(file);
        writes.audit = {a_line("hospital", std::string(2000, 'x'))};
        writes.effects = {an_effect("effect_" + name, "case_" + name)};
        writes.documents = {a_document("doc_" + name, "case_" + name)};
        done = batch->write(writes);
      }
      if (done) done = batch->commit();
      if (done)
        committed += 4;
      else
        full = done.error();
    }
    REQUIRE(committed > 0);
    CHECK(full.code == Errc::Transient);
    // Reading goes on, and so does writing once there is room again.
    CHECK(std::cmp_equal(store->list_cases({.limit = 10'000})->size(), committed));
    CHECK(store->audit_size("hospital") == committed);
  }
  auto store = *sqlite::Store::open(path, noon);
  CHECK(store->audit_size("hospital") == committed);
  CHECK(std::cmp_equal(store->outbox({.limit = 10'000})->size(), committed));
  const auto file = a_case("case_after", "device_after");
  auto lap = opens(file);
  lap.audit = {a_line("hospital", "room again")};
  REQUIRE(commit_lap(*store, lap));
  CHECK(store->audit_rows("hospital", committed, 1)->front().body == "room again");
}

TEST_CASE("a stored case that makes no sense is corrupt", "[sqlite]") {
  SqliteStore fixture;
  const auto file = a_case("case_1");
  REQUIRE(commit_lap(fixture.store(), opens(file)));
  auto db = connection_to(fixture.directory.path(sqlite::database_file));
  REQUIRE(db.execute("UPDATE cases SET body = '{\"unheard\":1}'"));
  CHECK(fixture.store().read_case(file.id).error().code == Errc::Corrupt);
}

TEST_CASE("two servers cannot have one data directory", "[sqlite]") {
  const TemporaryDirectory directory;
  const auto data = directory.path("data");
  {
    const auto lock = sqlite::DirectoryLock::take(data);
    REQUIRE(lock);
    struct stat info {};
    REQUIRE(::stat(data.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0700);
    const auto second = sqlite::DirectoryLock::take(data);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Errc::Refused);
    CHECK_THAT(second.error().what, Catch::Contains("in use by another kintsugi"));
  }
  CHECK(sqlite::DirectoryLock::take(data));
}

TEST_CASE("positions of audit rows are packed and read back, and nonsense is corrupt", "[sqlite]") {
  const std::vector<std::int64_t> positions{1, 2, 300, 301, 5'000'000'000};
  CHECK(*sqlite::unpack_positions(sqlite::pack_positions(positions)) == positions);
  CHECK(sqlite::unpack_positions({})->empty());
  const Bytes cut_short{0x80};
  const Bytes standing_still{1, 0};
  const Bytes too_long(11, 0xff);
  CHECK_FALSE(sqlite::unpack_positions(cut_short));
  CHECK_FALSE(sqlite::unpack_positions(standing_still));
  CHECK_FALSE(sqlite::unpack_positions(too_long));
}

}  // namespace kintsugi::testing

#include "adapters/sqlite/migrations.h"

#include "engine/base/digest.h"

#include <algorithm>

namespace kintsugi::sqlite {

Result<int> schema_version(Connection& connection) {
  const auto known =
      connection.integer("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'migrations'");
  if (!known) return pass(known);
  if (*known == 0) return 0;

  static constexpr std::string_view sql = "SELECT number, digest FROM migrations ORDER BY number";
  auto rows = connection.statement(sql);
  if (!rows) return pass(rows);
  int version = 0;
  for (;;) {
    const auto row = rows->step();
    if (!row) return pass(row);
    if (!*row) return version;
    const auto number = static_cast<int>(rows->integer(0));
    const auto known_step = std::ranges::find(migrations(), number, &Migration::number);
    if (known_step == migrations().end())
      return fail(Errc::Refused, "this database has schema " + std::to_string(number) +
                                     " and this build knows only " + std::to_string(migrations().back().number) +
                                     ": use the newer build");
    version = number;
    if (rows->digest(1) != sha256(known_step->sql))
      return fail(Errc::Refused, "migration " + std::to_string(number) + " of this database is not this build's");
  }
}

Result<int> migrate(Connection& connection, Instant now, int upto) {
  auto version = schema_version(connection);
  if (!version) return pass(version);
  if (*version == 0)
    if (auto made = connection.execute("CREATE TABLE IF NOT EXISTS migrations(number INTEGER PRIMARY KEY, "
                                       "title TEXT NOT NULL, digest BLOB NOT NULL, at INTEGER NOT NULL) STRICT");
        !made)
      return pass(made);

  int made = 0;
  for (const auto& step : migrations()) {
    if (step.number <= *version || (upto != 0 && step.number > upto)) continue;
    auto transaction = Transaction::begin(connection, Transaction::Kind::write);
    if (!transaction) return pass(transaction);
    if (auto done = connection.execute(std::string(step.sql)); !done) return pass(done);
    static constexpr std::string_view record =
        "INSERT INTO migrations(number, title, digest, at) VALUES (?1, ?2, ?3, ?4)";
    if (auto done = connection.run(record, step.number, step.title, sha256(step.sql), now); !done) return pass(done);
    if (auto done = transaction->commit(); !done) return pass(done);
    ++made;
  }
  return made;
}

}  // namespace kintsugi::sqlite

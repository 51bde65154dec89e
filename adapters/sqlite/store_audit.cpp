#include "adapters/sqlite/rows.h"
#include "adapters/sqlite/store.h"

#include <algorithm>

// Reading the audit logs. Where a row lies is in the bundles; rows after the last bundling are scanned for, which
// are never many more than AuditOrder::bundle_every. Every function here reads in one snapshot.
namespace kintsugi::sqlite {
namespace {

// 0 if there is no such log.
Result<std::int64_t> number_of(Connection& db, const std::string& log) {
  static constexpr std::string_view sql = "SELECT log FROM audit_log WHERE origin = ?1";
  return db.integer(sql, log);
}

Result<std::vector<std::int64_t>> bundle_at(Connection& db, std::int64_t log, std::int64_t index) {
  static constexpr std::string_view sql = "SELECT gsns FROM audit_bundle WHERE log = ?1 AND idx = ?2";
  auto query = db.statement(sql);
  if (!query) return pass(query);
  const auto row = query->bind(log, index).step();
  if (!row) return pass(row);
  if (!*row) return std::vector<std::int64_t>{};
  return unpack_positions(query->blob(0));
}

// Appends the rows of one whole or begun bundle from `first` on, up to `limit` rows in all.
Result<> read_bundle(Connection& db, const std::string& log, const std::vector<std::int64_t>& positions,
                     std::int64_t first, std::size_t limit, std::vector<AuditRow>& out) {
  static constexpr std::string_view sql = "SELECT gsn, seq, leaf, body FROM audit WHERE gsn = ?1";
  for (auto at = static_cast<std::size_t>(first % places_in_bundle); at < positions.size() && out.size() < limit;
       ++at) {
    auto query = db.statement(sql);
    if (!query) return pass(query);
    const auto row = query->bind(positions[at]).step();
    if (!row) return pass(row);
    const auto expected = first / places_in_bundle * places_in_bundle + static_cast<std::int64_t>(at);
    if (!*row || query->integer(1) != expected)
      return fail(Errc::Corrupt, "row " + std::to_string(expected) + " of log " + log + " is missing");
    out.push_back(audit_row_in(*query, log));
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> Store::audit_logs() {
  return reading([](Connection& db) -> Result<std::vector<std::string>> {
    static constexpr std::string_view sql = "SELECT origin FROM audit_log ORDER BY log";
    auto query = db.statement(sql);
    if (!query) return pass(query);
    return rows_of(*query, [](Statement& row) -> Result<std::string> { return row.string(0); });
  });
}

Result<std::int64_t> Store::audit_size(const std::string& log) {
  return reading([&](Connection& db) -> Result<std::int64_t> {
    auto snapshot = Transaction::begin(db, Transaction::Kind::read);
    if (!snapshot) return pass(snapshot);
    const auto number = number_of(db, log);
    if (!number || *number == 0) return number;
    const auto last = db.integer("SELECT coalesce(max(idx), 0) FROM audit_bundle WHERE log = ?1", *number);
    if (!last) return last;
    const auto bundle = bundle_at(db, *number, *last);
    if (!bundle) return pass(bundle);
    static constexpr std::string_view younger =
        "SELECT count(*) FROM audit WHERE gsn > (SELECT gsn FROM audit_bundled) AND log = ?1";
    const auto rest = db.integer(younger, *number);
    if (!rest) return rest;
    return *last * places_in_bundle + static_cast<std::int64_t>(bundle->size()) + *rest;
  });
}

Result<std::vector<AuditRow>> Store::audit_rows(const std::string& log, std::int64_t first, int limit) {
  if (first < 0 || limit <= 0) return std::vector<AuditRow>{};
  const auto wanted = static_cast<std::size_t>(limit);
  return reading([&](Connection& db) -> Result<std::vector<AuditRow>> {
    std::vector<AuditRow> out;
    auto snapshot = Transaction::begin(db, Transaction::Kind::read);
    if (!snapshot) return pass(snapshot);
    const auto number = number_of(db, log);
    if (!number) return pass(number);
    if (*number == 0) return out;

    auto next = first;
    for (;;) {
      const auto positions = bundle_at(db, *number, next / places_in_bundle);
      if (!positions) return pass(positions);
      if (auto read = read_bundle(db, log, *positions, next, wanted, out); !read) return pass(read);
      next = first + static_cast<std::int64_t>(out.size());
      if (out.size() == wanted) return out;
      if (std::cmp_less(positions->size(), places_in_bundle)) break;
    }
    static constexpr std::string_view younger = R"(
        SELECT gsn, seq, leaf, body
          FROM audit
         WHERE gsn > (SELECT gsn FROM audit_bundled) AND log = ?1 AND seq >= ?2
         ORDER BY gsn
         LIMIT ?3)";
    auto query = db.statement(younger);
    if (!query) return pass(query);
    auto rest = rows_of(query->bind(*number, next, wanted - out.size()),
                        [&](Statement& row) -> Result<AuditRow> { return audit_row_in(row, log); });
    if (!rest) return pass(rest);
    std::ranges::move(*rest, std::back_inserter(out));
    return out;
  });
}

Result<std::optional<Bytes>> Store::audit_tile(const std::string& log, int level, std::int64_t index) {
  return reading([&](Connection& db) -> Result<std::optional<Bytes>> {
    static constexpr std::string_view sql = R"(
        SELECT t.data
          FROM audit_tile t JOIN audit_log l USING (log)
         WHERE l.origin = ?1 AND t.level = ?2 AND t.idx = ?3)";
    auto query = db.statement(sql);
    if (!query) return pass(query);
    return row_of(query->bind(log, level, index), [](Statement& row) -> Result<Bytes> { return row.bytes(0); });
  });
}

Result<AuditProgress> Store::audit_progress() {
  return reading([](Connection& db) -> Result<AuditProgress> {
    return db.integer("SELECT gsn FROM audit_integrated").map([](auto position) { return AuditProgress{position}; });
  });
}

Result<std::vector<AuditRow>> Store::audit_after(std::int64_t position, int limit) {
  return reading([&](Connection& db) -> Result<std::vector<AuditRow>> {
    static constexpr std::string_view sql = R"(
        SELECT a.gsn, a.seq, a.leaf, a.body, l.origin
          FROM audit a JOIN audit_log l USING (log)
         WHERE a.gsn > ?1
         ORDER BY a.gsn
         LIMIT ?2)";
    auto query = db.statement(sql);
    if (!query) return pass(query);
    return rows_of(query->bind(position, std::max(limit, 0)),
                   [](Statement& row) -> Result<AuditRow> { return audit_row_in(row, row.string(4)); });
  });
}

Result<std::int64_t> Store::audit_end() {
  return reading(
      [](Connection& db) -> Result<std::int64_t> { return db.integer("SELECT coalesce(max(gsn), 0) FROM audit"); });
}

Result<std::optional<StoredCheckpoint>> Store::last_checkpoint(const std::string& log) {
  return reading([&](Connection& db) -> Result<std::optional<StoredCheckpoint>> {
    static constexpr std::string_view sql = R"(
        SELECT c.size, c.note
          FROM audit_checkpoint c JOIN audit_log l USING (log)
         WHERE l.origin = ?1
         ORDER BY c.size DESC
         LIMIT 1)";
    auto query = db.statement(sql);
    if (!query) return pass(query);
    return row_of(query->bind(log), [](Statement& row) -> Result<StoredCheckpoint> {
      return StoredCheckpoint{row.integer(0), row.string(1)};
    });
  });
}

}  // namespace kintsugi::sqlite

#include "adapters/sqlite/connection.h"

#include "engine/base/log.h"

#include <algorithm>

namespace kintsugi::sqlite {

Error error_of(sqlite3* db, int code, std::string_view doing) {
  const std::string what = std::string(doing) + ": " + (db == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(db));
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_MISMATCH:
    case SQLITE_ERROR: return {Errc::Corrupt, what};
    case SQLITE_CONSTRAINT: return {Errc::Conflict, what};
    case SQLITE_TOOBIG: return {Errc::Invalid, what};
    default: return {Errc::Transient, what};
  }
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return tl::make_unexpected(error_of(sqlite3_db_handle(statement_), code, "sqlite"));
}

Result<> Statement::run() {
  for (;;) {
    auto row = step();
    if (!row) return pass(row);
    if (!*row) return {};
  }
}

std::string_view Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

BytesView Statement::blob(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Digest Statement::digest(int column) const {
  Digest out{};
  if (const auto view = blob(column); view.size() == out.size()) std::ranges::copy(view, out.begin());
  return out;
}

// A null pointer would bind NULL, so that an empty text or blob needs an address of its own.
void Statement::bind_text(int index, std::string_view value) {
  sqlite3_bind_text64(statement_, index, value.empty() ? "" : value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::bind_blob(int index, BytesView value) {
  sqlite3_bind_blob64(statement_, index, value.empty() ? static_cast<const void*>("") : value.data(), value.size(),
                      SQLITE_STATIC);
}

void Statement::reset() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Result<Connection> Connection::open(const std::string& path, Access access, Duration busy_wait) {
  // Its statistics of memory, which nobody asks for, take a mutex at every allocation. Once, before its first use.
  static const int told = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  std::ignore = told;
  const int mode = access == Access::read_write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  Connection connection;
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &db, mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  connection.db_.reset(db);
  if (code != SQLITE_OK) return tl::make_unexpected(error_of(db, code, "opening " + path));

  const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(busy_wait);
  sqlite3_busy_timeout(db, static_cast<int>(wait.count()));
  // DEFENSIVE forbids SQL to write to the schema table and the WAL from within; a statement cannot bend the file.
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  // Pages of a lap that may have to be undone are kept in memory, never in a file beside the database.
  std::string pragmas = "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;";
  if (access == Access::read_write)
    pragmas += R"(
        PRAGMA page_size = 8192;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA secure_delete = ON;
        PRAGMA cache_size = -32768;          -- KiB
        PRAGMA wal_autocheckpoint = 4000;    -- pages, about 32 MiB
        PRAGMA journal_size_limit = 67108864;)";
  else
    pragmas += "PRAGMA query_only = ON; PRAGMA cache_size = -4096;";
  if (auto done = connection.execute(pragmas); !done) return pass(done);
  return connection;
}

Result<Statement> Connection::statement(std::string_view sql) {
  auto& kept = statements_[sql.data()];
  if (!kept) {
    sqlite3_stmt* fresh = nullptr;
    const int code = sqlite3_prepare_v3(db_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &fresh, nullptr);
    if (code != SQLITE_OK) return tl::make_unexpected(error_of(db_.get(), code, "preparing"));
    kept.reset(fresh);
  }
  return Statement(kept.get());
}

Result<> Connection::sync_each_commit(bool yes) {
  if (syncs_ == yes) return {};
  auto done = execute(yes ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  if (done) syncs_ = yes;
  return done;
}

Result<> Connection::execute(const std::string& script) {
  const int code = sqlite3_exec(db_.get(), script.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return tl::make_unexpected(error_of(db_.get(), code, "sqlite"));
  return {};
}

Result<Transaction> Transaction::begin(Connection& connection, Kind kind) {
  static constexpr std::string_view read = "BEGIN";
  static constexpr std::string_view write = "BEGIN IMMEDIATE";
  if (auto begun = connection.run(kind == Kind::read ? read : write); !begun) return pass(begun);
  return Transaction{connection};
}

Transaction::~Transaction() {
  if (connection_ == nullptr || !connection_->in_transaction()) return;
  static constexpr std::string_view rollback = "ROLLBACK";
  if (auto undone = connection_->run(rollback); !undone)
    log::store().error("rollback failed: {}", undone.error().what);
}

Result<> Transaction::commit() {
  static constexpr std::string_view commit = "COMMIT";
  if (!connection_->in_transaction())
    return fail(Errc::Transient, "the database has already rolled this transaction back");
  auto done = connection_->run(commit);
  if (done) connection_ = nullptr;  // otherwise the destructor rolls back
  return done;
}

}  // namespace kintsugi::sqlite

#pragma once

#include "engine/base/bytes.h"
#include "engine/base/id.h"
#include "engine/base/instant.h"
#include "engine/base/result.h"

#include <sqlite3.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

// SQLite, as thin as it can be and still be safe: a connection that keeps its statements, a statement that resets
// itself, a transaction that rolls back. One thread at a time each.
namespace kintsugi::sqlite {

// What SQLite's result code means to a caller: Transient for a busy or full database and a failing disk, Corrupt
// for damaged bytes, Conflict for a broken constraint. The text is SQLite's own, which names tables and columns
// and never a value.
Error error_of(sqlite3* db, int code, std::string_view doing);

// One use of a prepared statement. It goes back reset when it ends, so that no read stays open and no bound value
// stays in memory longer than its use. Times are stored as microseconds since 1970, ids as text, digests as blobs.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  Statement(Statement&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Statement& operator=(Statement&&) = delete;
  ~Statement() { reset(); }

  // Binds ?1, ?2 … in order. Text and blobs are not copied: they must live until the statement has run.
  template <class... Values>
  Statement& bind(const Values&... values) {
    int index = 0;
    (bind_one(++index, values), ...);
    return *this;
  }

  // The next row, false at the end.
  Result<bool> step();
  // To the end; for statements whose rows nobody wants.
  Result<> run();

  bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  bool flag(int column) const { return integer(column) != 0; }
  Instant instant(int column) const { return Instant{Duration{integer(column)}}; }
  // Both views last until the next step.
  std::string_view text(int column) const;
  BytesView blob(int column) const;
  std::string string(int column) const { return std::string(text(column)); }
  Bytes bytes(int column) const {
    const auto view = blob(column);
    return {view.begin(), view.end()};
  }
  // Zero if the blob is not a digest.
  Digest digest(int column) const;

 private:
  template <class T>
  void bind_one(int index, const T& value) {
    if constexpr (std::is_same_v<T, std::nullptr_t>)
      sqlite3_bind_null(statement_, index);
    else if constexpr (std::is_same_v<T, Instant>)
      sqlite3_bind_int64(statement_, index, value.time_since_epoch().count());
    else if constexpr (std::is_integral_v<T>)
      sqlite3_bind_int64(statement_, index, static_cast<sqlite3_int64>(value));
    else if constexpr (std::is_convertible_v<const T&, std::string_view>)
      bind_text(index, value);
    else if constexpr (std::is_convertible_v<const T&, BytesView>)
      bind_blob(index, value);
    else if constexpr (requires { value.has_value(); })
      value ? bind_one(index, *value) : bind_one(index, nullptr);
    else
      bind_text(index, value.text());  // an id
  }
  void bind_text(int index, std::string_view value);
  void bind_blob(int index, BytesView value);
  void reset();

  sqlite3_stmt* statement_;
};

class Connection {
 public:
  enum class Access { read_write, read_only };

  // Opens a database file and sets what every connection of ours has: WAL, synchronous=FULL, secure_delete,
  // foreign keys, and a wait of `busy_wait` for a lock.
  static Result<Connection> open(const std::string& path, Access access, Duration busy_wait);

  // A statement, compiled at its first use and kept. `sql` must be a literal: its address is the key.
  Result<Statement> statement(std::string_view sql);
  // prepare, bind, run to the end.
  template <class... Values>
  Result<> run(std::string_view sql, const Values&... values) {
    auto prepared = statement(sql);
    if (!prepared) return pass(prepared);
    return prepared->bind(values...).run();
  }
  // The first column of the first row; zero if there is no row or it is null.
  template <class... Values>
  Result<std::int64_t> integer(std::string_view sql, const Values&... values) {
    auto prepared = statement(sql);
    if (!prepared) return pass(prepared);
    auto row = prepared->bind(values...).step();
    if (!row) return pass(row);
    return *row ? prepared->integer(0) : 0;
  }
  // Whether commits from now on wait until the disk has them. What an earlier one did not wait for comes with the
  // next that waits: they stand in one file, one behind the other.
  Result<> sync_each_commit(bool yes);
  // Several statements in one text, compiled and forgotten: migrations and pragmas.
  Result<> execute(const std::string& script);

  // Rows touched by the last statement.
  std::int64_t changed() const { return sqlite3_changes64(db_.get()); }
  // Rows touched by all statements so far.
  std::int64_t changed_in_all() const { return sqlite3_total_changes64(db_.get()); }
  // False once SQLite itself has rolled back, which it may do after a full disk.
  bool in_transaction() const { return sqlite3_get_autocommit(db_.get()) == 0; }
  sqlite3* handle() const { return db_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  std::unique_ptr<sqlite3, Close> db_;
  bool syncs_ = true;
  std::unordered_map<const char*, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

// Rolls back unless committed.
class Transaction {
 public:
  enum class Kind { read, write };

  // A write takes the lock now, so that a busy database is noticed before anything has been decided; a read holds
  // one snapshot for several statements.
  static Result<Transaction> begin(Connection& connection, Kind kind);
  Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  Result<> commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

}  // namespace kintsugi::sqlite

#pragma once

#include "adapters/sqlite/connection.h"
#include "engine/ports/records.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace kintsugi::sqlite {

// How many places of a log one row of audit_bundle holds.
constexpr std::int64_t places_in_bundle = 256;

// 256 rising positions as delta varints (LEB128), and back; Corrupt when the bytes make no such list.
Bytes pack_positions(std::span<const std::int64_t> positions);
Result<std::vector<std::int64_t>> unpack_positions(BytesView bytes);

// Gives every audit row its place: the position in commit order, and the sequence number in its log. The counters
// live in memory and follow every rollback, so that no place is skipped and none given twice.
//
// Where a log's places lie is written to bundles once every `bundle_every` rows; at the start the bundles and the
// few rows after them are read, which takes the same time however long the logs are. Belongs to whoever does the
// step.
class AuditOrder {
 public:
  static constexpr std::int64_t bundle_every = 2048;  // rows

  Result<> load(Connection& connection);

  // Writes a row, and the log's name with its first one.
  Result<> append(Connection& connection, const AuditLine& line);

  // Rows appended and not committed; going back to an earlier count gives their places free.
  std::size_t uncommitted() const { return uncommitted_.size(); }
  void back_to(std::size_t uncommitted);

  // Inside the transaction, last thing before its commit; and after that succeeded.
  Result<> before_commit(Connection& connection);
  void committed();

 private:
  struct Log {
    std::int64_t number = 0;
    std::int64_t size = 0;
    std::vector<std::int64_t> tail;  // positions from the last whole bundle that is written, on
    std::int64_t first_in_tail() const { return size - static_cast<std::int64_t>(tail.size()); }
  };
  void place(Log& log, std::int64_t position);

  std::unordered_map<std::string, Log> logs_;
  std::vector<const std::string*> uncommitted_;  // log of each row, in order
  std::int64_t last_position_ = 0;
  std::int64_t bundled_ = 0;        // rows up to here are in written bundles
  std::int64_t being_bundled_ = 0;  // by the transaction that is to be committed
};

}  // namespace kintsugi::sqlite

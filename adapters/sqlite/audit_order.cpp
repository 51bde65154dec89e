#include "adapters/sqlite/audit_order.h"

#include "engine/base/ensure.h"

#include <algorithm>

namespace kintsugi::sqlite {

Bytes pack_positions(std::span<const std::int64_t> positions) {
  Bytes out;
  std::int64_t before = 0;
  for (const auto position : positions) {
    auto delta = static_cast<std::uint64_t>(position - std::exchange(before, position));
    for (; delta >= 0x80; delta >>= 7)
      out.push_back(static_cast<std::uint8_t>(delta | 0x80));
    out.push_back(static_cast<std::uint8_t>(delta));
  }
  return out;
}

Result<std::vector<std::int64_t>> unpack_positions(BytesView bytes) {
  std::vector<std::int64_t> out;
  std::uint64_t delta = 0;
  int shift = 0;
  for (const auto byte : bytes) {
    if (shift > 56) return fail(Errc::Corrupt, "an audit bundle holds a number that is too long");
    delta |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    shift += 7;
    if ((byte & 0x80) != 0) continue;
    if (delta == 0) return fail(Errc::Corrupt, "an audit bundle does not rise");
    out.push_back((out.empty() ? 0 : out.back()) + static_cast<std::int64_t>(delta));
    delta = 0;
    shift = 0;
  }
  if (shift != 0 || std::cmp_greater(out.size(), places_in_bundle))
    return fail(Errc::Corrupt, "an audit bundle is cut short or too long");
  return out;
}

Result<> AuditOrder::load(Connection& connection) {
  logs_.clear();
  std::unordered_map<std::int64_t, Log*> by_number;
  {
    static constexpr std::string_view sql = R"(
        SELECT l.log, l.origin, b.idx, b.gsns
          FROM audit_log l
          LEFT JOIN audit_bundle b
            ON b.log = l.log
           AND b.idx = (SELECT max(idx) FROM audit_bundle WHERE log = l.log))";
    auto rows = connection.statement(sql);
    if (!rows) return pass(rows);
    for (;;) {
      const auto row = rows->step();
      if (!row) return pass(row);
      if (!*row) break;
      Log& log = logs_[rows->string(1)];
      log.number = rows->integer(0);
      by_number[log.number] = &log;
      if (rows->is_null(2)) continue;
      auto positions = unpack_positions(rows->blob(3));
      if (!positions) return pass(positions);
      log.tail = std::move(*positions);
      log.size = rows->integer(2) * places_in_bundle + static_cast<std::int64_t>(log.tail.size());
    }
  }
  const auto bundled = connection.integer("SELECT gsn FROM audit_bundled");
  if (!bundled) return pass(bundled);
  bundled_ = last_position_ = *bundled;

  static constexpr std::string_view sql = "SELECT gsn, log, seq FROM audit WHERE gsn > ?1 ORDER BY gsn";
  auto rows = connection.statement(sql);
  if (!rows) return pass(rows);
  rows->bind(bundled_);
  for (;;) {
    const auto row = rows->step();
    if (!row) return pass(row);
    if (!*row) return {};
    const auto log = by_number.find(rows->integer(1));
    if (log == by_number.end() || log->second->size != rows->integer(2) || rows->integer(0) != last_position_ + 1)
      return fail(Errc::Corrupt, "audit row " + std::to_string(rows->integer(0)) + " is not where it belongs");
    place(*log->second, ++last_position_);
  }
}

void AuditOrder::place(Log& log, std::int64_t position) {
  log.tail.push_back(position);
  ++log.size;
}

Result<> AuditOrder::append(Connection& connection, const AuditLine& line) {
  auto found = logs_.find(line.log);
  if (found == logs_.end()) {
    static constexpr std::string_view open = "INSERT INTO audit_log(origin) VALUES (?1) RETURNING log";
    auto number = connection.integer(open, line.log);
    if (!number) return pass(number);
    found = logs_.emplace(line.log, Log{.number = *number, .size = 0, .tail = {}}).first;
  }
  Log& log = found->second;
  static constexpr std::string_view sql = "INSERT INTO audit(gsn, log, seq, leaf, body) VALUES (?1, ?2, ?3, ?4, ?5)";
  if (auto done = connection.run(sql, last_position_ + 1, log.number, log.size, line.leaf, bytes_of(line.body));
      !done) {
    if (log.size == 0) logs_.erase(found);  // its name is undone with the lap
    return done;
  }
  place(log, ++last_position_);
  uncommitted_.push_back(&found->first);
  return {};
}

void AuditOrder::back_to(std::size_t uncommitted) {
  while (uncommitted_.size() > uncommitted) {
    const auto found = logs_.find(*uncommitted_.back());
    ensure(found != logs_.end(), "an uncommitted audit row has a log");
    uncommitted_.pop_back();
    --last_position_;
    --found->second.size;
    found->second.tail.pop_back();
    if (found->second.size == 0) logs_.erase(found);
  }
}

Result<> AuditOrder::before_commit(Connection& connection) {
  being_bundled_ = bundled_;
  if (last_position_ - bundled_ < bundle_every) return {};
  for (const auto& [origin, log] : logs_) {
    if (log.tail.empty() || log.tail.back() <= bundled_) continue;
    auto index = log.first_in_tail() / places_in_bundle;
    for (std::span<const std::int64_t> rest = log.tail; !rest.empty(); ++index) {
      const auto some = rest.first(std::min(rest.size(), static_cast<std::size_t>(places_in_bundle)));
      rest = rest.subspan(some.size());
      static constexpr std::string_view sql = R"(
          INSERT INTO audit_bundle(log, idx, gsns) VALUES (?1, ?2, ?3)
              ON CONFLICT DO UPDATE SET gsns = excluded.gsns)";
      if (auto done = connection.run(sql, log.number, index, pack_positions(some)); !done) return done;
    }
  }
  static constexpr std::string_view sql = "UPDATE audit_bundled SET gsn = ?1";
  if (auto done = connection.run(sql, last_position_); !done) return done;
  being_bundled_ = last_position_;
  return {};
}

void AuditOrder::committed() {
  uncommitted_.clear();
  if (being_bundled_ == bundled_) return;
  bundled_ = being_bundled_;
  for (auto& [origin, log] : logs_) {
    const auto whole = static_cast<std::ptrdiff_t>(log.tail.size()) / places_in_bundle * places_in_bundle;
    log.tail.erase(log.tail.begin(), log.tail.begin() + whole);
  }
}

}  // namespace kintsugi::sqlite

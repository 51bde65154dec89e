#include "adapters/sqlite/batch.h"

#include "adapters/sqlite/rows.h"
#include "engine/base/ensure.h"

namespace kintsugi::sqlite {
namespace {

std::optional<Instant> unless_empty(Instant at) {
  return at == Instant{} ? std::nullopt : std::optional(at);
}

}  // namespace

Batch::Batch(Writer& writer, Transaction transaction) : writer_(writer), transaction_(std::move(transaction)) {
  ensure(!std::exchange(writer_.has_batch, true), "one batch at a time");
}

Batch::~Batch() {
  end();
}

void Batch::end() {
  if (std::exchange(over_, true)) return;
  transaction_.reset();
  writer_.order.back_to(0);
  writer_.has_batch = false;
}

Result<> Batch::commit() {
  if (over_ || !transaction_) return batch_over();
  auto done = writer_.order.before_commit(db());
  if (done) done = transaction_->commit();
  if (done) writer_.order.committed();
  writer_.in_doubt = !done;
  // Whether a failed commit took place after all only the next reading tells.
  if (changes_people_) writer_.forget_people();
  end();
  return done;
}

// ---- laps ---------------------------------------------------------------------------------------------------

Result<> Batch::write(const LapWrites& lap) {
  // A second case of the lap may be refused when the first has been written.
  return lap.files.size() > 1 ? in_savepoint([&] { return write_all(lap); }) : whole([&] { return write_all(lap); });
}

Result<> Batch::write_all(const LapWrites& lap) {
  Result<> done;
  for (auto one = lap.files.begin(); done && one != lap.files.end(); ++one)
    done = write_case(*one);
  for (auto one = lap.audit.begin(); done && one != lap.audit.end(); ++one)
    done = writer_.order.append(db(), *one);
  for (auto one = lap.effects.begin(); done && one != lap.effects.end(); ++one)
    done = write_effect(*one);
  for (auto one = lap.withdrawn.begin(); done && one != lap.withdrawn.end(); ++one)
    done = withdraw(*one, lap.at);
  if (done && !lap.hastened.empty()) done = hasten(lap.hastened, lap.at);
  for (auto one = lap.documents.begin(); done && one != lap.documents.end(); ++one)
    done = write_document(*one);
  if (done && lap.reply) done = write_reply(*lap.reply);
  if (done && lap.used_step_up) {
    static constexpr std::string_view sql = "DELETE FROM step_ups WHERE token = ?1";
    done = db().run(sql, *lap.used_step_up);
  }
  return done;
}

Result<> Batch::write_case(const LapWrites::Changed& changed) {
  const CaseFile& file = *changed.file;
  const CaseBrief brief = brief_of(file, changed.open);
  json_.clear();
  write_json(json_, file);
  auto done = changed.is_new ? insert_case(file, brief) : update_case(file, brief);
  // Of the unique indexes on cases only this one is over the device.
  if (!done && done.error().code == Errc::Conflict && done.error().what.ends_with("cases.device"))
    return fail(Errc::Refused, "device " + file.device.text() + " has a live grant in another case (I3)");
  return done;
}

Result<> Batch::insert_case(const CaseFile& file, const CaseBrief& brief) {
  static constexpr std::string_view sql = R"(
      INSERT INTO cases(id, tenant, rsc, device, state, open, version, priority, fault_code, dedup_key, live_grant,
                        next_due, opened_at, state_since, number, body)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16))";
  return db().run(sql, brief.id, brief.tenant, brief.rsc, brief.device, brief.state, brief.open, brief.version,
                  name_of(brief.priority), brief.fault_code, brief.dedup_key, brief.live_grant,
                  unless_empty(file.next_due()), brief.opened_at, brief.state_since, brief.number, json_);
}

Result<> Batch::update_case(const CaseFile& file, const CaseBrief& brief) {
  // SQLite rewrites the entry of every index that has a column in SET, changed or not. Most laps change no column
  // of the larger indexes, so those are compared first and set only when one differs.
  static constexpr std::string_view same_place = R"(
      UPDATE cases
         SET state = ?2, version = ?3, priority = ?4, fault_code = ?5, dedup_key = ?6, next_due = ?7,
             state_since = ?8, body = ?10
       WHERE id = ?1 AND number = ?9 AND tenant = ?11 AND rsc = ?12 AND device = ?13 AND opened_at = ?14 AND open = ?15
         AND live_grant = ?16)";
  static constexpr std::string_view anywhere = R"(
      UPDATE cases
         SET state = ?2, version = ?3, priority = ?4, fault_code = ?5, dedup_key = ?6, next_due = ?7,
             state_since = ?8, number = ?9, body = ?10, tenant = ?11, rsc = ?12, device = ?13, opened_at = ?14,
             open = ?15, live_grant = ?16
       WHERE id = ?1)";
  for (const auto sql : {same_place, anywhere}) {
    auto done = db().run(sql, brief.id, brief.state, brief.version, name_of(brief.priority), brief.fault_code,
                         brief.dedup_key, unless_empty(file.next_due()), brief.state_since, brief.number, json_,
                         brief.tenant, brief.rsc, brief.device, brief.opened_at, brief.open, brief.live_grant);
    if (!done || db().changed() == 1) return done;
  }
  return fail(Errc::NotFound, "no case " + file.id.text());
}

Result<> Batch::write_document(const Document& document) {
  static constexpr std::string_view sql = R"(
      INSERT INTO documents(id, case_id, key, label, commitment, length, at, person, ciphertext, place)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10))";
  return db().run(sql, document.id, document.case_id, name_of(document.key), document.label, document.commitment,
                  document.length, document.at, document.by, document.ciphertext, document.place);
}

Result<> Batch::write_reply(const StoredReply& reply) {
  static constexpr std::string_view sql = R"(
      INSERT INTO replies(owner, route, key, request, outcome, at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6))";
  return db().run(sql, reply.key.owner, reply.key.route, reply.key.key, reply.request, reply.outcome, reply.at);
}

Result<CaseFile> Batch::load(const CaseId& id) {
  static constexpr std::string_view sql = "SELECT body FROM cases WHERE id = ?1";
  auto query = db().statement(sql);
  if (!query) return pass(query);
  auto row = row_of(query->bind(id), case_in);
  if (!row) return pass(row);
  if (!*row) return fail(Errc::NotFound, "no case " + id.text());
  return std::move(**row);
}

Result<std::vector<CaseBrief>> Batch::open_cases_of(const DeviceId& device) {
  static constexpr std::string_view sql = R"(
      SELECT id, number, tenant, rsc, device, state, version, priority, fault_code, dedup_key, opened_at,
             state_since, open, live_grant, next_due
        FROM cases INDEXED BY cases_open
       WHERE device = ?1 AND open = 1
       ORDER BY opened_at, id)";
  auto query = db().statement(sql);
  if (!query) return pass(query);
  return rows_of(query->bind(device), brief_in);
}

Result<std::int64_t> Batch::next_case_number() {
  static constexpr std::string_view next = "UPDATE counters SET value = value + 1 WHERE name = 'cases_numbered'";
  static constexpr std::string_view now = "SELECT value FROM counters WHERE name = 'cases_numbered'";
  if (auto done = db().run(next); !done) return pass(done);
  return db().integer(now);
}

Result<std::optional<StoredReply>> Batch::reply_of(const IdempotencyKey& key) {
  static constexpr std::string_view sql = R"(
      SELECT owner, route, key, request, outcome, at
        FROM replies
       WHERE owner = ?1 AND key = ?2 AND route = ?3)";
  auto query = db().statement(sql);
  if (!query) return pass(query);
  return row_of(query->bind(key.owner, key.key, key.route), reply_in);
}

// A reply that takes another's place stands at the end, as its time does.
Result<> Batch::put_reply(const StoredReply& reply) {
  return whole([&]() -> Result<> {
    if (auto gone = delete_reply(reply.key); !gone) return gone;
    return write_reply(reply);
  });
}

Result<> Batch::drop_reply(const IdempotencyKey& key) {
  return whole([&] { return delete_reply(key); });
}

Result<> Batch::delete_reply(const IdempotencyKey& key) {
  static constexpr std::string_view sql = "DELETE FROM replies WHERE owner = ?1 AND key = ?2 AND route = ?3";
  return db().run(sql, key.owner, key.key, key.route);
}

// ---- audit --------------------------------------------------------------------------------------------------

Result<> Batch::append_audit(const AuditLine& line) {
  return whole([&] { return writer_.order.append(db(), line); });
}

Result<std::int64_t> Batch::number_of(const std::string& log) {
  static constexpr std::string_view sql = "SELECT log FROM audit_log WHERE origin = ?1";
  auto number = db().integer(sql, log);
  if (number && *number == 0) return fail(Errc::NotFound, "no log " + log);
  return number;
}

Result<> Batch::put_tiles(std::span<const AuditTile> tiles, const AuditProgress& upto) {
  return whole([&]() -> Result<> {
    for (const auto& tile : tiles) {
      const auto log = number_of(tile.log);
      if (!log) return pass(log);
      static constexpr std::string_view sql = R"(
          INSERT OR REPLACE INTO audit_tile(log, level, idx, data) VALUES (?1, ?2, ?3, ?4))";
      if (auto put = db().run(sql, *log, tile.level, tile.index, tile.hashes); !put) return put;
    }
    static constexpr std::string_view sql = "UPDATE audit_integrated SET gsn = ?1";
    return db().run(sql, upto.position);
  });
}

Result<> Batch::put_checkpoint(const std::string& log, std::int64_t size, const std::string& note) {
  return whole([&]() -> Result<> {
    const auto number = number_of(log);
    if (!number) return pass(number);
    static constexpr std::string_view sql = R"(
        INSERT OR REPLACE INTO audit_checkpoint(log, size, note) VALUES (?1, ?2, ?3))";
    return db().run(sql, *number, size, note);
  });
}

}  // namespace kintsugi::sqlite

#include "adapters/sqlite/batch.h"
#include "adapters/sqlite/rows.h"

#include <algorithm>

// What becomes of effects: written, claimed, put off, settled, withdrawn.
namespace kintsugi::sqlite {

Result<> Batch::write_effect(const Effect& effect) {
  json_.clear();
  write_json(json_, effect);
  static constexpr std::string_view sql = R"(
      INSERT INTO outbox(id, case_id, lane, state, urgent, bundle, attempts, due, body)
      VALUES (?1, ?2, ?3, 'waiting', ?4, ?5, 0, ?6, ?7))";
  return db().run(sql, effect.id, effect.case_id, effect.lane, effect.urgent, effect.bundle,
                  std::max(effect.at, effect.due), json_);
}

Result<> Batch::withdraw(const EffectId& id, Instant at) {
  static constexpr std::string_view sql = R"(
      UPDATE outbox SET state = 'withdrawn', settled_at = ?2 WHERE id = ?1 AND settled_at IS NULL)";
  return db().run(sql, id, at);
}

// What is leased is on its way already.
Result<> Batch::hasten(const CaseId& id, Instant at) {
  static constexpr std::string_view sql = R"(
      UPDATE outbox
         SET due = min(due, ?2), urgent = 1, bundle = ''
       WHERE case_id = ?1 AND settled_at IS NULL AND state = 'waiting' AND lane LIKE 'mail%')";
  return db().run(sql, id, at);
}

struct Batch::Head {
  std::int64_t position = 0;
  ClaimedEffect claimed;
};

Result<Batch::Head> Batch::head_in(Statement& row) {
  auto effect = from_json_text<Effect>(row.text(2));
  if (!effect) return pass(effect);
  // What has been hastened since it was written.
  effect->urgent = row.flag(3);
  effect->bundle = row.string(4);
  return Head{row.integer(0), {std::move(*effect), static_cast<int>(row.integer(1))}};
}

Result<> Batch::lease(Result<std::vector<Head>> found, Instant until, std::vector<ClaimedEffect>& out) {
  if (!found) return pass(found);
  for (auto& head : *found) {
    static constexpr std::string_view sql = "UPDATE outbox SET state = 'leased', due = ?2 WHERE position = ?1";
    if (auto leased = db().run(sql, head.position, until); !leased) return leased;
    out.push_back(std::move(head.claimed));
  }
  return {};
}

Result<std::vector<ClaimedEffect>> Batch::claim(Instant now, Duration lease_time, int limit) {
  std::vector<ClaimedEffect> out;
  auto done = whole([&]() -> Result<> {
    // What was given up or withdrawn has a settled_at and holds nobody back.
    static constexpr std::string_view heads = R"(
        SELECT one.position, one.attempts, one.body, one.urgent, one.bundle
          FROM outbox AS one INDEXED BY outbox_due
         WHERE one.settled_at IS NULL AND one.urgent = ?3 AND one.due <= ?1
           AND NOT EXISTS (SELECT 1
                             FROM outbox AS earlier INDEXED BY outbox_by_case
                            WHERE earlier.case_id = one.case_id AND earlier.settled_at IS NULL
                              AND earlier.position < one.position AND earlier.lane = one.lane)
         ORDER BY one.due, one.position
         LIMIT ?2)";
    for (const bool urgent : {true, false}) {
      auto query = db().statement(heads);
      if (!query) return pass(query);
      const int room = std::max(limit, 0) - static_cast<int>(out.size());
      if (auto leased = lease(rows_of(query->bind(now, room, urgent), head_in), now + lease_time, out); !leased)
        return leased;
    }
    return {};
  });
  if (!done) return pass(done);
  return out;
}

Result<std::vector<ClaimedEffect>> Batch::claim_bundle(const std::string& bundle, Instant now, Duration lease_time,
                                                       int limit) {
  std::vector<ClaimedEffect> out;
  if (bundle.empty()) return out;
  auto done = whole([&]() -> Result<> {
    static constexpr std::string_view same = R"(
        SELECT one.position, one.attempts, one.body, one.urgent, one.bundle
          FROM outbox AS one INDEXED BY outbox_bundled
         WHERE one.bundle = ?3 AND one.bundle <> '' AND one.settled_at IS NULL AND one.due <= ?1
           AND one.state = 'waiting'
           AND NOT EXISTS (SELECT 1
                             FROM outbox AS earlier INDEXED BY outbox_by_case
                            WHERE earlier.case_id = one.case_id AND earlier.settled_at IS NULL
                              AND earlier.position < one.position AND earlier.lane = one.lane
                              AND earlier.bundle <> one.bundle)
         ORDER BY one.due, one.position
         LIMIT ?2)";
    auto query = db().statement(same);
    if (!query) return pass(query);
    return lease(rows_of(query->bind(now, std::max(limit, 0), bundle), head_in), now + lease_time, out);
  });
  if (!done) return pass(done);
  return out;
}

Result<> Batch::put_off(const EffectId& id, Instant due) {
  static constexpr std::string_view sql =
      "UPDATE outbox SET state = 'waiting', due = ?2 WHERE id = ?1 AND state = 'leased'";
  return whole([&] { return db().run(sql, id, due); });
}

Result<OutboxRow> Batch::effect(const EffectId& id) {
  auto query = db().statement(outbox_row_by_id);
  if (!query) return pass(query);
  auto row = row_of(query->bind(id), outbox_row_in);
  if (!row) return pass(row);
  if (!*row) return fail(Errc::NotFound, "no effect " + id.text());
  return std::move(**row);
}

Result<std::optional<OutboxRow>> Batch::settle(const Settlement& settlement) {
  static constexpr std::string_view sql = R"(
      UPDATE outbox
         SET state = ?2, attempts = attempts + ?8, due = coalesce(?3, due), settled_at = ?4, sent = ?5, last_error = ?6,
             letter = nullif(?7, '')
       WHERE id = ?1
         AND (state IN ('waiting', 'leased') OR (state IN ('gave_up', 'withdrawn') AND ?2 = 'delivered')))";
  const bool again = settlement.state == EffectState::waiting;
  auto settled = whole([&] {
    return db().run(sql, settlement.id, name_of(settlement.state),
                    again ? std::optional(settlement.due) : std::nullopt,
                    again ? std::nullopt : std::optional(settlement.at), settlement.sent, settlement.error,
                    settlement.letter, settlement.tried);
  });
  if (!settled) return pass(settled);
  const bool counts = db().changed() == 1;
  if (counts && settlement.state != EffectState::gave_up) return std::nullopt;
  auto row = effect(settlement.id);
  if (!row) return pass(row);
  if (!counts) return std::nullopt;
  return std::move(*row);
}

Result<OutboxRow> Batch::redrive(const EffectId& id, Instant now) {
  auto before = effect(id);
  if (!before) return before;
  if (before->state != EffectState::gave_up)
    return fail(Errc::Refused, "effect " + id.text() + " has not been given up");
  static constexpr std::string_view sql = R"(
      UPDATE outbox
         SET state = 'waiting', attempts = 0, due = ?2, settled_at = NULL
       WHERE id = ?1)";
  if (auto woken = whole([&] { return db().run(sql, id, now); }); !woken) return pass(woken);
  return before;
}

}  // namespace kintsugi::sqlite

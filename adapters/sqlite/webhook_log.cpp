#include "adapters/sqlite/batch.h"
#include "adapters/sqlite/rows.h"
#include "adapters/sqlite/store.h"

#include <algorithm>

// The delivery log of webhooks, and what waits in the outbox in numbers.
namespace kintsugi::sqlite {
namespace {

// webhook, effect, case_id, attempt, at, took, status, sent, error, position
Result<WebhookAttempt> attempt_in(Statement& row) {
  return WebhookAttempt{.webhook = WebhookId{row.string(0)},
                        .effect = EffectId{row.string(1)},
                        .case_id = CaseId{row.string(2)},
                        .attempt = static_cast<int>(row.integer(3)),
                        .at = row.instant(4),
                        .took = Duration{row.integer(5)},
                        .status = static_cast<int>(row.integer(6)),
                        .sent = row.digest(7),
                        .error = row.string(8),
                        .position = row.integer(9)};
}

}  // namespace

Result<> Batch::note_attempt(const WebhookAttempt& attempt) {
  return whole([&]() -> Result<> {
    static constexpr std::string_view old = "DELETE FROM webhook_attempts WHERE webhook = ?1 AND at < ?2";
    if (auto gone = db().run(old, attempt.webhook, attempt.at - webhook_attempts_kept); !gone) return gone;
    static constexpr std::string_view sql = R"(
        INSERT INTO webhook_attempts(webhook, effect, case_id, attempt, at, took, status, sent, error)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9))";
    return db().run(sql, attempt.webhook, attempt.effect, attempt.case_id, attempt.attempt, attempt.at,
                    attempt.took.count(), attempt.status, attempt.sent, attempt.error);
  });
}

Result<std::vector<WebhookAttempt>> Store::webhook_attempts(const WebhookAttemptFilter& filter) {
  return reading([&](Connection& db) -> Result<std::vector<WebhookAttempt>> {
    static constexpr std::string_view sql = R"(
        SELECT webhook, effect, case_id, attempt, at, took, status, sent, error, position
          FROM webhook_attempts
         WHERE webhook = ?1 AND (at, position) < (?2, ?3)
           AND (?4 = '' OR effect = ?4) AND (?5 < 0 OR (error = '') = ?5)
         ORDER BY at DESC, position DESC
         LIMIT ?6)";
    auto query = db.statement(sql);
    if (!query) return pass(query);
    const bool from_newest = filter.before == Instant{};
    return rows_of(query->bind(filter.webhook, from_newest ? Instant::max() : filter.before,
                               from_newest ? std::int64_t{0} : filter.before_position, filter.effect,
                               filter.taken ? static_cast<int>(*filter.taken) : -1, std::max(filter.limit, 0)),
                   attempt_in);
  });
}

Result<OutboxSummary> Store::outbox_summary() {
  return reading([](Connection& db) -> Result<OutboxSummary> {
    OutboxSummary out;
    for (const auto& [sql, count] : {std::pair{"SELECT count(*) FROM outbox INDEXED BY outbox_due "
                                               "WHERE settled_at IS NULL AND state = 'waiting'",
                                               &out.waiting},
                                     std::pair{"SELECT count(*) FROM outbox INDEXED BY outbox_due "
                                               "WHERE settled_at IS NULL AND state = 'leased'",
                                               &out.leased},
                                     std::pair{"SELECT count(*) FROM outbox INDEXED BY outbox_given_up "
                                               "WHERE state = 'gave_up'",
                                               &out.gave_up}}) {
      const auto counted = db.integer(sql);
      if (!counted) return pass(counted);
      *count = *counted;
    }
    // Rows stand in the order in which they were decided.
    static constexpr std::string_view oldest = R"(
        SELECT body
          FROM outbox
         WHERE position = (SELECT min(position) FROM outbox INDEXED BY outbox_due WHERE settled_at IS NULL))";
    auto query = db.statement(oldest);
    if (!query) return pass(query);
    auto effect = row_of(*query, [](Statement& row) { return from_json_text<Effect>(row.text(0)); });
    if (!effect) return pass(effect);
    if (*effect) out.oldest = (*effect)->at;
    return out;
  });
}

}  // namespace kintsugi::sqlite

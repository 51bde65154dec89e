#include "adapters/sqlite/batch.h"
#include "adapters/sqlite/rows.h"

#include <tuple>

// Masters, credentials, sign-ins and step-ups.
namespace kintsugi::sqlite {
namespace {

std::optional<Instant> unless_empty(Instant at) {
  return at == Instant{} ? std::nullopt : std::optional(at);
}

}  // namespace

Result<> Batch::put_master(const Master& master) {
  static constexpr std::string_view sql = R"(
      INSERT INTO masters(kind, id, tenant, body, salt) VALUES (?1, ?2, ?3, ?4, ?5)
          ON CONFLICT DO UPDATE SET tenant = excluded.tenant, body = excluded.body, salt = excluded.salt)";
  return whole([&] { return db().run(sql, master.kind, master.id, master.tenant, master.body, master.salt); });
}

Result<> Batch::put_credential(const Credential& credential) {
  changes_people_ = true;
  static constexpr std::string_view sql = R"(
      INSERT OR REPLACE INTO credentials(kind, owner, secret, verifier, created, expires, last_counter, failures,
                                         locked_until, used, ended)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11))";
  return whole([&] {
    return db().run(sql, name_of(credential.kind), credential.owner, credential.secret, credential.verifier,
                    credential.created, credential.expires, credential.last_counter, credential.failures,
                    credential.locked_until, credential.used, credential.ended);
  });
}

Result<std::optional<Credential>> Batch::credential(CredentialKind kind, const std::string& owner,
                                                    const Digest& secret) {
  static constexpr std::string_view sql = R"(
      SELECT kind, owner, secret, verifier, created, expires, last_counter, failures, locked_until, used, ended
        FROM credentials
       WHERE kind = ?1 AND owner = ?2 AND secret = ?3)";
  auto query = db().statement(sql);
  if (!query) return pass(query);
  return row_of(query->bind(name_of(kind), owner, secret), credential_in);
}

Result<> Batch::put_sign_in(const SignIn& sign_in) {
  changes_people_ = true;
  static constexpr std::string_view sql = R"(
      INSERT INTO sign_ins(id, person, token, created, expires, ended, with_code, used, address, client)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
          ON CONFLICT(id) DO UPDATE
             SET token = excluded.token, expires = excluded.expires, ended = excluded.ended,
                 with_code = excluded.with_code, used = excluded.used)";
  return whole([&] {
    return db().run(sql, sign_in.id, sign_in.person, sign_in.token, sign_in.created, sign_in.expires,
                    unless_empty(sign_in.ended), sign_in.with_code, sign_in.used, sign_in.address, sign_in.client);
  });
}

Result<> Batch::end_sign_ins(const PersonId& person, Instant now, const SignInId& spared) {
  changes_people_ = true;
  static constexpr std::string_view sql =
      "UPDATE sign_ins SET ended = ?2 WHERE person = ?1 AND ended IS NULL AND id <> ?3";
  return whole([&] { return db().run(sql, person, now, spared); });
}

// What is remembered of readers stays as it was: nobody decides by these times alone.
Result<> Batch::note_uses(std::span<const Use> uses) {
  static constexpr std::string_view of_sign_in = "UPDATE sign_ins SET used = ?2 WHERE token = ?1 AND used < ?2";
  static constexpr std::string_view of_credential = R"(
      UPDATE credentials INDEXED BY credentials_by_secret SET used = ?2 WHERE secret = ?1 AND used < ?2)";
  return whole([&]() -> Result<> {
    for (const Use& use : uses) {
      if (auto done = db().run(of_sign_in, use.secret, use.at); !done) return done;
      if (db().changed() > 0) continue;
      if (auto done = db().run(of_credential, use.secret, use.at); !done) return done;
    }
    return {};
  });
}

Result<> Batch::put_step_up(const StoredStepUp& step_up) {
  static constexpr std::string_view sql = R"(
      INSERT OR REPLACE INTO step_ups(token, person, case_id, event, request_hash, created, expires)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7))";
  return whole([&] {
    return db().run(sql, step_up.token, step_up.person, step_up.case_id, step_up.event, step_up.request_hash,
                    step_up.created, step_up.expires);
  });
}

Result<std::optional<StoredStepUp>> Batch::step_up_of(const Digest& token) {
  static constexpr std::string_view sql = R"(
      SELECT token, person, case_id, event, request_hash, created, expires FROM step_ups WHERE token = ?1)";
  auto find = db().statement(sql);
  if (!find) return pass(find);
  auto rows = rows_of(find->bind(token), step_up_in);
  if (!rows) return pass(rows);
  if (rows->empty()) return std::nullopt;
  return std::move(rows->front());
}

Result<> Batch::drop_step_ups(const PersonId& person) {
  static constexpr std::string_view sql = "DELETE FROM step_ups WHERE person = ?1";
  return whole([&] { return db().run(sql, person); });
}

Result<Forgotten> Batch::forget(const KeptFrom& kept, int limit) {
  // Replies stand in the order of their times, so the walk ends at the first that is kept.
  static constexpr std::string_view old_replies = R"(
      DELETE FROM replies
       WHERE position < coalesce((SELECT position FROM replies WHERE at >= ?1 ORDER BY position LIMIT 1),
                                 9223372036854775807)
         AND position IN (SELECT position FROM replies ORDER BY position LIMIT ?2))";
  static constexpr std::string_view old_step_ups =
      "DELETE FROM step_ups WHERE token IN (SELECT token FROM step_ups WHERE expires < ?1 LIMIT ?2)";
  static constexpr std::string_view old_sign_ins = R"(
      DELETE FROM sign_ins
       WHERE id IN (SELECT id FROM sign_ins WHERE min(coalesce(ended, expires), expires) < ?1 LIMIT ?2))";
  Forgotten out;
  const auto done = whole([&]() -> Result<> {
    for (const auto& [sql, before, count] :
         {std::tuple{old_replies, kept.replies, &out.replies}, std::tuple{old_step_ups, kept.step_ups, &out.step_ups},
          std::tuple{old_sign_ins, kept.sign_ins, &out.sign_ins}}) {
      if (auto gone = db().run(sql, before, limit); !gone) return gone;
      *count = db().changed();
    }
    return {};
  });
  if (!done) return pass(done);
  changes_people_ = changes_people_ || out.sign_ins > 0;
  return out;
}

}  // namespace kintsugi::sqlite

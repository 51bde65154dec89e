#include "adapters/sqlite/rows.h"
#include "adapters/sqlite/store.h"

#include <algorithm>

// Masters, credentials and sign-ins.
namespace kintsugi::sqlite {

Result<std::vector<Master>> Store::masters() {
  return reading([](Connection& db) -> Result<std::vector<Master>> {
    static constexpr std::string_view sql = "SELECT kind, id, tenant, body, salt FROM masters ORDER BY kind, id";
    auto query = db.statement(sql);
    if (!query) return pass(query);
    return rows_of(*query, [](Statement& row) -> Result<Master> {
      return Master{row.string(0), row.string(1), row.string(2), row.string(3), row.digest(4)};
    });
  });
}

Result<std::optional<Credential>> Store::credential_of(CredentialKind kind, const std::string& owner) {
  return reading([&](Connection& db) -> Result<std::optional<Credential>> {
    static constexpr std::string_view sql = R"(
        SELECT kind, owner, secret, verifier, created, expires, last_counter, failures, locked_until,
               used, ended
          FROM credentials
         WHERE kind = ?1 AND owner = ?2
         ORDER BY created DESC, secret DESC
         LIMIT 1)";
    auto query = db.statement(sql);
    if (!query) return pass(query);
    return row_of(query->bind(name_of(kind), owner), credential_in);
  });
}

Result<std::vector<Credential>> Store::credentials_of(CredentialKind kind, const std::string& owner) {
  return reading([&](Connection& db) -> Result<std::vector<Credential>> {
    static constexpr std::string_view sql = R"(
        SELECT kind, owner, secret, verifier, created, expires, last_counter, failures, locked_until,
               used, ended
          FROM credentials
         WHERE kind = ?1 AND owner = ?2
         ORDER BY created DESC, secret DESC)";
    auto query = db.statement(sql);
    if (!query) return pass(query);
    return rows_of(query->bind(name_of(kind), owner), credential_in);
  });
}

Result<std::optional<Credential>> Store::credential_by_secret(CredentialKind kind, const Digest& secret) {
  if (secret == Digest{}) return std::nullopt;
  const auto read = [&] {
    return reading([&](Connection& db) -> Result<std::optional<Credential>> {
      static constexpr std::string_view sql = R"(
          SELECT kind, owner, secret, verifier, created, expires, last_counter, failures, locked_until,
               used, ended
            FROM credentials INDEXED BY credentials_by_secret
           WHERE secret = ?2 AND kind = ?1)";
      auto query = db.statement(sql);
      if (!query) return pass(query);
      return row_of(query->bind(name_of(kind), secret), credential_in);
    });
  };
  if (kind == CredentialKind::device_token) return writer_.device_tokens.find(secret, read);
  if (kind == CredentialKind::gate_token) return writer_.gate_tokens.find(secret, read);
  if (kind == CredentialKind::certificate_key) return writer_.certificate_keys.find(secret, read);
  if (kind == CredentialKind::certificate_subject) return writer_.certificate_subjects.find(secret, read);
  return read();
}

Result<std::optional<SignIn>> Store::sign_in_by_token(const Digest& token) {
  return writer_.sign_ins.find(token, [&] {
    return reading([&](Connection& db) -> Result<std::optional<SignIn>> {
      static constexpr std::string_view sql = R"(
          SELECT id, person, token, created, expires, ended, with_code, used, address, client
            FROM sign_ins
           WHERE token = ?1)";
      auto query = db.statement(sql);
      if (!query) return pass(query);
      return row_of(query->bind(token), sign_in_in);
    });
  });
}

Result<std::vector<SignIn>> Store::sign_ins_of(const PersonId& person, int limit) {
  return reading([&](Connection& db) -> Result<std::vector<SignIn>> {
    static constexpr std::string_view sql = R"(
        SELECT id, person, token, created, expires, ended, with_code, used, address, client
          FROM sign_ins INDEXED BY sign_ins_by_person
         WHERE person = ?1
         ORDER BY created DESC, id DESC
         LIMIT ?2)";
    auto query = db.statement(sql);
    if (!query) return pass(query);
    return rows_of(query->bind(person, std::max(limit, 0)), sign_in_in);
  });
}

}  // namespace kintsugi::sqlite

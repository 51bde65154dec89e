#pragma once

#include "adapters/sqlite/connection.h"
#include "engine/ports/records.h"

#include <optional>
#include <utility>
#include <vector>

// Rows to values: one function for each kind of row, with the columns it reads, in their order, above it.
namespace kintsugi::sqlite {

// Every row, through `read`, which answers a Result.
template <class Read>
auto rows_of(Statement& statement, Read read)
    -> Result<std::vector<typename std::invoke_result_t<Read, Statement&>::value_type>> {
  std::vector<typename std::invoke_result_t<Read, Statement&>::value_type> out;
  for (;;) {
    const auto row = statement.step();
    if (!row) return pass(row);
    if (!*row) return out;
    auto one = read(statement);
    if (!one) return pass(one);
    out.push_back(std::move(*one));
  }
}

// The first row, if there is one.
template <class Read>
auto row_of(Statement& statement, Read read)
    -> Result<std::optional<typename std::invoke_result_t<Read, Statement&>::value_type>> {
  const auto row = statement.step();
  if (!row) return pass(row);
  if (!*row) return std::nullopt;
  auto one = read(statement);
  if (!one) return pass(one);
  return std::move(*one);
}

// id, number, tenant, rsc, device, state, version, priority, fault_code, dedup_key, opened_at, state_since, open,
// live_grant, next_due
Result<CaseBrief> brief_in(Statement& row);

// body
Result<CaseFile> case_in(Statement& row);

// body, state, attempts, due, settled_at, sent, last_error, letter, position
inline constexpr std::string_view outbox_row_by_id = R"(
    SELECT body, state, attempts, due, settled_at, sent, last_error, letter, position
      FROM outbox
     WHERE id = ?1)";
Result<OutboxRow> outbox_row_in(Statement& row);

// id, case_id, key, label, commitment, length, at, person, ciphertext
Result<Document> document_in(Statement& row);

// gsn, seq, leaf, body
AuditRow audit_row_in(Statement& row, const std::string& log);

// owner, route, key, request, outcome, at
Result<StoredReply> reply_in(Statement& row);

// kind, owner, secret, verifier, created, expires, last_counter, failures, locked_until, used, ended
Result<Credential> credential_in(Statement& row);

// id, person, token, created, expires, ended, with_code, used, address, client
Result<SignIn> sign_in_in(Statement& row);

// token, person, case_id, event, request_hash, created, expires
Result<StoredStepUp> step_up_in(Statement& row);

}  // namespace kintsugi::sqlite

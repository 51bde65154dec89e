#include "adapters/sqlite/rows.h"

namespace kintsugi::sqlite {
namespace {

template <class E>
Result<E> named(Statement& row, int column) {
  const auto known = from_name<E>(row.text(column));
  if (!known) return fail(Errc::Corrupt, "a stored row says " + row.string(column) + ", which is no known name");
  return *known;
}

}  // namespace

Result<CaseBrief> brief_in(Statement& row) {
  const auto priority = named<Priority>(row, 7);
  if (!priority) return pass(priority);
  return CaseBrief{.id = CaseId{row.string(0)},
                   .number = row.string(1),
                   .tenant = OrganisationId{row.string(2)},
                   .rsc = OrganisationId{row.string(3)},
                   .device = DeviceId{row.string(4)},
                   .state = row.string(5),
                   .version = row.integer(6),
                   .priority = *priority,
                   .fault_code = row.string(8),
                   .dedup_key = row.string(9),
                   .opened_at = row.instant(10),
                   .state_since = row.instant(11),
                   .open = row.flag(12),
                   .live_grant = row.flag(13),
                   .next_due = row.instant(14)};
}

Result<CaseFile> case_in(Statement& row) {
  return from_json_text<CaseFile>(row.text(0));
}

Result<OutboxRow> outbox_row_in(Statement& row) {
  auto effect = from_json_text<Effect>(row.text(0));
  if (!effect) return pass(effect);
  const auto state = named<EffectState>(row, 1);
  if (!state) return pass(state);
  return OutboxRow{.effect = std::move(*effect),
                   .state = *state,
                   .attempts = static_cast<int>(row.integer(2)),
                   .due = row.instant(3),
                   .settled_at = row.instant(4),
                   .sent = row.digest(5),
                   .letter = EffectId{row.string(7)},
                   .last_error = row.string(6),
                   .position = row.integer(8)};
}

Result<Document> document_in(Statement& row) {
  const auto key = named<KeyClass>(row, 2);
  if (!key) return pass(key);
  return Document{.id = DocumentId{row.string(0)},
                  .case_id = CaseId{row.string(1)},
                  .key = *key,
                  .place = row.string(9),
                  .label = row.string(3),
                  .commitment = row.digest(4),
                  .length = row.integer(5),
                  .at = row.instant(6),
                  .by = PersonId{row.string(7)},
                  .ciphertext = row.bytes(8)};
}

AuditRow audit_row_in(Statement& row, const std::string& log) {
  return {.position = row.integer(0),
          .log = log,
          .seq = row.integer(1),
          .body = std::string(text_of(row.blob(3))),
          .leaf = row.digest(2)};
}

Result<StoredReply> reply_in(Statement& row) {
  return StoredReply{.key = {row.string(0), row.string(1), row.string(2)},
                     .request = row.digest(3),
                     .outcome = row.string(4),
                     .at = row.instant(5)};
}

Result<Credential> credential_in(Statement& row) {
  const auto kind = named<CredentialKind>(row, 0);
  if (!kind) return pass(kind);
  return Credential{.kind = *kind,
                    .owner = row.string(1),
                    .secret = row.digest(2),
                    .verifier = row.string(3),
                    .created = row.instant(4),
                    .expires = row.instant(5),
                    .last_counter = row.integer(6),
                    .failures = static_cast<int>(row.integer(7)),
                    .locked_until = row.instant(8),
                    .used = row.instant(9),
                    .ended = row.instant(10)};
}

Result<SignIn> sign_in_in(Statement& row) {
  return SignIn{.id = SignInId{row.string(0)},
                .person = PersonId{row.string(1)},
                .token = row.digest(2),
                .created = row.instant(3),
                .expires = row.instant(4),
                .ended = row.instant(5),
                .with_code = row.flag(6),
                .used = row.instant(7),
                .address = row.string(8),
                .client = row.string(9)};
}

Result<StoredStepUp> step_up_in(Statement& row) {
  return StoredStepUp{.token = row.digest(0),
                      .person = PersonId{row.string(1)},
                      .case_id = CaseId{row.string(2)},
                      .event = row.string(3),
                      .request_hash = row.digest(4),
                      .created = row.instant(5),
                      .expires = row.instant(6)};
}

}  // namespace kintsugi::sqlite

#pragma once

#include "engine/ports/store.h"

#include <memory>

namespace kintsugi::memory {

// A store that forgets everything when it ends: for tests, the drill and a look around.
//
// It keeps two copies: what is committed, and what the open batch sees. commit() repeats the batch's changes on the
// first; a batch that is dropped is undone by copying the first over the second, so dropping is the slow path.
class Store final : public kintsugi::Store {
 public:
  Store();
  ~Store() override;

  using kintsugi::Store::begin;
  Result<std::unique_ptr<kintsugi::Batch>> begin(Lasts lasts) override;

  Result<CaseFile> read_case(const CaseId& id) override;
  Result<std::vector<CaseBrief>> list_cases(const CaseFilter& filter) override;
  Result<Document> read_document(const DocumentId& id) override;
  Result<std::vector<DocumentBrief>> documents_of(const CaseId& id) override;
  Result<std::vector<CaseId>> cases_due(Instant now, int limit) override;
  Result<Instant> next_timer() override;
  Result<Instant> next_effect() override;
  Result<std::vector<std::pair<std::string, std::int64_t>>> open_states() override;
  Result<std::vector<OutboxRow>> outbox(const OutboxFilter& filter) override;
  Result<OutboxSummary> outbox_summary() override;
  Result<std::vector<WebhookAttempt>> webhook_attempts(const WebhookAttemptFilter& filter) override;
  Result<std::vector<Master>> masters() override;
  Result<std::optional<Credential>> credential_of(CredentialKind kind, const std::string& owner) override;
  Result<std::vector<Credential>> credentials_of(CredentialKind kind, const std::string& owner) override;
  Result<std::optional<Credential>> credential_by_secret(CredentialKind kind, const Digest& secret) override;
  Result<std::optional<SignIn>> sign_in_by_token(const Digest& token) override;
  Result<std::vector<SignIn>> sign_ins_of(const PersonId& person, int limit) override;
  Result<std::vector<std::string>> audit_logs() override;
  Result<std::int64_t> audit_size(const std::string& log) override;
  Result<std::vector<AuditRow>> audit_rows(const std::string& log, std::int64_t first, int limit) override;
  Result<std::optional<Bytes>> audit_tile(const std::string& log, int level, std::int64_t index) override;
  Result<AuditProgress> audit_progress() override;
  Result<std::vector<AuditRow>> audit_after(std::int64_t position, int limit) override;
  Result<std::int64_t> audit_end() override;
  Result<std::optional<StoredCheckpoint>> last_checkpoint(const std::string& log) override;

 private:
  class Batch;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kintsugi::memory

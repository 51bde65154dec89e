#pragma once

#include "adapters/sqlite/batch.h"
#include "adapters/sqlite/connection.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

namespace kintsugi::sqlite {

// The default store: one SQLite database in WAL mode, one connection that writes, some that read. Every read is a
// snapshot of its own, so readers neither wait for the writer nor hold him up.
class Store final : public kintsugi::Store {
 public:
  struct Options {
    Duration busy_wait = 2s;     // for another process's lock, before the answer is Transient
    int readers = 4;             // reading connections; more readers wait for one
    std::int64_t max_pages = 0;  // upper bound of the database's size; 0 is SQLite's own
  };

  // Opens or makes the database file and brings it to this build's schema. Refused for one of a newer build.
  static Result<std::unique_ptr<Store>> open(const std::string& path, Instant now, const Options& options);
  static Result<std::unique_ptr<Store>> open(const std::string& path, Instant now) { return open(path, now, {}); }
  // Opens one that is there to look at it, beside a server at work: nothing is made, brought up to date or written,
  // and begin() is Refused. NotFound if there is none, Refused if its schema is not this build's.
  static Result<std::unique_ptr<Store>> look_at(const std::string& path);
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
  Store(std::string path, const Options& options, Connection writer, bool read_only);
  // Runs `read` on a free reading connection.
  template <class Read>
  auto reading(Read read) -> decltype(read(std::declval<Connection&>()));
  Result<std::unique_ptr<Connection>> take_reader();
  void give_back(std::unique_ptr<Connection> reader);

  const std::string path_;
  const Options options_;
  const bool read_only_;
  Writer writer_;

  std::mutex mutex_;  // over the two below
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> free_;
  int lent_ = 0;
};

template <class Read>
auto Store::reading(Read read) -> decltype(read(std::declval<Connection&>())) {
  auto reader = take_reader();
  if (!reader) return pass(reader);
  auto answer = read(**reader);
  give_back(std::move(*reader));
  return answer;
}

}  // namespace kintsugi::sqlite

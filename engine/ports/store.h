#pragma once

#include "engine/domain/decision.h"
#include "engine/ports/records.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kintsugi {

// One group of laps, made durable together. Only whoever does the step has one, and only one at a time. Dropping a
// batch that was not committed undoes all of it.
//
// What fails has left nothing behind. The batch goes on after a NotFound, a Refused, and anything that failed before
// it wrote; after another failure it may be over, and after one of commit() it is: then whatever follows is
// Transient, commit() too, and nothing of the batch has happened. A full or busy store is Transient; stored bytes
// that make no sense are Corrupt.
class Batch {
 public:
  virtual ~Batch() = default;

  // The case as the laps of this batch before left it. NotFound if there is none.
  virtual Result<CaseFile> load(const CaseId& id) = 0;
  // Other open cases of a device, oldest first, this batch's included.
  virtual Result<std::vector<CaseBrief>> open_cases_of(const DeviceId& device) = 0;
  // Running number of the next case (CaseFile::number); a number is never given twice, gaps are allowed.
  virtual Result<std::int64_t> next_case_number() = 0;
  virtual Result<std::optional<StoredReply>> reply_of(const IdempotencyKey& key) = 0;
  // Replies to requests that are no laps: kept, put in place of what was kept for the key, or taken back.
  virtual Result<> put_reply(const StoredReply& reply) = 0;
  virtual Result<> drop_reply(const IdempotencyKey& key) = 0;

  // One lap: all of it, or (on failure) none of it. Refused if a case in it would hold a second live grant of its
  // device (I3). PostgreSQL compares the version here and answers Conflict; stores with one writer never do.
  virtual Result<> write(const LapWrites& lap) = 0;

  // The outbox. claim() leases up to `limit` effects that are due, urgent ones first, at most one per case and lane
  // and none whose lane has an earlier undelivered effect; settle() records how a delivery ended.
  virtual Result<std::vector<ClaimedEffect>> claim(Instant now, Duration lease, int limit) = 0;
  // Leases further effects of this bundle that are due and wait, oldest first; of one case several, if nothing that
  // is not in the bundle stands before them in their lane.
  virtual Result<std::vector<ClaimedEffect>> claim_bundle(const std::string& bundle, Instant now, Duration lease,
                                                          int limit) = 0;
  // Gives a leased effect back untried; it is due then. Nothing if it is not leased any more.
  virtual Result<> put_off(const EffectId& id, Instant due) = 0;
  // The first report of an end holds; only what was given up or withdrawn too early may still be reported delivered.
  // Returns the row when this settlement gave it up, so that it can be recorded. NotFound if there is no such effect.
  virtual Result<std::optional<OutboxRow>> settle(const Settlement& settlement) = 0;
  // Gives an effect that was given up another life and returns its row as it was before. NotFound, or Refused if it
  // has not been given up.
  virtual Result<OutboxRow> redrive(const EffectId& id, Instant now) = 0;

  // The delivery log of webhooks; those of this webhook that are older than webhook_attempts_kept go.
  virtual Result<> note_attempt(const WebhookAttempt& attempt) = 0;

  // Masters and people. `body` is the value's JSON; the whole Directory is loaded again from these.
  virtual Result<> put_master(const Master& master) = 0;
  virtual Result<> put_credential(const Credential& credential) = 0;
  virtual Result<> put_sign_in(const SignIn& sign_in) = 0;
  // All of a person's that have not ended, but for one (empty: none is spared).
  virtual Result<> end_sign_ins(const PersonId& person, Instant now, const SignInId& spared) = 0;
  // Last uses of sign-ins and credentials. One that is unknown or has been used later stays as it is.
  virtual Result<> note_uses(std::span<const Use> uses) = 0;
  // One credential as this batch has left it; `secret` is zero for passwords and totp.
  virtual Result<std::optional<Credential>> credential(CredentialKind kind, const std::string& owner,
                                                       const Digest& secret) = 0;
  virtual Result<> put_step_up(const StoredStepUp& step_up) = 0;
  // Empty if there is none (any more). It is good for one use: the lap that uses it takes it out with what it writes
  // (LapWrites::used_step_up), so that a lap that is not written leaves it good.
  virtual Result<std::optional<StoredStepUp>> step_up_of(const Digest& token) = 0;
  // Of somebody who has left.
  virtual Result<> drop_step_ups(const PersonId& person) = 0;
  // Housekeeping: what nobody can use any more, at most `limit` of each; how many went.
  virtual Result<Forgotten> forget(const KeptFrom& kept, int limit) = 0;

  // Audit lines without a case (system log, sign-ins, reads).
  virtual Result<> append_audit(const AuditLine& line) = 0;
  // What the integrator derived from committed leaves; may be lost and derived again.
  virtual Result<> put_tiles(std::span<const AuditTile> tiles, const AuditProgress& upto) = 0;
  virtual Result<> put_checkpoint(const std::string& log, std::int64_t size, const std::string& note) = 0;

  virtual Result<> commit() = 0;
};

// When a commit outlasts a power cut: as soon as commit() has returned, or together with the next one that does. A
// crash of the process takes nothing from either, and nothing is ever lost from between two that last.
enum class Lasts { at_once, with_next };

// Where everything lasts. begin() belongs to whoever does the step; everything else may be called from any thread and
// sees every batch whose commit() returned before the call.
class Store {
 public:
  virtual ~Store() = default;

  virtual Result<std::unique_ptr<Batch>> begin(Lasts lasts) = 0;
  Result<std::unique_ptr<Batch>> begin() { return begin(Lasts::at_once); }

  virtual Result<CaseFile> read_case(const CaseId& id) = 0;
  virtual Result<std::vector<CaseBrief>> list_cases(const CaseFilter& filter) = 0;
  virtual Result<Document> read_document(const DocumentId& id) = 0;
  virtual Result<std::vector<DocumentBrief>> documents_of(const CaseId& id) = 0;
  // Cases with a timer due at or before `now`, earliest first.
  virtual Result<std::vector<CaseId>> cases_due(Instant now, int limit) = 0;
  // The earliest timer and the earliest undelivered effect; empty when there is none.
  virtual Result<Instant> next_timer() = 0;
  virtual Result<Instant> next_effect() = 0;
  // Every state that an open case is in, with how many: a build that does not know one must not start.
  virtual Result<std::vector<std::pair<std::string, std::int64_t>>> open_states() = 0;

  virtual Result<std::vector<OutboxRow>> outbox(const OutboxFilter& filter) = 0;
  virtual Result<OutboxSummary> outbox_summary() = 0;
  virtual Result<std::vector<WebhookAttempt>> webhook_attempts(const WebhookAttemptFilter& filter) = 0;

  virtual Result<std::vector<Master>> masters() = 0;
  virtual Result<std::optional<Credential>> credential_of(CredentialKind kind, const std::string& owner) = 0;
  // All of them, ended ones too, newest first.
  virtual Result<std::vector<Credential>> credentials_of(CredentialKind kind, const std::string& owner) = 0;
  virtual Result<std::optional<Credential>> credential_by_secret(CredentialKind kind, const Digest& secret) = 0;
  virtual Result<std::optional<SignIn>> sign_in_by_token(const Digest& token) = 0;
  // A person's, ended ones too, newest first.
  virtual Result<std::vector<SignIn>> sign_ins_of(const PersonId& person, int limit) = 0;

  // The audit logs: names in the order in which they were opened, and the rows of one from `first` on.
  virtual Result<std::vector<std::string>> audit_logs() = 0;
  virtual Result<std::int64_t> audit_size(const std::string& log) = 0;
  virtual Result<std::vector<AuditRow>> audit_rows(const std::string& log, std::int64_t first, int limit) = 0;
  virtual Result<std::optional<Bytes>> audit_tile(const std::string& log, int level, std::int64_t index) = 0;
  virtual Result<AuditProgress> audit_progress() = 0;
  // Rows of all logs in commit order after `position`: for the integrator, and for those who watch.
  virtual Result<std::vector<AuditRow>> audit_after(std::int64_t position, int limit) = 0;
  // The position of the last row; 0 if there is none.
  virtual Result<std::int64_t> audit_end() = 0;
  virtual Result<std::optional<StoredCheckpoint>> last_checkpoint(const std::string& log) = 0;
};

}  // namespace kintsugi

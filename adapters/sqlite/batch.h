#pragma once

#include "adapters/sqlite/audit_order.h"
#include "adapters/sqlite/connection.h"
#include "adapters/sqlite/recent.h"
#include "engine/ports/store.h"

#include <functional>
#include <optional>
#include <string>

namespace kintsugi::sqlite {

// What the one writer has: its connection and what it remembers between batches.
struct Writer {
  Connection connection;
  AuditOrder order;
  bool has_batch = false;
  // A commit that failed may be on the disk all the same, until one that has waited for the disk stands in its place.
  bool in_doubt = false;
  Recent<SignIn> sign_ins;
  Recent<Credential> device_tokens;
  Recent<Credential> gate_tokens;
  Recent<Credential> certificate_keys;
  Recent<Credential> certificate_subjects;

  void forget_people() {
    sign_ins.forget();
    device_tokens.forget();
    gate_tokens.forget();
    certificate_keys.forget();
    certificate_subjects.forget();
  }
};

// A batch is a transaction, a lap in it a savepoint.
class Batch final : public kintsugi::Batch {
 public:
  Batch(Writer& writer, Transaction transaction);
  ~Batch() override;
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  Result<CaseFile> load(const CaseId& id) override;
  Result<std::vector<CaseBrief>> open_cases_of(const DeviceId& device) override;
  Result<std::int64_t> next_case_number() override;
  Result<std::optional<StoredReply>> reply_of(const IdempotencyKey& key) override;
  Result<> put_reply(const StoredReply& reply) override;
  Result<> drop_reply(const IdempotencyKey& key) override;

  Result<> write(const LapWrites& lap) override;

  Result<std::vector<ClaimedEffect>> claim(Instant now, Duration lease, int limit) override;
  Result<std::vector<ClaimedEffect>> claim_bundle(const std::string& bundle, Instant now, Duration lease,
                                                  int limit) override;
  Result<> put_off(const EffectId& id, Instant due) override;
  Result<std::optional<OutboxRow>> settle(const Settlement& settlement) override;
  Result<OutboxRow> redrive(const EffectId& id, Instant now) override;
  Result<> note_attempt(const WebhookAttempt& attempt) override;

  Result<> put_master(const Master& master) override;
  Result<> put_credential(const Credential& credential) override;
  Result<> put_sign_in(const SignIn& sign_in) override;
  Result<> end_sign_ins(const PersonId& person, Instant now, const SignInId& spared) override;
  Result<> note_uses(std::span<const Use> uses) override;
  Result<std::optional<Credential>> credential(CredentialKind kind, const std::string& owner,
                                               const Digest& secret) override;
  Result<> put_step_up(const StoredStepUp& step_up) override;
  Result<std::optional<StoredStepUp>> step_up_of(const Digest& token) override;
  Result<> drop_step_ups(const PersonId& person) override;
  Result<Forgotten> forget(const KeptFrom& kept, int limit) override;

  Result<> append_audit(const AuditLine& line) override;
  Result<> put_tiles(std::span<const AuditTile> tiles, const AuditProgress& upto) override;
  Result<> put_checkpoint(const std::string& log, std::int64_t size, const std::string& note) override;

  Result<> commit() override;

 private:
  // All of `work` or nothing: if it fails when it has written something, the batch is over. A savepoint would spare
  // the others of the batch, but it copies every page that is touched, which is a fifth of what a lap costs.
  template <class Work>
  Result<> whole(Work work);
  // The same, and the batch goes on.
  template <class Work>
  Result<> in_savepoint(Work work);
  // A full disk may make SQLite roll back everything at once; what follows must not run as statements of its own.
  bool goes_on() const { return !over_ && transaction_ && writer_.connection.in_transaction(); }

  Result<> batch_over() const {
    return fail(Errc::Transient, "this batch is over" + (broken_.empty() ? std::string() : ": " + broken_));
  }
  void end();
  Result<> write_all(const LapWrites& lap);
  Result<> write_case(const LapWrites::Changed& changed);
  Result<> insert_case(const CaseFile& file, const CaseBrief& brief);
  Result<> update_case(const CaseFile& file, const CaseBrief& brief);
  Result<> write_effect(const Effect& effect);
  Result<> withdraw(const EffectId& id, Instant at);
  Result<> hasten(const CaseId& id, Instant at);
  Result<> write_document(const Document& document);
  Result<> write_reply(const StoredReply& reply);
  Result<> delete_reply(const IdempotencyKey& key);
  Result<std::int64_t> number_of(const std::string& log);
  struct Head;
  static Result<Head> head_in(Statement& row);
  Result<> lease(Result<std::vector<Head>> found, Instant until, std::vector<ClaimedEffect>& out);
  Result<OutboxRow> effect(const EffectId& id);

  Connection& db() { return writer_.connection; }

  Writer& writer_;
  std::optional<Transaction> transaction_;
  bool over_ = false;
  std::string broken_;  // what went wrong in the middle of something
  bool changes_people_ = false;
  std::string json_;  // kept for its memory
};

template <class Work>
Result<> Batch::whole(Work work) {
  if (!goes_on()) return batch_over();
  const auto places = writer_.order.uncommitted();
  const auto rows = db().changed_in_all();
  auto done = work();
  if (done) return done;
  writer_.order.back_to(places);
  if (db().changed_in_all() != rows) {
    transaction_.reset();  // half of it must not be committed
    broken_ = done.error().what;
  }
  return done;
}

template <class Work>
Result<> Batch::in_savepoint(Work work) {
  if (!goes_on()) return batch_over();
  static constexpr std::string_view savepoint = "SAVEPOINT lap";
  static constexpr std::string_view release = "RELEASE lap";
  static constexpr std::string_view back = "ROLLBACK TO lap";
  const auto places = writer_.order.uncommitted();
  auto done = db().run(savepoint);
  if (!done) return done;
  done = work();
  if (done) return db().run(release);
  writer_.order.back_to(places);
  if (db().in_transaction()) {
    auto undone = db().run(back);
    if (undone) undone = db().run(release);
    if (!undone) transaction_.reset();  // half a lap must not be committed
  }
  return done;
}

}  // namespace kintsugi::sqlite

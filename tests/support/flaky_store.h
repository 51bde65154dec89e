#pragma once

#include "engine/ports/store.h"

#include <atomic>
#include <functional>
#include <utility>

namespace kintsugi {

// Another store with the power to fail when told, and a count of its commits.
class FlakyStore final : public Store {
 public:
  explicit FlakyStore(Store& inner) : inner_(inner) {}

  std::atomic<bool> away{false};        // begin() fails
  std::atomic<int> commits_to_fail{0};  // the next so many commit()s fail
  std::atomic<int> writes_to_fail{0};   // the next so many write()s fail
  std::atomic<int> audits_to_fail{0};   // the next so many append_audit()s fail
  std::atomic<int> commits{0};          // that succeeded

  // For whoever plays its fate himself. A hook may fail the call, or throw what he waits for; an empty one does
  // nothing.
  struct Fate {
    std::function<void()> begun;                            // a new batch
    std::function<LapWrites(const LapWrites&)> instead;     // what is written in place of a lap
    std::function<void(const LapWrites& asked)> written;    // the lap is in the batch
    std::function<Result<>()> before_commit, after_commit;  // after: it has taken place
  };
  Fate fate;

  using Store::begin;
  Result<std::unique_ptr<Batch>> begin(Lasts lasts) override {
    if (away) return fail(Errc::Transient, "away");
    auto batch = inner_.begin(lasts);
    if (!batch) return batch;
    if (fate.begun) fate.begun();
    return std::make_unique<FlakyBatch>(*this, std::move(*batch));
  }
  Result<CaseFile> read_case(const CaseId& id) override { return inner_.read_case(id); }
  Result<std::vector<CaseBrief>> list_cases(const CaseFilter& filter) override { return inner_.list_cases(filter); }
  Result<Document> read_document(const DocumentId& id) override { return inner_.read_document(id); }
  Result<std::vector<DocumentBrief>> documents_of(const CaseId& id) override { return inner_.documents_of(id); }
  Result<std::vector<CaseId>> cases_due(Instant now, int limit) override { return inner_.cases_due(now, limit); }
  Result<Instant> next_timer() override { return inner_.next_timer(); }
  Result<Instant> next_effect() override { return inner_.next_effect(); }
  Result<std::vector<std::pair<std::string, std::int64_t>>> open_states() override { return inner_.open_states(); }
  Result<std::vector<OutboxRow>> outbox(const OutboxFilter& filter) override { return inner_.outbox(filter); }
  Result<OutboxSummary> outbox_summary() override { return inner_.outbox_summary(); }
  Result<std::vector<WebhookAttempt>> webhook_attempts(const WebhookAttemptFilter& filter) override {
    return inner_.webhook_attempts(filter);
  }
  Result<std::vector<Master>> masters() override { return inner_.masters(); }
  Result<std::optional<Credential>> credential_of(CredentialKind kind, const std::string& owner) override {
    return inner_.credential_of(kind, owner);
  }
  Result<std::vector<Credential>> credentials_of(CredentialKind kind, const std::string& owner) override {
    return inner_.credentials_of(kind, owner);
  }
  Result<std::vector<SignIn>> sign_ins_of(const PersonId& person, int limit) override {
    return inner_.sign_ins_of(person, limit);
  }
  Result<std::optional<Credential>> credential_by_secret(CredentialKind kind, const Digest& secret) override {
    return inner_.credential_by_secret(kind, secret);
  }
  Result<std::optional<SignIn>> sign_in_by_token(const Digest& token) override {
    return inner_.sign_in_by_token(token);
  }
  Result<std::vector<std::string>> audit_logs() override { return inner_.audit_logs(); }
  Result<std::int64_t> audit_size(const std::string& log) override { return inner_.audit_size(log); }
  Result<std::vector<AuditRow>> audit_rows(const std::string& log, std::int64_t first, int limit) override {
    return inner_.audit_rows(log, first, limit);
  }
  Result<std::optional<Bytes>> audit_tile(const std::string& log, int level, std::int64_t index) override {
    return inner_.audit_tile(log, level, index);
  }
  Result<AuditProgress> audit_progress() override { return inner_.audit_progress(); }
  Result<std::vector<AuditRow>> audit_after(std::int64_t position, int limit) override {
    return inner_.audit_after(position, limit);
  }
  Result<std::int64_t> audit_end() override { return inner_.audit_end(); }
  Result<std::optional<StoredCheckpoint>> last_checkpoint(const std::string& log) override {
    return inner_.last_checkpoint(log);
  }

 private:
  class FlakyBatch final : public Batch {
   public:
    FlakyBatch(FlakyStore& store, std::unique_ptr<Batch> inner) : store_(store), inner_(std::move(inner)) {}
    Result<CaseFile> load(const CaseId& id) override { return inner_->load(id); }
    Result<std::vector<CaseBrief>> open_cases_of(const DeviceId& device) override {
      return inner_->open_cases_of(device);
    }
    Result<std::int64_t> next_case_number() override { return inner_->next_case_number(); }
    Result<std::optional<StoredReply>> reply_of(const IdempotencyKey& key) override { return inner_->reply_of(key); }
    Result<> put_reply(const StoredReply& reply) override {
      if (store_.writes_to_fail > 0) {
        --store_.writes_to_fail;
        return fail(Errc::Transient, "full");
      }
      return inner_->put_reply(reply);
    }
    Result<> drop_reply(const IdempotencyKey& key) override { return inner_->drop_reply(key); }
    Result<> write(const LapWrites& lap) override {
      if (store_.writes_to_fail > 0) {
        --store_.writes_to_fail;
        return fail(Errc::Transient, "full");
      }
      auto done = store_.fate.instead ? inner_->write(store_.fate.instead(lap)) : inner_->write(lap);
      if (done && store_.fate.written) store_.fate.written(lap);
      return done;
    }
    Result<std::vector<ClaimedEffect>> claim(Instant now, Duration lease, int limit) override {
      return inner_->claim(now, lease, limit);
    }
    Result<std::vector<ClaimedEffect>> claim_bundle(const std::string& bundle, Instant now, Duration lease,
                                                    int limit) override {
      return inner_->claim_bundle(bundle, now, lease, limit);
    }
    Result<> put_off(const EffectId& id, Instant due) override { return inner_->put_off(id, due); }
    Result<std::optional<OutboxRow>> settle(const Settlement& settlement) override {
      return inner_->settle(settlement);
    }
    Result<OutboxRow> redrive(const EffectId& id, Instant now) override { return inner_->redrive(id, now); }
    Result<> note_attempt(const WebhookAttempt& attempt) override { return inner_->note_attempt(attempt); }
    Result<> put_master(const Master& master) override { return inner_->put_master(master); }
    Result<> put_credential(const Credential& credential) override { return inner_->put_credential(credential); }
    Result<> put_sign_in(const SignIn& sign_in) override { return inner_->put_sign_in(sign_in); }
    Result<> end_sign_ins(const PersonId& person, Instant now, const SignInId& spared) override {
      return inner_->end_sign_ins(person, now, spared);
    }
    Result<> note_uses(std::span<const Use> uses) override { return inner_->note_uses(uses); }
    Result<std::optional<Credential>> credential(CredentialKind kind, const std::string& owner,
                                                 const Digest& secret) override {
      return inner_->credential(kind, owner, secret);
    }
    Result<> drop_step_ups(const PersonId& person) override { return inner_->drop_step_ups(person); }
    Result<> put_step_up(const StoredStepUp& step_up) override { return inner_->put_step_up(step_up); }
    Result<std::optional<StoredStepUp>> step_up_of(const Digest& token) override { return inner_->step_up_of(token); }
    Result<Forgotten> forget(const KeptFrom& kept, int limit) override { return inner_->forget(kept, limit); }
    Result<> append_audit(const AuditLine& line) override {
      if (store_.audits_to_fail > 0) {
        --store_.audits_to_fail;
        return fail(Errc::Transient, "full");
      }
      return inner_->append_audit(line);
    }
    Result<> put_tiles(std::span<const AuditTile> tiles, const AuditProgress& upto) override {
      return inner_->put_tiles(tiles, upto);
    }
    Result<> put_checkpoint(const std::string& log, std::int64_t size, const std::string& note) override {
      return inner_->put_checkpoint(log, size, note);
    }
    Result<> commit() override {
      if (store_.commits_to_fail > 0) {
        --store_.commits_to_fail;
        return fail(Errc::Transient, "full");
      }
      const Fate& fate = store_.fate;
      if (fate.before_commit)
        if (auto goes_on = fate.before_commit(); !goes_on) return goes_on;
      auto done = inner_->commit();
      if (done) ++store_.commits;
      if (done && fate.after_commit) return fate.after_commit();
      return done;
    }

   private:
    FlakyStore& store_;
    std::unique_ptr<Batch> inner_;
  };

  Store& inner_;
};

}  // namespace kintsugi

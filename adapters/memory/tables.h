#pragma once

#include "engine/ports/records.h"

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

// Everything a store keeps, as plain containers, and the rules of the port over them. One thread at a time.
namespace kintsugi::memory {

// What a lap leaves behind, without pointers into the caller's memory.
struct Lap {
  struct Changed {
    CaseFile file;
    bool is_new = false;
    bool open = true;
  };
  std::vector<Changed> files;
  std::vector<AuditLine> audit;
  std::vector<Effect> effects;
  std::vector<EffectId> withdrawn;
  CaseId hastened;
  Instant at{};
  std::vector<Document> documents;
  std::optional<StoredReply> reply;
  std::optional<Digest> used_step_up;
};
Lap copy_of(const LapWrites& writes);

class Tables {
 public:
  // Would this lap go through? Says why not, and changes nothing.
  Result<> check(const Lap& lap) const;
  void apply(const Lap& lap);

  Result<CaseFile> load(const CaseId& id) const;
  std::vector<CaseBrief> list(const CaseFilter& filter) const;
  std::vector<CaseBrief> open_cases_of(const DeviceId& device) const;
  std::vector<CaseId> due(Instant now, int limit) const;
  Instant next_timer() const { return timers_.empty() ? Instant{} : timers_.begin()->first; }
  std::vector<std::pair<std::string, std::int64_t>> open_states() const;

  std::vector<std::int64_t> claimable(Instant now, int limit) const;
  std::vector<std::int64_t> claimable_of(const std::string& bundle, Instant now, int limit) const;
  void put_off(const EffectId& id, Instant due);  // that is leased
  void lease(std::int64_t position, Instant until);
  ClaimedEffect claimed(std::int64_t position) const;
  bool has_effect(const EffectId& id) const { return effect_at_.contains(id); }
  const OutboxRow& effect(const EffectId& id) const { return outbox_.at(effect_at_.at(id)); }
  bool may_settle(const Settlement& settlement) const;
  void settle(const Settlement& settlement);  // that may
  void redrive(const EffectId& id, Instant now);
  Instant next_effect() const;
  std::vector<OutboxRow> list(const OutboxFilter& filter) const;
  OutboxSummary outbox_summary() const;
  void note(const WebhookAttempt& attempt);
  std::vector<WebhookAttempt> list(const WebhookAttemptFilter& filter) const;

  void append(const AuditLine& line);
  std::int64_t size_of(const std::string& log) const;
  std::vector<AuditRow> rows(const std::string& log, std::int64_t first, int limit) const;
  std::vector<AuditRow> after(std::int64_t position, int limit) const;
  std::int64_t end() const { return static_cast<std::int64_t>(audit_.size()); }

  // Rows without rules of their own.
  std::int64_t cases_numbered = 0;
  std::map<IdempotencyKey, StoredReply> replies;
  std::map<DocumentId, Document> documents;
  std::map<std::pair<std::string, std::string>, Master> masters;  // by kind and id
  std::map<std::tuple<CredentialKind, std::string, Digest>, Credential> credentials;
  std::map<SignInId, SignIn> sign_ins;
  std::map<Digest, StoredStepUp> step_ups;
  std::vector<std::string> logs;
  std::map<std::tuple<std::string, int, std::int64_t>, Bytes> tiles;
  AuditProgress progress;
  std::map<std::string, std::map<std::int64_t, std::string>> checkpoints;

 private:
  struct CaseRow {
    CaseFile file;
    CaseBrief brief;
  };
  void put(const Lap::Changed& changed);
  void put(const Effect& effect);
  void withdraw(const EffectId& id, Instant at);
  void hasten(const CaseId& id, Instant at);
  // Undelivered effects that no earlier undelivered one of their case and lane holds back.
  std::vector<std::int64_t> heads() const;

  std::map<CaseId, CaseRow> cases_;
  std::map<DeviceId, std::set<std::pair<Instant, CaseId>>> open_by_device_;
  std::map<DeviceId, CaseId> live_grants_;
  std::set<std::pair<Instant, CaseId>> timers_;

  std::int64_t last_effect_ = 0;
  std::map<std::int64_t, OutboxRow> outbox_;  // in the order in which they were written
  std::map<EffectId, std::int64_t> effect_at_;
  std::set<std::int64_t> undelivered_;
  std::vector<WebhookAttempt> attempts_;  // in the order in which they were written
  std::int64_t last_attempt_ = 0;

  std::vector<AuditRow> audit_;                             // position 1 is the first
  std::map<std::string, std::vector<std::size_t>> by_log_;  // indexes into audit_
};

}  // namespace kintsugi::memory

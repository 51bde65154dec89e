#include "adapters/memory/store.h"

#include "adapters/memory/tables.h"
#include "engine/base/ensure.h"

#include <algorithm>
#include <functional>
#include <mutex>
#include <shared_mutex>

namespace kintsugi::memory {

struct Store::State {
  std::shared_mutex mutex;  // over `committed`
  Tables committed;
  Tables working;  // only the writer's
  bool has_batch = false;
};

class Store::Batch final : public kintsugi::Batch {
 public:
  explicit Batch(State& state) : state_(state) {
    ensure(!std::exchange(state_.has_batch, true), "one batch at a time");
  }
  ~Batch() override {
    if (over_) return;
    if (!changes_.empty()) state_.working = state_.committed;
    state_.has_batch = false;
  }
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  Result<CaseFile> load(const CaseId& id) override { return now().load(id); }
  Result<std::vector<CaseBrief>> open_cases_of(const DeviceId& device) override {
    return now().open_cases_of(device);
  }
  Result<std::int64_t> next_case_number() override {
    change([](Tables& tables) { ++tables.cases_numbered; });
    return now().cases_numbered;
  }
  Result<std::optional<StoredReply>> reply_of(const IdempotencyKey& key) override {
    const auto found = now().replies.find(key);
    if (found == now().replies.end()) return std::nullopt;
    return found->second;
  }

  Result<> write(const LapWrites& writes) override {
    Lap lap = copy_of(writes);
    if (auto fits = now().check(lap); !fits) return fits;
    change([lap = std::move(lap)](Tables& tables) { tables.apply(lap); });
    return {};
  }

  Result<std::vector<ClaimedEffect>> claim(Instant at, Duration lease, int limit) override {
    std::vector<ClaimedEffect> out;
    for (const auto position : now().claimable(at, limit)) {
      change([=](Tables& tables) { tables.lease(position, at + lease); });
      out.push_back(now().claimed(position));
    }
    return out;
  }
  Result<std::vector<ClaimedEffect>> claim_bundle(const std::string& bundle, Instant at, Duration lease,
                                                  int limit) override {
    std::vector<ClaimedEffect> out;
    for (const auto position : now().claimable_of(bundle, at, limit)) {
      change([=](Tables& tables) { tables.lease(position, at + lease); });
      out.push_back(now().claimed(position));
    }
    return out;
  }
  Result<> put_off(const EffectId& id, Instant due) override {
    if (!now().has_effect(id) || now().effect(id).state != EffectState::leased) return {};
    change([=](Tables& tables) { tables.put_off(id, due); });
    return {};
  }
  Result<std::optional<OutboxRow>> settle(const Settlement& settlement) override {
    if (!now().has_effect(settlement.id)) return fail(Errc::NotFound, "no effect " + settlement.id.text());
    if (!now().may_settle(settlement)) return std::nullopt;
    change([settlement](Tables& tables) { tables.settle(settlement); });
    if (settlement.state != EffectState::gave_up) return std::nullopt;
    return now().effect(settlement.id);
  }
  Result<OutboxRow> redrive(const EffectId& id, Instant at) override {
    if (!now().has_effect(id)) return fail(Errc::NotFound, "no effect " + id.text());
    if (now().effect(id).state != EffectState::gave_up)
      return fail(Errc::Refused, "effect " + id.text() + " has not been given up");
    OutboxRow before = now().effect(id);
    change([=](Tables& tables) { tables.redrive(id, at); });
    return before;
  }

  Result<> note_attempt(const WebhookAttempt& attempt) override {
    change([attempt](Tables& tables) { tables.note(attempt); });
    return {};
  }
  Result<> put_master(const Master& master) override {
    change([master](Tables& tables) { tables.masters.insert_or_assign({master.kind, master.id}, master); });
    return {};
  }
  Result<> put_credential(const Credential& credential) override {
    change([credential](Tables& tables) {
      tables.credentials.insert_or_assign({credential.kind, credential.owner, credential.secret}, credential);
    });
    return {};
  }
  Result<> put_sign_in(const SignIn& sign_in) override {
    change([sign_in](Tables& tables) { tables.sign_ins.insert_or_assign(sign_in.id, sign_in); });
    return {};
  }
  Result<> end_sign_ins(const PersonId& person, Instant at, const SignInId& spared) override {
    change([=](Tables& tables) {
      for (auto& [id, sign_in] : tables.sign_ins)
        if (sign_in.person == person && sign_in.ended == Instant{} && id != spared) sign_in.ended = at;
    });
    return {};
  }
  Result<> note_uses(std::span<const Use> uses) override {
    change([noted = std::vector(uses.begin(), uses.end())](Tables& tables) {
      for (const Use& use : noted) {
        for (auto& [id, sign_in] : tables.sign_ins)
          if (sign_in.token == use.secret) sign_in.used = std::max(sign_in.used, use.at);
        for (auto& [key, credential] : tables.credentials)
          if (credential.secret == use.secret) credential.used = std::max(credential.used, use.at);
      }
    });
    return {};
  }
  Result<std::optional<Credential>> credential(CredentialKind kind, const std::string& owner,
                                               const Digest& secret) override {
    const auto found = now().credentials.find({kind, owner, secret});
    if (found == now().credentials.end()) return std::nullopt;
    return found->second;
  }
  Result<> drop_step_ups(const PersonId& person) override {
    change([=](Tables& tables) {
      std::erase_if(tables.step_ups, [&](const auto& one) { return one.second.person == person; });
    });
    return {};
  }
  Result<> put_step_up(const StoredStepUp& step_up) override {
    change([step_up](Tables& tables) { tables.step_ups.insert_or_assign(step_up.token, step_up); });
    return {};
  }
  Result<std::optional<StoredStepUp>> step_up_of(const Digest& token) override {
    const auto found = now().step_ups.find(token);
    if (found == now().step_ups.end()) return std::nullopt;
    return found->second;
  }
  Result<> put_reply(const StoredReply& reply) override {
    change([reply](Tables& tables) { tables.replies.insert_or_assign(reply.key, reply); });
    return {};
  }
  Result<> drop_reply(const IdempotencyKey& key) override {
    change([key](Tables& tables) { tables.replies.erase(key); });
    return {};
  }
  Result<Forgotten> forget(const KeptFrom& kept, int limit) override {
    const auto old_of = [limit](const auto& all, auto is_old) {
      std::vector<typename std::remove_cvref_t<decltype(all)>::key_type> out;
      for (const auto& [key, one] : all)
        if (is_old(one) && std::cmp_less(out.size(), limit)) out.push_back(key);
      return out;
    };
    const auto replies = old_of(now().replies, [&](const StoredReply& one) { return one.at < kept.replies; });
    const auto step_ups =
        old_of(now().step_ups, [&](const StoredStepUp& one) { return one.expires < kept.step_ups; });
    const auto sign_ins = old_of(now().sign_ins, [&](const SignIn& one) {
      return (one.ended == Instant{} ? one.expires : std::min(one.ended, one.expires)) < kept.sign_ins;
    });
    change([=](Tables& tables) {
      for (const auto& one : replies)
        tables.replies.erase(one);
      for (const auto& one : step_ups)
        tables.step_ups.erase(one);
      for (const auto& one : sign_ins)
        tables.sign_ins.erase(one);
    });
    const auto count = [](const auto& some) { return static_cast<std::int64_t>(some.size()); };
    return Forgotten{.replies = count(replies), .step_ups = count(step_ups), .sign_ins = count(sign_ins)};
  }

  Result<> append_audit(const AuditLine& line) override {
    change([line](Tables& tables) { tables.append(line); });
    return {};
  }
  Result<> put_tiles(std::span<const AuditTile> tiles, const AuditProgress& upto) override {
    for (const auto& tile : tiles)
      if (std::ranges::find(now().logs, tile.log) == now().logs.end())
        return fail(Errc::NotFound, "no log " + tile.log);
    change([upto, put = std::vector(tiles.begin(), tiles.end())](Tables& tables) {
      for (const auto& tile : put)
        tables.tiles.insert_or_assign({tile.log, tile.level, tile.index}, tile.hashes);
      tables.progress = upto;
    });
    return {};
  }
  Result<> put_checkpoint(const std::string& log, std::int64_t size, const std::string& note) override {
    if (std::ranges::find(now().logs, log) == now().logs.end()) return fail(Errc::NotFound, "no log " + log);
    change([=](Tables& tables) { tables.checkpoints[log].insert_or_assign(size, note); });
    return {};
  }

  Result<> commit() override {
    const std::scoped_lock lock(state_.mutex);
    for (const auto& one : changes_)
      one(state_.committed);
    changes_.clear();
    over_ = true;
    state_.has_batch = false;
    return {};
  }

 private:
  const Tables& now() const { return state_.working; }
  void change(std::function<void(Tables&)> one) {
    ensure(!over_, "nothing is written to a committed batch");
    one(state_.working);
    changes_.push_back(std::move(one));
  }

  State& state_;
  bool over_ = false;
  std::vector<std::function<void(Tables&)>> changes_;
};

Store::Store() : state_(std::make_unique<State>()) {}
Store::~Store() = default;

Result<std::unique_ptr<kintsugi::Batch>> Store::begin(Lasts) {
  return std::make_unique<Batch>(*state_);
}

Result<CaseFile> Store::read_case(const CaseId& id) {
  const std::shared_lock lock(state_->mutex);
  return state_->committed.load(id);
}

Result<std::vector<CaseBrief>> Store::list_cases(const CaseFilter& filter) {
  const std::shared_lock lock(state_->mutex);
  return state_->committed.list(filter);
}

Result<Document> Store::read_document(const DocumentId& id) {
  const std::shared_lock lock(state_->mutex);
  const auto found = state_->committed.documents.find(id);
  if (found == state_->committed.documents.end()) return fail(Errc::NotFound, "no document " + id.text());
  return found->second;
}

Result<std::vector<DocumentBrief>> Store::documents_of(const CaseId& id) {
  const std::shared_lock lock(state_->mutex);
  std::vector<DocumentBrief> out;
  for (const auto& [one, document] : state_->committed.documents)
    if (document.case_id == id)
      out.push_back({.id = document.id,
                     .key = document.key,
                     .place = document.place,
                     .label = document.label,
                     .length = document.length,
                     .at = document.at,
                     .by = document.by});
  return out;
}

Result<std::vector<CaseId>> Store::cases_due(Instant now, int limit) {
  const std::shared_lock lock(state_->mutex);
  return state_->committed.due(now, limit);
}

Result<Instant> Store::next_timer() {
  const std::shared_lock lock(state_->mutex);
  return state_->committed.next_timer();
}

Result<Instant> Store::next_effect() {
  const std::shared_lock lock(state_->mutex);
  return state_->committed.next_effect();
}

Result<std::vector<std::pair<std::string, std::int64_t>>> Store::open_states() {
  const std::shared_lock lock(state_->mutex);
  return state_->committed.open_states();
}

Result<std::vector<OutboxRow>> Store::outbox(const OutboxFilter& filter) {
  const std::shared_lock lock(state_->mutex);
  return state_->committed.list(filter);
}

Result<OutboxSummary> Store::outbox_summary() {
  const std::shared_lock lock(state_->mutex);
  return state_->committed.outbox_summary();
}

Result<std::vector<WebhookAttempt>> Store::webhook_attempts(const WebhookAttemptFilter& filter) {
  const std::shared_lock lock(state_->mutex);
  return state_->committed.list(filter);
}

Result<std::vector<Master>> Store::masters() {
  const std::shared_lock lock(state_->mutex);
  std::vector<Master> out;
  for (const auto& [key, master] : state_->committed.masters)
    out.push_back(master);
  return out;
}

Result<std::optional<Credential>> Store::credential_of(CredentialKind kind, const std::string& owner) {
  const std::shared_lock lock(state_->mutex);
  std::optional<Credential> newest;
  for (const auto& [key, credential] : state_->committed.credentials)
    if (credential.kind == kind && credential.owner == owner && (!newest || newest->created <= credential.created))
      newest = credential;
  return newest;
}

Result<std::vector<Credential>> Store::credentials_of(CredentialKind kind, const std::string& owner) {
  const std::shared_lock lock(state_->mutex);
  std::vector<Credential> out;
  for (const auto& [key, credential] : state_->committed.credentials)
    if (credential.kind == kind && credential.owner == owner) out.push_back(credential);
  std::ranges::reverse(out);
  std::ranges::stable_sort(out, std::ranges::greater(), &Credential::created);
  return out;
}

Result<std::optional<Credential>> Store::credential_by_secret(CredentialKind kind, const Digest& secret) {
  const std::shared_lock lock(state_->mutex);
  if (secret != Digest{})
    for (const auto& [key, credential] : state_->committed.credentials)
      if (credential.kind == kind && credential.secret == secret) return credential;
  return std::nullopt;
}

Result<std::optional<SignIn>> Store::sign_in_by_token(const Digest& token) {
  const std::shared_lock lock(state_->mutex);
  for (const auto& [id, sign_in] : state_->committed.sign_ins)
    if (sign_in.token == token) return sign_in;
  return std::nullopt;
}

Result<std::vector<SignIn>> Store::sign_ins_of(const PersonId& person, int limit) {
  const std::shared_lock lock(state_->mutex);
  std::vector<SignIn> out;
  for (const auto& [id, sign_in] : state_->committed.sign_ins)
    if (sign_in.person == person) out.push_back(sign_in);
  std::ranges::reverse(out);
  std::ranges::stable_sort(out, std::ranges::greater(), &SignIn::created);
  if (std::cmp_greater(out.size(), std::max(limit, 0))) out.resize(static_cast<std::size_t>(std::max(limit, 0)));
  return out;
}

Result<std::vector<std::string>> Store::audit_logs() {
  const std::shared_lock lock(state_->mutex);
  return state_->committed.logs;
}

Result<std::int64_t> Store::audit_size(const std::string& log) {
  const std::shared_lock lock(state_->mutex);
  return state_->committed.size_of(log);
}

Result<std::vector<AuditRow>> Store::audit_rows(const std::string& log, std::int64_t first, int limit) {
  const std::shared_lock lock(state_->mutex);
  return state_->committed.rows(log, first, limit);
}

Result<std::optional<Bytes>> Store::audit_tile(const std::string& log, int level, std::int64_t index) {
  const std::shared_lock lock(state_->mutex);
  const auto found = state_->committed.tiles.find({log, level, index});
  if (found == state_->committed.tiles.end()) return std::nullopt;
  return found->second;
}

Result<AuditProgress> Store::audit_progress() {
  const std::shared_lock lock(state_->mutex);
  return state_->committed.progress;
}

Result<std::int64_t> Store::audit_end() {
  const std::shared_lock lock(state_->mutex);
  return state_->committed.end();
}

Result<std::vector<AuditRow>> Store::audit_after(std::int64_t position, int limit) {
  const std::shared_lock lock(state_->mutex);
  return state_->committed.after(position, limit);
}

Result<std::optional<StoredCheckpoint>> Store::last_checkpoint(const std::string& log) {
  const std::shared_lock lock(state_->mutex);
  const auto found = state_->committed.checkpoints.find(log);
  if (found == state_->committed.checkpoints.end()) return std::nullopt;
  const auto& [size, note] = *found->second.rbegin();
  return StoredCheckpoint{size, note};
}

}  // namespace kintsugi::memory

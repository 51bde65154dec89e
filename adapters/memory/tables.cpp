#include "adapters/memory/tables.h"

#include <algorithm>

namespace kintsugi::memory {

Lap copy_of(const LapWrites& writes) {
  Lap lap{.files = {},
          .audit = writes.audit,
          .effects = writes.effects,
          .withdrawn = writes.withdrawn,
          .hastened = writes.hastened,
          .at = writes.at,
          .documents = writes.documents,
          .reply = writes.reply,
          .used_step_up = writes.used_step_up};
  for (const auto& changed : writes.files)
    lap.files.push_back({*changed.file, changed.is_new, changed.open});
  return lap;
}

Result<> Tables::check(const Lap& lap) const {
  auto grants = live_grants_;
  for (const auto& [file, is_new, open] : lap.files) {
    const bool known = cases_.contains(file.id);
    if (is_new && known) return fail(Errc::Conflict, "case " + file.id.text() + " exists");
    if (!is_new && !known) return fail(Errc::NotFound, "no case " + file.id.text());
    std::erase_if(grants, [&](const auto& one) { return one.second == file.id; });
    if (file.device.empty() || !brief_of(file, open).live_grant) continue;
    if (const auto [other, free] = grants.try_emplace(file.device, file.id); !free)
      return fail(Errc::Refused, "device " + file.device.text() + " has a live grant in another case (I3)");
  }
  std::set<EffectId> effects;
  for (const auto& effect : lap.effects)
    if (effect_at_.contains(effect.id) || !effects.insert(effect.id).second)
      return fail(Errc::Conflict, "effect " + effect.id.text() + " exists");
  std::set<DocumentId> fresh;
  for (const auto& document : lap.documents)
    if (documents.contains(document.id) || !fresh.insert(document.id).second)
      return fail(Errc::Conflict, "document " + document.id.text() + " exists");
  if (lap.reply && replies.contains(lap.reply->key)) return fail(Errc::Conflict, "the key has been answered before");
  return {};
}

void Tables::apply(const Lap& lap) {
  for (const auto& changed : lap.files)
    put(changed);
  for (const auto& line : lap.audit)
    append(line);
  for (const auto& effect : lap.effects)
    put(effect);
  for (const auto& id : lap.withdrawn)
    withdraw(id, lap.at);
  if (!lap.hastened.empty()) hasten(lap.hastened, lap.at);
  for (const auto& document : lap.documents)
    documents.emplace(document.id, document);
  if (lap.reply) replies.emplace(lap.reply->key, *lap.reply);
  if (lap.used_step_up) step_ups.erase(*lap.used_step_up);
}

void Tables::put(const Lap::Changed& changed) {
  const CaseId& id = changed.file.id;
  if (const auto before = cases_.find(id); before != cases_.end()) {
    const CaseBrief& brief = before->second.brief;
    open_by_device_[brief.device].erase({brief.opened_at, id});
    if (const auto grant = live_grants_.find(brief.device); grant != live_grants_.end() && grant->second == id)
      live_grants_.erase(grant);
    timers_.erase({before->second.file.next_due(), id});
  }
  const CaseBrief brief = brief_of(changed.file, changed.open);
  if (brief.open) open_by_device_[brief.device].emplace(brief.opened_at, id);
  if (brief.live_grant && !brief.device.empty()) live_grants_[brief.device] = id;
  if (const Instant due = changed.file.next_due(); due != Instant{}) timers_.emplace(due, id);
  cases_.insert_or_assign(id, CaseRow{changed.file, brief});
}

// ---- cases --------------------------------------------------------------------------------------------------

Result<CaseFile> Tables::load(const CaseId& id) const {
  const auto row = cases_.find(id);
  if (row == cases_.end()) return fail(Errc::NotFound, "no case " + id.text());
  return row->second.file;
}

std::vector<CaseBrief> Tables::list(const CaseFilter& filter) const {
  const auto any_of = [](const auto& wanted, const auto& is) {
    return wanted.empty() || std::ranges::find(wanted, is) != wanted.end();
  };
  std::vector<CaseBrief> out;
  for (const auto& [id, row] : cases_) {
    const CaseBrief& brief = row.brief;
    if ((filter.tenant.empty() || filter.tenant == brief.tenant) && (filter.rsc.empty() || filter.rsc == brief.rsc) &&
        (filter.device.empty() || filter.device == brief.device) && (!filter.open || *filter.open == brief.open) &&
        any_of(filter.states, brief.state) && any_of(filter.priorities, brief.priority) &&
        any_of(filter.numbers, brief.number) && brief.opened_at >= filter.opened_from &&
        (filter.opened_before == Instant{} || brief.opened_at < filter.opened_before))
      out.push_back(brief);
  }
  const auto place = [&](const CaseBrief& one) { return std::pair(sort_key_of(one, filter.order), one.id); };
  const auto earlier = [&](const auto& a, const auto& b) { return filter.descending ? b < a : a < b; };
  if (!filter.after.empty())
    std::erase_if(
        out, [&](const CaseBrief& one) { return !earlier(std::pair(filter.after_key, filter.after), place(one)); });
  std::ranges::sort(out, earlier, place);
  if (const auto most = static_cast<std::size_t>(std::max(filter.limit, 0)); out.size() > most) out.resize(most);
  return out;
}

std::vector<CaseBrief> Tables::open_cases_of(const DeviceId& device) const {
  std::vector<CaseBrief> out;
  if (const auto open = open_by_device_.find(device); open != open_by_device_.end())
    for (const auto& [opened_at, id] : open->second)
      out.push_back(cases_.at(id).brief);
  return out;
}

std::vector<CaseId> Tables::due(Instant now, int limit) const {
  std::vector<CaseId> out;
  for (const auto& [at, id] : timers_) {
    if (at > now || out.size() >= static_cast<std::size_t>(std::max(limit, 0))) break;
    out.push_back(id);
  }
  return out;
}

std::vector<std::pair<std::string, std::int64_t>> Tables::open_states() const {
  std::map<std::string, std::int64_t> counts;
  for (const auto& [device, open] : open_by_device_)
    for (const auto& [opened_at, id] : open)
      ++counts[cases_.at(id).brief.state];
  return {counts.begin(), counts.end()};
}

// ---- outbox -------------------------------------------------------------------------------------------------

void Tables::put(const Effect& effect) {
  const auto position = ++last_effect_;
  OutboxRow row;
  row.effect = effect;
  row.due = std::max(effect.at, effect.due);
  row.position = position;
  outbox_.emplace(position, std::move(row));
  effect_at_.emplace(effect.id, position);
  undelivered_.insert(position);
}

std::vector<std::int64_t> Tables::heads() const {
  std::vector<std::int64_t> out;
  std::set<std::pair<CaseId, std::string>> lanes;
  for (const auto position : undelivered_) {
    const Effect& effect = outbox_.at(position).effect;
    if (lanes.emplace(effect.case_id, effect.lane).second) out.push_back(position);
  }
  std::ranges::stable_sort(out, {}, [this](auto position) {
    const OutboxRow& row = outbox_.at(position);
    return std::pair(!row.effect.urgent, row.due);
  });
  return out;
}

void Tables::withdraw(const EffectId& id, Instant at) {
  const auto position = effect_at_.find(id);
  if (position == effect_at_.end() || undelivered_.erase(position->second) == 0) return;
  OutboxRow& row = outbox_.at(position->second);
  row.state = EffectState::withdrawn;
  row.settled_at = at;
}

void Tables::hasten(const CaseId& id, Instant at) {
  for (const auto position : undelivered_) {
    OutboxRow& row = outbox_.at(position);
    if (row.effect.case_id != id || row.state != EffectState::waiting || !row.effect.lane.starts_with("mail"))
      continue;
    row.due = std::min(row.due, at);
    row.effect.urgent = true;
    row.effect.bundle.clear();
  }
}

std::vector<std::int64_t> Tables::claimable_of(const std::string& bundle, Instant now, int limit) const {
  std::vector<std::int64_t> out;
  std::set<std::pair<CaseId, std::string>> held;  // by what is in no bundle, or in another
  for (const auto position : undelivered_) {
    const OutboxRow& row = outbox_.at(position);
    if (row.effect.bundle != bundle || bundle.empty())
      held.emplace(row.effect.case_id, row.effect.lane);
    else if (row.state == EffectState::waiting && row.due <= now &&
             !held.contains({row.effect.case_id, row.effect.lane}))
      out.push_back(position);
  }
  std::ranges::stable_sort(out, {}, [this](auto position) { return outbox_.at(position).due; });
  if (out.size() > static_cast<std::size_t>(std::max(limit, 0))) out.resize(static_cast<std::size_t>(limit));
  return out;
}

void Tables::put_off(const EffectId& id, Instant due) {
  OutboxRow& row = outbox_.at(effect_at_.at(id));
  row.state = EffectState::waiting;
  row.due = due;
}

std::vector<std::int64_t> Tables::claimable(Instant now, int limit) const {
  auto out = heads();
  std::erase_if(out, [&](auto position) { return outbox_.at(position).due > now; });
  if (out.size() > static_cast<std::size_t>(std::max(limit, 0))) out.resize(static_cast<std::size_t>(limit));
  return out;
}

void Tables::lease(std::int64_t position, Instant until) {
  OutboxRow& row = outbox_.at(position);
  row.state = EffectState::leased;
  row.due = until;
}

ClaimedEffect Tables::claimed(std::int64_t position) const {
  const OutboxRow& row = outbox_.at(position);
  return {row.effect, row.attempts};
}

// The first report of an end holds; what was given up or withdrawn too early may still turn out to be delivered.
bool Tables::may_settle(const Settlement& settlement) const {
  const EffectState state = effect(settlement.id).state;
  if (state == EffectState::gave_up || state == EffectState::withdrawn)
    return settlement.state == EffectState::delivered;
  return state != EffectState::delivered;
}

void Tables::settle(const Settlement& settlement) {
  const auto position = effect_at_.at(settlement.id);
  OutboxRow& row = outbox_.at(position);
  const bool again = settlement.state == EffectState::waiting;
  row.state = settlement.state;
  row.due = again ? settlement.due : row.due;
  row.settled_at = again ? Instant{} : settlement.at;
  row.sent = settlement.sent;
  row.letter = settlement.letter;
  row.last_error = settlement.error;
  if (settlement.tried) ++row.attempts;
  if (again)
    undelivered_.insert(position);
  else
    undelivered_.erase(position);
}

void Tables::redrive(const EffectId& id, Instant now) {
  const auto position = effect_at_.at(id);
  OutboxRow& row = outbox_.at(position);
  row.state = EffectState::waiting;
  row.attempts = 0;
  row.due = now;
  row.settled_at = Instant{};
  undelivered_.insert(position);
}

Instant Tables::next_effect() const {
  Instant out{};
  for (const auto position : heads())
    if (const Instant due = outbox_.at(position).due; out == Instant{} || due < out) out = due;
  return out;
}

std::vector<OutboxRow> Tables::list(const OutboxFilter& filter) const {
  std::vector<OutboxRow> out;
  if (!filter.id.empty()) {
    if (has_effect(filter.id)) out.push_back(effect(filter.id));
    return out;
  }
  for (auto row = outbox_.rbegin(); row != outbox_.rend(); ++row) {
    if (out.size() >= static_cast<std::size_t>(std::max(filter.limit, 0))) break;
    if ((filter.before == 0 || row->first < filter.before) && (!filter.state || *filter.state == row->second.state) &&
        (filter.case_id.empty() || filter.case_id == row->second.effect.case_id))
      out.push_back(row->second);
  }
  return out;
}

OutboxSummary Tables::outbox_summary() const {
  OutboxSummary out;
  for (const auto& [position, row] : outbox_) {
    if (row.state == EffectState::waiting) ++out.waiting;
    if (row.state == EffectState::leased) ++out.leased;
    if (row.state == EffectState::gave_up) ++out.gave_up;
  }
  if (!undelivered_.empty()) out.oldest = outbox_.at(*undelivered_.begin()).effect.at;
  return out;
}

void Tables::note(const WebhookAttempt& attempt) {
  std::erase_if(attempts_, [&](const WebhookAttempt& one) {
    return one.webhook == attempt.webhook && one.at < attempt.at - webhook_attempts_kept;
  });
  attempts_.push_back(attempt);
  attempts_.back().position = ++last_attempt_;
}

std::vector<WebhookAttempt> Tables::list(const WebhookAttemptFilter& filter) const {
  std::vector<WebhookAttempt> out;
  const std::pair before(filter.before, filter.before_position);
  std::ranges::copy_if(attempts_, std::back_inserter(out), [&](const WebhookAttempt& one) {
    return one.webhook == filter.webhook && (filter.effect.empty() || one.effect == filter.effect) &&
           (!filter.taken || *filter.taken == one.error.empty()) &&
           (filter.before == Instant{} || std::pair(one.at, one.position) < before);
  });
  std::ranges::sort(out, std::ranges::greater(),
                    [](const WebhookAttempt& one) { return std::pair(one.at, one.position); });
  out.resize(std::min(out.size(), static_cast<std::size_t>(std::max(filter.limit, 0))));
  return out;
}

// ---- audit --------------------------------------------------------------------------------------------------

void Tables::append(const AuditLine& line) {
  auto [log, fresh] = by_log_.try_emplace(line.log);
  if (fresh) logs.push_back(line.log);
  const auto seq = static_cast<std::int64_t>(log->second.size());
  log->second.push_back(audit_.size());
  const auto position = static_cast<std::int64_t>(audit_.size()) + 1;
  audit_.push_back({position, line.log, seq, line.body, line.leaf});
}

std::int64_t Tables::size_of(const std::string& log) const {
  const auto rows = by_log_.find(log);
  return rows == by_log_.end() ? 0 : static_cast<std::int64_t>(rows->second.size());
}

std::vector<AuditRow> Tables::rows(const std::string& log, std::int64_t first, int limit) const {
  std::vector<AuditRow> out;
  for (auto seq = first; seq < size_of(log) && seq - first < limit; ++seq)
    out.push_back(audit_.at(by_log_.at(log).at(static_cast<std::size_t>(seq))));
  return out;
}

std::vector<AuditRow> Tables::after(std::int64_t position, int limit) const {
  std::vector<AuditRow> out;
  for (auto at = static_cast<std::size_t>(position); at < audit_.size() && std::cmp_less(out.size(), limit); ++at)
    out.push_back(audit_[at]);
  return out;
}

}  // namespace kintsugi::memory

#include "engine/base/log.h"
#include "engine/run/reviews.h"
#include "engine/run/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <span>
#include <utility>

// What becomes of the items of one step: one batch, one commit, and what is kept or lost with it.
namespace kintsugi {
namespace {

constexpr int reviews_max = 16;  // of one case by one change: more slots than any policy has

Result<> run_chore(const std::function<Result<>(Batch&)>& work, Batch& batch) {
  try {
    return work(batch);
  } catch (const std::exception& thrown) {
    return fail(Errc::Corrupt, fmt::format("a chore threw: {}", thrown.what()));
  }
}

}  // namespace

// A batch waits for the disk if anything in it does.
Lasts Conductor::Writer::lasts_of(const Items& items) {
  const auto patient = [](const ItemPtr& one) { return one->work && one->lasts == Lasts::with_next; };
  return std::ranges::all_of(items, patient) ? Lasts::with_next : Lasts::at_once;
}

void Conductor::Writer::process(const Items& items) {
  const auto began = std::chrono::steady_clock::now();
  Items chores;
  for (const ItemPtr& one : items)
    if (one->work) chores.push_back(one);

  auto batch = begin_with_chores(chores, lasts_of(items));
  Round round;
  round.directory = directory();
  if (batch) {
    round.batch = batch->get();
    round.wrote = std::ranges::any_of(chores, [](const ItemPtr& one) { return one->worked.has_value(); });
    round.committed.effects =
        std::ranges::any_of(chores, [](const ItemPtr& one) { return one->redrives && one->worked.has_value(); });
  }
  Items laps;
  if (batch)
    for (const ItemPtr& one : chores)
      if (one->after && one->worked) review(round, *one, laps);
  const auto decided = laps.size();
  laps.insert(laps.end(), items.begin(), items.end());
  for (const ItemPtr& one : std::span(laps).subspan(decided)) {
    if (one->work) continue;
    // Without a store a closing is decided all the same, on what is known, for the sake of its orders.
    if (batch || one->lap.closing())
      one->done = laps_.run(one->lap, round);
    else
      one->done.outcome.kind = Outcome::Kind::transient;
  }

  const Result<> committed = batch ? commit(round, **batch) : Result<>(pass(batch));
  if (committed)
    keep(round, laps);
  else
    lose(laps, committed.error());
  if (parts_.meter != nullptr) measure(laps, began, committed.has_value());
  for (const ItemPtr& one : items)
    settle(*one);

  if (!committed || !round.wrote) return;
  std::vector<std::function<void(const Committed&)>> listeners;
  {
    const std::scoped_lock lock(listeners_mutex_);
    listeners = listeners_;
  }
  for (const auto& one : listeners)
    one(round.committed);
}

// The batch holds a change of people: everything in it is decided on the masters as they are with it, and what has
// lost its ground is taken back before anything else. A closing among that is one like any other: its orders are on
// their way, and if the commit fails it goes to the journal.
void Conductor::Writer::review(Round& round, Item& change, Items& laps) {
  round.directory = change.after;
  const Instant now = parts_.clock.now();
  auto owed = owed_reviews(parts_.workflow, parts_.store, *round.directory, now, parts_.node);
  if (!owed) {
    round.whole = pass(owed);
    return;
  }
  for (const Submission& one : *owed) {
    for (int i = 0; i < reviews_max; ++i) {
      auto item = prepare(one);
      item->done = laps_.run(item->lap, round);
      const Outcome outcome = item->done.outcome;
      laps.push_back(std::move(item));
      change.followed.push_back(outcome);
      const auto file = round.files.find(one.case_id);
      if (outcome.kind != Outcome::Kind::moved || file == round.files.end()) break;
      const CaseFile& now_so = *file->second;
      const Policy& policy = round.directory->policy_of(now_so.tenant, now_so.policy_version);
      if (parts_.workflow.review(now_so, *round.directory, policy, now) != one.event) break;
    }
  }
}

// Before the answers are given away.
void Conductor::Writer::measure(const Items& items, std::chrono::steady_clock::time_point began, bool well) const {
  for (const ItemPtr& one : items)
    if (!one->work) parts_.meter->decided(one->done.outcome);
  const auto took = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began);
  parts_.meter->committed(static_cast<int>(items.size()), took, well);
}

// Chores come first, because one that fails may have written half of its work, and then the only way to undo it is
// a new batch with the others in it.
Result<std::unique_ptr<Batch>> Conductor::Writer::begin_with_chores(const Items& chores, Lasts lasts) {
  Items good = chores;
  for (;;) {
    lines_.give_back(0);
    auto batch = parts_.store.begin(lasts);
    if (!batch) {
      for (const ItemPtr& one : good)
        one->worked = pass(batch);
      return batch;
    }
    const auto failed = std::ranges::find_if(good, [&](const ItemPtr& one) {
      one->worked = run_chore(one->work, **batch);
      return !one->worked;
    });
    if (failed == good.end()) return batch;
    good.erase(failed);
  }
}

Result<> Conductor::Writer::commit(Round& round, Batch& batch) {
  if (!round.whole) return round.whole;
  if (!round.wrote) return {};
  if (round.made_keys)
    if (auto synced = parts_.vault.sync(); !synced) return synced;
  return batch.commit();
}

void Conductor::Writer::keep(Round& round, const Items& items) {
  lines_.keep();
  for (auto& [id, file] : round.files)
    cache_.put(std::move(file));
  if (std::ranges::any_of(items, [](const ItemPtr& one) { return one->masters && one->worked; }))
    if (auto loaded = reload_directory(); !loaded)
      log::run().error("masters were written and cannot be read: {}", loaded.error().what);

  bool replayed = false;
  for (const ItemPtr& one : items) {
    if (std::exchange(one->replay, false)) {
      replayed = true;
      --replaying_;
    }
    if (!one->work && one->lap.closing() && one->done.outcome.kind == Outcome::Kind::transient) journal(*one);
  }
  if (round.wrote) requeue_journalled();
  if (replayed && replaying_ == 0 && journalled_.empty())
    if (auto emptied = journal_.truncate(); !emptied)
      log::run().error("the journal was replayed and cannot be emptied: {}", emptied.error().what);
}

void Conductor::Writer::lose(const Items& items, const Error& why) {
  log::run().error("a batch of {} was not committed: {}", items.size(), why.what);
  lines_.give_back(0);
  // Whether the failed commit took place after all only the store can tell.
  cache_.clear();
  for (const ItemPtr& one : items) {
    one->worked = fail(Errc::Transient, why.what);
    if (one->work) continue;
    Outcome& answer = one->done.outcome;
    // A closing that a rule refused would be refused again.
    const bool closed = one->lap.closing() && (one->done.closed || answer.kind == Outcome::Kind::transient);
    answer = Outcome{};
    answer.event = one->lap.submission.event;
    answer.case_id = one->lap.submission.case_id;
    answer.problem = "store-unavailable";
    if (std::exchange(one->replay, false)) --replaying_;
    if (closed) journal(*one);
  }
}

// The caller is told to try again, and also that his order is on its way whatever he does.
void Conductor::Writer::journal(Item& item) {
  Prepared& lap = item.lap;
  if (!lap.journalled) {
    if (lap.decided_at == Instant{}) lap.decided_at = parts_.clock.now();
    if (!lap.sealed) {
      // The vault is away too. Rather the closing without its text than the text in clear on a disk.
      lap.submission.payload =
          draft(*lap.schema, lap.submission.payload, lap.submission.case_id, {}, lap.decided_at, lap.chance).payload;
      lap.sealed = true;
    }
    if (auto kept = journal_.append(lap, item.done.orders, item.done.audit); !kept) {
      log::run().error("case={} event={} is neither stored nor in the journal: {}", lap.submission.case_id.text(),
                       lap.submission.event, kept.error().what);
      return;
    }
    lap.journalled = true;
  }
  journalled_.push_back(lap);
  item.done.outcome.problem = "closing-journalled";
}

void Conductor::Writer::requeue_journalled() {
  if (journalled_.empty()) return;
  {
    const std::scoped_lock lock(queue_mutex_);
    for (Prepared& one : journalled_) {
      auto item = std::make_shared<Item>();
      item->lap = std::move(one);
      item->replay = true;
      closings_.push_back(std::move(item));
      ++replaying_;
    }
  }
  journalled_.clear();
  arrived_.notify_one();
}

}  // namespace kintsugi

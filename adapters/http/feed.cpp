#include "adapters/http/feed.h"

#include "adapters/http/limits.h"
#include "engine/audit/record.h"
#include "engine/base/log.h"

#include <algorithm>
#include <limits>

namespace kintsugi::http {

Feed::Feed(Conductor& conductor, Store& store, const Workflow& workflow)
    : conductor_(conductor), store_(store), members_(audit::event_members(workflow)) {}

Feed::~Feed() {
  stop();
}

void Feed::start() {
  conductor_.on_commit([feed = weak_from_this()](const Conductor::Committed&) {
    if (const auto here = feed.lock()) here->commit_heard();
  });
  thread_ = std::thread([this] { loop(); });
}

void Feed::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
  }
  rung_.notify_all();
  moved_.notify_all();
  if (thread_.joinable()) thread_.join();
}

// ---- who watches --------------------------------------------------------------------------------------------

std::pair<std::unique_ptr<Feed::Seat>, Feed::Full> Feed::sit(const PersonId& person) {
  const std::scoped_lock lock(mutex_);
  if (watching_ >= streams_max || stopped_) return {nullptr, Full::all};
  int& own = by_person_[person];
  if (own >= streams_of_person_max) return {nullptr, Full::person};
  if (watching_ == 0) {
    kept_.clear();
    kept_from_ = std::numeric_limits<std::int64_t>::max();
    afresh_ = dirty_ = true;
  }
  ++own;
  ++watching_;
  rung_.notify_one();
  return {std::make_unique<Seat>(*this, person), Full::no};
}

void Feed::leave(const PersonId& person) {
  const std::scoped_lock lock(mutex_);
  --watching_;
  if (const auto own = by_person_.find(person); --own->second == 0) by_person_.erase(own);
}

int Feed::seated() const {
  const std::scoped_lock lock(mutex_);
  return watching_;
}

// ---- reading ------------------------------------------------------------------------------------------------

// By whoever has done the step: it must not wait for anybody who reads.
void Feed::commit_heard() {
  {
    const std::scoped_lock lock(mutex_);
    if (watching_ == 0 || dirty_) return;
    dirty_ = true;
  }
  rung_.notify_one();
}

void Feed::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    rung_.wait(lock, [this] { return stopped_ || dirty_; });
    if (stopped_) return;
    dirty_ = false;
    const bool afresh = afresh_;
    std::int64_t position = kept_upto_;
    lock.unlock();
    if (afresh)
      if (const auto last = store_.audit_end(); last) position = *last;
    auto heard = read(position, feed_rows_at_once);
    lock.lock();
    if (!heard) {
      log::http().warn("feed: {}", heard.error().what);
    } else {
      if (afresh) kept_from_ = position;
      afresh_ = false;
      kept_upto_ = heard->upto;
      for (auto& one : heard->changes)
        kept_.push_back(std::move(one));
      while (kept_.size() > feed_kept_max) {
        kept_from_ = kept_.front()->position;
        kept_.pop_front();
      }
      if (kept_upto_ - position >= feed_rows_at_once) dirty_ = true;
    }
    moved_.notify_all();
    rung_.wait_for(lock, feed_pace, [this] { return stopped_; });
  }
}

Result<Feed::Heard> Feed::after(std::int64_t position) {
  {
    const std::scoped_lock lock(mutex_);
    if (position >= kept_from_) {
      Heard out{.changes = {}, .upto = std::max(position, kept_upto_)};
      auto one = std::ranges::upper_bound(kept_, position, {}, [](const auto& kept) { return kept->position; });
      for (; one != kept_.end() && out.changes.size() < feed_changes_at_once; ++one)
        out.changes.push_back(*one);
      if (one != kept_.end()) out.upto = out.changes.back()->position;
      return out;
    }
  }
  return read(position, feed_rows_behind);
}

bool Feed::wait(std::int64_t position, Duration most) {
  std::unique_lock lock(mutex_);
  moved_.wait_for(lock, most, [&] { return stopped_ || kept_upto_ > position; });
  return !stopped_;
}

Result<Feed::Heard> Feed::read(std::int64_t position, int most) const {
  const auto rows = store_.audit_after(position, most);
  if (!rows) return pass(rows);
  Heard out{.changes = {}, .upto = position};
  for (const AuditRow& row : *rows) {
    auto change = change_of(row);
    if (!change) return pass(change);
    if (*change) out.changes.push_back(std::move(*change));
    out.upto = row.position;
  }
  return out;
}

// Null for a record that is no step of a case: a refusal, a reading, a sign-in.
Result<std::shared_ptr<const Change>> Feed::change_of(const AuditRow& row) const {
  const auto record = audit::read_record(row.body, members_);
  // A record of a build that knew other events is for the verifier; nobody waits for it here.
  if (!record || !record->is_step) return nullptr;
  const CaseId id{audit::id_of_record(record->case_id)};
  const auto file = conductor_.case_file(id);
  if (!file) {
    if (file.error().code == Errc::NotFound) return nullptr;
    return pass(file);
  }
  return std::make_shared<const Change>(Change{.position = row.position,
                                               .case_id = id,
                                               .number = (*file)->number,
                                               .matter = matter_of(**file),
                                               .event = std::string(record->event),
                                               .from = std::string(record->from),
                                               .state = std::string(record->to),
                                               .version = record->cn + 1,
                                               .at = std::string(record->at)});
}

}  // namespace kintsugi::http

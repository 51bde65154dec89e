#include "engine/run/writer.h"

#include "engine/base/log.h"
#include "engine/run/masters.h"
#include "engine/run/settling.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace kintsugi {
namespace {

constexpr auto retry_every = std::chrono::seconds(1);  // closings that stand in the journal
constexpr std::size_t listed_states_max = 20;

std::string random_run(Entropy& entropy) {
  std::array<std::uint8_t, 4> bytes{};
  entropy.fill(bytes);
  return to_hex(bytes);
}

}  // namespace

Conductor::Writer::Writer(Parts parts)
    : parts_(std::move(parts)),
      schemas_(parts_.schemas ? parts_.schemas : std::make_shared<const Schemas>(parts_.workflow)),
      journal_(parts_.journal_path),
      lines_(parts_.workflow, parts_.node, parts_.log_base, random_run(parts_.entropy)),
      cache_(static_cast<std::size_t>(std::max(parts_.cache_max, 1))),
      laps_(parts_, *schemas_, lines_, cache_),
      directory_(std::make_shared<const Directory>()) {}

Conductor::Writer::~Writer() {
  stop();
}

// ---- opening and closing ------------------------------------------------------------------------------------

Result<> Conductor::Writer::open() {
  const auto states = parts_.store.open_states();
  if (!states) return pass(states);
  std::vector<std::string> unknown;
  for (const auto& [state, count] : *states)
    if (parts_.workflow.state(state) == nullptr && unknown.size() < listed_states_max)
      unknown.push_back(fmt::format("{} ({} cases)", state, count));
  if (!unknown.empty())
    return fail(Errc::Refused, fmt::format("open cases are in states that workflow {} {} does not know: {}",
                                           parts_.workflow.name, parts_.workflow.version, fmt::join(unknown, ", ")));
  if (auto loaded = reload_directory(); !loaded) return loaded;

  auto kept = journal_.read(*schemas_);
  if (!kept) return pass(kept);
  if (auto told = engine_event("engine.started"); !told) return told;
  opened_ = true;
  if (kept->empty()) return {};

  log::run().warn("{} closings in the journal, replaying", kept->size());
  {
    const std::scoped_lock lock(step_mutex_);
    std::ranges::move(*kept, std::back_inserter(journalled_));
    requeue_journalled();
  }
  while (step() > 0) {
  }
  const std::scoped_lock lock(step_mutex_);
  if (!journalled_.empty()) return fail(Errc::Transient, "the closings in the journal could not be replayed");
  return {};
}

void Conductor::Writer::start() {
  const std::scoped_lock lock(queue_mutex_);
  if (running_ || stopping_) return;
  running_ = true;
  thread_ = std::thread([this] { loop(); });
}

// What was accepted is answered first; what comes later is answered `transient`.
void Conductor::Writer::stop() {
  {
    const std::scoped_lock lock(queue_mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  arrived_.notify_all();
  if (thread_.joinable()) thread_.join();
  while (step() > 0) {
  }
  if (opened_)
    if (auto told = engine_event("engine.stopped"); !told)
      log::run().warn("the stop was not recorded: {}", told.error().what);
}

Result<> Conductor::Writer::engine_event(const char* name) {
  const Actor self{
      .id = parts_.node, .kind = Role::sys, .person = {}, .org = {}, .auth = "job", .sign_in = {}, .address = {}};
  const std::scoped_lock lock(step_mutex_);
  const auto mark = lines_.mark();
  auto line = lines_.own(lines_.system_log(), name, self, Role::sys, parts_.clock.now(), {});
  if (!line) return pass(line);
  auto batch = parts_.store.begin();
  Result<> done = batch ? (*batch)->append_audit(*line) : Result<>(pass(batch));
  if (done) done = (*batch)->commit();
  if (done)
    lines_.keep();
  else
    lines_.give_back(mark);
  return done;
}

void Conductor::Writer::loop() {
  std::unique_lock lock(queue_mutex_);
  for (;;) {
    const auto something = [&] { return stopping_ || !closings_.empty() || !waiting_.empty(); };
    if (!arrived_.wait_for(lock, retry_every, something)) {
      lock.unlock();
      {
        const std::scoped_lock stepping(step_mutex_);
        requeue_journalled();
      }
      lock.lock();
      continue;
    }
    if (closings_.empty() && waiting_.empty()) break;
    lock.unlock();
    step();
    lock.lock();
  }
  running_ = false;
}

// ---- the queue ----------------------------------------------------------------------------------------------

Conductor::Writer::ItemPtr Conductor::Writer::prepare(Submission submission) {
  auto item = std::make_shared<Item>();
  Prepared& lap = item->lap;
  lap.submission = std::move(submission);
  if (auto wrong = check(lap, *schemas_)) {
    item->done.outcome = std::move(*wrong);
    item->is_settled = true;
    return item;
  }
  parts_.entropy.fill(lap.chance);
  const CaseId& case_id = lap.submission.case_id;
  if (lap.schema == nullptr || case_id.empty() || lap.submission.event == "fault") return item;

  Drafts drafts =
      draft(*lap.schema, lap.submission.payload, case_id, lap.submission.actor, parts_.clock.now(), lap.chance);
  // No key is no reason to say so: whether he may know that the case exists is decided with the case at hand.
  if (!drafts.documents.empty())
    if (auto sealed = seal(drafts, parts_.vault); !sealed) {
      lap.key_lost = sealed.error().code == Errc::Refused || sealed.error().code == Errc::NotFound;
      if (!lap.key_lost) return item;  // the writer tries once more
    }
  lap.submission.payload = std::move(drafts.payload);
  lap.documents = std::move(drafts.documents);
  lap.sealed = true;
  return item;
}

// Puts it into the queue and no more: drive() is to follow.
bool Conductor::Writer::enqueue(const ItemPtr& item) {
  const bool closing = !item->work && item->lap.closing();
  const char* problem = nullptr;
  {
    const std::scoped_lock lock(queue_mutex_);
    if (stopping_)
      problem = "stopping";
    else if (!closing && waiting_.size() >= static_cast<std::size_t>(parts_.queue_max))
      problem = "overloaded";
    else
      (closing ? closings_ : waiting_).push_back(item);
  }
  if (problem == nullptr) return true;
  item->done.outcome.kind = Outcome::Kind::transient;
  item->done.outcome.problem = problem;
  item->done.outcome.event = item->lap.submission.event;
  item->done.outcome.case_id = item->lap.submission.case_id;
  item->worked = fail(Errc::Transient, problem);
  settle(*item);
  return false;
}

// Whoever comes while nobody steps does the step himself, which spares him waking the writer's thread and being woken
// by it. Whoever finds it taken wakes the thread, which does the next.
void Conductor::Writer::drive() {
  if (const std::unique_lock stepping(step_mutex_, std::try_to_lock); stepping.owns_lock()) {
    try {
      step_in(stepping);
    } catch (...) {
      // A batch is half decided and others wait for it. In the writer's thread that would be the end as well.
      if (is_running()) std::terminate();
      throw;
    }
  }
  if (queue_length() > 0) arrived_.notify_one();
}

// Told after the mutex is free again: whoever wakes up would only wait for it.
void Conductor::Writer::settle(Item& item) {
  {
    const std::scoped_lock lock(item.mutex);
    item.is_settled = true;
  }
  item.settled.notify_all();
}

bool Conductor::Writer::is_settled(Item& item) {
  const std::scoped_lock lock(item.mutex);
  return item.is_settled;
}

bool Conductor::Writer::is_running() const {
  const std::scoped_lock lock(queue_mutex_);
  return running_;
}

void Conductor::Writer::await(const ItemPtr& item) {
  for (;;) {
    if (is_running()) {
      std::unique_lock lock(item->mutex);
      item->settled.wait(lock, [&] { return item->is_settled; });
      return;
    }
    // Nobody else steps: whoever waits does it. Once the step is ours, the item is settled or still in the queue.
    if (is_settled(*item)) return;
    step();
  }
}

void Conductor::Writer::see_through(const ItemPtr& item) {
  if (!enqueue(item)) return;
  drive();
  await(item);
}

std::vector<Outcome> Conductor::Writer::submit(std::vector<Submission> submissions) {
  Items items;
  items.reserve(submissions.size());
  for (Submission& one : submissions) {
    items.push_back(prepare(std::move(one)));
    if (!items.back()->is_settled) enqueue(items.back());
  }
  drive();
  std::vector<Outcome> out;
  out.reserve(items.size());
  for (const ItemPtr& one : items) {
    await(one);
    out.push_back(std::move(one->done.outcome));
  }
  return out;
}

Result<> Conductor::Writer::chore(std::function<Result<>(Batch&)> work, bool masters, Lasts lasts) {
  auto item = std::make_shared<Item>();
  item->work = std::move(work);
  item->masters = masters;
  item->lasts = lasts;
  see_through(item);
  return item->worked;
}

Conductor::Ticket Conductor::Writer::hand_in(Submission submission) {
  auto item = prepare(std::move(submission));
  if (!item->is_settled && enqueue(item)) arrived_.notify_one();
  const std::scoped_lock lock(tickets_mutex_);
  tickets_.emplace(++last_ticket_, std::move(item));
  return last_ticket_;
}

std::optional<Outcome> Conductor::Writer::answer(Ticket ticket) {
  const std::scoped_lock lock(tickets_mutex_);
  const auto found = tickets_.find(ticket);
  if (found == tickets_.end() || !is_settled(*found->second)) return std::nullopt;
  Outcome out = std::move(found->second->done.outcome);
  tickets_.erase(found);
  return out;
}

Conductor::Writer::Items Conductor::Writer::take() {
  Items out;
  const std::scoped_lock lock(queue_mutex_);
  const auto room = [&] { return out.size() < static_cast<std::size_t>(std::max(parts_.batch_max, 1)); };
  for (auto* queue : {&closings_, &waiting_})
    while (room() && !queue->empty()) {
      out.push_back(std::move(queue->front()));
      queue->pop_front();
    }
  return out;
}

std::size_t Conductor::Writer::queue_length() const {
  const std::scoped_lock lock(queue_mutex_);
  return closings_.size() + waiting_.size();
}

int Conductor::Writer::step() {
  const std::unique_lock stepping(step_mutex_);
  return step_in(stepping);
}

int Conductor::Writer::step_in(const std::unique_lock<std::mutex>&) {
  const Items items = take();
  if (!items.empty()) process(items);
  return static_cast<int>(items.size());
}

// ---- masters ------------------------------------------------------------------------------------------------

Result<> Conductor::Writer::reload_directory() {
  const auto masters = parts_.store.masters();
  if (!masters) return pass(masters);
  auto made = directory_of(*masters);
  if (!made) return pass(made);
  const std::scoped_lock lock(directory_mutex_);
  directory_ = std::move(*made);
  return {};
}

std::shared_ptr<const Directory> Conductor::Writer::directory() const {
  const std::scoped_lock lock(directory_mutex_);
  return directory_;
}

Result<CaseCache::File> Conductor::Writer::case_file(const CaseId& id) const {
  if (auto file = cache_.peek(id)) return file;
  auto read = parts_.store.read_case(id);
  if (!read) return pass(read);
  return std::make_shared<const CaseFile>(std::move(*read));
}

void Conductor::Writer::on_commit(std::function<void(const Committed&)> listener) {
  const std::scoped_lock lock(listeners_mutex_);
  listeners_.push_back(std::move(listener));
}

// ---- the outbox ---------------------------------------------------------------------------------------------

Result<> Conductor::Writer::settle(Batch& batch, std::span<const Settlement> ends) {
  for (const Settlement& one : ends)
    if (auto settled = kintsugi::settle(batch, lines_, one); !settled) {
      if (settled.error().code != Errc::NotFound) return settled;
      log::run().warn("effect={} is not in the outbox: {}", one.id.text(), settled.error().what);
    }
  return {};
}

Result<> Conductor::Writer::redrive(const EffectId& id, const Actor& actor, Role as) {
  auto item = std::make_shared<Item>();
  item->work = [&](Batch& batch) { return kintsugi::redrive(batch, lines_, id, actor, as, parts_.clock.now()); };
  item->redrives = true;
  see_through(item);
  return item->worked;
}

// ---- records without a lap ----------------------------------------------------------------------------------

Result<> Conductor::Writer::record(const std::string& name, const OrganisationId& tenant, const Actor& actor, Role as,
                                   std::map<std::string, Json> x, const About& about) {
  return chore(
      [&](Batch& batch) -> Result<> {
        const auto mark = lines_.mark();
        auto line = lines_.own(lines_.hospital_log(tenant), name, actor, as, parts_.clock.now(), x, about);
        if (!line) return pass(line);
        auto done = batch.append_audit(*line);
        if (!done) lines_.give_back(mark);
        return done;
      },
      false);
}

}  // namespace kintsugi

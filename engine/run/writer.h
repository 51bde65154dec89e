#pragma once

#include "engine/run/journal.h"
#include "engine/run/laps.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace kintsugi {

// The queue before the conductor and the loop behind it. Callers wait on their own item; one thread at a time does
// the steps: the conductor's own after start(), or else whoever waits.
class Conductor::Writer {
 public:
  explicit Writer(Parts parts);
  ~Writer();

  Result<> open();
  std::vector<Outcome> submit(std::vector<Submission> submissions);
  Result<> chore(std::function<Result<>(Batch&)> work, bool masters, Lasts lasts = Lasts::at_once);
  Result<> put_masters(std::vector<Master> masters, const std::function<Result<>(Batch&)>& also);
  Result<MastersReply> change_masters(const MastersAsked& asked, const MakeMastersChange& make);
  std::shared_ptr<const Directory> directory() const;
  Result<CaseCache::File> case_file(const CaseId& id) const;
  Ticket hand_in(Submission submission);
  std::optional<Outcome> answer(Ticket ticket);
  std::size_t queue_length() const;
  int step();
  void start();
  void stop();
  void on_commit(std::function<void(const Committed&)> listener);

  Result<> record(const std::string& name, const OrganisationId& tenant, const Actor& actor, Role as,
                  std::map<std::string, Json> x, const About& about);
  Result<> settle(Batch& batch, std::span<const Settlement> ends);
  Result<> redrive(const EffectId& id, const Actor& actor, Role as);

 private:
  // Something that waits for a commit: a submission, or a chore.
  struct Item {
    Prepared lap;
    std::function<Result<>(Batch&)> work;    // empty for a submission
    Lasts lasts = Lasts::at_once;            // of a chore
    bool masters = false;                    // the Directory must be loaded again
    std::shared_ptr<const Directory> after;  // of a change of people: as it is with it
    std::vector<Outcome> followed;           // what open cases lost by it
    bool redrives = false;                   // an effect waits again: the courier must hear of it
    bool replay = false;                     // a closing from the journal
    Laps::Done done;
    Result<> worked;

    std::mutex mutex;
    std::condition_variable settled;
    bool is_settled = false;
  };
  using ItemPtr = std::shared_ptr<Item>;  // shared: whoever waits may outlive the queue, and the other way round
  using Items = std::vector<ItemPtr>;

  ItemPtr prepare(Submission submission);
  bool enqueue(const ItemPtr& item);
  void drive();
  bool is_running() const;  // its thread
  void see_through(const ItemPtr& item);
  void await(const ItemPtr& item);
  static void settle(Item& item);
  static bool is_settled(Item& item);

  int step_in(const std::unique_lock<std::mutex>& stepping);
  Items take();
  static Lasts lasts_of(const Items& items);
  void process(const Items& items);
  Result<std::unique_ptr<Batch>> begin_with_chores(const Items& chores, Lasts lasts);
  Result<> commit(Round& round, Batch& batch);
  void measure(const Items& items, std::chrono::steady_clock::time_point began, bool well) const;
  void keep(Round& round, const Items& items);
  void lose(const Items& items, const Error& why);
  void journal(Item& item);
  void requeue_journalled();
  Result<> reload_directory();
  // A change of the masters: the chore, and what the cases lose by it.
  Result<> carry_out(std::span<const Master> masters, std::function<Result<>(Batch&)> work,
                     std::vector<Outcome>* followed);
  void review(Round& round, Item& change, Items& laps);
  Result<> write_masters(Batch& batch, const MastersAsked& asked, const MastersChange& change,
                         std::span<const Master> before);
  Result<> engine_event(const char* name);
  void loop();

  const Parts parts_;
  const std::shared_ptr<const Schemas> schemas_;
  Journal journal_;

  // Of whoever does the step.
  std::mutex step_mutex_;
  AuditLines lines_;
  CaseCache cache_;
  Laps laps_;
  std::deque<Prepared> journalled_;  // closings in the journal that no batch has taken yet
  int replaying_ = 0;                // and those that wait in the queue for theirs

  mutable std::mutex queue_mutex_;
  std::condition_variable arrived_;
  std::deque<ItemPtr> closings_;
  std::deque<ItemPtr> waiting_;
  bool running_ = false;
  bool stopping_ = false;

  std::mutex masters_mutex_;  // one change of the masters at a time; never held by whoever does the step
  mutable std::mutex directory_mutex_;
  std::shared_ptr<const Directory> directory_;

  std::mutex tickets_mutex_;
  std::map<Ticket, ItemPtr> tickets_;
  Ticket last_ticket_ = 0;

  std::mutex listeners_mutex_;
  std::vector<std::function<void(const Committed&)>> listeners_;
  bool opened_ = false;
  std::thread thread_;
};

}  // namespace kintsugi

#pragma once

#include "engine/audit/record_schema.h"
#include "engine/domain/may.h"
#include "engine/run/conductor.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace kintsugi::http {

// One step of one case, as those who watch are told: ids, names of a closed vocabulary, a number and a time; nothing
// that somebody typed.
struct Change {
  std::int64_t position = 0;  // in commit order over all logs
  CaseId case_id;
  std::string number;
  Matter matter;  // whose case it is
  std::string event;
  std::string from;  // empty: the case was opened
  std::string state;
  std::int64_t version = 0;
  std::string at;
};

// What has been committed, for those who watch. While at least one does, a thread reads the audit rows after each
// commit once for all of them, at most every `feed_pace`, and keeps the newest `feed_kept_max` changes; while nobody
// does, a commit costs nothing. Whoever is further behind than that reads the store himself, in small steps.
//
// A watcher never holds anybody up: he waits, looks and writes in his own thread. Any thread; stop() is for good and
// wakes all.
class Feed : public std::enable_shared_from_this<Feed> {
 public:
  Feed(Conductor& conductor, Store& store, const Workflow& workflow);
  ~Feed();
  // Begins to hear commits, as long as somebody owns it. Once.
  void start();
  void stop();

  // A place among those who watch, given back when it is dropped.
  class Seat {
   public:
    Seat(Feed& feed, PersonId person) : feed_(feed), person_(std::move(person)) {}
    ~Seat() { feed_.leave(person_); }
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

   private:
    Feed& feed_;
    const PersonId person_;
  };
  enum class Full { no, all, person };  // `streams_max`, `streams_of_person_max`
  // No seat when there is none left, and why.
  std::pair<std::unique_ptr<Seat>, Full> sit(const PersonId& person);
  int seated() const;

  // The changes behind `position`, oldest first, and how far the rows were looked through.
  struct Heard {
    std::vector<std::shared_ptr<const Change>> changes;
    std::int64_t upto = 0;
  };
  Result<Heard> after(std::int64_t position);
  Result<std::int64_t> end() const { return store_.audit_end(); }
  // Waits until there may be something behind `position`, at most so long. False once stopped.
  bool wait(std::int64_t position, Duration most);

 private:
  void leave(const PersonId& person);
  void commit_heard();
  void loop();
  Result<Heard> read(std::int64_t position, int most) const;
  Result<std::shared_ptr<const Change>> change_of(const AuditRow& row) const;

  Conductor& conductor_;
  Store& store_;
  const audit::EventMembers members_;

  mutable std::mutex mutex_;
  std::condition_variable rung_;   // for the reading thread
  std::condition_variable moved_;  // for those who watch
  bool stopped_ = false;
  bool dirty_ = false;   // something was committed since the last reading
  bool afresh_ = false;  // what is kept is of an earlier time
  int watching_ = 0;
  std::map<PersonId, int> by_person_;
  std::deque<std::shared_ptr<const Change>> kept_;
  std::int64_t kept_from_ = 0;  // every change behind it and up to kept_upto_ is kept
  std::int64_t kept_upto_ = 0;
  std::thread thread_;
};

}  // namespace kintsugi::http

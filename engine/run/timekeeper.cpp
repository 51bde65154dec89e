#include "engine/run/timekeeper.h"

#include "engine/base/log.h"
#include "engine/run/bell.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace kintsugi {
namespace {

constexpr int cases_at_once = 256;
constexpr Duration longest_sleep = 1s;  // so that a clock that was set is noticed
constexpr Duration shortest_sleep = 1ms;

}  // namespace

class Timekeeper::Loop {
 public:
  Loop(Conductor& conductor, Store& store, const Clock& clock, std::string node)
      : conductor_(conductor), store_(store), clock_(clock), node_(std::move(node)) {}

  int step() {
    const Instant now = clock_.now();
    const auto due = store_.cases_due(now, cases_at_once);
    if (!due) {
      log::run().warn("due timers cannot be read: {}", due.error().what);
      return 0;
    }
    std::vector<Submission> fired;
    for (const CaseId& id : *due)
      if (const auto file = conductor_.case_file(id))
        for (const Timer& timer : (*file)->timers)
          if (timer.due <= now) fired.push_back(submission_of(id, timer));
    // One case's timers fire in the order in which they were due, whatever their names.
    std::ranges::stable_sort(fired, {}, &Submission::timer_due);

    int count = 0;
    for (const Outcome& outcome : conductor_.submit_all(std::move(fired))) {
      if (outcome.kind == Outcome::Kind::moved || outcome.kind == Outcome::Kind::refused) ++count;
      if (outcome.kind == Outcome::Kind::invalid)
        log::run().error("case={} timer event={} cannot fire: {}", outcome.case_id.text(), outcome.event,
                         outcome.problem);
    }
    return count;
  }

  void start() {
    thread_ = std::thread([this] {
      Bell::Heard heard = 0;
      for (Duration sleep = shortest_sleep; bell_.wait(heard, sleep);)
        sleep = step() > 0 ? shortest_sleep : until_next();
    });
  }
  void stop() {
    bell_.stop();
    if (thread_.joinable()) thread_.join();
  }
  void expect(Instant due) {
    if (due != Instant{} && due < awaited_.load()) bell_.ring();
  }

 private:
  Submission submission_of(const CaseId& id, const Timer& timer) const {
    Submission out;
    out.event = timer.event;
    out.case_id = id;
    out.actor = {
        .id = node_, .kind = Role::sys, .person = {}, .org = {}, .auth = "job", .sign_in = {}, .address = {}};
    out.as = Role::sys;
    out.timer_about = timer.about;
    out.timer_round = timer.round;
    out.timer_due = timer.due;
    return out;
  }

  Duration until_next() {
    awaited_ = Instant::max();  // what is set while the store is asked must ring
    const auto next = store_.next_timer();
    if (!next || *next == Instant{}) return longest_sleep;
    awaited_ = *next;
    const Duration left = *next - clock_.now();
    // Due, and still not fired: something is in its way, and hurry does not help.
    if (left <= Duration{}) return longest_sleep;
    return std::clamp(left, shortest_sleep, longest_sleep);
  }

  Conductor& conductor_;
  Store& store_;
  const Clock& clock_;
  const std::string node_;
  Bell bell_;
  std::thread thread_;
  std::atomic<Instant> awaited_{Instant::max()};  // the timer that it sleeps for
};

Timekeeper::Timekeeper(Conductor& conductor, Store& store, const Clock& clock, std::string node)
    : loop_(std::make_unique<Loop>(conductor, store, clock, std::move(node))) {}
Timekeeper::~Timekeeper() {
  stop();
}
int Timekeeper::step() {
  return loop_->step();
}
void Timekeeper::start() {
  loop_->start();
}
void Timekeeper::stop() {
  loop_->stop();
}
void Timekeeper::expect(Instant due) {
  loop_->expect(due);
}

}  // namespace kintsugi

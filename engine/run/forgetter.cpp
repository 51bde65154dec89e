#include "engine/run/forgetter.h"

#include "engine/base/log.h"
#include "engine/run/bell.h"

#include <mutex>
#include <thread>

namespace kintsugi {
namespace {

constexpr Duration every = 10min;
constexpr int rows_at_once = 1'000;     // of each, in one commit
constexpr int commits_at_once = 1'000;  // of one step; the next goes on

void add(Forgotten& to, const Forgotten& more) {
  to.replies += more.replies;
  to.step_ups += more.step_ups;
  to.sign_ins += more.sign_ins;
}

}  // namespace

class Forgetter::Loop {
 public:
  Loop(Conductor& conductor, const Clock& clock) : conductor_(conductor), clock_(clock) {}
  ~Loop() { stop(); }

  Forgotten step() {
    const Instant now = clock_.now();
    const KeptFrom from{
        .replies = now - kept::replies, .step_ups = now - kept::step_ups, .sign_ins = now - kept::sign_ins};
    Forgotten out;
    for (int i = 0; i < commits_at_once; ++i) {
      Forgotten some;
      const auto done = conductor_.chore([&](Batch& batch) -> Result<> {
        const auto gone = batch.forget(from, rows_at_once);
        if (!gone) return pass(gone);
        some = *gone;
        return {};
      });
      if (!done) {
        log::run().warn("what is over cannot be forgotten: {}", done.error().what);
        break;
      }
      add(out, some);
      if (some.most() < rows_at_once) break;
    }
    const std::scoped_lock lock(mutex_);
    add(total_, out);
    return out;
  }

  void start() {
    thread_ = std::thread([this] {
      Bell::Heard heard = 0;
      do
        step();
      while (bell_.wait(heard, every));
    });
  }
  void stop() {
    bell_.stop();
    if (thread_.joinable()) thread_.join();
  }
  Forgotten total() const {
    const std::scoped_lock lock(mutex_);
    return total_;
  }

 private:
  Conductor& conductor_;
  const Clock& clock_;
  Bell bell_;
  std::thread thread_;
  mutable std::mutex mutex_;
  Forgotten total_;
};

Forgetter::Forgetter(Conductor& conductor, const Clock& clock) : loop_(std::make_unique<Loop>(conductor, clock)) {}
Forgetter::~Forgetter() = default;
Forgotten Forgetter::step() {
  return loop_->step();
}
void Forgetter::start() {
  loop_->start();
}
void Forgetter::stop() {
  loop_->stop();
}
Forgotten Forgetter::total() const {
  return loop_->total();
}

}  // namespace kintsugi

#include "engine/run/health.h"

#include "engine/base/log.h"
#include "engine/run/bell.h"

#include <algorithm>
#include <exception>
#include <thread>

namespace kintsugi {

class Health::Loop {
 public:
  Loop(std::vector<HealthCheck> checks, const Clock& clock, Duration every)
      : checks_(std::move(checks)), clock_(clock), every_(every) {
    for (const HealthCheck& one : checks_)
      states_.push_back({.name = one.name, .blocks = one.blocks, .found = {}, .since = {}, .looked = {}});
  }
  ~Loop() { stop(); }

  void step() {
    const std::scoped_lock looking(looking_);
    for (std::size_t i = 0; i < checks_.size(); ++i)
      note(i, look(checks_[i]));
  }
  void start() {
    if (thread_.joinable()) return;
    thread_ = std::thread([this] {
      Bell::Heard heard = 0;
      for (Duration rest{}; bell_.wait(heard, rest); rest = every_)
        step();
    });
  }
  void stop() {
    bell_.stop();
    if (thread_.joinable()) thread_.join();
  }
  std::vector<State> states() const {
    const std::scoped_lock lock(mutex_);
    return states_;
  }

 private:
  static Found look(const HealthCheck& check) {
    try {
      return check.look();
    } catch (const std::exception& thrown) {
      log::engine().error("health check={} threw {}", check.name, thrown.what());
      return {.condition = Condition::wrong,
              .found = {"調べられませんでした", "it could not be looked at"},
              .todo = {"サーバーのログで error を調べてください。", "Look for errors in the server's log."}};
    }
  }

  void note(std::size_t i, Found found) {
    const Instant now = clock_.now();
    const std::scoped_lock lock(mutex_);
    State& state = states_[i];
    if (state.looked == Instant{} || state.found.condition != found.condition) {
      state.since = now;
      if (found.condition == Condition::wrong)
        log::engine().error("health check={} is wrong: {}", state.name, found.found.en);
      else if (found.condition == Condition::attention)
        log::engine().info("health check={} wants attention: {}", state.name, found.found.en);
      else if (state.looked != Instant{})
        log::engine().info("health check={} is good again", state.name);
    }
    state.found = std::move(found);
    state.looked = now;
  }

  const std::vector<HealthCheck> checks_;
  const Clock& clock_;
  const Duration every_;
  std::mutex looking_;  // one look at a time
  mutable std::mutex mutex_;
  std::vector<State> states_;
  Bell bell_;
  std::thread thread_;
};

Health::Health(std::vector<HealthCheck> checks, const Clock& clock, Duration every)
    : loop_(std::make_unique<Loop>(std::move(checks), clock, every)) {}
Health::~Health() = default;
void Health::step() {
  loop_->step();
}
void Health::start() {
  loop_->start();
}
void Health::stop() {
  loop_->stop();
}
std::vector<Health::State> Health::states() const {
  return loop_->states();
}
Condition Health::condition() const {
  Condition out = Condition::good;
  for (const State& one : states())
    out = std::max(out, one.found.condition);
  return out;
}

}  // namespace kintsugi

#include "engine/run/watch.h"

#include "engine/base/log.h"
#include "engine/run/reviews.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <tuple>

namespace kintsugi {

class Watch::Loop {
 public:
  explicit Loop(Parts parts)
      : parts_(std::move(parts)),
        reviews_(parts_.conductor, parts_.store, parts_.workflow, parts_.clock, parts_.node) {}
  ~Loop() { stop(); }

  int step() {
    std::ignore = reviews_.step();
    std::map<CaseId, Pulse> still_open;
    int lost = 0;
    for (const StateInfo& state : parts_.workflow.states) {
      if (state.access != Access::open) continue;
      CaseFilter filter;
      filter.states = {state.name};
      filter.open = true;
      filter.limit = parts_.cases_max;
      const auto open = parts_.store.list_cases(filter);
      if (!open) {
        log::run().warn("watch: cannot list open connections: {}", open.error().what);
        return lost;
      }
      for (const CaseBrief& brief : *open) {
        Pulse pulse = pulses_[brief.id];
        if (ask_if_due(brief, pulse)) ++lost;
        still_open[brief.id] = pulse;
      }
    }
    const std::scoped_lock lock(mutex_);
    pulses_ = std::move(still_open);
    return lost;
  }

  Instant next() const {
    const std::scoped_lock lock(mutex_);
    Instant first{};
    for (const auto& [id, pulse] : pulses_)
      if (first == Instant{} || pulse.due < first) first = pulse.due;
    return first;
  }

  void start() {
    const std::scoped_lock lock(mutex_);
    if (thread_.joinable()) return;
    stopping_ = false;
    thread_ = std::thread([this] { run(); });
  }

  void stop() {
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

 private:
  // What was last heard of one connection.
  struct Pulse {
    std::int64_t generation = 0;
    Instant heard{};  // empty: not since the engine started
    Instant due{};
  };

  void run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      lock.unlock();
      std::ignore = step();
      lock.lock();
      changed_.wait_for(lock, 1s, [this] { return stopping_; });
    }
  }

  // True if the connection was found lost.
  bool ask_if_due(const CaseBrief& brief, Pulse& pulse) {
    const Instant now = parts_.clock.now();
    if (now < pulse.due) return false;
    const auto file = parts_.store.read_case(brief.id);
    if (!file || file->grant() == nullptr) return false;
    const auto directory = parts_.conductor.directory();
    const Device* device = directory->device(file->device);
    Controller* controller = device == nullptr ? nullptr : parts_.controller(device->access_point);
    if (controller == nullptr) return false;

    const Grant& grant = *file->grant();
    const Duration beat =
        term_of(directory->policy_of(file->tenant, file->policy_version), TimerName::t_hb, file->priority).wall;
    if (pulse.generation != grant.generation) pulse = {.generation = grant.generation, .heard = {}, .due = {}};
    pulse.due = now + beat;
    if (is_open(*controller, *file, grant, *device, now)) {
      pulse.heard = now;
      return false;
    }
    if (pulse.heard != Instant{} && now - pulse.heard < beat) return false;
    return submit_loss(*file, grant);
  }

  // Did the access point say so, or is it one that says nothing by itself?
  static bool is_open(Controller& controller, const CaseFile& file, const Grant& grant, const Device& device,
                      Instant now) {
    Order order;
    order.order = OrderKind::check;
    order.hop = Hop::access_point;
    order.grant = grant.id;
    order.generation = grant.generation;
    order.at = device.access_point;
    order.device = device.id;
    order.window = grant.window;
    const auto answers = controller.carry_out(order, "heartbeat-" + file.id.text() + "-" + to_text(now));
    if (!answers) return false;
    if (answers->empty()) return true;  // worked by hand: nobody is there to be asked
    return std::ranges::any_of(*answers, [&](const HopAnswer& answer) {
      return answer.hop == Hop::access_point && answer.state == HopState::open &&
             answer.generation == grant.generation;
    });
  }

  bool submit_loss(const CaseFile& file, const Grant& grant) {
    Submission lost;
    lost.event = "connection_lost";
    lost.case_id = file.id;
    lost.actor.id = parts_.node;
    lost.actor.kind = Role::sys;
    lost.actor.auth = "job";
    lost.payload = {{"hop", name_of(Hop::access_point)}, {"generation", grant.generation}};
    const Outcome outcome = parts_.conductor.submit(std::move(lost));
    if (outcome.kind != Outcome::Kind::moved) return false;
    log::run().warn("case={} heartbeat lost, generation={}", file.id.text(), grant.generation);
    return true;
  }

  Parts parts_;
  Reviews reviews_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
  std::map<CaseId, Pulse> pulses_;  // written by step() only; read by next()
};

Watch::Watch(Parts parts) : loop_(std::make_unique<Loop>(std::move(parts))) {}
Watch::~Watch() = default;
int Watch::step() {
  return loop_->step();
}
Instant Watch::next() const {
  return loop_->next();
}
void Watch::start() {
  loop_->start();
}
void Watch::stop() {
  loop_->stop();
}

}  // namespace kintsugi

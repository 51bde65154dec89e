#include "engine/run/courier.h"

#include "engine/base/log.h"
#include "engine/run/bell.h"
#include "engine/run/delivery.h"

#include <algorithm>
#include <deque>
#include <thread>
#include <utility>

namespace kintsugi {
namespace {

constexpr int claims_at_once = 8;  // of one worker: few, so that a slow one holds up little
constexpr int claims_of_step = 64;
constexpr int deliveries_of_step_max = 10'000;
constexpr std::size_t hurried_max = 1024;  // more are left to the outbox
constexpr Duration longest_sleep = 1s;
constexpr Duration shortest_sleep = 1ms;
constexpr Duration contested_sleep = 10ms;  // something was due, and another worker was faster

}  // namespace

class Courier::Loop {
 public:
  explicit Loop(Parts parts) : parts_(std::move(parts)), delivery_(parts_) {}

  int step() {
    carry_out_hurried();
    int delivered = 0;
    std::vector<Settlement> ends;
    for (int tried = 0; tried < deliveries_of_step_max;) {
      const auto claimed = settle_and_claim(ends, claims_of_step);
      if (claimed.empty()) break;
      delivered += deliver(claimed, ends);
      tried += static_cast<int>(claimed.size());
    }
    if (!ends.empty()) settle_and_claim(ends, 0);
    return delivered;
  }

  void start() {
    threads_.emplace_back([this] {
      Bell::Heard heard = 0;
      while (hurry_bell_.wait(heard, longest_sleep))
        carry_out_hurried();
    });
    for (int i = 0; i < std::max(parts_.workers, 1); ++i)
      threads_.emplace_back([this] { work(); });
  }
  void stop() {
    bell_.stop();
    hurry_bell_.stop();
    for (auto& one : threads_)
      one.join();
    threads_.clear();
  }
  void wake() { bell_.ring_one(); }

  void hurry(const Effect& effect) {
    {
      const std::scoped_lock lock(hurried_mutex_);
      if (hurried_.size() >= hurried_max) return;
      hurried_.push_back(effect);
    }
    hurry_bell_.ring();
  }

 private:
  // One of the workers is woken at a time; whoever takes as much as he may carry wakes the next.
  void work() {
    Bell::Heard heard = 0;
    std::vector<Settlement> ends;
    for (Duration sleep{}; bell_.wait(heard, sleep);) {
      sleep = until_next();
      const bool due = sleep == Duration{};
      if (!due && ends.empty()) continue;
      const auto claimed = settle_and_claim(ends, due ? claims_at_once : 0);
      if (std::cmp_equal(claimed.size(), claims_at_once)) bell_.ring_one();
      deliver(claimed, ends);
      if (claimed.empty()) sleep = std::max(sleep, contested_sleep);
    }
    if (!ends.empty()) settle_and_claim(ends, 0);
  }

  int deliver(const std::vector<ClaimedEffect>& claimed, std::vector<Settlement>& ends) {
    int delivered = 0;
    for (const ClaimedEffect& one : claimed) {
      auto attempted = delivery_.attempt(one);
      delivered += attempted.delivered ? 1 : 0;
      if (attempted.unsettled) ends.push_back(std::move(*attempted.unsettled));
    }
    return delivered;
  }

  // Zero when something is due now.
  Duration until_next() {
    const auto next = parts_.store.next_effect();
    if (!next || *next == Instant{}) return longest_sleep;
    const Duration left = *next - parts_.clock.now();
    return left <= Duration{} ? Duration{} : std::clamp(left, shortest_sleep, longest_sleep);
  }

  // One commit for the ends of the last deliveries and the claims of the next. Takes the ends out: what cannot be
  // settled is repeated when its lease ends.
  std::vector<ClaimedEffect> settle_and_claim(std::vector<Settlement>& ends, int limit) {
    std::vector<ClaimedEffect> out;
    auto done = parts_.conductor.chore([&](Batch& batch) -> Result<> {
      if (auto settled = parts_.conductor.settle(batch, ends); !settled) return settled;
      if (limit == 0) return {};
      auto claimed = batch.claim(parts_.clock.now(), parts_.lease, limit);
      if (!claimed) return pass(claimed);
      out = std::move(*claimed);
      return {};
    });
    ends.clear();
    if (!done) {
      log::courier().warn("nothing can be settled or claimed: {}", done.error().what);
      out.clear();
    }
    return out;
  }

  void carry_out_hurried() {
    for (;;) {
      Effect effect;
      {
        const std::scoped_lock lock(hurried_mutex_);
        if (hurried_.empty()) return;
        effect = std::move(hurried_.front());
        hurried_.pop_front();
      }
      delivery_.carry_out_now(effect);
    }
  }

  const Parts parts_;
  Delivery delivery_;
  Bell bell_;
  Bell hurry_bell_;
  std::mutex hurried_mutex_;
  std::deque<Effect> hurried_;
  std::vector<std::thread> threads_;
};

Courier::Courier(Parts parts) : loop_(std::make_unique<Loop>(std::move(parts))) {}
Courier::~Courier() {
  stop();
}
int Courier::step() {
  return loop_->step();
}
void Courier::start() {
  loop_->start();
}
void Courier::stop() {
  loop_->stop();
}
void Courier::wake() {
  loop_->wake();
}
void Courier::hurry(const Effect& effect) {
  loop_->hurry(effect);
}

}  // namespace kintsugi

#include "engine/run/courier.h"

#include "engine/base/log.h"
#include "engine/run/bell.h"
#include "engine/run/delivery.h"

#include <algorithm>
#include <deque>
#include <thread>

namespace kintsugi {
namespace {

constexpr int claims_at_once = 4;  // of one worker: few, so that a slow one holds up little
constexpr int claims_of_step = 64;
constexpr int deliveries_of_step_max = 10'000;
constexpr std::size_t hurried_max = 1024;  // more are left to the outbox
constexpr Duration longest_sleep = 1s;
constexpr Duration shortest_sleep = 1ms;
constexpr Duration blocked_sleep = 100ms;  // something is due and another worker has its lane

}  // namespace

class Courier::Loop {
 public:
  explicit Loop(Parts parts) : parts_(std::move(parts)), delivery_(parts_) {}

  int step() {
    carry_out_hurried();
    int delivered = 0;
    for (int tried = 0; tried < deliveries_of_step_max;) {
      const auto claimed = claim(claims_of_step);
      if (claimed.empty()) break;
      for (const ClaimedEffect& one : claimed)
        delivered += delivery_.attempt(one) ? 1 : 0;
      tried += static_cast<int>(claimed.size());
    }
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
  void wake() { bell_.ring(); }

  void hurry(const Effect& effect) {
    {
      const std::scoped_lock lock(hurried_mutex_);
      if (hurried_.size() >= hurried_max) return;
      hurried_.push_back(effect);
    }
    hurry_bell_.ring();
  }

 private:
  void work() {
    Bell::Heard heard = 0;
    for (Duration sleep = shortest_sleep; bell_.wait(heard, sleep);) {
      const auto claimed = is_anything_due() ? claim(claims_at_once) : std::vector<ClaimedEffect>{};
      for (const ClaimedEffect& one : claimed)
        delivery_.attempt(one);
      sleep = claimed.empty() ? until_next() : shortest_sleep;
    }
  }

  bool is_anything_due() {
    const auto next = parts_.store.next_effect();
    return next && *next != Instant{} && *next <= parts_.clock.now();
  }

  Duration until_next() {
    const auto next = parts_.store.next_effect();
    if (!next || *next == Instant{}) return longest_sleep;
    return std::clamp(*next - parts_.clock.now(), blocked_sleep, longest_sleep);
  }

  std::vector<ClaimedEffect> claim(int limit) {
    std::vector<ClaimedEffect> out;
    auto done = parts_.conductor.chore([&](Batch& batch) -> Result<> {
      auto claimed = batch.claim(parts_.clock.now(), parts_.lease, limit);
      if (!claimed) return pass(claimed);
      out = std::move(*claimed);
      return {};
    });
    if (!done) {
      log::courier().warn("nothing can be claimed: {}", done.error().what);
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

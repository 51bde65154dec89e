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

constexpr int tray_max = 64;           // effects that are claimed and not yet settled
constexpr int webhook_tray_max = 256;  // those for webhooks, which may have to wait for a dead end point
constexpr int claims_of_step = 64;
constexpr int deliveries_of_step_max = 10'000;
constexpr std::size_t hurried_max = 1024;  // more are left to the outbox
constexpr Duration longest_sleep = 1s;
constexpr Duration shortest_sleep = 1ms;
constexpr Duration contested_sleep = 100ms;  // something is due and cannot be claimed yet: what ends or is new rings

// What is claimed lies here until a worker has hands free, so that a slow delivery holds up no other; and what was
// ended, until it is settled.
class Tray {
 public:
  struct Held {
    ClaimedEffect claimed;
    Instant until{};  // end of the lease
  };

  explicit Tray(int most) : most_(most) {}

  int room() const {
    const std::scoped_lock lock(mutex_);
    return most_ - static_cast<int>(waiting_.size()) - in_hand_;
  }
  void put(ClaimedEffect claimed, Instant until) {
    {
      const std::scoped_lock lock(mutex_);
      waiting_.push_back({std::move(claimed), until});
    }
    changed_.notify_one();
  }
  // An end without a delivery.
  void end(Settlement settlement) {
    const std::scoped_lock lock(mutex_);
    ends_.push_back(std::move(settlement));
  }
  // Waits for one; empty once closed. Every one taken must be ended.
  std::optional<Held> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
    if (closed_) return std::nullopt;
    Held out = std::move(waiting_.front());
    waiting_.pop_front();
    ++in_hand_;
    return out;
  }
  void ended(std::optional<Settlement> end) {
    const std::scoped_lock lock(mutex_);
    --in_hand_;
    if (end) ends_.push_back(std::move(*end));
  }
  std::vector<Settlement> take_ends() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(ends_, {});
  }
  // What lies here unstarted comes back when its lease ends.
  void close() {
    {
      const std::scoped_lock lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }

 private:
  const int most_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Held> waiting_;
  std::vector<Settlement> ends_;
  int in_hand_ = 0;
  bool closed_ = false;
};

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
    threads_.emplace_back([this] { keep_tray(); });
    for (int i = 0; i < std::max(parts_.workers, 1); ++i)
      threads_.emplace_back([this] { work(tray_); });
    for (int i = 0; i < std::max(parts_.webhook_workers, 1); ++i)
      threads_.emplace_back([this] { work(webhooks_); });
  }
  void stop() {
    bell_.stop();
    hurry_bell_.stop();
    for (auto& one : threads_)
      one.join();
    threads_.clear();
    if (auto ends = take_ends(); !ends.empty()) settle_and_claim(ends, 0);
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
  // The clerk alone claims and settles: what the workers have ended since his last commit goes into the next one,
  // with the claims that refill the tray.
  void keep_tray() {
    Bell::Heard heard = 0;
    for (Duration sleep{}; bell_.wait(heard, sleep);) {
      auto ends = take_ends();
      sleep = until_next();
      const int room = sleep == Duration{} ? tray_.room() : 0;
      if (room == 0 && ends.empty()) {
        sleep = std::max(sleep, contested_sleep);  // a full tray: whoever ends something rings
        continue;
      }
      const Instant until = parts_.clock.now() + parts_.lease;
      auto claimed = settle_and_claim(ends, room);
      if (claimed.empty()) sleep = std::max(sleep, contested_sleep);
      for (ClaimedEffect& one : claimed)
        hand_out(std::move(one), until);
    }
    tray_.close();
    webhooks_.close();
  }

  // A webhook's full tray must not fill the other one, nor keep the clerk from claiming what is not for webhooks.
  void hand_out(ClaimedEffect claimed, Instant until) {
    if (!claimed.effect.announcement)
      tray_.put(std::move(claimed), until);
    else if (webhooks_.room() > 0)
      webhooks_.put(std::move(claimed), until);
    else
      webhooks_.end(delivery_.put_off(claimed));
  }

  std::vector<Settlement> take_ends() {
    auto out = tray_.take_ends();
    std::ranges::move(webhooks_.take_ends(), std::back_inserter(out));
    return out;
  }

  void work(Tray& tray) {
    while (const auto held = tray.take()) {
      std::optional<Settlement> end;
      // Whose lease has run out may be another's by now; he comes back by himself.
      if (parts_.clock.now() < held->until) end = delivery_.attempt(held->claimed).unsettled;
      tray.ended(std::move(end));
      bell_.ring();
    }
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
  Tray tray_{tray_max};
  Tray webhooks_{webhook_tray_max};
  Bell bell_;  // the clerk's
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

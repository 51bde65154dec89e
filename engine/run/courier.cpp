#include "engine/run/courier.h"

#include "engine/base/log.h"
#include "engine/run/bell.h"
#include "engine/run/delivery.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <thread>
#include <unordered_map>
#include <utility>

namespace kintsugi {
namespace {

constexpr int tray_max = 64;           // parcels that are claimed and not yet settled; a shared letter weighs more
constexpr int told_a_place = 16;       // effects of a shared letter that take one place
constexpr int webhook_tray_max = 256;  // those for webhooks, which may have to wait for a dead end point
constexpr int claims_of_step = 64;
constexpr int deliveries_of_step_max = 10'000;
constexpr int claim_rounds_max = 16;       // of one commit, while all that is claimed is put off
constexpr int taken_over_max = 10'000;     // more than the trays of a courier hold
constexpr std::size_t hurried_max = 1024;  // more are left to the outbox
constexpr Duration longest_sleep = 1s;
constexpr Duration shortest_sleep = 1ms;
constexpr Duration contested_sleep = 100ms;  // something is due and cannot be claimed yet: what ends or is new rings

// What is claimed lies here until a worker has hands free, so that a slow delivery holds up no other; and what was
// ended, until it is settled.
class Tray {
 public:
  struct Held {
    Parcel parcel;
    Instant until{};  // end of the lease
    int places() const { return 1 + static_cast<int>(parcel.size()) / told_a_place; }
  };

  explicit Tray(int most) : most_(most) {}

  int room() const {
    const std::scoped_lock lock(mutex_);
    return std::max(most_ - taken_, 0);
  }
  void put(Parcel parcel, Instant until) {
    {
      const std::scoped_lock lock(mutex_);
      waiting_.push_back({std::move(parcel), until});
      taken_ += waiting_.back().places();
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
    return out;
  }
  void ended(const Held& held, std::vector<Settlement> ends) {
    const std::scoped_lock lock(mutex_);
    taken_ -= held.places();
    std::ranges::move(ends, std::back_inserter(ends_));
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
  int taken_ = 0;  // places, of what waits here and of what is in somebody's hands
  bool closed_ = false;
};

}  // namespace

class Courier::Loop {
 public:
  explicit Loop(Parts parts) : parts_(std::move(parts)), delivery_(parts_), bundling_(parts_.tempo) {}

  int step() {
    carry_out_hurried();
    int delivered = 0;
    std::vector<Settlement> ends;
    for (int tried = 0; tried < deliveries_of_step_max;) {
      const auto claimed = settle_and_claim(ends, claims_of_step);
      if (claimed.parcels.empty() && !claimed.more) break;
      for (const Parcel& one : claimed.parcels) {
        auto attempted = delivery_.attempt(one);
        delivered += attempted.delivered;
        std::ranges::move(attempted.unsettled, std::back_inserter(ends));
        tried += static_cast<int>(one.size());
      }
    }
    if (!ends.empty()) settle_and_claim(ends, 0);
    return delivered;
  }

  void start() {
    take_over();
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
  // Nobody else carries what this store holds, so whatever is leased now was in the hands of a courier that is gone.
  // If it cannot be taken over, its lease ends by itself.
  void take_over() {
    const auto leased =
        parts_.store.outbox({.state = EffectState::leased, .case_id = {}, .id = {}, .limit = taken_over_max});
    if (!leased || leased->empty()) return;
    const Instant now = parts_.clock.now();
    const auto done = parts_.conductor.chore([&](Batch& batch) -> Result<> {
      for (const OutboxRow& row : *leased)
        if (auto put = batch.put_off(row.effect.id, now); !put) return put;
      return {};
    });
    if (done) log::courier().info("{} effects of an earlier run are carried out again", leased->size());
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
      if (claimed.parcels.empty() && !claimed.more) sleep = std::max(sleep, contested_sleep);
      for (Parcel& one : claimed.parcels)
        hand_out(std::move(one), until);
    }
    tray_.close();
    webhooks_.close();
  }

  // A webhook's full tray must not fill the other one, nor keep the clerk from claiming what is not for webhooks.
  void hand_out(Parcel parcel, Instant until) {
    if (!parcel.front().effect.announcement)
      tray_.put(std::move(parcel), until);
    else if (webhooks_.room() > 0)
      webhooks_.put(std::move(parcel), until);
    else
      webhooks_.end(delivery_.put_off(parcel.front()));
  }

  std::vector<Settlement> take_ends() {
    auto out = tray_.take_ends();
    std::ranges::move(webhooks_.take_ends(), std::back_inserter(out));
    return out;
  }

  void work(Tray& tray) {
    while (const auto held = tray.take()) {
      std::vector<Settlement> ends;
      // Whose lease has run out may be another's by now; he comes back by himself.
      if (parts_.clock.now() < held->until) ends = delivery_.attempt(held->parcel).unsettled;
      tray.ended(*held, std::move(ends));
      bell_.ring();
    }
  }

  // Zero when something is due now.
  Duration until_next() {
    const auto next = parts_.store.next_effect();
    if (!next || *next == Instant{}) return longest_sleep;
    const Duration left = *next - parts_.clock.now();
    return left <= Duration{} ? Duration{} : std::clamp(left, shortest_sleep, longest_sleep);
  }

  struct Claimed {
    std::vector<Parcel> parcels;
    bool more = false;  // there may be, behind what was put off
  };

  // One commit for the ends of the last deliveries and the claims of the next. Takes the ends out: what cannot be
  // settled is repeated when its lease ends.
  Claimed settle_and_claim(std::vector<Settlement>& ends, int limit) {
    Claimed out;
    // What a power cut takes of this is claimed or delivered again, under the same key; only a record must last.
    const bool recorded = std::ranges::count(ends, EffectState::gave_up, &Settlement::state) > 0;
    const auto work = [&](Batch& batch) -> Result<> {
      out = {};  // a chore may be run again, in another batch
      if (auto settled = parts_.conductor.settle(batch, ends); !settled) return settled;
      // What is put off makes room for what stands behind it.
      for (int rounds = 0; limit > 0 && out.parcels.empty() && rounds < claim_rounds_max; ++rounds) {
        auto claimed = batch.claim(parts_.clock.now(), parts_.lease, limit);
        if (!claimed) return pass(claimed);
        out.more = !claimed->empty();
        if (!out.more) break;
        if (auto packed = pack(batch, std::move(*claimed), out.parcels); !packed) return packed;
      }
      return {};
    };
    const auto done = parts_.conductor.chore(work, recorded ? Lasts::at_once : Lasts::with_next);
    ends.clear();
    if (!done) {
      log::courier().warn("nothing can be settled or claimed: {}", done.error().what);
      out = {};
    }
    return out;
  }

  // Which of them go alone, which share a letter with others of their bundle, and which wait for such a letter.
  Result<> pack(Batch& batch, std::vector<ClaimedEffect> claimed, std::vector<Parcel>& out) {
    const Instant now = parts_.clock.now();
    const auto most = static_cast<std::size_t>(std::max(bundling_.tempo().letter_max, 1));
    std::unordered_map<std::string, std::size_t> sharing;  // bundle -> its parcel
    for (ClaimedEffect& one : claimed) {
      const std::string bundle = parts_.workflow.digest_letter ? one.effect.bundle : std::string();
      if (const auto open = sharing.find(bundle); open != sharing.end() && out[open->second].size() < most) {
        out[open->second].push_back(std::move(one));
        continue;
      }
      // What waited for quiet hours to end has gathered already.
      const bool waited = !bundle.empty() && one.effect.due > one.effect.at && bundling_.tempo().alone > 0;
      const auto plan =
          waited ? Bundling::Plan{.way = Bundling::Way::share, .until = {}} : bundling_.plan(bundle, now);
      if (plan.way == Bundling::Way::gather) {
        if (auto put = batch.put_off(one.effect.id, plan.until); !put) return put;
        continue;
      }
      out.push_back({std::move(one)});
      if (plan.way == Bundling::Way::share) sharing.insert_or_assign(bundle, out.size() - 1);
    }
    for (const auto& [bundle, place] : sharing) {
      Parcel& parcel = out[place];
      auto more = batch.claim_bundle(bundle, now, parts_.lease, static_cast<int>(most - parcel.size()));
      if (!more) return pass(more);
      std::ranges::move(*more, std::back_inserter(parcel));
      bundling_.shared(bundle, static_cast<int>(parcel.size()), now);
    }
    return {};
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
  Bundling bundling_;  // touched in the writer's turn only: one claim at a time
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
void Courier::take_over() {
  loop_->take_over();
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

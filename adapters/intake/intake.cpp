#include "adapters/intake/intake.h"

#include "adapters/intake/imap.h"
#include "adapters/intake/limits.h"
#include "adapters/intake/mail.h"
#include "adapters/intake/taker.h"
#include "engine/base/log.h"
#include "engine/run/bell.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace kintsugi::intake {

class Intake::Loops {
 public:
  Loops(Parts parts, Spool spool, Ledger ledger)
      : clock_(parts.clock),
        mailboxes_(parts.config.mailboxes),
        spool_(std::move(spool)),
        taker_({.conductor = parts.conductor,
                .clock = parts.clock,
                .config = std::move(parts.config),
                .spool = spool_,
                .ledger = std::move(ledger),
                .node = std::move(parts.node)}) {}
  ~Loops() { stop(); }

  Result<int> step() {
    const auto names = spool_.waiting(taken_per_look_max);
    if (!names) return pass(names);
    int taken = 0;
    Result<> trouble;
    for (const std::string& name : *names) {
      const auto bytes = spool_.read(name);
      if (!bytes && bytes.error().code == Errc::Transient) {
        trouble = pass(bytes);  // of this file, and no reason to let the others wait
        continue;
      }
      auto done = bytes ? take(*bytes) : Result<>(pass(bytes));
      if (!done && done.error().code == Errc::Transient) return pass(done);
      if (!done) {
        log::engine().error("mail file={} could not be taken and is kept aside: {}", name, done.error().what);
        done = spool_.give_up(name);
      } else {
        done = spool_.remove(name);
      }
      if (!done) return pass(done);
      ++taken;
    }
    if (!trouble) return pass(trouble);
    return taken;
  }

  std::vector<Place> places() const {
    const std::scoped_lock lock(places_mutex_);
    return places_;
  }

  void start() {
    threads_.emplace_back([this] { run("spool", look_every, [this] { return step(); }); });
    for (const Mailbox& one : mailboxes_) {
      Imap& imap = *imaps_.emplace_back(std::make_unique<Imap>(one));
      threads_.emplace_back([this, &one, &imap] {
        run("mailbox " + one.host, one.look_every,
            [this, &imap] { return imap.look([this](std::string_view bytes) { return take(bytes); }); });
      });
    }
  }
  void stop() {
    stopping_ = true;
    bell_.stop();
    for (const auto& one : imaps_)
      one->stop();
    for (std::thread& one : threads_)
      one.join();
    threads_.clear();
  }

 private:
  Result<> take(std::string_view bytes) {
    const auto taken = taker_.take(bytes);
    return taken ? Result<>() : Result<>(pass(taken));
  }

  // Says once that a place fails, and once that it works again.
  void run(const std::string& place, Duration every, const std::function<Result<int>()>& look) {
    Bell::Heard heard = 0;
    bool well = true;
    Duration rest{};
    const std::size_t mine = add_place(place, every);
    while (bell_.wait(heard, rest)) {
      const auto taken = look();
      if (stopping_) return;
      note_look(mine, taken.has_value());
      if (taken.has_value() != well) {
        well = taken.has_value();
        if (well)
          log::engine().info("intake from {} works again", place);
        else
          log::engine().warn("intake from {} waits: {}", place, taken.error().what);
      }
      const bool more = well && *taken >= taken_per_look_max;
      rest = more ? Duration{} : well ? every : std::max(every, rest_after_failure);
    }
  }

  std::size_t add_place(const std::string& name, Duration every) {
    const std::scoped_lock lock(places_mutex_);
    places_.push_back({.name = name, .every = every, .looked = {}, .well = true});
    return places_.size() - 1;
  }
  void note_look(std::size_t place, bool well) {
    const std::scoped_lock lock(places_mutex_);
    places_[place].looked = clock_.now();
    places_[place].well = well;
  }

  const Clock& clock_;
  const std::vector<Mailbox> mailboxes_;
  const Spool spool_;
  Taker taker_;
  Bell bell_;
  std::atomic<bool> stopping_ = false;
  std::vector<std::unique_ptr<Imap>> imaps_;
  std::vector<std::thread> threads_;
  mutable std::mutex places_mutex_;
  std::vector<Place> places_;
};

Intake::Intake(std::unique_ptr<Loops> loops) : loops_(std::move(loops)) {}
Intake::~Intake() = default;

Result<std::unique_ptr<Intake>> Intake::open(Parts parts) {
  start_gmime();
  Spool spool(parts.directory);
  if (auto done = spool.prepare(parts.clock.now()); !done) return pass(done);
  auto ledger = Ledger::open(parts.directory / "ledger");
  if (!ledger) return pass(ledger);
  auto loops = std::make_unique<Loops>(std::move(parts), std::move(spool), std::move(*ledger));
  return std::unique_ptr<Intake>(new Intake(std::move(loops)));
}

std::vector<Intake::Place> Intake::places() const {
  return loops_->places();
}
Result<int> Intake::step() {
  return loops_->step();
}
void Intake::start() {
  loops_->start();
}
void Intake::stop() {
  loops_->stop();
}

}  // namespace kintsugi::intake

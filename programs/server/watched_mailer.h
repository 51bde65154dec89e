#pragma once

#include "engine/base/clock.h"
#include "engine/ports/mailer.h"

#include <memory>
#include <mutex>

namespace kintsugi {

// Another mailer, and what became of the last letters: the mail server's health is what happens to real letters.
class WatchedMailer final : public Mailer {
 public:
  WatchedMailer(std::unique_ptr<Mailer> inner, const Clock& clock) : inner_(std::move(inner)), clock_(clock) {}

  struct Seen {
    Instant taken{};          // the last letter that it took; empty: none since the start
    Instant failing_since{};  // empty: the last letter was taken, or refused as a letter
  };
  Seen seen() const {
    const std::scoped_lock lock(mutex_);
    return seen_;
  }
  Result<Posted> post(const Letter& letter, Instant at) override {
    auto posted = inner_->post(letter, at);
    const Instant now = clock_.now();
    const std::scoped_lock lock(mutex_);
    if (posted) seen_.taken = now;
    if (posted || posted.error().code != Errc::Transient)
      seen_.failing_since = Instant{};
    else if (seen_.failing_since == Instant{})
      seen_.failing_since = now;
    return posted;
  }

 private:
  const std::unique_ptr<Mailer> inner_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  Seen seen_;
};

}  // namespace kintsugi

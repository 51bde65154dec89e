#pragma once

#include "engine/ports/announcer.h"
#include "engine/ports/controller.h"
#include "engine/ports/mailer.h"
#include "engine/run/bundling.h"
#include "engine/run/conductor.h"

#include <memory>
#include <string>

namespace kintsugi {

// Carries committed effects out into the world, at least once each.
//
// An effect is claimed with a lease, delivered with a timeout, and its outcome comes back as an event in the commit
// that settles it (`report_hop` for an order, `mail_bounced` for a refused recipient). Failures are retried with
// exponential backoff and jitter; after `attempts_max` the courier gives up loudly: the effect stays in the outbox
// as `gave_up`, recorded in the same commit, and can be redriven. Closings (close, kill) are never given up, and wait
// at most a minute between two attempts; so do the orders before which they may stand. An opening whose grant has
// ended meanwhile is not sent any more. Effects of one case and lane keep their order; one that cannot be delivered
// never holds up another case. Letters of one bundle (Effect::bundle) share one when there are many within minutes; a
// letter that was withdrawn before it was handed over is not sent.
//
// Announcements go to webhooks. One that does not answer rests for a while (webhook_rests.h), during which nothing is
// posted to it; every post is noted in the delivery log. 410 Gone disables the webhook, and a person must act.
//
// step() delivers what is due now in the caller's thread; start() uses `workers` threads of its own. What an earlier
// run had claimed and not settled start() takes over at once, under the same keys: one courier carries a store.
// hurry() may be called from any thread and returns at once.
class Courier {
 public:
  struct Parts {
    Conductor& conductor;
    Store& store;
    Vault& vault;
    const Workflow& workflow;
    const Clock& clock;
    Entropy& entropy;  // jitter
    // Which controller speaks to this access point; null when there is none (the order waits for a person).
    std::function<Controller*(const AccessPointId&)> controller;
    Mailer* mailer = nullptr;        // null: mails wait
    Announcer* announcer = nullptr;  // null: announcements wait
    std::string console_url;
    std::string mail_domain;
    Duration lease = 60s;
    Duration backoff_first = 1s;
    Duration backoff_max = 10min;
    int attempts_max = 30;  // with the backoff above about four hours for a mail, half an hour for an order
    int workers = 4;
    Tempo tempo{};  // of letters to the same people
    // Webhooks belong to others and may be away for days: about two and a half with these two.
    int webhook_attempts_max = 80;
    Duration webhook_backoff_max = 1h;
    int webhook_workers = 2;  // of their own, so that a dead end point holds up no mail and no order
  };

  explicit Courier(Parts parts);
  ~Courier();

  int step();
  // As start() does it: for whoever calls step() after an earlier run on the same store.
  void take_over();
  void start();
  void stop();
  void wake();
  // Carries out a closing order now, beside the outbox; the outbox repeats it with the same key.
  void hurry(const Effect& effect);

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace kintsugi

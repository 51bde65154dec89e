#pragma once

#include "engine/run/courier.h"
#include "engine/run/webhook_rests.h"

#include <mutex>
#include <optional>

namespace kintsugi {

// What is handed over together: one effect, or several of one bundle that share a letter.
using Parcel = std::vector<ClaimedEffect>;

// One attempt at one parcel: hands it over and says how that ended. Any thread; mails go one at a time.
class Delivery {
 public:
  explicit Delivery(const Courier::Parts& parts) : parts_(parts) {}

  struct Attempted {
    int delivered = 0;                  // effects
    std::vector<Settlement> unsettled;  // for the caller to make durable
  };
  // Tries. What the case must be told is made durable together with the end of the attempt; when there is nothing to
  // tell, the end is handed back, so that several can share a commit. A letter that has been withdrawn since it was
  // claimed is left as it is.
  Attempted attempt(const Parcel& parcel);
  // Hands an announcement back untouched: whoever should post it has no hands free.
  Settlement put_off(const ClaimedEffect& claimed) const;
  // Carries out a closing order beside the outbox; what is answered becomes events, but settles nothing.
  void carry_out_now(const Effect& effect);

 private:
  // The end of an attempt: how the effect is settled, and what the case must be told.
  struct End {
    Settlement settlement;
    std::vector<Submission> tells;
    Duration not_before{};  // what the other side asked for
  };
  End deliver(const ClaimedEffect& claimed);
  void end(End end, const ClaimedEffect& claimed, Attempted& out);
  void share(const Parcel& parcel, Attempted& out);
  bool still_wanted(const Effect& effect) const;
  Result<Posted> post(const Letter& letter, Instant at);
  End posted(const Effect& effect, const Result<Posted>& posted, const std::vector<std::string>& to) const;
  End mail(const Effect& effect);
  End order(const Effect& effect);
  End destroy(const Effect& effect);
  End announce(const Effect& effect, int attempts);
  End announced(const Effect& effect, int attempts, const Announced& answer) const;
  void note_gone(const Webhook& webhook);
  bool may_reach(const Effect& effect) const;
  Result<bool> came_too_late(const Effect& effect) const;
  End delivered(const Effect& effect) const;
  End failed(const Effect& effect, const Error& why) const;
  void plan_next(End& end, const ClaimedEffect& claimed);
  Submission report(const Effect& effect, const HopAnswer& answer) const;
  Submission bounced(const Effect& effect, const Directory& directory,
                     const std::vector<std::string>& addresses) const;
  Submission told(const Effect& effect, const char* event, Json payload) const;

  const Courier::Parts& parts_;
  std::mutex mailer_;
  WebhookRests rests_;
};

}  // namespace kintsugi

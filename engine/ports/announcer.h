#pragma once

#include "engine/domain/directory.h"
#include "engine/domain/effect.h"

#include <string>
#include <vector>

namespace kintsugi {

// What came of telling another system of a change.
struct Announced {
  enum class End {
    taken,    // it has it
    later,    // not now: away, busy, or an answer that may come right
    refused,  // its answer will not change by itself, or we may not go there
    gone,     // it wants nothing any more (410)
  };
  End end = End::later;
  int status = 0;          // of HTTP; 0: there was no answer
  Duration retry_after{};  // what it asked for; zero: nothing
  Duration took{};
  Digest sent{};      // SHA-256 of the body
  std::string error;  // empty when taken; no addresses, no content
};

// One of the keys that an end point's messages are signed with, as a person may see it.
struct WebhookKey {
  std::string public_key;  // `whpk_` and base64: Ed25519
  std::string secret;      // `whsec_` and base64: HMAC-SHA256; only when the key was just made
  Instant made{};
  Instant until{};  // empty: in force; else it signs beside its successor until then
};

// Keeps those keys, where only the engine can read them. Any thread.
class WebhookKeys {
 public:
  virtual ~WebhookKeys() = default;
  // A new key, whose secret is shown this once. Those before it go on for `overlap`.
  virtual Result<WebhookKey> renew(const WebhookId& id, Instant now, Duration overlap) = 0;
  // Those that sign now, the newest first. NotFound if there is none.
  virtual Result<std::vector<WebhookKey>> shown(const WebhookId& id, Instant now) const = 0;
};

// Tells systems of other organisations that a case has changed (H11). The effect's id travels with it, so that a
// receiver knows a repeat. Any thread, several at a time; returns within its own timeout.
class Announcer {
 public:
  virtual ~Announcer() = default;
  virtual Announced announce(const Webhook& to, const Effect& effect, Instant now) = 0;
  // Every mistake of an address, for whoever typed it.
  virtual std::vector<std::string> mistakes_in_url(const std::string& url) const = 0;
  // Asks the end point whether it is there and takes our signature; `id` names the question.
  virtual Announced ask(const Webhook& to, const std::string& id, Instant now) = 0;
};

}  // namespace kintsugi

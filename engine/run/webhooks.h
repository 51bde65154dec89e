#pragma once

#include "engine/domain/may.h"
#include "engine/ports/announcer.h"
#include "engine/run/conductor.h"

#include <string>
#include <vector>

namespace kintsugi {

// The subscriptions of the organisations: who wants to be told of what, where, and with which keys it is signed. A
// webhook belongs to one organisation and is looked after by those who run its systems. Any thread.
class Webhooks {
 public:
  struct Parts {
    Conductor& conductor;
    Store& store;
    Announcer* announcer = nullptr;  // null: this engine posts nothing, and everything below is Transient
    WebhookKeys* keys = nullptr;
    const Clock& clock;
    Entropy& entropy;
  };
  explicit Webhooks(Parts parts) : parts_(parts) {}

  // May this actor look after the webhooks of an organisation, and in which role?
  Permission looks_after(const Actor& actor, const OrganisationId& owner) const;

  struct Wanted {
    OrganisationId owner;
    std::string url;
    std::vector<CaseChange> changes;
    bool enabled = true;
  };
  struct Made {
    Webhook webhook;
    WebhookKey key;  // with its secret, this once
  };
  // Makes a webhook and its first key. NotFound when he does not look after the owner's, Invalid with the mistakes.
  Result<Made> add(const Actor& actor, const Wanted& wanted);
  // Puts address, changes and whether it is enabled; what answered Gone is tried again. The owner stays.
  Result<Webhook> change(const Actor& actor, const WebhookId& id, const Wanted& wanted);
  Result<WebhookKey> rotate(const Actor& actor, const WebhookId& id, Duration overlap);
  // Posts one test, now and once. How it went is in the answer and in the delivery log.
  Result<Announced> test(const Actor& actor, const WebhookId& id);

  // NotFound for those that he does not look after.
  Result<Webhook> one(const Actor& actor, const WebhookId& id) const;
  std::vector<Webhook> all(const Actor& actor) const;
  Result<std::vector<WebhookKey>> keys(const Actor& actor, const WebhookId& id) const;
  // The newest first.
  Result<std::vector<WebhookAttempt>> deliveries(const Actor& actor, const WebhookAttemptFilter& filter) const;

 private:
  Result<> put(const Actor& actor, const Webhook& webhook);
  OrganisationId log_of(const Webhook& webhook) const;
  bool works() const { return parts_.announcer != nullptr && parts_.keys != nullptr; }

  const Parts parts_;
};

}  // namespace kintsugi

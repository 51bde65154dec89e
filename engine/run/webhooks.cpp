#include "engine/run/webhooks.h"

#include "engine/base/digest.h"

#include <algorithm>
#include <utility>

namespace kintsugi {
namespace {

constexpr std::size_t webhooks_of_one_owner_max = 20;

tl::unexpected<Error> posts_nothing() {
  return fail(Errc::Transient, "this engine posts to no webhooks");
}

tl::unexpected<Error> none() {
  return fail(Errc::NotFound, "no such webhook");
}

}  // namespace

Permission Webhooks::looks_after(const Actor& actor, const OrganisationId& owner) const {
  const auto directory = parts_.conductor.directory();
  return may(*directory, actor, Act::administer_webhooks, matter_of(*directory, owner), parts_.clock.now());
}

Result<Webhook> Webhooks::one(const Actor& actor, const WebhookId& id) const {
  const auto directory = parts_.conductor.directory();
  const Webhook* found = directory->webhook(id);
  if (found == nullptr || !looks_after(actor, found->owner)) return none();
  return *found;
}

std::vector<Webhook> Webhooks::all(const Actor& actor) const {
  std::vector<Webhook> out;
  const auto directory = parts_.conductor.directory();
  for (const auto& [id, webhook] : directory->webhooks())
    if (looks_after(actor, webhook.owner)) out.push_back(webhook);
  return out;
}

OrganisationId Webhooks::log_of(const Webhook& webhook) const {
  const auto directory = parts_.conductor.directory();
  const Organisation* owner = directory->organisation(webhook.owner);
  return owner != nullptr && owner->side == Side::hcf ? owner->id : OrganisationId{};
}

// With its record, in one commit.
Result<> Webhooks::put(const Actor& actor, const Webhook& webhook) {
  const MastersAsked asked{
      .actor = actor, .as = looks_after(actor, webhook.owner).as, .key = std::nullopt, .request = {}};
  const auto done = parts_.conductor.change_masters(asked, [&](const Directory&) -> Result<MastersChange> {
    return MastersChange{
        .masters = {{.kind = "webhook",
                     .id = webhook.id.text(),
                     .tenant = webhook.owner.text(),
                     .body = to_json_text(webhook),
                     .salt = {}}},
        .records = {{.event = "config.changed", .tenant = log_of(webhook), .x = {{"master", "webhook"}}, .about = 0}},
        .reply = {}};
  });
  return done ? Result<>{} : Result<>(pass(done));
}

Result<Webhooks::Made> Webhooks::add(const Actor& actor, const Wanted& wanted) {
  if (!works()) return posts_nothing();
  if (!looks_after(actor, wanted.owner)) return none();
  if (const auto mistakes = parts_.announcer->mistakes_in_url(wanted.url); !mistakes.empty())
    return fail(Errc::Invalid, "/url " + mistakes.front());
  const auto directory = parts_.conductor.directory();
  const auto of_owner = [&](const auto& one) { return one.second.owner == wanted.owner; };
  if (std::cmp_greater_equal(std::ranges::count_if(directory->webhooks(), of_owner), webhooks_of_one_owner_max))
    return fail(Errc::Invalid, "/owner must be an organisation with fewer than 20 webhooks");
  const Instant now = parts_.clock.now();
  Webhook made;
  made.id = WebhookId{new_id_text("webhook", now, parts_.entropy.digest(), 0)};
  made.owner = wanted.owner;
  made.url = wanted.url;
  made.changes = wanted.changes;
  made.enabled = wanted.enabled;
  // The key first: a webhook without one could post nothing.
  auto key = parts_.keys->renew(made.id, now, Duration{});
  if (!key) return pass(key);
  if (auto done = put(actor, made); !done) return pass(done);
  return Made{std::move(made), std::move(*key)};
}

Result<Webhook> Webhooks::change(const Actor& actor, const WebhookId& id, const Wanted& wanted) {
  if (!works()) return posts_nothing();
  auto webhook = one(actor, id);
  if (!webhook) return webhook;
  if (const auto mistakes = parts_.announcer->mistakes_in_url(wanted.url); !mistakes.empty())
    return fail(Errc::Invalid, "/url " + mistakes.front());
  webhook->url = wanted.url;
  webhook->changes = wanted.changes;
  webhook->enabled = wanted.enabled;
  if (wanted.enabled) webhook->gone_at = Instant{};
  if (auto done = put(actor, *webhook); !done) return pass(done);
  return webhook;
}

Result<WebhookKey> Webhooks::rotate(const Actor& actor, const WebhookId& id, Duration overlap) {
  const auto webhook = one(actor, id);
  if (!webhook) return pass(webhook);
  if (!works()) return posts_nothing();
  auto key = parts_.keys->renew(id, parts_.clock.now(), overlap);
  if (!key) return key;
  // A public key is no secret, and what was put in force is exactly that.
  if (auto told =
          parts_.conductor.record("config.changed", log_of(*webhook), actor, looks_after(actor, webhook->owner).as,
                                  {{"master", "webhook"}, {"rev", to_base64(sha256(key->public_key))}});
      !told)
    return pass(told);
  return key;
}

Result<Announced> Webhooks::test(const Actor& actor, const WebhookId& id) {
  const auto webhook = one(actor, id);
  if (!webhook) return pass(webhook);
  if (!works()) return posts_nothing();
  const Instant now = parts_.clock.now();
  Announced answer = parts_.announcer->ask(*webhook, new_id_text("test", now, parts_.entropy.digest(), 0), now);
  const WebhookAttempt attempt{.webhook = id,
                               .effect = {},
                               .case_id = {},
                               .attempt = 1,
                               .at = now,
                               .took = answer.took,
                               .status = answer.status,
                               .sent = answer.sent,
                               .error = answer.error};
  if (auto noted = parts_.conductor.chore([&](Batch& batch) { return batch.note_attempt(attempt); }); !noted)
    return pass(noted);
  return answer;
}

Result<std::vector<WebhookKey>> Webhooks::keys(const Actor& actor, const WebhookId& id) const {
  if (!works()) return posts_nothing();
  const auto webhook = one(actor, id);
  if (!webhook) return pass(webhook);
  return parts_.keys->shown(id, parts_.clock.now());
}

Result<std::vector<WebhookAttempt>> Webhooks::deliveries(const Actor& actor,
                                                         const WebhookAttemptFilter& filter) const {
  const auto webhook = one(actor, filter.webhook);
  if (!webhook) return pass(webhook);
  return parts_.store.webhook_attempts(filter);
}

}  // namespace kintsugi

#include "engine/run/webhooks.h"

#include "adapters/http/described/bodies.h"
#include "adapters/http/limits.h"
#include "adapters/http/routes.h"

#include <algorithm>
#include <charconv>

// Subscriptions of organisations to changes of their cases; docs/api/webhooks.md.
namespace kintsugi::http {
namespace {

constexpr int overlap_hours_max = 720;

Json webhook_json(const Webhook& one) {
  Json changes = Json::array();
  for (const CaseChange change : one.changes)
    changes.push_back(name_of(change));
  Json out = {{"id", one.id.text()},
              {"owner", one.owner.text()},
              {"url", one.url},
              {"changes", std::move(changes)},
              {"enabled", one.enabled && one.gone_at == Instant{}}};
  if (one.gone_at != Instant{}) out["gone_at"] = to_text(one.gone_at);
  return out;
}

Json key_json(const WebhookKey& key) {
  Json out = {{"public_key", key.public_key}, {"made_at", to_text(key.made)}};
  if (key.until != Instant{}) out["until"] = to_text(key.until);
  if (!key.secret.empty()) out["secret"] = key.secret;
  return out;
}

Json attempt_json(const WebhookAttempt& one) {
  Json out = {{"at", to_text(one.at)},
              {"attempt", one.attempt},
              {"took_ms", std::chrono::duration_cast<std::chrono::milliseconds>(one.took).count()},
              {"taken", one.error.empty()}};
  if (!one.effect.empty()) out["effect"] = one.effect.text();
  if (!one.case_id.empty()) out["case_id"] = one.case_id.text();
  if (one.effect.empty()) out["test"] = true;
  if (one.status != 0) out["status"] = one.status;
  if (one.sent != Digest{}) out["sent_sha256"] = to_hex(one.sent);
  if (!one.error.empty()) out["error"] = one.error;
  return out;
}

WebhookId captured_id(const Exchange& exchange) {
  return WebhookId{std::string(exchange.captured.front())};
}

// `/url must be …` of the room behind becomes a place in the body.
void refuse(Exchange& exchange, const Error& error) {
  const auto space = error.what.find(' ');
  if (error.code != Errc::Invalid || !error.what.starts_with('/') || space == std::string::npos)
    return exchange.problem(error);
  exchange.problem(
      Problem{.name = "invalid", .errors = {{error.what.substr(0, space), error.what.substr(space + 1)}}});
}

}  // namespace

void list_webhooks(Exchange& exchange) {
  Json body = {{"webhooks", Json::array()}};
  for (const Webhook& one : exchange.desk.webhooks.all(exchange.actor))
    body["webhooks"].push_back(webhook_json(one));
  exchange.answer(200, body);
}

void add_webhook(Exchange& exchange) {
  const auto wanted = exchange.body_as<WebhookBody>();
  if (!wanted) return;
  const auto made =
      exchange.desk.webhooks.add(exchange.actor, {wanted->owner, wanted->url, wanted->changes, wanted->enabled});
  if (!made) return refuse(exchange, made.error());
  Json body = webhook_json(made->webhook);
  body["key"] = key_json(made->key);
  exchange.set("Location", "/api/v1/webhooks/" + made->webhook.id.text());
  exchange.answer(201, body);
}

void show_webhook(Exchange& exchange) {
  const auto webhook = exchange.desk.webhooks.one(exchange.actor, captured_id(exchange));
  if (!webhook) return refuse(exchange, webhook.error());
  Json body = webhook_json(*webhook);
  body["keys"] = Json::array();
  if (const auto keys = exchange.desk.webhooks.keys(exchange.actor, webhook->id))
    for (const WebhookKey& key : *keys)
      body["keys"].push_back(key_json(key));
  exchange.answer(200, body);
}

void change_webhook(Exchange& exchange) {
  const auto wanted = exchange.body_as<WebhookBody>();
  if (!wanted) return;
  const auto webhook = exchange.desk.webhooks.change(exchange.actor, captured_id(exchange),
                                                     {wanted->owner, wanted->url, wanted->changes, wanted->enabled});
  if (!webhook) return refuse(exchange, webhook.error());
  exchange.answer(200, webhook_json(*webhook));
}

void rotate_webhook(Exchange& exchange) {
  const auto wanted = exchange.body_as<RotateBody>();
  if (!wanted) return;
  if (wanted->overlap_hours < 0 || wanted->overlap_hours > overlap_hours_max)
    return exchange.problem(Problem{.name = "invalid", .errors = {{"/overlap_hours", "must be 0 to 720"}}});
  const auto key =
      exchange.desk.webhooks.rotate(exchange.actor, captured_id(exchange), std::chrono::hours(wanted->overlap_hours));
  if (!key) return refuse(exchange, key.error());
  exchange.answer(200, key_json(*key));
}

void test_webhook(Exchange& exchange) {
  const auto answer = exchange.desk.webhooks.test(exchange.actor, captured_id(exchange));
  if (!answer) return refuse(exchange, answer.error());
  Json body = {{"taken", answer->end == Announced::End::taken},
               {"took_ms", std::chrono::duration_cast<std::chrono::milliseconds>(answer->took).count()}};
  if (answer->status != 0) body["status"] = answer->status;
  if (!answer->error.empty()) body["error"] = answer->error;
  exchange.answer(200, body);
}

void list_deliveries(Exchange& exchange) {
  WebhookAttemptFilter filter;
  filter.webhook = captured_id(exchange);
  filter.effect = EffectId{exchange.parameter("effect")};
  filter.limit = page_size_default;
  if (const std::string size = exchange.parameter("page_size"); !size.empty()) {
    const auto read = std::from_chars(size.data(), size.data() + size.size(), filter.limit);
    if (read.ec != std::errc{} || read.ptr != size.data() + size.size() || filter.limit < 1 ||
        filter.limit > page_size_max)
      return exchange.problem(Problem{.name = "invalid", .errors = {{"page_size", "must be 1 to 200"}}});
  }
  const auto attempts = exchange.desk.webhooks.deliveries(exchange.actor, filter);
  if (!attempts) return refuse(exchange, attempts.error());
  Json body = {{"deliveries", Json::array()}};
  for (const WebhookAttempt& one : *attempts)
    body["deliveries"].push_back(attempt_json(one));
  exchange.answer(200, body);
}

}  // namespace kintsugi::http

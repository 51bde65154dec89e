#include "engine/run/webhooks.h"

#include "adapters/http/described/bodies.h"
#include "adapters/http/paging.h"
#include "adapters/http/routes.h"

#include <algorithm>
#include <array>
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

constexpr std::array webhook_filterables{Filterable{"owner"}, Filterable{"enabled"}};
constexpr std::array webhook_orders{std::string_view("id")};
constexpr std::array attempt_filterables{Filterable{"effect"}, Filterable{"taken"}};
constexpr std::array attempt_orders{std::string_view("at")};

bool matches(const Webhook& one, const std::vector<Term>& terms) {
  return std::ranges::all_of(terms, [&](const Term& term) {
    if (term.name == "owner") return fits(term, one.owner.text());
    return fits(term, one.enabled && one.gone_at == Instant{} ? "true" : "false");
  });
}

// False when a term asks for what the log does not know, and then that is answered.
bool narrow(Exchange& exchange, const std::vector<Term>& terms, WebhookAttemptFilter& filter) {
  for (const Term& term : terms) {
    const std::string& value = term.values.front();
    const bool is_flag = value == "true" || value == "false";
    if (term.values.size() > 1 || (term.name == "taken" && !is_flag)) {
      const char* allowed = term.name == "taken" ? "' is true or false" : "' takes one value";
      exchange.problem(Problem{.name = "invalid", .errors = {{"filter", "'" + term.name + allowed}}});
      return false;
    }
    if (term.name == "taken")
      filter.taken = value == "true";
    else
      filter.effect = EffectId{value};
  }
  return true;
}

// The place behind which a page begins; false when it is none, and then that is answered.
bool begin_behind(Exchange& exchange, const Place& place, WebhookAttemptFilter& filter) {
  const auto read = [](const std::string& text, auto& out) {
    return std::from_chars(text.data(), text.data() + text.size(), out).ec == std::errc{};
  };
  std::int64_t at = 0;
  if (read(place.key, at) && read(place.id, filter.before_position)) {
    filter.before = Instant{Duration{at}};
    return true;
  }
  exchange.problem(Problem{.name = "invalid", .errors = {{"page_token", "must be a next_page_token as it came"}}});
  return false;
}

}  // namespace

void list_webhooks(Exchange& exchange) {
  const auto asked = asked_of(exchange, webhook_filterables, webhook_orders);
  if (!asked) return;
  auto some = exchange.desk.webhooks.all(exchange.actor);
  std::erase_if(some, [&](const Webhook& one) { return !matches(one, asked->terms); });
  const auto end = cut_to_page(some, *asked, direction_of(*asked),
                               [](const Webhook& one) { return Place{.key = {}, .id = one.id.text()}; });
  Json body = {{"webhooks", Json::array()}};
  for (const Webhook& one : some)
    body["webhooks"].push_back(webhook_json(one));
  answer_page(exchange, std::move(body), end);
}

void add_webhook(Exchange& exchange) {
  const auto wanted = exchange.body_as<WebhookBody>();
  if (!wanted) return;
  const auto made =
      exchange.desk.webhooks.add(exchange.actor, {wanted->owner, wanted->url, wanted->changes, wanted->enabled});
  if (!made) return exchange.refuse(made.error());
  Json body = webhook_json(made->webhook);
  body["key"] = key_json(made->key);
  exchange.set("Location", "/api/v1/webhooks/" + made->webhook.id.text());
  exchange.answer(201, body);
}

void show_webhook(Exchange& exchange) {
  const auto webhook = exchange.desk.webhooks.one(exchange.actor, captured_id(exchange));
  if (!webhook) return exchange.refuse(webhook.error());
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
  if (!webhook) return exchange.refuse(webhook.error());
  exchange.answer(200, webhook_json(*webhook));
}

void rotate_webhook(Exchange& exchange) {
  const auto wanted = exchange.body_as<RotateBody>();
  if (!wanted) return;
  if (wanted->overlap_hours < 0 || wanted->overlap_hours > overlap_hours_max)
    return exchange.problem(Problem{.name = "invalid", .errors = {{"/overlap_hours", "must be 0 to 720"}}});
  const auto key =
      exchange.desk.webhooks.rotate(exchange.actor, captured_id(exchange), std::chrono::hours(wanted->overlap_hours));
  if (!key) return exchange.refuse(key.error());
  exchange.answer(200, key_json(*key));
}

void test_webhook(Exchange& exchange) {
  const auto answer = exchange.desk.webhooks.test(exchange.actor, captured_id(exchange));
  if (!answer) return exchange.refuse(answer.error());
  Json body = {{"taken", answer->end == Announced::End::taken},
               {"took_ms", std::chrono::duration_cast<std::chrono::milliseconds>(answer->took).count()}};
  if (answer->status != 0) body["status"] = answer->status;
  if (!answer->error.empty()) body["error"] = answer->error;
  exchange.answer(200, body);
}

void list_deliveries(Exchange& exchange) {
  const auto asked = asked_of(exchange, attempt_filterables, attempt_orders, {"effect"});
  if (!asked) return;
  WebhookAttemptFilter filter;
  filter.webhook = captured_id(exchange);
  if (!narrow(exchange, asked->terms, filter)) return;
  if (asked->place && !begin_behind(exchange, *asked->place, filter)) return;
  filter.limit = asked->size + 1;
  const auto attempts = exchange.desk.webhooks.deliveries(exchange.actor, filter);
  if (!attempts) return exchange.refuse(attempts.error());
  const auto shown = std::min(attempts->size(), static_cast<std::size_t>(asked->size));
  Json body = {{"deliveries", Json::array()}};
  for (std::size_t i = 0; i < shown; ++i)
    body["deliveries"].push_back(attempt_json((*attempts)[i]));
  std::optional<Place> end;
  if (attempts->size() > shown) {
    const WebhookAttempt& last = (*attempts)[shown - 1];
    end = Place{.key = std::to_string(last.at.time_since_epoch().count()), .id = std::to_string(last.position)};
  }
  answer_page(exchange, std::move(body), end);
}

}  // namespace kintsugi::http

#include "adapters/http/described/bodies.h"
#include "adapters/http/described/described.h"
#include "adapters/http/described/schema_of.h"

namespace kintsugi::http::described {
namespace {

Parameter webhook_id() {
  return {.name = "webhook_id", .text = {"webhook の id", "Id of the webhook"}, .schema = id("webhook")};
}

Json key() {
  return object(
      {has("public_key", says(text(), {"Ed25519。whpk_ と base64", "Ed25519: whpk_ and base64"})),
       has("made_at", time()),
       may_have("until", says(time(), {"この時刻まで並んで署名する", "It signs beside its successor until then"})),
       may_have("secret", says(text(), {"HMAC-SHA256。作ったときだけ", "HMAC-SHA256; only when it was just made"}))});
}

Json webhook(std::initializer_list<Member> more = {}) {
  Json out = object({has("id", id("webhook")), has("owner", id("org")), has("url", text()),
                     has("changes", list_of(name_in<CaseChange>())), has("enabled", yes_or_no()),
                     may_have("gone_at", says(time(), {"410 と答えた時刻", "When it answered 410"}))});
  const Json added = object(more);
  out["properties"].update(added.at("properties"));
  if (added.contains("required"))
    for (const Json& name : added.at("required"))
      out["required"].push_back(name);
  return out;
}

}  // namespace

Description list_webhooks() {
  return {
      .id = "list_webhooks",
      .tag = "webhooks",
      .summary = {"変更を知らせる先の一覧", "Where changes are announced"},
      .answers = {{200,
                   {"自分が運用する組織のもの", "Those of the organisations whose systems you run"},
                   page_of("webhooks", webhook()),
                   {"Link"}}},
      .query = paged({"条件を AND でつないだもの: owner、enabled", "Terms joined by AND: owner, enabled"}, {"id"}),
      .problems = {"invalid"}};
}

Description add_webhook() {
  return {.id = "add_webhook",
          .tag = "webhooks",
          .summary = {"知らせる先を加える", "Announce changes to another system"},
          .answers = {{201,
                       {"秘密はこの答えにだけあります", "The secret is in this answer and nowhere else"},
                       webhook({has("key", key())}),
                       {"Location"}}},
          .body = schema_of<WebhookBody>(),
          .problems = {"not_found"}};
}

Description show_webhook() {
  return {.id = "show_webhook",
          .tag = "webhooks",
          .summary = {"知らせる先と、署名している鍵", "One of them, and the keys that sign now"},
          .answers = {{200, {"その設定", "How it is set"}, webhook({has("keys", list_of(key()))})}},
          .path = {webhook_id()},
          .problems = {"not_found"}};
}

Description change_webhook() {
  return {.id = "change_webhook",
          .tag = "webhooks",
          .summary = {"知らせる先を変える", "Change one of them"},
          .answers = {{200, {"変えたあと", "As it is now"}, webhook()}},
          .text = {"有効にすると、410 と答えたものにもまた送ります。組織は変わりません。",
                   "Enabled, one that answered 410 is tried again. The owner stays."},
          .path = {webhook_id()},
          .body = schema_of<WebhookBody>(),
          .problems = {"not_found"}};
}

Description rotate_webhook() {
  return {
      .id = "rotate_webhook",
      .tag = "webhooks",
      .summary = {"鍵を替える", "A new key"},
      .answers = {{200, {"新しい鍵", "The new key"}, key()}},
      .text = {"古い鍵も overlap_hours のあいだ並んで署名します。", "The old one signs beside it for overlap_hours."},
      .path = {webhook_id()},
      .body = schema_of<RotateBody>(),
      .problems = {"not_found"}};
}

Description test_webhook() {
  return {.id = "test_webhook",
          .tag = "webhooks",
          .summary = {"いま試しに送る", "Post a test now"},
          .answers = {{200,
                       {"どうなったか", "How it went"},
                       object({has("taken", yes_or_no()), has("took_ms", number()), may_have("status", number()),
                               may_have("error", text())})}},
          .path = {webhook_id()},
          .problems = {"not_found"}};
}

Description list_deliveries() {
  return {
      .id = "list_deliveries",
      .tag = "webhooks",
      .summary = {"送った記録", "Every attempt to post"},
      .answers = {{200,
                   {"新しい順", "Newest first"},
                   page_of("deliveries", object({has("at", time()), has("attempt", number()),
                                                 has("took_ms", number()), has("taken", yes_or_no()),
                                                 may_have("effect", id("effect")), may_have("case_id", id("case")),
                                                 may_have("test", yes_or_no()), may_have("status", number()),
                                                 may_have("sent_sha256", text()), may_have("error", text())})),
                   {"Link"}}},
      .path = {webhook_id()},
      .query = paged_and({{.name = "effect",
                           .text = {"filter=effect=… と同じ", "The same as filter=effect=…"},
                           .schema = id("effect")}},
                         {"条件を AND でつないだもの: effect、taken", "Terms joined by AND: effect, taken"}),
      .problems = {"not_found", "invalid"}};
}

}  // namespace kintsugi::http::described

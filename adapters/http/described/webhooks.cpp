#include "adapters/http/described/described.h"

namespace kintsugi::http::described {

Description list_webhooks() {
  return {
      .id = "list_webhooks",
      .tag = "webhooks",
      .summary = {"自組織の webhook の一覧", "The webhooks of the organisation"},
      .answers = {{200, {"自組織の webhook の一覧", "The webhooks of the organisation"}, Json{{"type", "object"}}}}};
}

Description add_webhook() {
  return {.id = "add_webhook",
          .tag = "webhooks",
          .summary = {"webhook を加える", "Add a webhook"},
          .answers = {{201, {"webhook を加える", "Add a webhook"}, Json{{"type", "object"}}}}};
}

Description show_webhook() {
  return {.id = "show_webhook",
          .tag = "webhooks",
          .summary = {"webhook を見る", "Show a webhook"},
          .answers = {{200, {"webhook を見る", "Show a webhook"}, Json{{"type", "object"}}}},
          .path = {{.name = "webhook_id", .text = {"webhook の id", "Id of the webhook"}, .schema = id("webhook")}}};
}

Description change_webhook() {
  return {.id = "change_webhook",
          .tag = "webhooks",
          .summary = {"webhook を変える", "Change a webhook"},
          .answers = {{200, {"webhook を変える", "Change a webhook"}, Json{{"type", "object"}}}},
          .path = {{.name = "webhook_id", .text = {"webhook の id", "Id of the webhook"}, .schema = id("webhook")}}};
}

Description rotate_webhook() {
  return {.id = "rotate_webhook",
          .tag = "webhooks",
          .summary = {"webhook の鍵を替える", "Give a webhook a new key"},
          .answers = {{200, {"webhook の鍵を替える", "Give a webhook a new key"}, Json{{"type", "object"}}}},
          .path = {{.name = "webhook_id", .text = {"webhook の id", "Id of the webhook"}, .schema = id("webhook")}}};
}

Description test_webhook() {
  return {.id = "test_webhook",
          .tag = "webhooks",
          .summary = {"webhook を試す", "Send a test to a webhook"},
          .answers = {{200, {"webhook を試す", "Send a test to a webhook"}, Json{{"type", "object"}}}},
          .path = {{.name = "webhook_id", .text = {"webhook の id", "Id of the webhook"}, .schema = id("webhook")}}};
}

Description list_deliveries() {
  return {.id = "list_deliveries",
          .tag = "webhooks",
          .summary = {"webhook に届けた記録", "What was delivered to a webhook"},
          .answers = {{200, {"webhook に届けた記録", "What was delivered to a webhook"}, Json{{"type", "object"}}}},
          .path = {{.name = "webhook_id", .text = {"webhook の id", "Id of the webhook"}, .schema = id("webhook")}}};
}

}  // namespace kintsugi::http::described

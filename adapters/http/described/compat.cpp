#include "adapters/http/described/bodies.h"
#include "adapters/http/described/described.h"

namespace kintsugi::http::described {

Description take_alertmanager() {
  return {
      .id = "take_alertmanager",
      .tag = "compat",
      .summary = {"Alertmanager の webhook (版 4) を受ける", "Takes the webhook of Alertmanager, version 4"},
      .answers = {{200,
                   {"ひとつずつ、どうなったか", "What became of each"},
                   object(
                       {has("alerts", list_of(object({has("dedup_key", text()), has("result", name_in<NoticeTaken>()),
                                                      may_have("case_id", id("case"))})))})}},
      .text =
          {"装置または連携システムのトークンで。発生は通知に、解消は案件のメモになり、案件は閉じません。",
           "With the token of a device or an integration. Firing is a notice, resolved a note that closes nothing."},
      .body = Json{{"type", "object"},
                   {"required", {"version", "alerts"}},
                   {"properties", {{"version", text()}, {"alerts", list_of(Json{{"type", "object"}})}}}},
      .problems = {"unauthenticated"}};
}

Description take_pagerduty() {
  const Json reply = object({has("status", text()), has("message", text()), may_have("dedup_key", text()),
                             may_have("errors", list_of(text()))});
  return {.id = "take_pagerduty",
          .tag = "compat",
          .summary = {"PagerDuty Events v2 を受ける", "Takes PagerDuty's Events v2"},
          .answers = {{202, {"記録されました", "It is durable"}, reply},
                      {400, {"受け取れない形です", "It is no event that can be taken"}, reply}},
          .text = {"routing_key は装置または連携システムのトークンです。acknowledge は何も決めません。",
                   "The routing_key is the token of a device or an integration. An acknowledge decides nothing."},
          .body = Json{{"type", "object"},
                       {"required", {"routing_key", "event_action"}},
                       {"properties",
                        {{"routing_key", text()},
                         {"event_action", {{"type", "string"}, {"enum", {"trigger", "acknowledge", "resolve"}}}}}}}};
}

}  // namespace kintsugi::http::described

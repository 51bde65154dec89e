#include "adapters/http/described/described.h"
#include "engine/ports/records.h"

namespace kintsugi::http::described {
namespace {

std::vector<Parameter> outbox_query() {
  std::vector<Parameter> out =
      paged({"条件を AND でつないだもの: state、case_id、kind (mail、order、destroy_key、webhook)",
             "Terms joined by AND: state, case_id, kind (mail, order, destroy_key, webhook)"},
            {});
  out[2].example = "state=gave_up AND kind=mail";
  out.push_back({.name = "state",
                 .text = {"filter=state=… と同じ", "The same as filter=state=…"},
                 .schema = name_in<EffectState>()});
  out.push_back(
      {.name = "case_id", .text = {"filter=case_id=… と同じ", "The same as filter=case_id=…"}, .schema = text()});
  return out;
}

}  // namespace

Description live() {
  return {.id = "live",
          .tag = "operation",
          .summary = {"動いているか", "Is the process alive?"},
          .answers = {{200, {"動いています", "It is"}, object({has("status", Json{{"const", "live"}})})}}};
}

Description ready() {
  const Json checks = list_of(object({has("name", text()), has("ok", yes_or_no())}));
  return {.id = "ready",
          .tag = "operation",
          .summary = {"要求を受け付けられるか", "Can it take requests?"},
          .answers = {{200,
                       {"受け付けられます", "It can"},
                       object({has("status", Json{{"const", "ready"}}), has("checks", checks)})},
                      {503,
                       {"整っていません", "Something is not in order"},
                       object({has("status", Json{{"const", "not_ready"}}), has("checks", checks)})}}};
}

Description version() {
  return {.id = "version",
          .tag = "operation",
          .summary = {"プログラムと業務の流れの版", "Versions of the program and of the workflow"},
          .answers = {{200,
                       {"版", "The versions"},
                       object({has("program", text()), has("version", text()), has("workflow", word()),
                               has("workflow_version", text()), has("workflow_digest", digest())})}}};
}

Description show_openapi() {
  return {.id = "show_openapi",
          .tag = "operation",
          .summary = {"この文書 (OpenAPI 3.1)", "This document (OpenAPI 3.1)"},
          .answers = {{200, {"文書", "The document"}, Json{{"type", "object"}}, {"ETag"}},
                      {304, {"変わっていません", "It has not changed"}, Json()}},
          .headers = {"If-None-Match"}};
}

Description list_outbox() {
  return {
      .id = "list_outbox",
      .tag = "outbox",
      .summary = {"届けるもの、届けたもの、あきらめたもの", "What is to be delivered, was delivered or was given up"},
      .answers = {{200, {"新しい順", "Newest first"}, page_of("effects", ref("Effect")), {"Link"}}},
      .text = {"両側のシステムを運用する役割の人だけに見えます。", "For those who run the two sides' systems."},
      .query = outbox_query(),
      .problems = {"invalid"}};
}

Description redrive() {
  return {.id = "redrive",
          .tag = "outbox",
          .summary = {"あきらめたものをもう一度届ける", "Deliver again what was given up"},
          .answers = {{200,
                       {"もう一度待っています", "It waits again"},
                       object({has("id", id("effect")), has("state", Json{{"const", "waiting"}})})}},
          .path = {{.name = "effect_id", .text = {"届けるものの id", "Id of the effect"}, .schema = id("effect")}},
          .problems = {"not_found", "forbidden"}};
}

Description show_checkpoint() {
  return {.id = "show_checkpoint",
          .tag = "audit",
          .summary = {"病院のログの署名された先頭", "The signed heads of the hospitals' logs"},
          .answers = {{200,
                       {"見ることのできるログ", "The logs that you may see"},
                       page_of("logs", object({has("log", text()), has("tenant", id("org")), has("records", number()),
                                               may_have("signed_size", number()), may_have("note", text())})),
                       {"Link"}}},
          .query = paged({}, {}),
          .problems = {"invalid"}};
}

}  // namespace kintsugi::http::described

#include "adapters/http/described/bodies.h"
#include "adapters/http/described/described.h"
#include "adapters/http/described/schema_of.h"

// Other systems that report faults.
namespace kintsugi::http::described {
namespace {

Parameter integration_id() {
  return {
      .name = "integration_id", .text = {"連携システムの id", "Id of the integration"}, .schema = id("integration")};
}

Json integration() {
  return object({has("id", id("integration")), has("tenant", id("org")),
                 has("name", object({has("ja", text()), has("en", text())})),
                 has("enabled", says(yes_or_no(), {"false: 終わった", "false: it has been retired"})),
                 has("device_label", text()), has("serial_label", text()), has("code_label", text()),
                 has("severity_label", text())});
}

}  // namespace

Description list_integrations() {
  return {
      .id = "list_integrations",
      .tag = "compat",
      .summary = {"不具合を知らせてくる連携システムの一覧", "Other systems that report faults"},
      .answers = {{200,
                   {"自分が管理する病院のもの。終わったものも",
                    "Those of the hospitals you look after, ended ones too"},
                   page_of("integrations", integration()),
                   {"Link"}}},
      .query = paged({"条件を AND でつないだもの: tenant、enabled", "Terms joined by AND: tenant, enabled"}, {"id"}),
      .problems = {"invalid"}};
}

Description add_integration() {
  return {.id = "add_integration",
          .tag = "compat",
          .summary = {"連携システムを加える", "Let another system report faults"},
          .answers = {{201,
                       {"加わりました。次にトークンを出します", "It is known. Make a token for it next"},
                       integration(),
                       {"Location"}}},
          .text = {"ラベルは、その通知のどこに装置、シリアル番号、コード、重大度があるかです。",
                   "The labels say where its alerts tell device, serial number, code and severity."},
          .body = schema_of<IntegrationBody>(),
          .problems = {"not_found", "invalid"}};
}

Description show_integration() {
  return {.id = "show_integration",
          .tag = "compat",
          .summary = {"連携システム", "One of them"},
          .answers = {{200, {"その設定", "How it is set"}, integration()}},
          .path = {integration_id()},
          .problems = {"not_found"}};
}

Description retire_integration() {
  return {.id = "retire_integration",
          .tag = "compat",
          .summary = {"連携システムを終わらせる", "One of them ends now"},
          .answers = {{200,
                       {"そのトークンは次の要求から使えません", "Its tokens are good for nothing any more"},
                       integration()}},
          .path = {integration_id()},
          .problems = {"not_found"}};
}

}  // namespace kintsugi::http::described

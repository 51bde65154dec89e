#include "adapters/http/openapi.h"
#include "adapters/http/paging.h"
#include "adapters/http/routes.h"
#include "adapters/http/version.h"
#include "engine/base/digest.h"
#include "engine/domain/may.h"

#include <array>
#include <map>

namespace kintsugi::http {

void live(Exchange& exchange) {
  exchange.answer(200, {{"status", "live"}});
}

void ready(Exchange& exchange) {
  Json checks = Json::array();
  bool all = true;
  for (const ReadyCheck& one : exchange.desk.ready) {
    const bool holds = one.holds();
    all = all && holds;
    checks.push_back({{"name", one.name}, {"ok", holds}});
  }
  if (exchange.desk.health != nullptr)
    for (const Health::State& one : exchange.desk.health->states())
      if (one.blocks && one.found.condition == Condition::wrong) {
        all = false;
        checks.push_back({{"name", one.name}, {"ok", false}});
      }
  exchange.answer(all ? 200 : 503, {{"status", all ? "ready" : "not_ready"}, {"checks", std::move(checks)}});
}

void version(Exchange& exchange) {
  const Workflow& workflow = exchange.desk.workflow;
  exchange.answer(200, {{"program", "kintsugi"},
                        {"version", version_text},
                        {"workflow", workflow.name},
                        {"workflow_version", workflow.version},
                        {"workflow_digest", to_base64(workflow.digest)}});
}

// Made once for each language; nothing in it changes while the program runs.
void show_openapi(Exchange& exchange) {
  struct Made {
    std::string text, etag;
  };
  static const auto made = [](const Workflow& workflow, Language language) {
    std::string text = openapi_text(workflow, language);
    std::string etag = "\"" + to_hex(BytesView(sha256(text)).first(16)) + "\"";
    return Made{std::move(text), std::move(etag)};
  };
  static const std::map<Language, Made> documents{{Language::ja, made(exchange.desk.workflow, Language::ja)},
                                                  {Language::en, made(exchange.desk.workflow, Language::en)}};
  const Made& document = documents.at(exchange.language);
  exchange.answer_unless_known(document.etag, document.text, "application/json");
}

void show_checkpoint(Exchange& exchange) {
  static constexpr std::array in_order{std::string_view("tenant")};
  const auto asked = asked_of(exchange, {}, in_order);
  if (!asked) return;
  const auto directory = exchange.desk.conductor.directory();
  const Instant now = exchange.desk.clock.now();
  std::vector<OrganisationId> hospitals;
  for (const auto& [id, organisation] : directory->organisations())
    if (organisation.side == Side::hcf &&
        may(*directory, exchange.actor, Act::read_trail, matter_of(*directory, id), now))
      hospitals.push_back(id);
  const auto end = cut_to_page(hospitals, *asked, Direction::up,
                               [](const OrganisationId& id) { return Place{.key = {}, .id = id.text()}; });
  Json logs = Json::array();
  for (const OrganisationId& id : hospitals) {
    const std::string log = exchange.desk.log_base + "/hcf/" + id.text();
    const auto size = exchange.desk.store.audit_size(log);
    const auto checkpoint = exchange.desk.store.last_checkpoint(log);
    if (!size) return exchange.problem(size.error());
    if (!checkpoint) return exchange.problem(checkpoint.error());
    exchange.desk.readings->note_trail(exchange.actor, id, *size);
    Json one = {{"log", log}, {"tenant", id.text()}, {"records", *size}};
    if (*checkpoint) {
      one["signed_size"] = (*checkpoint)->size;
      one["note"] = (*checkpoint)->note;
    }
    logs.push_back(std::move(one));
  }
  answer_page(exchange, {{"logs", std::move(logs)}}, end);
}

}  // namespace kintsugi::http

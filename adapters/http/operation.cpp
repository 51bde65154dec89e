#include "adapters/http/routes.h"
#include "adapters/http/sight.h"
#include "adapters/http/version.h"

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

void show_checkpoint(Exchange& exchange) {
  const auto directory = exchange.desk.conductor.directory();
  const Instant now = exchange.desk.clock.now();
  Json logs = Json::array();
  for (const OrganisationId& id : organisations_of(*directory, exchange.actor.person, now)) {
    if (directory->organisation(id)->side != Side::hcf) continue;
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
  exchange.answer(200, {{"logs", std::move(logs)}});
}

}  // namespace kintsugi::http

#include "adapters/http/limits.h"
#include "adapters/http/routes.h"
#include "adapters/http/sight.h"

#include <algorithm>

namespace kintsugi::http {
namespace {

constexpr const char* version_text = "0.1.0";

Json effect_json(const OutboxRow& row) {
  Json out = {{"id", row.effect.id.text()},   {"case_id", row.effect.case_id.text()},
              {"lane", row.effect.lane},      {"state", name_of(row.state)},
              {"attempts", row.attempts},     {"decided_at", to_text(row.effect.at)},
              {"closing", row.effect.closing}};
  if (row.due != Instant{}) out["due"] = to_text(row.due);
  if (row.settled_at != Instant{}) out["settled_at"] = to_text(row.settled_at);
  if (!row.last_error.empty()) out["last_error"] = row.last_error;
  if (row.effect.mail) out["mail"] = row.effect.mail->mail;
  if (row.effect.order) {
    out["order"] = name_of(row.effect.order->order);
    out["hop"] = name_of(row.effect.order->hop);
  }
  return out;
}

// The outbox is for those who run the two sides' systems.
bool administers(const Directory& directory, const PersonId& id, const OrganisationId& tenant,
                 const OrganisationId& rsc, Instant at) {
  const Person* person = directory.person(id);
  if (person == nullptr) return false;
  const auto has = [&](Role role, const OrganisationId& where) {
    const auto roles = directory.roles_of(*person, where, at);
    return std::ranges::find(roles, role) != roles.end();
  };
  return has(Role::hcf_sysadm, tenant) || has(Role::hcf_netadm, tenant) ||
         (!rsc.empty() && (has(Role::rsc_netadm, rsc) || has(Role::rsc_mgr, rsc)));
}

bool administers(Exchange& exchange, const OutboxRow& row) {
  const auto file = exchange.desk.conductor.case_file(row.effect.case_id);
  return administers(*exchange.desk.conductor.directory(), exchange.actor.person, row.effect.tenant,
                     file ? (*file)->rsc : OrganisationId{}, exchange.desk.clock.now());
}

}  // namespace

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

void list_outbox(Exchange& exchange) {
  OutboxFilter filter;
  if (const std::string state = exchange.parameter("state"); !state.empty()) {
    filter.state = from_name<EffectState>(state);
    if (!filter.state)
      return exchange.problem(
          Problem{.name = "invalid", .errors = {{"state", "must be waiting, leased, delivered or gave_up"}}});
  }
  filter.case_id = CaseId{exchange.parameter("case_id")};
  filter.limit = page_size_max;
  const auto rows = exchange.desk.store.outbox(filter);
  if (!rows) return exchange.problem(rows.error());
  Json body = {{"effects", Json::array()}};
  for (const OutboxRow& row : *rows)
    if (administers(exchange, row)) body["effects"].push_back(effect_json(row));
  exchange.answer(200, body);
}

void redrive(Exchange& exchange) {
  const EffectId id{std::string(exchange.captured.front())};
  OutboxFilter given_up;
  given_up.state = EffectState::gave_up;
  given_up.limit = 10'000;
  const auto rows = exchange.desk.store.outbox(given_up);
  if (!rows) return exchange.problem(rows.error());
  const auto row = std::ranges::find(*rows, id, [](const OutboxRow& one) { return one.effect.id; });
  if (row == rows->end() || !administers(exchange, *row)) return exchange.problem("not_found");
  const Instant now = exchange.desk.clock.now();
  const auto done = exchange.desk.conductor.chore([&](Batch& batch) { return batch.redrive(id, now); });
  if (!done) return exchange.problem(done.error());
  if (exchange.desk.wake_courier) exchange.desk.wake_courier();
  exchange.answer(200, {{"id", id.text()}, {"state", name_of(EffectState::waiting)}});
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

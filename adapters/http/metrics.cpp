#include "adapters/http/limits.h"
#include "adapters/http/request_meter.h"
#include "adapters/http/routes.h"
#include "adapters/http/version.h"
#include "engine/base/digest.h"
#include "engine/base/exposition.h"

#include <algorithm>
#include <map>

// What an operator's instruments ask: /metrics and /api/v1/health.
namespace kintsugi::http {
namespace {

constexpr Duration late_after = 10s;  // a timer fires within a second
constexpr int late_looked_at_max = 1000;
constexpr const char* exposition_type = "text/plain; version=0.0.4; charset=utf-8";

bool is_this_machine(const std::string& address) {
  return address == "::1" || address.starts_with("127.") || address.starts_with("::ffff:127.");
}

// By a token of its own, which opens nothing else; without one, from this machine only.
bool may_measure(const Exchange& exchange) {
  const auto& wanted = exchange.desk.metrics_token;
  const auto token = exchange.bearer();
  if (wanted && token) return equal_in_constant_time(sha256(*token), *wanted);
  return !token && is_this_machine(exchange.address);
}

void write_cases(const Desk& desk, Exposition& out) {
  const auto states = desk.store.open_states();
  if (!states) return;
  std::map<Access, std::int64_t> access;
  out.gauge("kintsugi_open_cases", "Open cases by state.");
  for (const auto& [state, count] : *states) {
    out.sample(static_cast<double>(count), {{"state", state}});
    if (const StateInfo* info = desk.workflow.state(state)) access[info->access] += count;
  }
  out.gauge("kintsugi_access", "Open cases by whether somebody can be inside the hospital under them.");
  for (const auto& [kind, name] : names_of(Access{}))
    out.sample(static_cast<double>(access[kind]), {{"access", name}});
}

void write_outbox(const Desk& desk, Instant now, Exposition& out) {
  const auto summary = desk.store.outbox_summary();
  if (!summary) return;
  out.gauge("kintsugi_outbox_effects", "Effects of the outbox that are not delivered, by state.");
  out.sample(static_cast<double>(summary->waiting), {{"state", "waiting"}});
  out.sample(static_cast<double>(summary->leased), {{"state", "leased"}});
  out.sample(static_cast<double>(summary->gave_up), {{"state", "gave_up"}});
  const Duration age = summary->oldest == Instant{} ? Duration{} : std::max(now - summary->oldest, Duration{});
  out.gauge("kintsugi_outbox_oldest_seconds", "Age of the oldest undelivered effect that has not been given up.");
  out.sample(std::chrono::duration<double>(age).count());
}

void write_audit(const Desk& desk, Exposition& out) {
  const auto logs = desk.store.audit_logs();
  if (!logs) return;
  std::int64_t records = 0;
  std::int64_t unsigned_records = 0;
  for (const std::string& log : *logs) {
    const auto size = desk.store.audit_size(log);
    const auto checkpoint = desk.store.last_checkpoint(log);
    if (!size || !checkpoint) continue;
    records += *size;
    unsigned_records += *size - (*checkpoint ? (*checkpoint)->size : 0);
  }
  out.gauge("kintsugi_audit_logs", "Audit logs.");
  out.sample(static_cast<double>(logs->size()));
  out.gauge("kintsugi_audit_records", "Records of all audit logs.");
  out.sample(static_cast<double>(records));
  out.gauge("kintsugi_audit_unsigned_records",
            "Records that no checkpoint covers yet; the signer works every second.");
  out.sample(static_cast<double>(std::max<std::int64_t>(unsigned_records, 0)));
}

void write_health(const Desk& desk, Exposition& out) {
  if (desk.health == nullptr) return;
  out.gauge("kintsugi_health", "Checks of /api/v1/health: 0 in order, 1 a person should look, 2 wrong.");
  for (const Health::State& one : desk.health->states())
    if (one.looked != Instant{})
      out.sample(static_cast<double>(static_cast<int>(one.found.condition)), {{"check", one.name}});
}

}  // namespace

void show_metrics(Exchange& exchange) {
  if (!may_measure(exchange)) return exchange.problem("unauthenticated");
  const Desk& desk = exchange.desk;
  const Instant now = desk.clock.now();
  Exposition out;
  out.gauge("kintsugi_build_info", "1, with what this is.");
  out.sample(
      1, {{"version", version_text}, {"workflow", desk.workflow.name}, {"workflow_version", desk.workflow.version}});
  desk.requests->write(out);
  if (desk.writer_meter != nullptr) desk.writer_meter->write(out);
  out.gauge("kintsugi_queue_length", "Submissions and chores that wait for the writer.");
  out.sample(static_cast<double>(desk.conductor.queue_length()));
  write_cases(desk, out);
  write_outbox(desk, now, out);
  if (const auto late = desk.store.cases_due(now - late_after, late_looked_at_max)) {
    out.gauge("kintsugi_timers_late", "Cases with a timer that should have fired more than ten seconds ago.");
    out.sample(static_cast<double>(late->size()));
  }
  write_audit(desk, out);
  if (desk.feed) {
    out.gauge("kintsugi_streams", "Streams of changes that are open.");
    out.sample(desk.feed->seated());
  }
  if (desk.measure) desk.measure(out);
  write_health(desk, out);
  exchange.answer_text(200, out.text(), exposition_type);
}

void show_health(Exchange& exchange) {
  if (!exchange.permits(Act::read_health, {})) return;
  if (exchange.desk.health == nullptr) return exchange.problem("not_found");
  Json checks = Json::array();
  for (const Health::State& one : exchange.desk.health->states()) {
    Json check = {{"name", one.name}, {"status", one.looked == Instant{} ? "unknown" : name_of(one.found.condition)}};
    if (one.looked != Instant{}) {
      check["since"] = to_text(one.since);
      check["looked_at"] = to_text(one.looked);
      check["found"] = in(exchange.language, one.found.found);
      if (!one.found.todo.en.empty()) check["do"] = in(exchange.language, one.found.todo);
    }
    checks.push_back(std::move(check));
  }
  exchange.answer(200, {{"status", name_of(exchange.desk.health->condition())}, {"checks", std::move(checks)}});
}

}  // namespace kintsugi::http

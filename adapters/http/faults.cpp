#include "adapters/http/limits.h"
#include "adapters/http/routes.h"
#include "engine/base/width.h"

namespace kintsugi::http {
namespace {

void fold(Json& payload, const char* member) {
  if (const auto found = payload.find(member); found != payload.end() && found->is_string())
    *found = fold_width(found->get_ref<const std::string&>());
}

std::string text_of_member(const Json& payload, const char* member) {
  const auto found = payload.find(member);
  return found != payload.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Which device it is about, as far as its reporter says: a serial number becomes the id if this hospital has such
// a device. A device that says nothing means itself. False when a device speaks for another one.
bool name_device(const Exchange& exchange, Json& payload) {
  const auto directory = exchange.desk.conductor.directory();
  const bool is_device = exchange.actor.kind == Role::device;
  const std::string serial = text_of_member(payload, "serial");
  if (!payload.contains("device")) {
    if (!serial.empty()) {
      if (const Device* known = directory->device_by_serial(exchange.actor.org, serial))
        payload["device"] = known->id.text();
    } else if (is_device) {
      payload["device"] = exchange.actor.id;
    }
  }
  const std::string device = text_of_member(payload, "device");
  return !is_device || device.empty() || device == exchange.actor.id;
}

// A clock that is far ahead is taken as it is and pointed out: the notice counts, the clock must be set. Judged by
// the instant at which the notice was first taken, so that a repeated request is answered as before.
Json clock_json(Instant occurred, Instant taken) {
  const Duration offset = occurred - taken;
  return {{"device_minus_engine_us", offset.count()},
          {"absurd", offset > std::chrono::duration_cast<Duration>(clock_ahead_absurd)}};
}

}  // namespace

void report_fault(Exchange& exchange) {
  if (exchange.actor.kind == Role::sys) return exchange.problem("forbidden");  // a gate reports doors, not devices
  std::optional<IdempotencyKey> key;
  if (!exchange.idempotency_key(key)) return;
  auto payload = exchange.body();
  if (!payload) return;
  if (payload->is_object()) {
    for (const char* member : {"serial", "code", "dedup_key", "software_version"})
      fold(*payload, member);
    if (!name_device(exchange, *payload)) return exchange.problem("forbidden");
    if (!payload->contains("channel"))
      (*payload)["channel"] = name_of(exchange.actor.kind == Role::device ? Channel::http : Channel::portal);
  }
  const auto occurred = instant_from(text_of_member(*payload, "occurred_at"));

  Submission submission;
  submission.event = "fault";
  submission.actor = exchange.actor;
  submission.payload = std::move(*payload);
  submission.key = std::move(key);
  const Outcome outcome = exchange.desk.conductor.submit(std::move(submission));
  if (outcome.kind != Outcome::Kind::moved) return exchange.problem(outcome);

  // A second fault of a device that has a case (F04) opened a case of its own.
  const CaseId& about = outcome.opened.empty() ? outcome.case_id : outcome.opened;
  const bool is_new = !outcome.opened.empty() || outcome.from.empty();
  if (outcome.replayed) exchange.set("Idempotency-Replayed", "true");
  exchange.set("Location", "/api/v1/cases/" + about.text());
  Json body = {{"case_id", about.text()}, {"event", outcome.event}, {"deduplicated", !is_new}};
  if (outcome.opened.empty()) {
    body["number"] = outcome.number;
    body["state"] = outcome.state;
    body["version"] = outcome.version;
    if (outcome.occurrences > 0) body["occurrences"] = outcome.occurrences;
  } else {
    body["linked_to"] = outcome.case_id.text();
  }
  if (occurred) body["clock"] = clock_json(*occurred, outcome.at);
  exchange.answer(is_new ? 201 : 200, body);
}

}  // namespace kintsugi::http

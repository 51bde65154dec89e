#include "adapters/http/foreign.h"
#include "adapters/http/keyed.h"
#include "adapters/http/limits.h"
#include "adapters/http/routes.h"

#include <algorithm>

// The ways in for systems that speak their own words (docs/api/compat.md).
namespace kintsugi::http {
namespace {

constexpr std::size_t details_bytes_max = 90'000;
constexpr std::size_t code_max = 64;
constexpr std::size_t key_max = 200;
constexpr std::size_t episode_max = 40;  // a time has 35 at most

std::string text_in(const Json& object, const std::string& name) {
  if (!object.is_object() || name.empty()) return {};
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const Json& object_in(const Json& object, const char* name) {
  static const Json none = Json::object();
  if (!object.is_object()) return none;
  const auto found = object.find(name);
  return found != object.end() && found->is_object() ? *found : none;
}

// A time that is one; systems write year 1 for "never".
std::string time_in(const Json& object, const char* name) {
  const auto at = instant_from(text_in(object, name));
  return at ? to_text(*at) : std::string();
}

std::string first_of(std::initializer_list<std::string> texts) {
  const auto found = std::ranges::find_if(texts, [](const std::string& one) { return !one.empty(); });
  return found == texts.end() ? std::string() : *found;
}

// What PagerDuty answers, which its clients read.
void answer_as_pagerduty(Exchange& exchange, int status, const char* state, const char* message, Json more) {
  Json body = {{"status", state}, {"message", message}};
  body.update(more);
  exchange.answer(status, body);
}

void invalid_event(Exchange& exchange, const std::string& why) {
  answer_as_pagerduty(exchange, 400, "invalid event", "Event object is invalid", {{"errors", Json::array({why})}});
}

void answer_alertmanager(Exchange& exchange, const Reporter& reporter) {
  const auto body = exchange.body();
  if (!body) return;
  const auto notices = alertmanager_notices(*body, reporter.integration ? &*reporter.integration : nullptr);
  if (!notices) {
    const std::string& what = notices.error().what;
    return exchange.problem(
        Problem{.name = "invalid", .errors = {{what.substr(0, what.find(' ')), what.substr(what.find(' ') + 1)}}});
  }
  const auto taken = take(exchange, reporter, *notices);
  // Asked to send the whole group again: what was taken already counts nothing the second time.
  const auto is_later = [](const TakenNotice& one) { return one.what == TakenNotice::What::later; };
  if (std::ranges::any_of(taken, is_later)) return exchange.problem("unavailable");
  Json out = {{"alerts", Json::array()}};
  for (std::size_t i = 0; i < taken.size(); ++i) {
    Json one = {{"dedup_key", (*notices)[i].dedup_key}, {"result", name_of(taken[i].what)}};
    if (!taken[i].case_id.empty()) one["case_id"] = taken[i].case_id.text();
    out["alerts"].push_back(std::move(one));
  }
  exchange.answer(200, out);
}

void answer_pagerduty(Exchange& exchange, const Reporter& reporter, const PagerDutyEvent& event) {
  TakenNotice taken{.what = TakenNotice::What::ignored, .case_id = {}};
  if (event.notice) taken = take(exchange, reporter, {*event.notice}).front();
  if (taken.what == TakenNotice::What::later) return exchange.problem("unavailable");
  if (taken.what == TakenNotice::What::refused) return invalid_event(exchange, "no rule lets this event in");
  const std::string key = event.dedup_key.empty() ? event.notice->dedup_key.substr(10) : event.dedup_key;
  answer_as_pagerduty(exchange, 202, "success", "Event processed", {{"dedup_key", key}});
}

}  // namespace

Result<std::vector<ForeignNotice>> alertmanager_notices(const Json& body, const Integration* of) {
  static const Integration by_default;
  const Integration& labels_are = of == nullptr ? by_default : *of;
  if (text_in(body, "version") != "4") return fail(Errc::Invalid, "/version must be \"4\"");
  const auto alerts = body.find("alerts");
  if (alerts == body.end() || !alerts->is_array()) return fail(Errc::Invalid, "/alerts must be a list");
  if (alerts->size() > alerts_max) return fail(Errc::Invalid, "/alerts must be at most 500; set max_alerts");
  std::vector<ForeignNotice> out;
  for (const Json& alert : *alerts) {
    const std::string path = "/alerts/" + std::to_string(out.size());
    const std::string status = text_in(alert, "status");
    const std::string fingerprint = text_in(alert, "fingerprint");
    if (status != "firing" && status != "resolved")
      return fail(Errc::Invalid, path + "/status must be firing or resolved");
    if (fingerprint.empty()) return fail(Errc::Invalid, path + "/fingerprint must be there");
    const Json& labels = object_in(alert, "labels");
    const std::string code = first_of({text_in(labels, labels_are.code_label), text_in(labels, "alertname")});
    out.push_back({.resolve = status == "resolved",
                   .dedup_key = as_code("alertmanager:" + fingerprint, key_max),
                   .device = text_in(labels, labels_are.device_label),
                   .serial = text_in(labels, labels_are.serial_label),
                   .code = as_code(code.empty() ? "unnamed" : code, code_max),
                   .severity = severity_in(text_in(labels, labels_are.severity_label)),
                   .occurred_at = time_in(alert, "startsAt"),
                   .episode = as_code(text_in(alert, "startsAt"), episode_max),
                   .details = cut_utf8(alert.dump(), details_bytes_max)});
  }
  return out;
}

Result<PagerDutyEvent> pagerduty_event(const Json& body) {
  PagerDutyEvent out;
  out.routing_key = text_in(body, "routing_key");
  out.dedup_key = text_in(body, "dedup_key");
  const std::string action = text_in(body, "event_action");
  if (out.routing_key.empty()) return fail(Errc::Invalid, "'routing_key' is missing or blank");
  if (action != "trigger" && action != "acknowledge" && action != "resolve")
    return fail(Errc::Invalid, "'event_action' must be trigger, acknowledge or resolve");
  if (action != "trigger" && out.dedup_key.empty()) return fail(Errc::Invalid, "'dedup_key' is missing or blank");
  if (action == "acknowledge") return out;
  const Json& payload = object_in(body, "payload");
  const Json& more = object_in(payload, "custom_details");
  if (action == "trigger") {
    if (text_in(payload, "summary").empty()) return fail(Errc::Invalid, "'payload.summary' is missing or blank");
    if (text_in(payload, "source").empty()) return fail(Errc::Invalid, "'payload.source' is missing or blank");
    if (severity_in(text_in(payload, "severity")).empty())
      return fail(Errc::Invalid, "'payload.severity' is invalid (must be one of: critical, warning, error or info)");
  }
  const std::string source = text_in(payload, "source");
  const std::string named = first_of({text_in(more, "device"), source.starts_with("device_") ? source : ""});
  const std::string code = first_of({text_in(more, "code"), text_in(payload, "class"), "unnamed"});
  out.notice = ForeignNotice{
      .resolve = action == "resolve",
      .dedup_key = as_code("pagerduty:" + (out.dedup_key.empty() ? source + "/" + code : out.dedup_key), key_max),
      .device = named,
      .serial = first_of({text_in(more, "serial"), text_in(payload, "component"), named.empty() ? source : ""}),
      .code = as_code(code, code_max),
      .severity = severity_in(text_in(payload, "severity")),
      .occurred_at = time_in(payload, "timestamp"),
      .episode = as_code(text_in(payload, "timestamp"), episode_max),
      .details = cut_utf8(payload.empty() ? std::string() : payload.dump(), details_bytes_max)};
  return out;
}

void take_alertmanager(Exchange& exchange) {
  const auto token = exchange.bearer();
  const auto reporter = token ? reporter_of(exchange, *token) : Result<Reporter>(fail(Errc::Refused, "no token"));
  if (!reporter)
    return reporter.error().code == Errc::Refused ? exchange.problem("unauthenticated")
                                                  : exchange.problem(reporter.error());
  answer_once(exchange, reporter->actor.id, Kept::here, [&] { answer_alertmanager(exchange, *reporter); });
}

void take_pagerduty(Exchange& exchange) {
  const auto body = exchange.body();
  if (!body) return;
  auto event = pagerduty_event(*body);
  if (!event) return invalid_event(exchange, event.error().what);
  const auto reporter = reporter_of(exchange, event->routing_key);
  if (!reporter)
    return reporter.error().code == Errc::Refused ? invalid_event(exchange, "'routing_key' is not known here")
                                                  : exchange.problem(reporter.error());
  answer_once(exchange, reporter->actor.id, Kept::here, [&] { answer_pagerduty(exchange, *reporter, *event); });
}

}  // namespace kintsugi::http

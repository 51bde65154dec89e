#include "adapters/http/foreign.h"

#include <catch2/catch.hpp>

namespace kintsugi::http {
namespace {

Json firing() {
  return Json::parse(R"({"version": "4", "groupKey": "{}:{}", "status": "firing", "receiver": "kintsugi",
    "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "externalURL": "http://am.example",
    "truncatedAlerts": 0, "alerts": [
      {"status": "firing", "labels": {"alertname": "CoolingPressureLow", "serial": "SN-CT-1", "severity": "critical"},
       "annotations": {"summary": "pressure is low"}, "startsAt": "2026-03-04T09:00:00.123456789Z",
       "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "http://prom.example/x", "fingerprint": "9f86d081884c7d65"},
      {"status": "resolved", "labels": {"alertname": "DoorOpen", "room": "3"}, "annotations": {},
       "startsAt": "2026-03-04T08:00:00Z", "endsAt": "2026-03-04T09:00:00Z", "generatorURL": "",
       "fingerprint": "60303ae22b998861"}]})");
}

Json triggered() {
  return {{"routing_key", "token"},
          {"event_action", "trigger"},
          {"dedup_key", "tube/42"},
          {"payload",
           {{"summary", "tube is hot"},
            {"source", "SN-CT-1"},
            {"severity", "error"},
            {"timestamp", "2026-03-04T09:00:00.000+0000"},
            {"class", "tube hot"}}}};
}

}  // namespace

TEST_CASE("a time that is none of an alert's stays a short mark of its occurrence", "[compat]") {
  Json body = firing();
  CHECK(alertmanager_notices(body, nullptr)->front().episode == "2026-03-04T09:00:00.123456789Z");
  body["alerts"][0]["startsAt"] = std::string(100'000, '9');
  const std::string long_ago = alertmanager_notices(body, nullptr)->front().episode;
  body["alerts"][0]["startsAt"] = std::string(100'001, '9');
  CHECK(long_ago.size() <= 40);
  CHECK(alertmanager_notices(body, nullptr)->front().episode != long_ago);
}

TEST_CASE("alerts of Alertmanager become notices, each by its own status", "[compat]") {
  const auto notices = alertmanager_notices(firing(), nullptr);
  REQUIRE(notices);
  REQUIRE(notices->size() == 2);
  const ForeignNotice& one = notices->front();
  CHECK_FALSE(one.resolve);
  CHECK(one.dedup_key == "alertmanager:9f86d081884c7d65");
  CHECK(one.serial == "SN-CT-1");
  CHECK(one.code == "CoolingPressureLow");
  CHECK(one.severity == "critical");
  CHECK(one.occurred_at == "2026-03-04T09:00:00.123456Z");
  CHECK(Json::parse(one.details).at("annotations").at("summary") == "pressure is low");
  CHECK(notices->back().resolve);
  CHECK(notices->back().serial.empty());
  CHECK(notices->back().severity.empty());
}

TEST_CASE("an integration says which labels mean what", "[compat]") {
  Integration own;
  own.serial_label = "room";
  own.code_label = "severity";
  const auto notices = alertmanager_notices(firing(), &own);
  REQUIRE(notices);
  CHECK(notices->front().code == "critical");
  CHECK(notices->back().serial == "3");
  CHECK(notices->back().code == "DoorOpen");  // without its label, the alert's name
}

TEST_CASE("what is no message of Alertmanager is refused with the place", "[compat]") {
  Json old = firing();
  old["version"] = "3";
  CHECK(alertmanager_notices(old, nullptr).error().what.starts_with("/version "));
  Json odd = firing();
  odd["alerts"][1]["status"] = "pending";
  CHECK(alertmanager_notices(odd, nullptr).error().what.starts_with("/alerts/1/status "));
  odd = firing();
  odd["alerts"][0].erase("fingerprint");
  CHECK(alertmanager_notices(odd, nullptr).error().what.starts_with("/alerts/0/fingerprint "));
  CHECK_FALSE(alertmanager_notices(Json::array(), nullptr));
  CHECK_FALSE(alertmanager_notices({{"version", "4"}, {"alerts", "x"}}, nullptr));
}

TEST_CASE("events of PagerDuty become notices, and an acknowledgement none", "[compat]") {
  auto event = pagerduty_event(triggered());
  REQUIRE(event);
  REQUIRE(event->notice);
  CHECK(event->routing_key == "token");
  CHECK(event->notice->dedup_key.starts_with("pagerduty:tube_42-"));
  CHECK(event->notice->serial == "SN-CT-1");
  CHECK(event->notice->code.starts_with("tube_hot-"));
  CHECK(event->notice->severity == "error");

  Json seen = triggered();
  seen["event_action"] = "acknowledge";
  event = pagerduty_event(seen);
  REQUIRE(event);
  CHECK_FALSE(event->notice);

  seen["event_action"] = "resolve";
  seen.erase("payload");
  event = pagerduty_event(seen);
  REQUIRE(event);
  CHECK(event->notice->resolve);
  CHECK(event->notice->dedup_key == pagerduty_event(triggered())->notice->dedup_key);
}

TEST_CASE("what PagerDuty would refuse is refused in its words", "[compat]") {
  const auto without = [](const char* member) {
    Json out = triggered();
    out.erase(member);
    return pagerduty_event(out).error().what;
  };
  CHECK(without("routing_key") == "'routing_key' is missing or blank");
  CHECK(without("event_action").starts_with("'event_action'"));
  CHECK(without("payload") == "'payload.summary' is missing or blank");
  Json loud = triggered();
  loud["payload"]["severity"] = "apocalyptic";
  CHECK(pagerduty_event(loud).error().what.starts_with("'payload.severity' is invalid"));
}

TEST_CASE("a text becomes a code that still tells it from others", "[compat]") {
  CHECK(as_code("E-217", 64) == "E-217");
  CHECK(as_code("Ｅ２１７", 64).starts_with("E217-"));
  CHECK(as_code("a b", 64) != as_code("a_b", 64));
  CHECK(as_code(std::string(300, 'x'), 64).size() == 64);
  CHECK(as_code(std::string(300, 'x'), 64) != as_code(std::string(301, 'x'), 64));
  CHECK(cut_utf8("冷却", 4) == "冷");
  CHECK(severity_in("WARN") == "warning");
  CHECK(severity_in("unheard").empty());
}

}  // namespace kintsugi::http

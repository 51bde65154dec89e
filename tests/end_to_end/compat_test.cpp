#include "tests/end_to_end/api.h"
#include "tests/end_to_end/private_server.h"
#include "tests/support/wait.h"

#include <filesystem>
#include <fstream>
#include <sys/wait.h>

// Faults in the words of other systems, from the real Alertmanager of Debian and over the wire of PagerDuty's
// clients.
namespace kintsugi::testing {
namespace {

namespace fs = std::filesystem;

constexpr auto patience = 60s;

IntegrationId monitoring() {
  return IntegrationId{new_id_text("integration", *instant_from("2026-03-04T00:00:00Z"), Digest{}, 1)};
}

void with_monitoring(Config&, std::vector<Master>& masters) {
  Integration one;
  one.id = monitoring();
  one.tenant = organisation("midori");
  one.name = {"監視", "Monitoring"};
  masters.push_back({"integration", one.id.text(), one.tenant.text(), to_json_text(one)});
}

std::vector<CaseBrief> cases_of(Api& api, const char* hospital = "midori") {
  CaseFilter filter;
  filter.tenant = organisation(hospital);
  const auto found = api.store()->list_cases(filter);
  REQUIRE(found);
  return *found;
}

int count_records(Api& api, const std::string& event) {
  int out = 0;
  for (const Json& one : api.records("midori"))
    out += one.at("ev") == event ? 1 : 0;
  return out;
}

// Debian's own program with a configuration of the test's, on loopback and with no peers.
class Alertmanager {
 public:
  Alertmanager(const fs::path& place, const std::string& kintsugi, const std::string& ca_file,
               const std::string& token)
      : place_(place), port_(free_port()) {
    std::ofstream(place_ / "token") << token;
    std::ofstream(place_ / "alertmanager.yml") << R"(
route: {receiver: kintsugi, group_by: [alertname], group_wait: 10ms, group_interval: 500ms, repeat_interval: 1h}
receivers:
  - name: kintsugi
    webhook_configs:
      - url: )" << kintsugi << R"(/api/v1/compat/alertmanager
        send_resolved: true
        http_config:
          authorization: {credentials_file: )" << (place_ / "token").string()
                                               << R"(}
          tls_config: {ca_file: )" << ca_file << R"(, server_name: localhost}
)";
    pid_ = spawn({.words = {"prometheus-alertmanager", "--config.file=" + (place_ / "alertmanager.yml").string(),
                            "--storage.path=" + (place_ / "am").string(),
                            "--web.listen-address=127.0.0.1:" + std::to_string(port_), "--cluster.listen-address="},
                  .output = (place_ / "am.log").string()});
    httplib::Client http("127.0.0.1", port_);
    INFO(content_of(place_ / "am.log"));
    REQUIRE(wait_until(
        [&] {
          const auto reply = http.Get("/-/ready");
          return reply && reply->status == 200;
        },
        patience));
  }
  ~Alertmanager() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
  }
  // As a person would do it.
  void add(const std::vector<std::string>& labels, const std::string& end = {}) {
    std::vector<std::string> words{"amtool", "alert", "add",
                                   "--alertmanager.url=http://127.0.0.1:" + std::to_string(port_)};
    words.insert(words.end(), labels.begin(), labels.end());
    if (!end.empty()) words.push_back("--end=" + end);
    const pid_t pid = spawn({.words = words, .output = (place_ / "amtool.log").string()});
    int status = -1;
    REQUIRE(::waitpid(pid, &status, 0) == pid);
    INFO(content_of(place_ / "amtool.log"));
    REQUIRE(status == 0);
  }
  std::string log() const { return content_of(place_ / "am.log"); }

 private:
  const fs::path place_;
  const int port_;
  pid_t pid_ = -1;
};

Json pagerduty(const std::string& token, const char* action, const char* key) {
  return {{"routing_key", token},
          {"event_action", action},
          {"dedup_key", key},
          {"payload",
           {{"summary", "tube is hot"}, {"source", "SN-ct-1"}, {"severity", "critical"}, {"class", "tube-hot"}}}};
}

}  // namespace

TEST_CASE("an alert of the real Alertmanager becomes a case, and its end a note on it", "[compat]") {
  Api api(with_monitoring);
  const std::string token = *api.server->accounts().new_token(CredentialKind::device_token, monitoring().text());
  api.go_on_outside();
  Alertmanager alertmanager(api.directory.path(""), api.program->rest_after("listening on "),
                            api.directory.path("data") + "/tls/certificate.pem", token);
  const std::vector<std::string> labels{"alertname=CoolingPressureLow", "serial=SN-ct-1", "severity=critical"};
  alertmanager.add(labels);
  const bool opened = wait_until([&] { return cases_of(api).size() == 1; }, patience);
  INFO(alertmanager.log());
  REQUIRE(opened);
  const CaseBrief found = cases_of(api).front();
  CHECK(found.device == device("ct-1"));
  CHECK(found.fault_code == "CoolingPressureLow");
  CHECK(found.state == "notified");
  CHECK(found.dedup_key.starts_with("alertmanager:"));

  alertmanager.add(labels, to_text(api.clock.now()));
  CHECK(wait_until([&] { return count_records(api, "device_normal") == 1; }, patience));
  CHECK(cases_of(api).size() == 1);
  CHECK(cases_of(api).front().open);  // it closes nothing

  SECTION("and one that names no device of the hospital waits for a person, once") {
    alertmanager.add({"alertname=DoorOpen", "serial=nobody-knows"});
    CHECK(wait_until([&] { return cases_of(api).size() == 2; }, patience));
    const CaseBrief unknown = cases_of(api).back();
    CHECK(unknown.device.empty());
    CHECK(unknown.state == "notified");
    CHECK(count_records(api, "notify_unknown") == 1);
  }
}

TEST_CASE("the same message of Alertmanager twice counts once, and an end of nothing is ignored", "[compat]") {
  Api api(with_monitoring);
  const std::string token = *api.server->accounts().new_token(CredentialKind::device_token, monitoring().text());
  const auto alert = [](const char* status, const char* serial) {
    return Json{{"version", "4"},
                {"status", status},
                {"alerts",
                 {{{"status", status},
                   {"labels", {{"alertname", "DoorOpen"}, {"serial", serial}}},
                   {"annotations", Json::object()},
                   {"startsAt", "2026-03-04T09:00:00Z"},
                   {"fingerprint", "60303ae22b998861"}}}}};
  };
  const auto post = [&](const Json& body) {
    const auto reply = api.post("/api/v1/compat/alertmanager", token, body.dump());
    INFO(reply->body);
    REQUIRE(reply->status == 200);
    return Json::parse(reply->body).at("alerts").at(0);
  };
  CHECK(post(alert("resolved", "nobody")).at("result") == "ignored");
  const Json first = post(alert("firing", "nobody"));
  CHECK(first.at("result") == "opened");
  CHECK(post(alert("firing", "nobody")).at("case_id") == first.at("case_id"));
  CHECK(cases_of(api).size() == 1);
  CHECK(post(alert("resolved", "nobody")).at("result") == "noted");
  const Json known = post(alert("firing", "SN-ct-1"));
  CHECK(known.at("result") == "opened");
  CHECK(known.at("case_id") != first.at("case_id"));

  SECTION("a device of another hospital is no device of this one") {
    Json other = alert("firing", "SN-us-9");
    other["alerts"][0]["fingerprint"] = "1";
    post(other);
    CHECK(cases_of(api, "aoba").empty());
    CHECK(cases_of(api).size() == 3);
  }
  SECTION("a token that is nobody's, and an integration's anywhere else, open nothing") {
    CHECK(api.post("/api/v1/compat/alertmanager", "x", alert("firing", "a").dump())->status == 401);
    CHECK(api.post("/api/v1/compat/alertmanager", "", alert("firing", "a").dump())->status == 401);
    CHECK(api.post("/api/v1/faults", token, api.fault().dump())->status == 401);
    CHECK(api.get("/api/v1/cases", token)->status == 401);
  }
}

TEST_CASE("a client of PagerDuty reports, acknowledges and resolves, and gets the answers it knows", "[compat]") {
  Api api(with_monitoring);
  const std::string token = *api.server->accounts().new_token(CredentialKind::device_token, monitoring().text());
  const auto send = [&](const Json& body) { return api.post("/v2/enqueue", "", body.dump()); };
  const auto triggered = send(pagerduty(token, "trigger", "tube/42"));
  INFO(triggered->body);
  CHECK(triggered->status == 202);
  CHECK(Json::parse(triggered->body) ==
        Json{{"status", "success"}, {"message", "Event processed"}, {"dedup_key", "tube/42"}});
  REQUIRE(cases_of(api).size() == 1);
  CHECK(cases_of(api).front().device == device("ct-1"));
  const std::int64_t version = cases_of(api).front().version;

  CHECK(send(pagerduty(token, "acknowledge", "tube/42"))->status == 202);
  CHECK(cases_of(api).front().version == version);  // a machine acknowledges nothing
  CHECK(cases_of(api).front().state == "notified");
  CHECK(send(pagerduty(token, "resolve", "tube/42"))->status == 202);
  CHECK(count_records(api, "device_normal") == 1);
  CHECK(cases_of(api).front().open);

  const auto stranger = send(pagerduty("nobody", "trigger", "tube/42"));
  CHECK(stranger->status == 400);
  CHECK(Json::parse(stranger->body).at("status") == "invalid event");
  CHECK(send({{"routing_key", token}})->status == 400);
  const auto by_device = send(pagerduty(api.device_token, "trigger", "tube/43"));
  CHECK(by_device->status == 202);
}

}  // namespace kintsugi::testing

#include "tests/end_to_end/post_examples.h"

#include "tests/end_to_end/private_server.h"

namespace kintsugi::testing {
namespace {

using Make = std::function<Try(Api&)>;

Json named(const char* ja, const char* en) {
  return {{"ja", ja}, {"en", en}};
}

// Something that stands there already, for routes that want one; its id.
std::string made(Api& api, const std::string& nick, const std::string& path, const Json& body) {
  const auto reply = api.post(path, api.token(nick), body.dump());
  INFO(path << " " << reply->body);
  REQUIRE(reply->status == 201);
  return Json::parse(reply->body).at("id");
}

// The path of a case of its own.
std::string a_case(Api& api, const char* key) {
  Json fault = api.fault();
  fault["dedup_key"] = fault["code"] = key;
  const auto reply = api.post("/api/v1/faults", api.device_token, fault.dump());
  INFO(reply->body);
  REQUIRE(reply->status == 201);
  return reply->get_header_value("Location");
}

Json a_device(const char* serial) {
  return {{"serial", serial}, {"nickname", named("新", "New")}, {"product_line", "ct"}};
}
Json a_contract(const Api& api, const std::string& device) {
  return {{"rsc", organisation("alpha").text()}, {"devices", {device}}, {"from", to_text(api.clock.now())}};
}
Json a_shift(Api& api, int hours) {
  return {{"person", person("abe").text()},
          {"product_line", "mr"},
          {"from", to_text(api.clock.now())},
          {"until", to_text(api.clock.now() + hours * 1h)}};
}
Json a_webhook(const char* place) {
  return {{"owner", organisation("midori").text()}, {"url", std::string("http://127.0.0.1:9/") + place}};
}
std::string a_certificate(Api& api, const std::string& name) {
  const std::string path = api.directory.path(name);
  REQUIRE(make_certificate(path + ".pem", path + ".key"));
  return content_of(path + ".pem");
}
Json an_alert(const Api& api, const char* fingerprint) {
  return {{"version", "4"},
          {"alerts",
           {{{"status", "firing"},
             {"fingerprint", fingerprint},
             {"startsAt", to_text(api.clock.now())},
             {"labels", {{"alertname", "Hot"}}}}}}};
}
Json an_enqueued(const Api& api, const char* key) {
  return {{"routing_key", api.device_token},
          {"event_action", "trigger"},
          {"dedup_key", key},
          {"payload", {{"summary", "hot"}, {"source", device("ct-1").text()}, {"severity", "error"}}}};
}

// An effect of the case that was given up.
std::string given_up(Api& api, const std::string& path) {
  Effect letter;
  letter.id = EffectId{"effect_01JNFQ8V4S6T2Y0C9W3B7K5M1X"};
  letter.case_id = CaseId{path.substr(14)};
  letter.tenant = organisation("midori");
  letter.lane = "mail";
  letter.at = api.clock.now();
  letter.mail = Mail{.mail = "M01", .to = {person("sato")}, .desks = {}, .facts = {}};
  REQUIRE(api.server->conductor().chore([&](Batch& batch) -> Result<> {
    LapWrites lap;
    lap.effects = {letter};
    if (auto done = batch.write(lap); !done) return done;
    auto settled = batch.settle({.id = letter.id, .state = EffectState::gave_up, .at = letter.at, .error = "x"});
    return settled ? Result<>{} : Result<>(pass(settled));
  }));
  return letter.id.text();
}

}  // namespace

Json proof(Api& api, const std::string& nick) {
  api.token(nick);  // first: codes are good in their order
  return {{"password", api.password}, {"code", api.code(nick)}};
}

std::map<std::string_view, Make> tries() {
  const std::string ct = "/api/v1/devices/" + device("ct-1").text();
  const std::string door = "/api/v1/access-points/" + access_point_of("midori").text();
  const auto master = [](const std::string& list, const std::string& nick, Json body, Json other) -> Make {
    return [=](Api&) { return Try{"/api/v1/" + list, nick, body, other}; };
  };
  const auto retired = [](const std::string& list, const std::string& nick, std::function<Json(Api&)> body) -> Make {
    return [=](Api& api) {
      return Try{"/api/v1/" + list + "/" + made(api, nick, "/api/v1/" + list, body(api)) + "/retire", nick};
    };
  };
  const auto of_webhook = [](const char* verb) -> Make {
    return [=](Api& api) {
      return Try{"/api/v1/webhooks/" + made(api, "sato", "/api/v1/webhooks", a_webhook(verb)) + verb, "sato"};
    };
  };
  return {
      {"/api/v1/code-enrolments",
       [](Api& api) {
         return Try{"/api/v1/code-enrolments", "ito", proof(api, "ito")};
       }},
      {"/api/v1/code-enrolments/confirm",
       [](Api& api) {
         const auto begun = api.post("/api/v1/code-enrolments", api.token("kato"), proof(api, "kato").dump());
         REQUIRE(begun->status == 201);
         const auto secret = sodium::secret_of(Json::parse(begun->body).at("otpauth_uri").get<std::string>());
         const auto code = sodium::code_of(*secret, sodium::step_of(api.clock.now()));
         return Try{"/api/v1/code-enrolments/confirm", "kato", {{"code", code}}};
       }},
      {"/api/v1/recovery-codes",
       [](Api& api) {
         return Try{"/api/v1/recovery-codes", "mori", proof(api, "mori")};
       }},
      {"/api/v1/people/{}/invitations",
       [](Api& api) {
         return Try{"/api/v1/people/" + person("tanaka").text() + "/invitations", "sato", proof(api, "sato")};
       }},
      {"/api/v1/people/{}/leave",
       [](Api&) {
         return Try{"/api/v1/people/" + person("yamada").text() + "/leave", "sato"};
       }},
      {"/api/v1/devices/{}/tokens",
       [=](Api&) {
         return Try{ct + "/tokens", "sato", {{"overlap_hours", 48}}};
       }},
      {"/api/v1/access-points/{}/tokens",
       [=](Api&) {
         return Try{door + "/tokens", "suzuki"};
       }},
      {"/api/v1/devices/{}/certificates",
       [=](Api& api) {
         return Try{ct + "/certificates", "sato", {{"certificate", a_certificate(api, "ct")}}};
       }},
      {"/api/v1/access-points/{}/certificates",
       [=](Api& api) {
         return Try{door + "/certificates", "suzuki", {{"certificate", a_certificate(api, "door")}}};
       }},
      {"/api/v1/faults",
       [](Api& api) {
         Json other = api.fault();
         other["details"] = "pressure gone";
         return Try{"/api/v1/faults", "", api.fault(), other};
       }},
      {"/api/v1/compat/alertmanager",
       [](Api& api) {
         return Try{"/api/v1/compat/alertmanager", "", an_alert(api, "a"), an_alert(api, "b")};
       }},
      {"/v2/enqueue",
       [](Api& api) {
         return Try{"/v2/enqueue", "", an_enqueued(api, "a"), an_enqueued(api, "b")};
       }},
      {"/api/v1/cases/{}/events/{}",
       [](Api& api) {
         const std::string path = a_case(api, "noted");
         return Try{path + "/events/add_note",
                    "abe",
                    {{"note", "one"}},
                    {{"note", "two"}},
                    {{"If-Match", "\"" + std::to_string(api.file(path).version) + "\""}}};
       }},
      {"/api/v1/outbox/{}/redrive",
       [](Api& api) {
         return Try{"/api/v1/outbox/" + given_up(api, a_case(api, "stuck")) + "/redrive", "sato"};
       }},
      {"/api/v1/on-call/overrides",
       [](Api& api) {
         return Try{"/api/v1/on-call/overrides", "hara", a_shift(api, 1), a_shift(api, 2)};
       }},
      {"/api/v1/webhooks",
       [](Api&) {
         return Try{"/api/v1/webhooks", "sato", a_webhook("one"), a_webhook("two")};
       }},
      {"/api/v1/webhooks/{}/rotate", of_webhook("/rotate")},
      {"/api/v1/webhooks/{}/test", of_webhook("/test")},
      {"/api/v1/integrations",
       master("integrations", "sato", {{"name", named("監視", "Monitoring")}}, {{"name", named("別", "Other")}})},
      {"/api/v1/integrations/{}/retire", retired("integrations", "sato",
                                                 [](Api&) {
                                                   return Json{{"name", named("監視", "Third")}};
                                                 })},
      {"/api/v1/integrations/{}/tokens",
       [](Api& api) {
         const Json one{{"name", named("監視", "Fourth")}};
         return Try{"/api/v1/integrations/" + made(api, "sato", "/api/v1/integrations", one) + "/tokens", "sato"};
       }},
      {"/api/v1/sites", master("sites", "sato", {{"name", named("東", "East")}}, {{"name", named("西", "West")}})},
      {"/api/v1/sites/{}/retire", retired("sites", "sato",
                                          [](Api&) {
                                            return Json{{"name", named("北", "North")}};
                                          })},
      {"/api/v1/people", master("people", "sato", {{"mail", "one@midori.example"}, {"name", named("一", "One")}},
                                {{"mail", "two@midori.example"}, {"name", named("二", "Two")}})},
      {"/api/v1/people/{}/retire",
       retired("people", "sato",
               [](Api&) {
                 return Json{{"mail", "three@midori.example"}, {"name", named("三", "Three")}};
               })},
      {"/api/v1/access-points", master("access-points", "sato", {{"kind", "manual"}, {"maker_model", "one"}},
                                       {{"kind", "manual"}, {"maker_model", "two"}})},
      {"/api/v1/access-points/{}/retire", retired("access-points", "sato",
                                                  [](Api&) {
                                                    return Json{{"kind", "manual"}, {"maker_model", "three"}};
                                                  })},
      {"/api/v1/devices", master("devices", "sato", a_device("N-1"), a_device("N-2"))},
      {"/api/v1/devices/{}/retire", retired("devices", "sato", [](Api&) { return a_device("N-3"); })},
      {"/api/v1/contracts",
       [](Api& api) {
         const std::string one = made(api, "sato", "/api/v1/devices", a_device("N-4"));
         const std::string two = made(api, "sato", "/api/v1/devices", a_device("N-5"));
         return Try{"/api/v1/contracts", "sato", a_contract(api, one), a_contract(api, two)};
       }},
      {"/api/v1/contracts/{}/retire",
       retired("contracts", "sato",
               [](Api& api) { return a_contract(api, made(api, "sato", "/api/v1/devices", a_device("N-6"))); })},
      {"/api/v1/rosters",
       [](Api&) {
         const auto roster = [](const char* line) {
           return Json{{"product_line", line},
                       {"layers",
                        {{{"name", "first"},
                          {"people", {person("abe").text(), person("kimura").text()}},
                          {"first_day", "2026-01-05"}}}}};
         };
         return Try{"/api/v1/rosters", "hara", roster("mr"), roster("us")};
       }},
      {"/api/v1/duties",
       [](Api& api) {
         return Try{"/api/v1/duties", "hara", a_shift(api, 3), a_shift(api, 4)};
       }},
      {"/api/v1/duties/{}/retire", retired("duties", "hara", [](Api& api) { return a_shift(api, 5); })},
      {"/api/v1/policies", master("policies", "sato", {{"slots", {"hcf_sysadm", "rsc_netadm"}}},
                                  {{"slots", {"hcf_netadm", "rsc_netadm"}}})},
      // The one before the one in force; no case was opened under it.
      {"/api/v1/policies/{}/retire",
       [](Api& api) {
         std::vector<std::int64_t> versions;
         for (const Json& slots :
              {Json{"hcf_netadm", "rsc_netadm"}, Json{"hcf_sysadm", "hcf_netadm", "rsc_netadm"}}) {
           const auto reply = api.post("/api/v1/policies", api.token("sato"), Json{{"slots", slots}}.dump());
           REQUIRE(reply->status == 201);
           versions.push_back(Json::parse(reply->body).at("version").get<std::int64_t>());
         }
         return Try{
             "/api/v1/policies/" + organisation("midori").text() + "." + std::to_string(versions.front()) + "/retire",
             "sato"};
       }},
      {"/api/v1/masters/plan", master("masters/plan", "sato", Json::object(), {{"sites", Json::array()}})},
      {"/api/v1/masters/apply",
       [](Api& api) {
         const Json site{{"sites", {{{"name", named("南", "South")}}}}};
         const Json plan = Json::parse(api.post("/api/v1/masters/plan", api.token("sato"), site.dump())->body);
         Json body{{"digest", plan.at("digest")}, {"changes", plan.at("changes")}};
         Json other = body;
         other["reason"] = "drill";
         return Try{"/api/v1/masters/apply", "sato", body, other};
       }},
  };
}

}  // namespace kintsugi::testing

#include "adapters/http/routes.h"
#include "tests/end_to_end/patient_client.h"
#include "tests/end_to_end/still.h"

#include <httplib.h>

#include <algorithm>
#include <set>

// Tenants and vendors see nothing of each other: every route of the API, with a path that leads to what belongs to
// sakura and to hikari, asked for by everybody of fuji and of kumo. The routes are the server's own table, so a new
// one is tried as soon as it is there; a part of a path without an example fails the test.
namespace kintsugi::testing {
namespace {

template <class T>
Master master(const char* kind, const OrganisationId& owner, const T& one) {
  return {.kind = kind, .id = one.id.text(), .tenant = owner.text(), .body = to_json_text(one), .salt = {}};
}

// What small_world() has none of.
void add_masters(Still& still, std::map<std::string, std::string>& things) {
  const OrganisationId at = organisation(hospital);
  Site site;
  site.id = id_of<SiteId>("site", "tower");
  site.organisation = at;
  site.name = {"塔", "Tower"};
  Roster roster;
  roster.id = id_of<RosterId>("roster", "nights");
  roster.at = at;
  Duty duty;
  duty.id = id_of<DutyId>("duty", "tonight");
  duty.person = person("duty");
  duty.at = at;
  duty.from = still.clock.now();
  duty.until = still.clock.now() + 8h;
  Webhook webhook;
  webhook.id = id_of<WebhookId>("webhook", "desk");
  webhook.owner = at;
  webhook.url = "https://desk.sakura.example/hook";
  Integration integration;
  integration.id = id_of<IntegrationId>("integration", "monitoring");
  integration.tenant = at;
  Policy policy;
  policy.tenant = at;
  policy.version = 1;
  const std::string policy_id = at.text() + ".1";
  REQUIRE(still.conductor().put_masters(
      {master("site", at, site),
       master("roster", at, roster),
       master("duty", at, duty),
       master("webhook", at, webhook),
       master("integration", at, integration),
       {.kind = "policy", .id = policy_id, .tenant = at.text(), .body = to_json_text(policy), .salt = {}}}));
  things["site_id"] = site.id.text();
  things["roster_id"] = roster.id.text();
  things["duty_id"] = duty.id.text();
  things["webhook_id"] = webhook.id.text();
  things["integration_id"] = integration.id.text();
  things["policy_id"] = policy_id;
}

// What is sakura's or hikari's, by the name that paths have for it, or by the list that it stands in.
std::map<std::string, std::string> own_things(Still& still) {
  const CaseFile file = still.paste(in_state("connected"));
  std::map<std::string, std::string> out = {
      {"case_id", file.id.text()},
      {"event", "add_note"},
      {"organisation_id", organisation(hospital).text()},
      {"person_id", person("sysadm").text()},
      {"device_id", device("mr1").text()},
      {"contract_id", id_of<ContractId>("contract", "mr1").text()},
      {"access_point_id", id_of<AccessPointId>("ap", hospital).text()},
      {"kind", "devices"},
      {"mark", "0123456789abcdef"},
      {"sign_in_id", id_of<SignInId>("signin", "nobody's").text()},
  };
  add_masters(still, out);
  Document note;
  REQUIRE(still.conductor().chore([&](Batch& batch) -> Result<> {
    const std::string typed = "seen only by those whom it concerns";
    auto sealed = still.vault().seal(file.id, KeyClass::care, id_of<DocumentId>("doc", "typed"), "text",
                                     {reinterpret_cast<const std::uint8_t*>(typed.data()), typed.size()});
    if (!sealed) return pass(sealed);
    note = std::move(*sealed);
    note.place = "add_note/text";
    note.by = person("sysadm");
    note.at = still.clock.now();
    Effect letter;
    letter.id = id_of<EffectId>("effect", "letter");
    letter.case_id = file.id;
    letter.tenant = file.tenant;
    letter.lane = "mail";
    letter.at = still.clock.now();
    letter.mail = Mail{.mail = "M01", .to = {person("sysadm")}, .desks = {}, .facts = {}};
    out["effect_id"] = letter.id.text();
    LapWrites lap;
    lap.documents = {note};
    lap.effects = {letter};
    return batch.write(lap);
  }));
  out["document_id"] = note.id.text();
  return out;
}

// Words that only somebody of sakura or hikari may be told.
std::vector<std::string> secrets(const std::map<std::string, std::string>& things) {
  std::vector<std::string> out = {"seen only by those"};
  for (const auto& [name, value] : things)
    if (name != "event" && name != "kind" && name != "mark") out.push_back(value);
  for (const char* nick : {"sysadm", "netadm", "clin"})  // hikari's people are known at fuji, which it serves
    out.push_back(person(nick).text());
  return out;
}

std::string path_of(const http::Route& route, const std::map<std::string, std::string>& things) {
  const http::Description told = route.described();
  std::string out;
  std::size_t next = 0;
  std::string_view rest = route.path;
  for (auto hole = rest.find("{}"); hole != std::string_view::npos; hole = rest.find("{}")) {
    out += rest.substr(0, hole);
    INFO("no example for " << told.path.at(next).name << " of " << route.path);
    const auto thing = things.find(told.path.at(next).name);
    REQUIRE(thing != things.end());
    out += thing->second;
    rest.remove_prefix(hole + 2);
    ++next;
  }
  return out + std::string(rest);
}

httplib::Result ask(httplib::Client& client, const http::Route& route, const std::string& path, const Stranger& who) {
  httplib::Request request;
  request.method = route.method;
  request.path = path;
  request.headers = {{"Authorization", "Bearer " + Still::token_of(who)}, {"If-Match", "\"1\""}};
  if (route.method != "GET" && route.method != "DELETE") {
    request.body = "{}";
    request.headers.emplace("Content-Type", "application/json");
  }
  return client.send(request);
}

bool is_stream(const http::Route& route) {
  return std::ranges::any_of(route.described().answers,
                             [](const http::Answer& one) { return one.media == "text/event-stream"; });
}

}  // namespace

TEST_CASE("no route tells or lets anybody change what belongs to another hospital or another vendor",
          "[authority][isolation]") {
  Still still;
  const auto things = own_things(still);
  httplib::Client client = patient_client(still.url());
  int tried = 0;
  for (const http::Route& route : http::routes()) {
    if (route.caller == http::Caller::anyone || is_stream(route)) continue;
    const std::string path = path_of(route, things);
    // His own sign-ins are his.
    const bool ends_sign_in = route.method == "DELETE" && path.starts_with("/api/v1/sign-ins");
    for (const Stranger& who : still.people) {
      if (who.takes_part || ends_sign_in) continue;
      const auto reply = ask(client, route, path, who);
      CAPTURE(route.method, path, who.nick);
      REQUIRE(reply);
      ++tried;
      INFO(reply->body);
      CHECK(reply->status < 500);
      if (route.path.find("{}") != std::string_view::npos &&
          path.find("/events/add_note/schema") == std::string::npos)
        CHECK(reply->status >= 400);
      // The path that he himself sent comes back in a problem.
      std::string told = reply->body;
      for (auto at = told.find(path); at != std::string::npos; at = told.find(path))
        told.erase(at, path.size());
      for (const std::string& secret : secrets(things))
        if (path.find(secret) == std::string::npos) CHECK(told.find(secret) == std::string::npos);
    }
  }
  CHECK(tried > 100);
}

TEST_CASE("the same paths do answer those whom they concern", "[authority][isolation]") {
  Still still;
  const auto things = own_things(still);
  httplib::Client client = patient_client(still.url());
  for (const http::Route& route : http::routes()) {
    if (route.caller == http::Caller::anyone || route.method != "GET" || is_stream(route)) continue;
    if (route.path == "/api/v1/health") continue;  // nobody looks in an engine that stands still
    const std::string path = path_of(route, things);
    std::set<int> statuses;
    for (const Stranger& who : still.people)
      if (who.takes_part)
        if (const auto reply = ask(client, route, path, who)) statuses.insert(reply->status);
    CAPTURE(path);
    CHECK(statuses.contains(200));
  }
}

}  // namespace kintsugi::testing

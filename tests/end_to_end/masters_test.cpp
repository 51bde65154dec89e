#include "tests/end_to_end/api.h"
#include "tests/support/places.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <sys/wait.h>

// Masters as an administrator handles them: with the command line, the real binary, at a real server.
namespace kintsugi::testing {
namespace {

struct Answer {
  int exit = -1;
  std::string out, err;
  Json json() const { return Json::parse(out, nullptr, false); }
};

// A machine with the profiles of those who are signed in on it.
class Machine {
 public:
  explicit Machine(Api& api) : api_(api) {}

  Answer run(const std::string& words) {
    const std::string command = "cd " + place_.path() +
                                " && env -u KINTSUGI_DATA -u KINTSUGI_SERVER XDG_CONFIG_HOME=" + place_.path() +
                                " LC_ALL=C.UTF-8 " + kintsugi_program + " " + words + " < input > out 2> err";
    Answer ran;
    const int status = std::system(command.c_str());
    ran.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    ran.out = read("out");
    ran.err = read("err");
    write("input", "");
    return ran;
  }
  void sign_in(const std::string& nick) {
    api_.enrol(nick);
    write("input", api_.password + "\n" + api_.code(nick) + "\n");
    const Answer in = run("login --profile " + nick + " --server " + api_.server->url() + " --mail " +
                          api_.server->conductor().directory()->person(person(nick))->mail + " --password-stdin");
    INFO(in.err);
    REQUIRE(in.exit == 0);
  }
  void write(const std::string& name, const std::string& text) { std::ofstream(place_.path(name)) << text; }
  std::string read(const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(place_.path(name)).rdbuf();
    return text.str();
  }

 private:
  Api& api_;
  TemporaryDirectory place_;
};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The records of one event in the hospital's log, `x` of each.
std::vector<Json> records(Api& api, const std::string& event) {
  std::vector<Json> out;
  const auto rows = api.store()->audit_rows("test.kintsugi.invalid/hcf/" + organisation("midori").text(), 0, 10'000);
  REQUIRE(rows);
  for (const AuditRow& row : *rows) {
    const Json record = Json::parse(row.body);
    if (record.at("ev") == event) out.push_back(record);
  }
  return out;
}

const Json* consequence(const Json& plan, const std::string& name) {
  for (const Json& one : plan.at("consequences"))
    if (one.at("name") == name) return &one;
  return nullptr;
}

constexpr const char* fewer_approvers = R"(
[[policies]]
slots = ["hcf_sysadm", "rsc_netadm"]
connect_attempts_max = 2
[[policies.terms]]
timer = "t_approve"
p1 = { wall = "20m" }
p2 = { wall = "1h" }
p3 = { business_days = 1 }
)";

}  // namespace

TEST_CASE("an administrator sees what a policy would do to a running request, and then puts it in force",
          "[masters]") {
  Api api;
  Machine machine(api);
  const std::string path = api.report();
  REQUIRE(api.act(path, "abe", "acknowledge", Json::object())->status == 200);
  Json request = api.request("abe");
  request["window"] = {{"opens", to_text(api.clock.now() + 3h)}, {"closes", to_text(api.clock.now() + 5h)}};
  REQUIRE(api.act(path, "abe", "request_connection", request)->status == 200);
  const std::string number = api.file(path).number;
  for (const char* nick : {"sato", "hara"})
    machine.sign_in(nick);

  // What goes out comes back without a change.
  const Answer out = machine.run("masters export --profile sato");
  INFO(out.err);
  REQUIRE(out.exit == 0);
  machine.write("masters.toml", out.out);
  const Answer same = machine.run("masters plan masters.toml --profile sato");
  INFO(same.out + same.err);
  REQUIRE(same.exit == 0);
  CHECK(same.out.starts_with("Nothing changes."));

  machine.write("policy.toml", fewer_approvers);
  const Answer tried = machine.run("policy try policy.toml --profile sato -o json");
  INFO(tried.out + tried.err);
  REQUIRE(tried.exit == 0);
  const Json plan = tried.json();
  const Json* slot = consequence(plan, "slot_would_go");
  REQUIRE(slot != nullptr);
  CHECK(slot->at("number") == number);
  CHECK(slot->at("facts").at("slot") == "hcf_netadm");
  const Json* deadline = consequence(plan, "deadline_would_be");
  REQUIRE(deadline != nullptr);
  CHECK(*instant_from(deadline->at("facts").at("due").get<std::string>()) -
            *instant_from(deadline->at("facts").at("would_be").get<std::string>()) ==
        1h);
  CHECK(consequence(plan, "policy_for_new_cases") != nullptr);
  CHECK_FALSE(plan.at("blocked").get<bool>());
  CHECK(holds(machine.run("policy diff policy.toml --profile sato").out, "connect_attempts_max"));
  CHECK(holds(machine.run("policy preview policy.toml --profile sato --lang ja").out, "承認は要りません"));
  CHECK(api.server->conductor().directory()->policy_of(organisation("midori")).version == 0);  // looked only

  // It is not the vendor's to change.
  machine.write("foreign.toml", "[[policies]]\ntenant = \"" + organisation("midori").text() +
                                    "\"\nslots = [\"hcf_sysadm\", \"rsc_netadm\"]\n");
  const Answer foreign = machine.run("masters apply foreign.toml --yes --profile hara");
  CHECK(foreign.exit == 4);
  CHECK(holds(foreign.err, "only the administrators"));

  const Answer applied = machine.run("masters apply policy.toml --digest " + plan.at("digest").get<std::string>() +
                                     " --reason correction --profile sato");
  INFO(applied.out + applied.err);
  REQUIRE(applied.exit == 0);
  const auto directory = api.server->conductor().directory();
  CHECK(directory->policy_of(organisation("midori")).version == 1);
  CHECK(directory->policy_of(organisation("midori")).connect_attempts_max == 2);
  CHECK(api.file(path).policy_version == 0);  // the running case keeps its own
  CHECK(machine.run("masters plan policy.toml --profile sato").out.starts_with("Nothing changes."));

  const auto policies = records(api, "policy.changed");
  REQUIRE(policies.size() == 1);
  CHECK(policies[0].at("x").at("policy") == 1);
  CHECK(policies[0].at("x").at("why") == "correction");
  CHECK(policies[0].at("act").at("role") == "hcf_sysadm");
  const auto changes = records(api, "config.changed");
  REQUIRE(changes.size() == 2);  // the hospital's choice, and the new version
  CHECK(changes[0].at("x").at("master") == "organisation");
  CHECK(changes[0].at("x").at("was") != changes[0].at("x").at("rev"));
  CHECK(changes[1].at("x").at("master") == "policy");
  CHECK_FALSE(changes[1].at("x").contains("was"));
}

TEST_CASE("every mistake in a file is told at once and nothing of it is stored", "[masters]") {
  Api api;
  Machine machine(api);
  machine.sign_in("sato");
  machine.write(
      "wrong.json",
      Json{{"devices", Json::array({Json{{"serial", "SN-ct-1"}, {"address", "nowhere"}},
                                    Json{{"serial", "SN-8"}, {"access_point", access_point_of("aoba").text()}}})},
           {"people",
            Json::array({Json{{"mail", "New@midori.example"}},
                         Json{{"mail", "sound@midori.example"}, {"name", {{"ja", "音"}, {"en", "Sound"}}}}})},
           {"sites", Json::array({Json{{"colour", "red"}}})}}
          .dump());
  const Answer refused = machine.run("masters apply wrong.json --yes --profile sato -o json");
  CHECK(refused.exit != 0);
  const Json problem = Json::parse(refused.err, nullptr, false);
  REQUIRE(problem.is_object());
  CHECK(problem.at("code") == "invalid");
  std::vector<std::string> places;
  for (const Json& one : problem.at("errors"))
    places.push_back(one.at("pointer"));
  for (const char* place :
       {"/devices/0/address", "/devices/1/access_point", "/people/0/mail", "/people/0/name", "/sites/0/colour"})
    CHECK(std::ranges::count(places, place) == 1);
  CHECK(api.server->conductor().directory()->person_by_mail("sound@midori.example") == nullptr);
}

TEST_CASE("what was planned is not applied to masters that have moved", "[masters]") {
  Api api;
  Machine machine(api);
  machine.sign_in("sato");
  machine.write("policy.toml", fewer_approvers);
  const std::string digest =
      machine.run("masters plan policy.toml --profile sato -o json").json().at("digest").get<std::string>();
  const std::string id = organisation("midori").text();
  CHECK(machine.run("org set " + id + " duty_desk_phone=+81-3-5555-5555 --profile sato").exit == 0);
  const Answer late = machine.run("masters apply policy.toml --digest " + digest + " --profile sato");
  CHECK(late.exit == 5);
  CHECK(api.server->conductor().directory()->policy_of(organisation("midori")).version == 0);

  // A look at an addition finds what the addition would find.
  const std::string twice = "device add serial=SN-ct-1 --profile sato";
  CHECK(machine.run(twice).exit == 2);
  CHECK(machine.run(twice + " --dry-run").exit == 2);

  // What cannot be read is a mistake, and no attempt on somebody else's masters.
  machine.write("strange.json",
                Json{{"people", Json::array({{{"mail", "new@midori.example"},
                                              {"name", {{"ja", "新"}, {"en", "New"}}},
                                              {"roles", Json::array({{{"role", "hcf_boss"}, {"at", id}}})}}})}}
                    .dump());
  const Answer strange = machine.run("masters plan strange.json --profile sato");
  CHECK(strange.exit == 2);
  CHECK(strange.err.find("/people/0/roles/0/role") != std::string::npos);

  // The same at the API: by the digest, and by what was read of one of them.
  const std::string bearer = api.token("sato");
  const auto planned = api.post(
      "/api/v1/masters/plan", bearer,
      Json{{"people", Json::array({Json{{"mail", "new@midori.example"}, {"name", {{"ja", "新"}, {"en", "New"}}}}})}}
          .dump());
  REQUIRE(planned->status == 200);
  Json order{{"digest", Json::parse(planned->body).at("digest")},
             {"changes", Json::parse(planned->body).at("changes")}};
  order["changes"]["people"][0]["phone"] = "+81-3-0000-0001";
  const auto other = api.post("/api/v1/masters/apply", bearer, order.dump());
  CHECK(other->status == 412);
  CHECK(Json::parse(other->body).at("code") == "masters_moved");

  const std::string place = "/api/v1/devices/" + device("ct-1").text();
  const auto read = api.get(place, bearer);
  REQUIRE(read->status == 200);
  Json one = Json::parse(read->body);
  one["location"] = "B2";
  httplib::Headers fence{{"Authorization", "Bearer " + bearer}, {"If-Match", read->get_header_value("ETag")}};
  const auto first = api.http->Put(place, fence, one.dump(), "application/json");
  REQUIRE(first);
  CHECK(first->status == 200);
  const auto second = api.http->Put(place, fence, one.dump(), "application/json");
  REQUIRE(second);
  CHECK(second->status == 412);
  const auto unfenced =
      api.http->Put(place, httplib::Headers{{"Authorization", "Bearer " + bearer}}, one.dump(), "application/json");
  REQUIRE(unfenced);
  CHECK(unfenced->status == 428);
}

TEST_CASE("roles are given and taken by word, devices retire, and the records name them", "[masters]") {
  Api api;
  Machine machine(api);
  for (const char* nick : {"sato", "hara"})
    machine.sign_in(nick);
  const std::string tanaka = person("tanaka").text();
  const Answer granted = machine.run("person set " + tanaka + " --grant hcf_netadm --reason moved --profile sato");
  INFO(granted.err);
  REQUIRE(granted.exit == 0);
  CHECK(machine.run("person set " + tanaka + " --withdraw hcf_clin --profile sato").exit == 0);
  CHECK(machine.run("person set " + tanaka + " --grant hcf_sec --profile hara").exit == 4);
  const auto changes = records(api, "user.changed");
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].at("x").at("grant_role") == "hcf_netadm");
  CHECK(changes[0].at("x").at("why") == "moved");
  CHECK(changes[1].at("x").at("lost_role") == "hcf_clin");
  CHECK(changes[1].at("x").at("was") == changes[0].at("x").at("rev"));
  CHECK_FALSE(records(api, "config.changed").size());

  // A device leaves its contract before it retires; the contract is replaced with both sides' word.
  const std::string mr = device("mr-2").text();
  CHECK(machine.run("device retire " + mr + " --profile sato").exit != 0);
  const std::string old =
      api.server->conductor().directory()->contract_of(device("mr-2"), api.clock.now())->id.text();
  const Answer proposed = machine.run("contract add tenant=" + organisation("midori").text() +
                                      " rsc=" + organisation("alpha").text() + " devices=" + device("ct-1").text() +
                                      " from=now around_the_clock=true replaces=" + old + " --profile hara -o json");
  INFO(proposed.err);
  REQUIRE(proposed.exit == 0);
  const std::string contract = proposed.json().at("id");
  CHECK(proposed.json().at("proposed_by") == organisation("alpha").text());
  CHECK(machine.run("contract confirm " + contract + " --profile hara").exit == 4);
  const Answer confirmed = machine.run("contract confirm " + contract + " --profile sato");
  INFO(confirmed.err);
  REQUIRE(confirmed.exit == 0);
  const Answer retired = machine.run("device retire " + mr + " --profile sato");
  INFO(retired.err);
  CHECK(retired.exit == 0);
  const auto directory = api.server->conductor().directory();
  CHECK(directory->contract_of(device("mr-2"), api.clock.now()) == nullptr);
  CHECK(directory->contract_of(device("ct-1"), api.clock.now())->id.text() == contract);
  CHECK(directory->device(device("mr-2"))->retired_at != Instant{});
}

TEST_CASE("masters of others do not exist, and personal data is for who administers it", "[masters]") {
  Api api;
  const auto read = [&](const char* nick, const std::string& place) {
    return api.get("/api/v1/" + place, api.token(nick));
  };
  CHECK(read("endo", "devices/" + device("ct-1").text())->status == 404);
  CHECK(read("watanabe", "people/" + person("abe").text())->status == 404);
  CHECK(read("watanabe", "policies/" + organisation("midori").text())->status == 404);
  CHECK(read("hara", "policies/" + organisation("midori").text())->status == 200);
  CHECK(Json::parse(read("hara", "people/" + person("abe").text())->body).contains("mail"));
  CHECK_FALSE(Json::parse(read("sato", "people/" + person("abe").text())->body).contains("mail"));
  const Json devices = Json::parse(read("sato", "devices?page_size=1&order_by=serial%20desc")->body);
  REQUIRE(devices.at("devices").size() == 1);
  CHECK(devices.at("devices")[0].at("serial") == "SN-mr-2");
  const Json rest = Json::parse(read("sato", "devices?page_size=1&order_by=serial%20desc&page_token=" +
                                                 devices.at("next_page_token").get<std::string>())
                                    ->body);
  CHECK(rest.at("devices")[0].at("serial") == "SN-ct-1");
  CHECK_FALSE(rest.contains("next_page_token"));
  CHECK(Json::parse(read("sato", "devices?filter=product_line%3Dmr")->body).at("devices").size() == 1);
}

}  // namespace kintsugi::testing

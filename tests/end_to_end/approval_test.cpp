#include "engine/audit/export.h"
#include "engine/audit/record.h"
#include "tests/end_to_end/api.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <set>

// Who may not approve, over the API of the program itself (scenarios 2, 3 and 4 of docs/rules.md): each refusal with
// its own problem, each to be found in the log that is handed out, and none of them moves the case.
namespace kintsugi::testing {
namespace {

constexpr auto signing_max = std::chrono::seconds(20);

// A request before its approvers. Kimura, who could fill the vendor's slot, made it; Abe is to do the work; Sato
// holds two of the hospital's slots.
struct Asked {
  Api api;
  std::string path;
  std::string hash;
  std::set<std::string> types;  // of the problems so far

  Asked()
      : api([](Config&, std::vector<Master>& masters) {
          for (Master& one : masters) {
            if (one.id != person("sato").text()) continue;
            auto sato = from_json_text<Person>(one.body);
            REQUIRE(sato);
            sato->roles.push_back(sato->roles.front());
            sato->roles.back().role = Role::hcf_netadm;
            one.body = to_json_text(*sato);
          }
        }) {
    for (const char* nick : {"abe", "kimura", "sato", "suzuki", "ito", "vendor_psm", "endo", "watanabe", "ono"})
      api.enrol(nick);
    api.go_on_outside();
    path = api.report();
    REQUIRE(api.act(path, "kimura", "acknowledge", Json::object())->status == 200);
    ask("the log has to be read");
  }

  void ask(const std::string& typed) {
    const auto asked = api.act(path, "kimura", "request_connection", api.request("abe", typed));
    INFO(asked->body);
    REQUIRE(asked->status == 200);
    hash = shown().at("request").at("hash");
  }
  // The case as somebody of the hospital is shown it who has no part in this.
  Json shown() { return Json::parse(api.get(path, api.token("ito"))->body); }

  httplib::Result approve(const char* nick, const char* slot, const std::string& over, const std::string& step_up) {
    httplib::Headers headers;
    if (!step_up.empty()) headers.emplace("Step-Up", step_up);
    return api.post(path + "/events/approve", api.token(nick), Json{{"slot", slot}, {"request_hash", over}}.dump(),
                    headers);
  }
  httplib::Result approve(const char* nick, const char* slot) {
    return approve(nick, slot, hash, api.step_up(path, nick, "approve", hash));
  }

  // The answer is this problem, no other refusal had it, and the case is as it was before.
  void refused(const httplib::Result& reply, int status, const std::string& problem, const Json& before) {
    INFO(reply->body);
    CHECK(reply->status == status);
    CHECK(problem_of(reply) == problem);
    CHECK(types.insert(Json::parse(reply->body).at("type")).second);
    CHECK(shown() == before);
  }

  // The records of a log as whoever gets it exported reads them, after checking it.
  std::vector<Json> handed_out(const std::string& hospital) {
    const std::string log = Api::log_of(hospital);
    REQUIRE(wait_until(
        [&] {
          const auto store = api.store();
          const auto signed_upto = store->last_checkpoint(log);
          const auto size = store->audit_size(log);
          return signed_upto && *signed_upto && size && (*signed_upto)->size == *size;
        },
        signing_max));
    const std::string into = api.directory.path("export-" + hospital);
    const Ran exported = run("audit export " + api.directory.path("data") + " --log " + log + " --to " + into);
    INFO(exported.output);
    REQUIRE(exported.exit == 0);
    const Ran verified = run("audit verify " + into + " --vkey " + into + "/vkey");
    INFO(verified.output);
    REQUIRE(verified.exit == 0);
    const auto source = audit::open_export(into);
    REQUIRE(source);
    std::vector<Json> out;
    const auto read = (*source)->read(0, *(*source)->size(), [&](std::int64_t, const audit::LogSource::Entry& entry) {
      out.push_back(Json::parse(entry.body));
      return true;
    });
    REQUIRE(read);
    return out;
  }
};

}  // namespace

TEST_CASE("scenarios 2, 3 and 4: approvals that must not count are refused each in its own words, and change nothing",
          "[scenario][scenario 2][scenario 3][scenario 4][approval]") {
  Asked asked;
  Json before = asked.shown();

  asked.refused(asked.approve("kimura", "rsc_netadm"), 403, "requester_may_not_approve", before);
  asked.refused(asked.approve("vendor_psm", "hcf_sysadm"), 403, "vendor_in_hcf_slot", before);
  asked.refused(asked.approve("suzuki", "hcf_netadm", asked.hash, ""), 403, "step_up_missing", before);
  asked.refused(asked.approve("endo", "hcf_sysadm"), 404, "no_case_of_your_hospital", before);
  asked.refused(asked.approve("watanabe", "rsc_netadm"), 404, "no_case_under_your_contracts", before);

  REQUIRE(asked.approve("sato", "hcf_sysadm")->status == 200);
  before = asked.shown();
  CHECK(before.at("request").at("approvals").size() == 1);
  asked.refused(asked.approve("sato", "hcf_netadm", asked.hash, ""), 403, "person_counts_once", before);

  // Suzuki has read the request and proved who he is; before he answers, the vendor puts another in its place.
  const std::string read = asked.hash;
  const std::string step_up = asked.api.step_up(asked.path, "suzuki", "approve", read);
  REQUIRE(asked.api.act(asked.path, "kimura", "amend_or_withdraw", Json::object())->status == 200);
  asked.ask("and the tube has to be replaced");
  REQUIRE(asked.hash != read);
  before = asked.shown();
  CHECK(before.at("request").at("approvals").empty());
  asked.refused(asked.approve("suzuki", "hcf_netadm", read, step_up), 409, "hash_differs", before);
  CHECK(asked.types.size() == 7);
  // What he was refused for is the old text and nothing else; and what the requester may not approve, another may.
  CHECK(asked.approve("suzuki", "hcf_netadm")->status == 200);
  CHECK(asked.approve("sato", "hcf_sysadm")->status == 200);
  CHECK(asked.approve("ono", "rsc_netadm")->status == 200);
  CHECK(asked.shown().at("state") == "conn_approved");

  const std::string about = audit::record_id(asked.path.substr(14));
  const auto refusals = [&](const std::vector<Json>& records, const char* nick, const char* check) {
    return std::ranges::count_if(records, [&](const Json& one) {
      return one["ev"] == "refused" && one["act"]["id"] == audit::record_id(person(nick).text()) &&
             one["x"]["event"] == "approve" && one["x"]["check"] == check && one["case"] == about && one["out"] == 8;
    });
  };
  const auto own = asked.handed_out("midori");
  CHECK(refusals(own, "kimura", "requester_may_not_approve") == 1);
  CHECK(refusals(own, "vendor_psm", "vendor_in_hcf_slot") == 1);
  CHECK(refusals(own, "suzuki", "step_up_missing") == 1);
  CHECK(refusals(own, "sato", "person_counts_once") == 1);
  CHECK(refusals(own, "suzuki", "hash_differs") == 1);
  CHECK(std::ranges::count(own, "refused", [](const Json& one) { return one["ev"].get<std::string>(); }) == 5);
  // Strangers fill no hospital's log: whoever runs the engine finds them in its own.
  const auto system = asked.handed_out("");
  CHECK(refusals(system, "endo", "not_a_participant") == 1);
  CHECK(refusals(system, "watanabe", "not_a_participant") == 1);
}

TEST_CASE("a stranger is told the same of a case that is there and of one that is not", "[api][approval]") {
  Api api;
  const std::string path = api.report();
  const std::string nowhere = path.substr(0, path.size() - 4) + "0000";
  for (const char* nick : {"endo", "watanabe"}) {
    CAPTURE(nick);
    const auto answer = [&](const std::string& at) {
      Json body = Json::parse(api.get(at, api.token(nick))->body);
      Json event = Json::parse(
          api.post(at + "/events/add_note", api.token(nick), R"({"note":"x"})", {{"If-Match", "\"1\""}})->body);
      for (Json* one : {&body, &event})
        one->erase("instance");
      return std::pair(body, event);
    };
    CHECK(answer(path) == answer(nowhere));
  }
}

TEST_CASE("one person cannot fill one slot twice, and a worker none", "[api][approval]") {
  Api api;
  const std::string path = api.report();
  REQUIRE(api.act(path, "abe", "acknowledge", Json::object())->status == 200);
  REQUIRE(api.act(path, "abe", "request_connection", api.request("kimura"))->status == 200);
  const std::string hash = to_base64(api.file(path).request->hash);
  const auto approve = [&](const char* nick, const char* slot) {
    return api.act(path, nick, "approve", {{"slot", slot}, {"request_hash", hash}}, true);
  };
  REQUIRE(approve("sato", "hcf_sysadm")->status == 200);
  const auto again = approve("sato", "hcf_sysadm");
  CHECK(again->status == 403);
  CHECK(problem_of(again) == "person_counts_once");
  // The reply names everything that blocks, what tells most first.
  const Json failed = Json::parse(again->body).at("failed");
  REQUIRE(failed.size() == 2);
  CHECK(failed[0]["name"] == "person_counts_once");
  CHECK(failed[1]["name"] == "slot_not_open");
  const auto worker = approve("kimura", "rsc_netadm");
  CHECK(worker->status == 403);
  CHECK(problem_of(worker) == "worker_may_not_approve");
}

}  // namespace kintsugi::testing

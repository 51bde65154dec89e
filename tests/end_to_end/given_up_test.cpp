#include "tests/end_to_end/desk.h"
#include "tests/end_to_end/mail_world.h"
#include "tests/end_to_end/run.h"
#include "tests/support/wait.h"

#include <set>

// What cannot be delivered becomes a task for a person, who puts the cause right and sends it again.
namespace kintsugi::testing {
namespace {

constexpr auto patience = std::chrono::seconds(10);

std::vector<OutboxRow> given_up(Api& api) {
  OutboxFilter filter;
  filter.state = EffectState::gave_up;
  return api.server->store().outbox(filter).value();
}

Json tasks(Api& api, const std::string& path, const std::string& nick) {
  return Json::parse(api.get(path, api.token(nick))->body).at("tasks");
}

std::vector<Json> records_of(Api& api, const std::string& event) {
  std::vector<Json> out = api.records("midori");
  std::erase_if(out, [&](const Json& one) { return one.at("ev") != event; });
  return out;
}

std::string recorded(const EffectId& id) {
  return "e-" + id.text().substr(std::string("effect_").size());
}

bool all_signed(Api& api) {
  const std::string log = "test.kintsugi.invalid/hcf/" + organisation("midori").text();
  const auto signed_upto = api.server->store().last_checkpoint(log);
  const auto size = api.server->store().audit_size(log);
  return signed_upto && *signed_upto && size && (*signed_upto)->size == *size;
}

}  // namespace

TEST_CASE("a mail that was given up is somebody's task until it is sent again, and then arrives once",
          "[mail][engine]") {
  MailServer mails;
  mails.refuse(true);
  Api api([&](Config& config, std::vector<Master>& masters) { use_mail_server(mails, config, masters); });
  const std::string data = api.directory.path("data");
  const std::string path = api.report();
  REQUIRE(wait_until([&] { return given_up(api).size() == 1; }, patience));
  const OutboxRow row = given_up(api).front();
  const std::string effect = row.effect.id.text();
  std::set<std::string> readers;
  const auto directory = api.server->conductor().directory();
  for (const PersonId& one : row.effect.mail->to)
    readers.insert(directory->person(one)->mail);
  for (const OrganisationId& one : row.effect.mail->desks)
    readers.insert(directory->organisation(one)->duty_desk_mail);

  // Everybody who sees the case sees the task; why it failed, only who can do something about it.
  const Json seen = tasks(api, path, "sato");
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].at("task") == "redrive");
  CHECK(seen[0].at("effect") == effect);
  CHECK(seen[0].at("mail") == "M01");
  CHECK(seen[0].at("since") == to_text(row.settled_at));
  CHECK(seen[0].at("allowed") == true);
  CHECK(seen[0].at("can_be_done_by").size() == 4);
  CHECK(seen[0].contains("last_error"));
  CHECK(tasks(api, path, "abe").at(0).at("allowed") == false);
  CHECK_FALSE(tasks(api, path, "abe").at(0).contains("last_error"));
  const auto listed = [&](const std::string& nick) {
    return Json::parse(api.get("/api/v1/outbox?state=gave_up", api.token(nick))->body).at("effects").size();
  };
  CHECK(listed("sato") == 1);
  CHECK(listed("hara") == 1);
  CHECK(listed("abe") == 0);
  CHECK(listed("endo") == 0);
  CHECK(api.post("/api/v1/outbox/" + effect + "/redrive", api.token("endo"), "{}")->status == 404);
  CHECK(api.post("/api/v1/outbox/" + effect + "/redrive", api.token("abe"), "{}")->status == 404);
  CHECK(records_of(api, "effect.redriven").empty());

  std::string by;
  SECTION("by a person through the API, while the server runs") {
    mails.refuse(false);
    const auto sent = api.post("/api/v1/outbox/" + effect + "/redrive", api.token("sato"), "{}");
    INFO(sent->body);
    REQUIRE(sent->status == 200);
    CHECK(api.post("/api/v1/outbox/" + effect + "/redrive", api.token("sato"), "{}")->status ==
          403);  // it waits already
    by = "person";
  }
  SECTION("by a person at the command line, while the server runs") {
    Desk desk(api);
    REQUIRE(desk.sign_in("sato").exit == 0);
    const Answer list = desk.run("outbox list --profile sato");
    INFO(list.out + list.err);
    CHECK(list.exit == 0);
    CHECK(list.out.find("mail M01") != std::string::npos);
    CHECK(list.out.find("kintsugi outbox redrive " + effect) != std::string::npos);
    mails.refuse(false);
    CHECK(desk.run("outbox redrive --profile sato " + effect).exit == 0);
    CHECK(desk.run("outbox redrive --profile sato " + effect).exit == 4);  // it waits already
    CHECK(desk.run("outbox redrive --profile sato effect_none").exit == 3);
    CHECK(desk.run("outbox list --profile sato --lang ja").out == "状態 gave_up のものはありません。\n");
    by = "person";
  }
  SECTION("by the operator at the machine, while it stands still") {
    const Ran list = run("outbox list --data " + data);
    INFO(list.output);
    CHECK(list.exit == 0);
    CHECK(list.output.find(effect) != std::string::npos);
    CHECK(list.output.find("mail M01") != std::string::npos);
    CHECK(run("outbox redrive --data " + data + " " + effect).exit == 4);  // the server has the directory
    api.stop();
    mails.refuse(false);
    const Ran again = run("outbox redrive --data " + data + " " + effect);
    INFO(again.output);
    REQUIRE(again.exit == 0);
    CHECK(run("outbox redrive --data " + data + " " + effect).exit == 4);  // it waits already
    CHECK(run("outbox redrive --data " + data + " effect_none").exit == 3);
    CHECK(run("outbox list --data " + data).output.find(effect) == std::string::npos);
    api.open();
    api.listen();
    by = "service";
  }
  REQUIRE_FALSE(by.empty());

  mails.wait_for(readers.size());
  REQUIRE(wait_until(
      [&] {
        OutboxFilter one;
        one.id = row.effect.id;
        return api.server->store().outbox(one)->front().state == EffectState::delivered;
      },
      patience));
  std::vector<std::string> got;
  for (const auto& [recipient, mail] : mails.wait_for(readers.size()))
    got.push_back(recipient);
  CHECK(got == std::vector<std::string>(readers.begin(), readers.end()));

  CHECK(tasks(api, path, "sato").empty());
  const auto gave_up = records_of(api, "effect.gave_up");
  REQUIRE(gave_up.size() == 1);
  CHECK(gave_up[0].at("x") == Json{{"attempt", 1}, {"delivery", recorded(row.effect.id)}, {"effect", "mail"}});
  const auto redriven = records_of(api, "effect.redriven");
  REQUIRE(redriven.size() == 1);
  CHECK(redriven[0].at("x").at("delivery") == recorded(row.effect.id));
  CHECK(redriven[0].at("act").at("kind") == by);
  if (by == "person") CHECK(redriven[0].at("act").at("id") == "u-" + person("sato").text().substr(7));
  REQUIRE(wait_until([&] { return all_signed(api); }, patience));
  const Ran verified = run("audit verify " + data);
  INFO(verified.output);
  CHECK(verified.exit == 0);
}

}  // namespace kintsugi::testing

#include "engine/audit/record.h"
#include "tests/end_to_end/desk.h"

#include <algorithm>
#include <filesystem>

// What hangs on a notice, over HTTP and at the command line: who opens it, who judges it, and what the log says.
namespace kintsugi::testing {
namespace {

const std::string picture_bytes("\x89PNG\r\n\0\xff", 8);

// A case whose notice brought a picture and a table.
struct JudgesDesk {
  Api api;
  std::string path;
  std::vector<Json> documents;  // the two attachments, as sato's list shows them

  JudgesDesk() {
    Json fault = api.fault();
    fault["attachments"] = Json::array({{{"kind", "image"}, {"content", to_base64(bytes_of(picture_bytes))}},
                                        {{"kind", "text"}, {"content", to_base64(bytes_of("pat,0012345"))}}});
    const auto reply = api.post("/api/v1/faults", api.device_token, fault.dump());
    INFO(reply->body);
    REQUIRE(reply->status == 201);
    path = reply->get_header_value("Location");
    documents = listed("sato");
    REQUIRE(documents.size() == 2);
  }
  std::vector<Json> listed(const char* nick) {
    const Json page = Json::parse(api.get(path + "/documents", api.token(nick))->body);
    std::vector<Json> out;
    for (const Json& one : page.at("documents"))
      if (one.contains("attachment")) out.push_back(one);
    std::ranges::sort(out, {}, [](const Json& one) { return one.at("attachment").at("number").get<int>(); });
    return out;
  }
  httplib::Result read(const char* nick, std::size_t n) { return api.get(documents[n].at("href"), api.token(nick)); }
  httplib::Result judge(const char* nick, std::size_t n, const char* phi) {
    return api.act(path, nick, "judge_attachment", {{"attachment", documents[n].at("id")}, {"phi", phi}});
  }
  std::vector<Json> records(const char* event) {
    std::vector<Json> out;
    for (const Json& one : api.records("midori"))
      if (one.at("ev") == event) out.push_back(one);
    return out;
  }
};

std::vector<std::string> roles_in(const Json& problem) {
  std::vector<std::string> out;
  for (const Json& one : problem.at("failed").at(0).at("lifted_by"))
    out.push_back(one.at("role"));
  return out;
}

}  // namespace

TEST_CASE("an attachment is listed with its number, kind and size, and opened by nobody but who judges it",
          "[api][attachments]") {
  JudgesDesk judging;
  const Json& first = judging.documents[0];
  CHECK(first.at("label") == "Attachment 1 (image)");
  CHECK(first.at("length") == picture_bytes.size());
  CHECK(first.at("key") == "care");
  CHECK(first.at("attachment").at("judged") == false);
  CHECK(first.at("attachment").at("phi") == "unknown");
  CHECK(judging.documents[1].at("label") == "Attachment 2 (text)");

  for (const char* nick : {"abe", "hara", "vendor_psm", "ito", "suzuki", "kato", "yamada"}) {
    CAPTURE(nick);
    const auto refused = judging.read(nick, 0);
    CHECK(refused->status == 403);
    CHECK(problem_of(refused) == "attachment_not_judged");
    CHECK(roles_in(Json::parse(refused->body)) == std::vector<std::string>{"hcf_priv", "hcf_sysadm", "hcf_clin"});
  }
  CHECK(judging.read("endo", 0)->status == 404);
  const auto refusals = judging.records("refused");
  REQUIRE(refusals.size() == 7);
  const std::string id = audit::record_id(first.at("id").get<std::string>());
  for (const Json& one : refusals) {
    CHECK(one.at("out") == 8);
    CHECK(one.at("x") == Json{{"check", "attachment_not_judged"}, {"document", id}, {"event", "read_document"}});
  }
  CHECK(judging.records("document.read").empty());

  const auto opened = judging.read("mori", 0);
  REQUIRE(opened->status == 200);
  CHECK(Json::parse(opened->body).at("base64") == to_base64(bytes_of(picture_bytes)));
  const auto readings = judging.records("document.read");
  REQUIRE(readings.size() == 1);
  CHECK(readings[0].at("x").at("document") == id);
  CHECK(readings[0].at("act").at("id") == audit::record_id(person("mori").text()));
}

TEST_CASE("what is judged to hold nothing the vendor reads, what holds patient data the hospital's people",
          "[api][attachments]") {
  JudgesDesk judging;
  for (const auto& [nick, status] : {std::pair("abe", 403), std::pair("suzuki", 403), std::pair("endo", 404)}) {
    CAPTURE(nick);
    CHECK(judging.judge(nick, 0, "none")->status == status);
  }
  CHECK(problem_of(judging.judge("vendor_psm", 0, "none")) == "blocked");
  CHECK(judging.judge("mori", 0, "unknown")->status == 422);
  REQUIRE(judging.judge("mori", 0, "none")->status == 200);
  REQUIRE(judging.judge("tanaka", 1, "identifiable")->status == 200);

  CHECK(Json::parse(judging.read("abe", 0)->body).at("base64") == to_base64(bytes_of(picture_bytes)));
  const auto refused = judging.read("abe", 1);
  CHECK(refused->status == 403);
  CHECK(problem_of(refused) == "holds_patient_data");
  CHECK(problem_of(judging.read("vendor_psm", 1)) == "holds_patient_data");
  CHECK(Json::parse(judging.read("suzuki", 1)->body).at("text") == "pat,0012345");

  const auto seen = judging.listed("abe");
  CHECK(seen[0].at("attachment").at("phi") == "none");
  CHECK(seen[0].at("attachment").at("judged_by").at("name") == "mori");
  CHECK_FALSE(seen[0].at("attachment").at("judged_at").get<std::string>().empty());
  CHECK(seen[1].at("attachment").at("phi") == "identifiable");

  // Nobody loosens what he said himself; whoever would be more careful need not ask.
  CHECK(problem_of(judging.judge("tanaka", 1, "none")) == "blocked");
  REQUIRE(judging.judge("mori", 0, "pseudonymised")->status == 200);
  CHECK(judging.read("abe", 0)->status == 403);

  const auto judged = judging.records("judge_attachment");
  REQUIRE(judged.size() == 3);
  CHECK(judged[1].at("x") == Json{{"document", audit::record_id(judging.documents[1].at("id").get<std::string>())},
                                  {"phi", "identifiable"}});
  const auto refusals = judging.records("refused");
  const auto with = [&](const char* check) {
    return std::ranges::count_if(refusals, [&](const Json& one) { return one.at("x").at("check") == check; });
  };
  CHECK(with("role_not_allowed") == 2);
  CHECK(with("vendor_acts_for_hospital") == 1);
  CHECK(with("own_judgement") == 1);
  CHECK(with("holds_patient_data") == 3);
}

TEST_CASE("the case tells who may judge, and offers it to whoever may", "[api][attachments]") {
  JudgesDesk judging;
  const auto action = [&](const char* nick) {
    const Json seen = Json::parse(judging.api.get(judging.path, judging.api.token(nick))->body);
    const auto found = std::ranges::find_if(seen.at("actions"),
                                            [](const Json& one) { return one.at("event") == "judge_attachment"; });
    REQUIRE(found != seen.at("actions").end());
    return *found;
  };
  CHECK(action("tanaka").at("allowed") == true);
  const Json blocked = action("abe");
  CHECK(blocked.at("allowed") == false);
  CHECK(blocked.at("blocked_by").at(0).at("lifted_by").size() == 3);
}

TEST_CASE("content that is not base64 is told, and no part of it is repeated", "[api][attachments]") {
  Api api;
  Json fault = api.fault();
  fault["attachments"] = Json::array({{{"kind", "image"}, {"content", "山田太郎"}}});
  const auto refused = api.post("/api/v1/faults", api.device_token, fault.dump());
  CHECK(refused->status == 422);
  CHECK(Json::parse(refused->body).at("errors").at(0).at("pointer") == "/attachments/0/content");
  CHECK(refused->body.find("山田") == std::string::npos);
}

TEST_CASE("at the command line a judge lists, looks at and judges what hangs on a case", "[cli][attachments]") {
  JudgesDesk judging;
  Desk desk(judging.api);
  const std::string id = judging.path.substr(14);
  const std::string document = judging.documents[0].at("id");
  REQUIRE(desk.sign_in("mori").exit == 0);
  REQUIRE(desk.sign_in("abe").exit == 0);
  const Answer refused = desk.run("case read " + id + " " + document + " --profile abe");
  CHECK(refused.exit == 4);
  CHECK(refused.err.find("attachment_not_judged") != std::string::npos);
  CHECK(refused.err.find("(hcf_priv)") != std::string::npos);

  const Answer listed = desk.run("case documents " + id + " --profile mori");
  CHECK(listed.out.find("Attachment 1 (image)") != std::string::npos);
  CHECK(listed.out.find("not judged") != std::string::npos);
  const Answer looked = desk.run("case read " + id + " " + document + " --file picture.png --profile mori");
  INFO(looked.err);
  REQUIRE(looked.exit == 0);
  CHECK(desk.read("picture.png") == picture_bytes);
  CHECK((std::filesystem::status(desk.path("picture.png")).permissions() & std::filesystem::perms::others_read) ==
        std::filesystem::perms::none);
  CHECK(desk.run("case read " + id + " " + document + " --file picture.png --profile mori").exit == 2);

  const Answer judged = desk.run("case act " + id + " judge_attachment --profile mori -d attachment=" + document +
                                 " -d phi=none --reason looked");
  INFO(judged.err);
  CHECK(judged.exit == 0);
  CHECK(desk.run("case read " + id + " " + document + " --profile abe").exit == 0);
  CHECK(desk.run("case show " + id + " --profile abe").out.find(" (mori, ") != std::string::npos);
  CHECK(desk.run("case show " + id + " --profile abe --lang ja").out.find("添付ファイル 1 (画像)") !=
        std::string::npos);
}

}  // namespace kintsugi::testing

#include "tests/end_to_end/api.h"
#include "tests/end_to_end/mail_world.h"

#include <algorithm>
#include <set>

// The engine and a real mail server: what people are sent, and what they must never be sent.
namespace kintsugi::testing {
namespace {

constexpr const char* canary = "カナリア-CANARY-7741";

}  // namespace

TEST_CASE("mails of a case are Japanese, form one thread, and hold nothing that anybody typed", "[mail][engine]") {
  MailServer mails;
  Api api([&](Config& config, std::vector<Master>& masters) { use_mail_server(mails, config, masters); });
  Json fault = api.fault();
  fault["details"] = canary;
  const auto reported = api.post("/api/v1/faults", api.device_token, fault.dump());
  REQUIRE(reported->status == 201);
  const std::string path = reported->get_header_value("Location");
  const std::string number = Json::parse(reported->body).at("number");
  REQUIRE(api.act(path, "abe", "acknowledge", Json::object())->status == 200);
  const auto asked = api.act(path, "abe", "request_connection", api.request("abe", canary));
  INFO(asked->body);
  REQUIRE(asked->status == 200);
  REQUIRE(api.act(path, "sato", "add_note", {{"note", canary}})->status == 200);

  const auto all = mails.wait_for(8);
  std::set<std::string> roots;
  for (const auto& [recipient, mail] : all) {
    CAPTURE(recipient, mail.subject, mail.body);
    CHECK(mail.subject.starts_with("[" + number + "] CT 第1検査室"));
    CHECK(mail.body.find("病院") != std::string::npos);
    const std::string references = mail.header("References");
    roots.insert(references.empty() ? "<" + mail.message_id + ">" : references.substr(0, references.find(' ')));
    CHECK(mail.subject.find(canary) == std::string::npos);
    CHECK(mail.body.find("CANARY") == std::string::npos);
    for (const auto& [name, value] : mail.headers)
      CHECK(value.find("CANARY") == std::string::npos);
  }
  CHECK(roots.size() == 1);
  for (const std::string log : {"", "midori"})
    for (const Json& record : api.records(log))
      CHECK(record.dump().find("CANARY") == std::string::npos);
}

}  // namespace kintsugi::testing

#include "engine/audit/record.h"
#include "engine/domain/may.h"
#include "tests/support/play.h"

#include <algorithm>

// Who judges what hangs on mails, and who reads it before and after.
namespace kintsugi::testing {
namespace {

constexpr const char* attachment_place = "notify_duplicate/attachments/content";

DocumentId picture_id(int n) {
  return id_of<DocumentId>("doc", "picture " + std::to_string(n));
}

Json with_pictures(int first, int count) {
  Json out = Json::array();
  for (int i = 0; i < count; ++i)
    out.push_back({{"kind", "image"}, {"content", picture_id(first + i).text()}});
  return {{"attachments", out}};
}

Play with_attachments(int count = 2) {
  Play p;
  bring_to(p, "acknowledged");
  p.send("mr1", "notify_duplicate", with_pictures(0, count));
  REQUIRE(p.file.attachments.size() == static_cast<std::size_t>(count));
  return p;
}

Json judgement_of(int n, const char* phi) {
  return {{"attachment", picture_id(n).text()}, {"phi", phi}};
}

bool can_read(const Play& p, const char* who, const DocumentId& document, const char* at = attachment_place) {
  const Person& one = *p.directory.person(person(who));
  const Actor actor{.id = one.id.text(), .kind = Role::none, .person = one.id, .org = one.employer, .auth = "pwd"};
  return may(p.directory, actor, reading_of(p.file, document, at), matter_of(p.file), p.now).granted;
}
std::vector<std::string> who_reads(const Play& p, const DocumentId& document, const char* at = attachment_place) {
  std::vector<std::string> out;
  for (const char* who : {"clin", "psm", "vpsm", "sysadm", "netadm", "priv", "sec", "duty", "svc", "mgr", "net",
                          "ksvc", "fsysadm", "fclin"})
    if (can_read(p, who, document, at)) out.emplace_back(who);
  return out;
}

const std::vector<std::string> judges = {"clin", "sysadm", "priv"};
const std::vector<std::string> hospital_side = {"clin", "sysadm", "netadm", "priv", "sec", "duty"};
const std::vector<std::string> both_sides = {"clin", "psm",  "vpsm", "sysadm", "netadm", "priv",
                                             "sec",  "duty", "svc",  "mgr",    "net"};

}  // namespace

TEST_CASE("what nobody has judged only a judge of the hospital opens (I11)", "[fault_response][attachments]") {
  const Play p = with_attachments();
  CHECK(who_reads(p, picture_id(0)) == judges);
  CHECK(who_reads(p, id_of<DocumentId>("doc", "never listed")) == judges);
  CHECK(who_reads(p, id_of<DocumentId>("doc", "mail"), "notify/message") == judges);
  CHECK(who_reads(p, id_of<DocumentId>("doc", "note"), "add_note/note") == both_sides);
}

TEST_CASE("judged to hold nothing it is read by both sides, judged to hold patient data by the hospital's",
          "[fault_response][attachments]") {
  Play p = with_attachments(3);
  CHECK(row_of(p.send("priv", "judge_attachment", judgement_of(0, "none"))) == "judge_attachment");
  p.send("clin", "judge_attachment", judgement_of(1, "pseudonymised"));
  p.send("sysadm", "judge_attachment", judgement_of(2, "identifiable"));
  CHECK(who_reads(p, picture_id(0)) == both_sides);
  CHECK(who_reads(p, picture_id(1)) == hospital_side);
  CHECK(who_reads(p, picture_id(2)) == hospital_side);
  CHECK(who_reads(p, id_of<DocumentId>("doc", "mail"), "notify/message") == judges);
}

TEST_CASE("a judgement says who gave it and when, and its record which document and what",
          "[fault_response][attachments]") {
  Play p = with_attachments();
  const Instant at = p.now;
  p.send("priv", "judge_attachment", judgement_of(1, "identifiable"));
  const Attachment& one = p.file.attachments[1];
  CHECK(one.phi == Phi::identifiable);
  CHECK(one.judged_by == person("priv"));
  CHECK(one.judged_at == at);
  CHECK_FALSE(p.file.attachments[0].is_judged());
  const Decision& last = p.laps.back();
  CHECK(last.x.at("document") == audit::record_id(picture_id(1).text()));
  CHECK(last.x.at("phi") == "identifiable");
  CHECK(last.effects.empty());
}

TEST_CASE("only the hospital's privacy officer, system administrator and clinical users judge",
          "[fault_response][attachments]") {
  const Play p = with_attachments();
  for (const char* who : {"psm", "netadm", "sec", "duty", "svc", "l2", "mgr", "net"}) {
    CAPTURE(who);
    CHECK(failed_check(p.ask(who, "judge_attachment")) == "role_not_allowed");
  }
  for (const char* who : {"fsysadm", "ksvc"})
    CHECK(failed_check(p.ask(who, "judge_attachment")) == "not_a_participant");
  for (const char* who : {"priv", "sysadm", "clin"})
    CHECK(row_of(p.ask(who, "judge_attachment")) == "judge_attachment");
}

TEST_CASE("a vendor's man neither opens nor judges in a role of the hospital's", "[fault_response][attachments]") {
  Play p = with_attachments();
  Person vendor = *p.directory.person(person("vpsm"));
  RoleHeld office = vendor.roles.front();
  office.role = Role::hcf_sysadm;
  office.appointed_agent = true;
  vendor.roles.push_back(office);
  p.directory.put(vendor);
  CHECK(fails(p.ask("vpsm", "judge_attachment"), "vendor_acts_for_hospital"));
  CHECK(who_reads(p, picture_id(0)) == judges);
  p.send("priv", "judge_attachment", judgement_of(0, "identifiable"));
  CHECK(who_reads(p, picture_id(0)) == hospital_side);
}

TEST_CASE("towards caution a judgement changes at once, back only by another person",
          "[fault_response][attachments]") {
  Play p = with_attachments();
  p.send("priv", "judge_attachment", judgement_of(0, "none"));
  CHECK(fails(p.ask("clin", "judge_attachment", judgement_of(0, "none")), "judged_so_already"));
  CHECK(row_of(p.send("priv", "judge_attachment", judgement_of(0, "pseudonymised"))) == "judge_attachment");
  CHECK(row_of(p.send("priv", "judge_attachment", judgement_of(0, "identifiable"))) == "judge_attachment");
  for (const char* looser : {"pseudonymised", "none"})
    CHECK(fails(p.ask("priv", "judge_attachment", judgement_of(0, looser)), "own_judgement"));
  CHECK(row_of(p.send("clin", "judge_attachment", judgement_of(0, "none"))) == "judge_attachment");
  CHECK(p.file.attachments[0].judged_by == person("clin"));
  CHECK(who_reads(p, picture_id(0)) == both_sides);
}

TEST_CASE("what the case does not have is not judged, and without attachments nothing is offered",
          "[fault_response][attachments]") {
  Play p = with_attachments();
  CHECK(fails(p.ask("priv", "judge_attachment", {{"attachment", id_of<DocumentId>("doc", "another's").text()}}),
              "attachment_unknown"));
  Play none;
  bring_to(none, "acknowledged");
  CHECK(fails(none.ask("priv", "judge_attachment"), "nothing_to_judge"));
}

TEST_CASE("a case has a bounded number of attachments, and what comes later stays with the judges",
          "[fault_response][attachments]") {
  Play p = with_attachments(20);
  for (std::size_t n = 20; n <= attachments_max; n += 20)
    p.send("mr1", "notify_duplicate", with_pictures(static_cast<int>(n), 20));
  CHECK(p.file.attachments.size() == attachments_max);
  const DocumentId beyond = picture_id(static_cast<int>(attachments_max));
  CHECK(who_reads(p, beyond) == judges);
  CHECK(fails(p.ask("priv", "judge_attachment", judgement_of(static_cast<int>(attachments_max), "none")),
              "attachment_unknown"));
}

TEST_CASE("a case waits for no judgement, and after its end there is nothing left to judge",
          "[fault_response][attachments]") {
  Play p = with_attachments();
  bring_to(p, "closed");
  CHECK(p.file.state == "closed");
  CHECK(who_reads(p, picture_id(0)) == judges);
  CHECK(failed_check(p.ask("priv", "judge_attachment")) == "not_applicable");
  p.send("clin", "reopen");
  REQUIRE(p.file.state == "acknowledged");
  CHECK(fails(p.ask("priv", "judge_attachment", judgement_of(0, "none")), "attachment_unknown"));
}

TEST_CASE("in a case that ended without access, whose texts are kept, attachments can still be judged",
          "[fault_response][attachments]") {
  Play p = with_attachments();
  p.send("svc", "propose_cancel");
  p.send("sysadm", "cancel");
  REQUIRE(p.file.state == "cancelled");
  CHECK(row_of(p.send("priv", "judge_attachment", judgement_of(0, "none"))) == "judge_attachment");
}

}  // namespace kintsugi::testing

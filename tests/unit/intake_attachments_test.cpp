#include "adapters/intake/words.h"
#include "engine/domain/may.h"
#include "tests/support/mail_door.h"
#include "workflows/fault_response/schemas.h"

#include <algorithm>

// What hangs on a mail: which parts are that, and what becomes of them in the case.
namespace kintsugi::intake {
namespace {

using testing::mail;
using testing::MailParts;
using Door = testing::MailDoor;

// A name that somebody typed, as mail programs write it: parameters of RFC 2231, encoded words, plain.
const std::string patient_name = "山田太郎";
const std::string named_rfc2231 = "filename*=UTF-8''%E5%B1%B1%E7%94%B0%E5%A4%AA%E9%83%8E.png";
const std::string named_in_pieces =
    "filename*0*=ISO-2022-JP''%1B%24B%3B%33%45%44; filename*1*=%42%40%4F%3A%1B%28B.png";
const std::string named_in_words = "filename=\"=?UTF-8?B?5bGx55Sw5aSq6YOO?=.png\"";
const std::string named_plainly = "filename=\"山田太郎.png\"";

std::string mime_part(const std::string& type, const std::string& content, const std::string& more = "") {
  return "--top\r\nContent-Type: " + type + "\r\n" + more + "\r\n" + content + "\r\n";
}
std::string hanging(const std::string& type, const std::string& content, const std::string& name = named_plainly) {
  return mime_part(type, content, "Content-Disposition: attachment; " + name + "\r\n");
}
std::string base64_part(const std::string& type, const std::string& bytes) {
  return mime_part(type, to_base64(bytes_of(bytes)),
                   "Content-Disposition: attachment; " + named_rfc2231 + "\r\nContent-Transfer-Encoding: base64\r\n");
}
const std::string notice_text = "エラーコード: E-217\r\n製造番号: SN-ct-1\r\n";

MailParts mixed_mail(const std::string& parts, const std::string& text = notice_text) {
  MailParts out;
  out.type = "multipart/mixed; boundary=top";
  out.encoding = "8bit";
  out.subject = "alarm";
  out.body = (text.empty() ? "" : mime_part("text/plain; charset=UTF-8", text)) + parts + "--top--\r\n";
  return out;
}

std::vector<std::string> contents_of(const Mail& read) {
  std::vector<std::string> out;
  for (const MailAttachment& one : read.attachments)
    out.push_back(one.bytes);
  return out;
}

}  // namespace

TEST_CASE("what hangs on a mail is taken out whole, whatever way its file is named", "[intake][attachments]") {
  const std::string bytes("\x89PNG\r\n\0\xff", 8);
  for (const std::string& name :
       {named_rfc2231, named_in_pieces, named_in_words, named_plainly, std::string("size=8"), std::string()}) {
    CAPTURE(name);
    const Mail read = read_mail(mail(mixed_mail(
        mime_part("image/png", to_base64(bytes_of(bytes)),
                  "Content-Disposition: attachment; " + name + "\r\nContent-Transfer-Encoding: base64\r\n"))));
    REQUIRE(read.attachments.size() == 1);
    CHECK(read.attachments[0].kind == AttachmentKind::image);
    CHECK(read.attachments[0].bytes == bytes);
    CHECK(read.text.find("E-217") != std::string::npos);
  }
}

TEST_CASE("a part with a file name is a file, also if it is shown in the text, unless there is no other text",
          "[intake][attachments]") {
  const std::string inside = mime_part("text/plain; charset=UTF-8", "氏名: 山田太郎",
                                       "Content-Disposition: inline; " + named_rfc2231 + "\r\n");
  const std::string by_type = mime_part("text/plain; charset=UTF-8; name=\"log.txt\"", "pat: 0012345");
  const Mail read = read_mail(mail(mixed_mail(inside + by_type)));
  CHECK(read.text.find(patient_name) == std::string::npos);
  CHECK(read.text.find("0012345") == std::string::npos);
  CHECK(contents_of(read) == std::vector<std::string>{"氏名: 山田太郎", "pat: 0012345"});

  const Mail alone =
      read_mail(mail(mixed_mail(mime_part("text/plain; charset=UTF-8; name=\"alarm.txt\"", notice_text), "")));
  CHECK(alone.text.find("E-217") != std::string::npos);
  CHECK(alone.attachments.empty());
}

TEST_CASE("another wording of the same text is none of the attachments, another text is one",
          "[intake][attachments]") {
  const std::string html = "<p>エラーコード: H-1</p>";
  const std::string both =
      "--top\r\nContent-Type: multipart/alternative; boundary=in\r\n\r\n"
      "--in\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n" +
      notice_text + "--in\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n" + html +
      "\r\n--in\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n--in--\r\n";
  const Mail read = read_mail(mail(mixed_mail(both, "")));
  CHECK(read.text.find("E-217") != std::string::npos);
  CHECK(contents_of(read) == std::vector<std::string>{"BEGIN:VCALENDAR"});
  const Mail beside = read_mail(mail(mixed_mail(mime_part("text/html; charset=UTF-8", html))));
  CHECK(contents_of(beside) == std::vector<std::string>{html});
  CHECK(beside.attachments[0].kind == AttachmentKind::text);
}

TEST_CASE("a mail in a mail is one attachment, with all that hangs on it", "[intake][attachments]") {
  const std::string inner =
      "From: <doctor@elsewhere.example>\r\nSubject: about the patient\r\nMIME-Version: 1.0\r\n"
      "Content-Type: multipart/mixed; boundary=in\r\n\r\n"
      "--in\r\nContent-Type: text/plain\r\n\r\nエラーコード: X-9\r\n"
      "--in\r\nContent-Type: image/png\r\n\r\nPNG\r\n--in--\r\n";
  const Mail read = read_mail(mail(mixed_mail(mime_part("message/rfc822", inner))));
  REQUIRE(read.attachments.size() == 1);
  CHECK(read.attachments[0].kind == AttachmentKind::mail);
  CHECK(read.attachments[0].bytes.find("about the patient") != std::string::npos);
  CHECK(read.attachments[0].bytes.find("PNG") != std::string::npos);
  CHECK(read.text.find("X-9") == std::string::npos);
}

TEST_CASE("odd parts are attachments as they are: winmail.dat, none of a type, none of a size, broken base64",
          "[intake][attachments]") {
  const Mail read = read_mail(
      mail(mixed_mail(hanging("application/ms-tnef; name=winmail.dat", "TNEF") + mime_part("nonsense", "a") +
                      hanging("application/octet-stream", "") +
                      mime_part("application/pdf", "%%% no base64 %%%", "Content-Transfer-Encoding: base64\r\n"))));
  REQUIRE(read.attachments.size() >= 3);
  CHECK(read.attachments[0].kind == AttachmentKind::archive);
  CHECK(read.attachments[0].bytes == "TNEF");
  const auto empty = std::ranges::find(read.attachments, "", &MailAttachment::bytes);
  CHECK(empty != read.attachments.end());
  CHECK(read.attachments.back().kind == AttachmentKind::office);
  CHECK_FALSE(read.tangled);
}

TEST_CASE("a media type becomes a word of a closed list", "[intake][attachments]") {
  const std::pair<const char*, AttachmentKind> known[] = {
      {"image/jpeg", AttachmentKind::image},
      {"text/csv", AttachmentKind::text},
      {"audio/wav", AttachmentKind::audio},
      {"video/mp4", AttachmentKind::video},
      {"application/dicom", AttachmentKind::dicom},
      {"application/pdf", AttachmentKind::office},
      {"application/vnd.ms-excel", AttachmentKind::office},
      {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", AttachmentKind::office},
      {"application/vnd.ms-tnef", AttachmentKind::archive},
      {"application/zip", AttachmentKind::archive},
      {"application/x-yamada-taro", AttachmentKind::other},
      {"yamada/taro", AttachmentKind::other},
      {"", AttachmentKind::other}};
  for (const auto& [type, kind] : known) {
    CAPTURE(type);
    CHECK(kind_of_media(type) == kind);
  }
}

TEST_CASE("attachments beyond their number or their size are counted and said, and stay in the mail",
          "[intake][attachments]") {
  std::string many;
  for (std::size_t i = 0; i < attachments_of_mail_max + 3; ++i)
    many += hanging("image/png", "picture " + std::to_string(i));
  const Mail read = read_mail(mail(mixed_mail(many + hanging("text/csv", "late"))));
  CHECK(read.attachments.size() == attachments_of_mail_max);
  CHECK(read.attachments.back().bytes == "picture " + std::to_string(attachments_of_mail_max - 1));
  CHECK(read.attachments_too_many == 4);
  const std::string said = as_document(read, Reason::none);
  CHECK(said.find("受信した電子メールの中にだけあります") != std::string::npos);
  CHECK(said.find("over the limit (20 a mail, 2 MiB each): 4.") != std::string::npos);

  const std::string at_limit(attachment_bytes_max, 'x');
  CHECK(read_mail(mail(mixed_mail(base64_part("image/png", at_limit)))).attachments.size() == 1);
  const Mail large =
      read_mail(mail(mixed_mail(base64_part("image/png", at_limit + "x") + hanging("text/csv", "small"))));
  CHECK(contents_of(large) == std::vector<std::string>{"small"});
  CHECK(large.attachments_too_large == 1);
  CHECK(as_note(large).find("over the limit") != std::string::npos);
}

TEST_CASE("a note of every length and with every remark fits into the case", "[intake][attachments]") {
  Mail worst;
  worst.text = std::string(10'000, 'x');
  worst.attachments.resize(20);
  worst.attachments_too_many = 1'000'000;
  worst.cut = worst.garbled = worst.tangled = true;
  const Json note = fault_response::payload_schema("add_note").at("properties").at("note");
  for (const Kept kept : {Kept::whole, Kept::text_only}) {
    const std::string text = as_note(worst, kept);
    const auto characters =
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
    CHECK(characters <= note.at("maxLength").get<std::int64_t>());
  }
}

TEST_CASE("limits of the mail and of the payload are the same", "[intake][attachments]") {
  for (const char* event : {"fault", "add_note", "notify_unknown", "notify_duplicate"}) {
    const Json list = fault_response::payload_schema(event).at("properties").at("attachments");
    CHECK(list.at("maxItems") == attachments_of_mail_max);
    const std::string largest = to_base64(Bytes(attachment_bytes_max));
    CHECK(list.at("items").at("properties").at("content").at("maxLength") == largest.size());
  }
}

TEST_CASE("each attachment of a device's mail is a document of its own, that nobody has judged",
          "[intake][attachments]") {
  Door door;
  const std::string picture("\x89PNG\0\xff", 6);
  const std::string bytes = mail(
      mixed_mail(base64_part("image/png", picture) + base64_part("image/png", picture) + hanging("text/csv", "")));
  const CaseId id = door.take(bytes).case_id;
  const CaseFile file = door.file(id);
  REQUIRE(file.attachments.size() == 3);
  CHECK(door.text_of(file.attachments[0].document) == picture);
  CHECK(door.text_of(file.attachments[1].document) == picture);
  CHECK(door.text_of(file.attachments[2].document).empty());
  CHECK(file.attachments[2].kind == AttachmentKind::text);
  for (const Attachment& one : file.attachments) {
    CHECK_FALSE(one.is_judged());
    CHECK(reading_of(file, one.document, "notify/attachments/content") == Act::read_unjudged);
  }
  int attachments = 0;
  const auto documents = *door.store.documents_of(id);
  for (const DocumentBrief& one : documents) {
    CHECK(one.key == KeyClass::care);
    if (is_original(one.place)) CHECK(door.text_of(one.id) == bytes);
    if (!is_attachment(one.place)) continue;
    ++attachments;
    const Attachment* known = attachment_of(file, one.id);
    REQUIRE(known != nullptr);
    CHECK(one.length == static_cast<std::int64_t>(door.text_of(known->document).size()));
  }
  CHECK(attachments == 3);
}

TEST_CASE("as many attachments as a mail may have fit into one record", "[intake][attachments]") {
  Door door;
  std::string many;
  for (std::size_t i = 0; i < attachments_of_mail_max; ++i)
    many += hanging("image/png", std::string(90'000, 'x'));
  const Taken taken = door.take(mail(mixed_mail(many)));
  CHECK(taken.kind == Kind::notice);
  CHECK(door.file(taken.case_id).attachments.size() == attachments_of_mail_max);
}

TEST_CASE("attachments of every kind of mail are kept: of repetitions, second faults, recoveries, strangers, notes",
          "[intake][attachments]") {
  Door door;
  const auto numbered = [](int n, const std::string& text) {
    MailParts out = mixed_mail(hanging("image/png", "picture"), text);
    out.message_id = std::to_string(n) + "@ct-1.devices.midori.example";
    return out;
  };
  const CaseId id = door.take(mail(numbered(1, notice_text))).case_id;
  CHECK(door.take(mail(numbered(2, notice_text))).case_id == id);
  CHECK(door.file(id).attachments.size() == 2);
  const Taken well = door.take(mail(numbered(3, notice_text + "状態: 復旧\r\n")));
  CHECK(well.kind == Kind::recovery);
  CHECK(door.file(id).attachments.size() == 3);
  MailParts reply = numbered(4, "see the picture\r\n");
  reply.from = "abe@alpha.example";  // the service centre's man: he does not judge what he sends
  reply.on_top = testing::vouched(reply.from);
  reply.more = "In-Reply-To: <" + id.text() + "@kintsugi.example>\r\n";
  CHECK(door.take(mail(reply)).kind == Kind::comment);
  CHECK(door.file(id).attachments.size() == 4);

  // The documents of a second fault lie with the case that it is linked to, and so do their judgements.
  const Taken second = door.take(mail(numbered(5, "エラーコード: E-999\r\n")));
  CHECK(second.case_id != id);
  CHECK(door.file(id).attachments.size() == 5);
  CHECK(door.file(second.case_id).attachments.empty());
  for (const Attachment& one : door.file(id).attachments)
    CHECK(door.store.read_document(one.document)->case_id == id);

  MailParts stranger = numbered(6, "help\r\n");
  stranger.from = "unknown@elsewhere.example";
  stranger.on_top.clear();
  CHECK(door.file(door.take(mail(stranger)).case_id).attachments.size() == 1);
}

TEST_CASE("of a storm nothing hangs on the case but what was kept, and the text says so", "[intake][attachments]") {
  Door door;
  CaseId id;
  for (int i = 0; i < whole_mails_per_hour + 5; ++i) {
    MailParts one = mixed_mail(hanging("image/png", "picture"), "help " + std::to_string(i) + "\r\n");
    one.message_id = std::to_string(i) + "@x";
    one.from = "unknown@elsewhere.example";
    one.on_top.clear();
    door.clock.advance(1s);
    id = door.take(mail(one)).case_id;
  }
  CHECK(door.file(id).attachments.size() == whole_mails_per_hour);
  const auto documents = *door.store.documents_of(id);
  const std::string last = door.text_of(documents.back().id);
  CHECK(last.find("Attachments not kept: 1.") != std::string::npos);
}

TEST_CASE("no name of a file stands in case, list, mail or record", "[intake][attachments]") {
  Door door;
  std::string parts;
  for (const std::string& name : {named_rfc2231, named_in_pieces, named_in_words, named_plainly})
    parts += hanging("image/png; name=\"yamada-taro.png\"", "CANARY-7741", name);
  const CaseId id = door.take(mail(mixed_mail(parts))).case_id;
  std::string seen = to_json_text(door.file(id));
  const auto documents = *door.store.documents_of(id);
  for (const DocumentBrief& one : documents) {
    seen += one.place + one.label;
    if (!is_attachment(one.place) && !is_original(one.place)) seen += door.text_of(one.id);
  }
  const auto letters = *door.store.outbox({});
  for (const OutboxRow& row : letters)
    seen += to_json_text(row.effect);
  const std::string log = "test.kintsugi.invalid/hcf/" + testing::organisation("midori").text();
  const auto records = *door.store.audit_rows(log, 0, 1'000);
  for (const AuditRow& row : records)
    seen += row.body;
  CHECK(door.file(id).attachments.size() == 4);
  for (const std::string& secret : {patient_name, std::string("yamada"), std::string("%E5%B1%B1"),
                                    std::string("5bGx55Sw"), std::string("CANARY-7741")})
    CHECK(seen.find(secret) == std::string::npos);
}

}  // namespace kintsugi::intake

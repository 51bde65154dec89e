#include "adapters/intake/judge.h"
#include "adapters/intake/limits.h"
#include "adapters/intake/words.h"
#include "engine/run/masters.h"
#include "engine/run/schemas.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/device_mails.h"
#include "tests/support/world.h"
#include "workflows/fault_response/workflow.h"

#include <algorithm>

// A mail as it came, from its bytes to what becomes of it. It is always judged; what goes on is UTF-8 and within the
// limits; and only a sender for whom the mail server vouches is believed.
namespace kintsugi::fuzz {
namespace {

const Directory& directory_of_mails() {
  static const std::shared_ptr<const Directory> all = *directory_of(testing::world());
  return *all;
}

const intake::Config& intake_config() {
  static const intake::Config config = [] {
    intake::Template one;
    one.product_line = "ct";
    one.subject = {"[故障] CT {code}"};
    one.lines = {"エラーコード: {code}", "発生日時: {occurred_at}", "製造番号: {serial}", "重大度: {severity}"};
    one.severity = {{"重大", "critical"}, {"警告", "warning"}};
    one.recovery = {"復旧"};
    intake::Config out;
    out.hospital = testing::organisation("midori");
    out.authserv_id = testing::mail_server_name;
    out.senders[testing::ct_address] = {testing::device("ct-1")};
    out.templates = {one};
    out.own_addresses = {"kintsugi@hospital.example"};
    out.own_list_id = "cases.hospital.example";
    out.mail_domain = "kintsugi.hospital.example";
    return out;
  }();
  return config;
}

void look_at_mail(const intake::Mail& mail) {
  must(is_utf8(mail.subject) && is_utf8(mail.text), "what a person reads is UTF-8");
  must(std::ranges::none_of(mail.subject, [](unsigned char c) { return c < 0x20 || c == 0x7F; }),
       "a subject is one line");
  must(mail.text.size() <= intake::text_bytes_max, "the text is within its limit");
  must(mail.attachments.size() <= intake::attachments_of_mail_max, "the attachments are within their limit");
  for (const intake::MailAttachment& one : mail.attachments)
    must(one.bytes.size() <= intake::attachment_bytes_max, "an attachment is within its limit");
  must(mail.thread.size() <= intake::references_max, "a thread is within its limit");
}

void look_at_judgement(const intake::Mail& mail, const intake::Judgement& made) {
  const bool believed =
      made.kind == intake::Kind::notice || made.kind == intake::Kind::recovery || made.kind == intake::Kind::comment;
  must(!believed || !mail.results.empty(), "nobody is believed of whom the mail server says nothing");
  must(!believed || made.reason == intake::Reason::none, "what is taken has no reason against it");
  if (made.kind != intake::Kind::notice && made.kind != intake::Kind::recovery) return;
  must(made.device == testing::device("ct-1"), "only the registered device speaks");
  must(!made.found.code.empty() && made.found.code.size() <= intake::code_bytes_max, "a notice has a code");
  must(made.found.serial.size() <= intake::serial_bytes_max, "a serial number is short");
  if (made.found.occurred_at.empty()) return;
  const auto at = instant_from(made.found.occurred_at);
  must(at && to_text(*at) == made.found.occurred_at, "a time is written as times are");
}

// Whatever came is let in at least as what nobody could assign (F02): no mail may be lost.
void look_at_unknown(const intake::Mail& mail, intake::Reason reason, std::string_view bytes) {
  static const Schemas schemas(fault_response::fault_response());
  Json payload = {{"action", "trigger"},
                  {"dedup_key", "mail:" + to_hex(mail.identity).substr(0, 32)},
                  {"channel", name_of(Channel::mail)},
                  {"details", intake::as_document(mail, reason)},
                  {"message", to_base64(bytes_of(bytes.substr(0, intake::message_bytes_max)))}};
  for (const intake::MailAttachment& one : mail.attachments)
    payload["attachments"].push_back({{"kind", name_of(one.kind)}, {"content", to_base64(bytes_of(one.bytes))}});
  must(Schemas::mistakes(*schemas.of("notify_unknown"), payload).empty(), "a mail that nobody can assign is let in");
}

}  // namespace
}  // namespace kintsugi::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kintsugi;
  const intake::Mail mail = intake::read_mail(fuzz::text_of(data, size));
  fuzz::look_at_mail(mail);
  const intake::Judgement made = intake::judge(mail, fuzz::intake_config(), fuzz::directory_of_mails());
  fuzz::look_at_judgement(mail, made);
  fuzz::look_at_unknown(mail, made.reason, fuzz::text_of(data, size));
  for (const intake::Kept kept : {intake::Kept::whole, intake::Kept::text_only}) {
    fuzz::must(is_utf8(intake::as_document(mail, made.reason, kept)), "a document is UTF-8");
    fuzz::must(is_utf8(intake::as_note(mail, kept)), "a note is UTF-8");
  }
  return 0;
}

#include "adapters/intake/judge.h"
#include "adapters/intake/limits.h"
#include "adapters/intake/sender.h"
#include "adapters/intake/words.h"
#include "engine/base/entropy.h"
#include "engine/run/masters.h"
#include "tests/support/device_mails.h"
#include "tests/support/world.h"

#include <catch2/catch.hpp>

// From the bytes of a mail to what becomes of it.
namespace kintsugi::intake {

namespace {

using testing::ct_address;
using testing::mail;
using testing::mail_server_name;
using testing::MailParts;
using testing::vouched;

const Directory& masters() {
  static const std::shared_ptr<const Directory> all = *directory_of(testing::world());
  return *all;
}

Template ct_template(const char* product_line = "ct") {
  Template out;
  out.product_line = product_line;
  out.subject = {"[故障] CT {code}"};
  out.lines = {"エラーコード: {code}", "発生日時: {occurred_at}", "製造番号: {serial}", "重大度: {severity}"};
  out.severity = {{"重大", "critical"}, {"警告", "warning"}};
  return out;
}

Config config() {
  Config out;
  out.hospital = testing::organisation("midori");
  out.authserv_id = mail_server_name;
  out.senders[ct_address] = {testing::device("ct-1")};
  out.templates = {ct_template()};
  out.own_addresses = {"kintsugi@hospital.example"};
  out.own_list_id = "cases.hospital.example";
  out.mail_domain = "kintsugi.hospital.example";
  return out;
}

Judgement judged(const std::string& bytes, const Config& with = config()) {
  return judge(read_mail(bytes), with, masters());
}

MailParts utf8(std::string body) {
  MailParts out;
  out.type = "text/plain; charset=UTF-8";
  out.encoding = "8bit";
  out.subject = "notice";
  out.body = std::move(body);
  return out;
}

}  // namespace

TEST_CASE("a mail of mails within mails, or of groups within groups, is tangled and takes no stack", "[intake]") {
  std::string mails;
  while (mails.size() < 3'900'000)
    mails += "Content-Type: message/rfc822\n\n";
  std::string groups = "From: ct-1@devices.midori.example\nTo:";
  while (groups.size() < 400'000)
    groups += groups.size() % 70 == 0 ? "a:\n " : "a:";
  for (const std::string& bytes : {mails, groups + "\n\nbody\n"}) {
    const Mail read = read_mail(bytes);
    CHECK(read.tangled);
    CHECK(judged(bytes).kind == Kind::unknown);
    CHECK(judged(bytes).reason == Reason::not_readable);
    CHECK(read.identity == read_mail(bytes).identity);
    CHECK(read.identity != read_mail(bytes + "x").identity);
  }
}

TEST_CASE("a device's mail in ISO-2022-JP with half-width kana and full-width digits becomes its notice",
          "[intake]") {
  const std::string bytes = mail({});
  const Mail read = read_mail(bytes);
  CHECK(read.subject == "[故障] CT E-217");
  CHECK(read.from == ct_address);
  CHECK_FALSE(read.garbled);
  const Judgement out = judged(bytes);
  CHECK(out.kind == Kind::notice);
  CHECK(out.device == testing::device("ct-1"));
  CHECK(out.found.code == "E-217");
  CHECK(out.found.severity == "critical");
  CHECK(out.found.serial == "SN-ct-1");
  CHECK(out.found.occurred_at == "2026-03-04T09:35:05.000000Z");
}

TEST_CASE("a device's mail is read in every usual dress", "[intake]") {
  MailParts sjis;
  sjis.type = "text/plain; charset=Shift_JIS";
  sjis.encoding = "base64";
  sjis.subject = "alarm";
  sjis.body = "tNewurDE3joggmQtMjE3DQo=\r\n";  // ｴﾗｰｺｰﾄﾞ: Ｅ-217
  CHECK(judged(mail(sjis)).found.code == "E-217");

  MailParts quoted = utf8("=E3=82=A8=E3=83=A9=E3=83=BC=E3=82=B3=E3=83=BC=\r\n=E3=83=89=EF=BC=9A E-217\r\n");
  quoted.encoding = "quoted-printable";
  CHECK(judged(mail(quoted)).found.code == "E-217");

  MailParts html =
      utf8("<html><style>エラーコード: X-1</style><table><tr><td>エラーコード</td><td>: E-217</td></tr></table>");
  html.type = "text/html; charset=UTF-8";
  CHECK(judged(mail(html)).found.code == "E-217");

  MailParts nested;
  nested.type = "multipart/mixed; boundary=outer";
  nested.subject = "alarm";
  nested.body =
      "--outer\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n"
      "--inner\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n<p>エラーコード: H-1</p>\r\n"
      "--inner\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\nエラーコード: E-217\r\n--inner--\r\n"
      "--outer\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=x.png\r\n\r\nPNG\r\n"
      "--outer\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=l.txt\r\n\r\n"
      "エラーコード: A-1\r\n--outer--\r\n";
  CHECK(judged(mail(nested)).found.code == "E-217");
  CHECK(read_mail(mail(nested)).attachments.size() == 2);
}

TEST_CASE("only what our mail server vouches for is a registered sender's", "[intake]") {
  MailParts parts;
  for (const char* said :
       {"", "Authentication-Results: mx.attacker.example; dmarc=pass header.from=devices.midori.example\r\n",
        "Authentication-Results: mx.midori.example; dmarc=fail header.from=devices.midori.example\r\n",
        "Authentication-Results: mx.midori.example; dmarc=pass header.from=attacker.example\r\n",
        "Authentication-Results: mx.midori.example; none\r\n",
        "Authentication-Results: mx.midori.example (dmarc=pass header.from=devices.midori.example); spf=none\r\n",
        "Authentication-Results: mx.midori.example; spf=fail\r\n"
        "Authentication-Results: mx.midori.example; dkim=pass header.d=midori.example\r\n"}) {
    CAPTURE(said);
    parts.on_top = said;
    const Judgement out = judged(mail(parts));
    CHECK(out.kind == Kind::unknown);
    CHECK(out.reason == Reason::sender_unproved);
    CHECK(out.hospital == testing::organisation("midori"));
  }
  for (const char* said :
       {"mx.midori.example; spf=pass smtp.mailfrom=ct-1@devices.midori.example",
        "MX.midori.example 1; dkim=pass (2048-bit key) header.d=devices.midori.example header.b=\"a;b=\"",
        "mx.midori.example; spf=softfail; auth=pass (plain) smtp.auth=ct-1@devices.midori.example"}) {
    CAPTURE(said);
    parts.on_top = std::string("Authentication-Results: ") + said + "\r\n";
    CHECK(judged(mail(parts)).kind == Kind::notice);
  }
}

TEST_CASE("a forged result beside our mail server's own does not help", "[intake]") {
  const std::string domain = "devices.midori.example";
  const std::vector<std::string> results = {"mx.midori.example; dmarc=fail header.from=" + domain,
                                            "mx.midori.example; dmarc=pass header.from=" + domain};
  CHECK_FALSE(vouched_for(ct_address, results, mail_server_name, {"dmarc"}));
  CHECK(vouched_for(ct_address, {results[1]}, mail_server_name, {"dmarc"}));
  CHECK_FALSE(vouched_for(ct_address, {results[1]}, mail_server_name, {"dkim"}));
  CHECK_FALSE(vouched_for(ct_address, {results[1]}, "", {"dmarc"}));
  CHECK_FALSE(vouched_for("", {results[1]}, mail_server_name, {"dmarc"}));
}

TEST_CASE("a stranger's mail goes to the manual queue, whatever it says", "[intake]") {
  MailParts parts;
  parts.from = "somebody@attacker.example";
  parts.on_top = vouched(parts.from);
  const Judgement out = judged(mail(parts));
  CHECK(out.kind == Kind::unknown);
  CHECK(out.reason == Reason::sender_unknown);
  CHECK(out.device.empty());
}

TEST_CASE("a mail of two authors is nobody's", "[intake]") {
  MailParts parts;
  parts.more = std::string("From: <") + ct_address + ">\r\n";
  CHECK(judged(mail(parts)).reason == Reason::not_readable);
  parts.more.clear();
  parts.from = std::string(ct_address) + ">, <other@midori.example";
  CHECK(judged(mail(parts)).reason == Reason::not_readable);
}

TEST_CASE("a mail without a code that a template finds goes to the manual queue", "[intake]") {
  CHECK(judged(mail(utf8("冷却水の圧力が低下しました"))).reason == Reason::no_template);
  CHECK(judged(mail(utf8("エラーコード: 圧力低下"))).reason == Reason::no_template);
  CHECK(judged(mail(utf8("エラーコード: " + std::string(200, 'E')))).reason == Reason::no_template);
}

TEST_CASE("an address of several devices needs the serial number of one of them", "[intake]") {
  Config gateway = config();
  gateway.senders[ct_address] = {testing::device("ct-1"), testing::device("mr-2")};
  gateway.templates.push_back(ct_template("mr"));
  CHECK(judged(mail(utf8("エラーコード: E-1")), gateway).reason == Reason::device_not_named);
  CHECK(judged(mail(utf8("エラーコード: E-1\n製造番号: SN-other")), gateway).reason == Reason::device_not_named);
  const Judgement out = judged(mail(utf8("エラーコード: E-1\n製造番号：ＳＮ－mr-2")), gateway);
  CHECK(out.kind == Kind::notice);
  CHECK(out.device == testing::device("mr-2"));
}

TEST_CASE("a serial number that is not the sender's device is not believed", "[intake]") {
  CHECK(judged(mail(utf8("エラーコード: E-1\n製造番号: SN-mr-2"))).reason == Reason::device_not_named);
}

TEST_CASE("our own mails, bounces and automatic replies are loops, and a device's automatic notice is none",
          "[intake]") {
  const auto reason = [](const std::string& more, const std::string& type = "text/plain",
                         const std::string& id = "1@x") {
    MailParts parts;
    parts.more = more;
    parts.type = type;
    parts.message_id = id;
    const Judgement out = judged(mail(parts));
    CHECK((out.kind == Kind::loop) == (out.reason != Reason::none));
    return out.reason;
  };
  CHECK(reason("List-Id: Cases <cases.hospital.example>\r\n") == Reason::own_mail);
  CHECK(reason("", "text/plain", "effect_1@kintsugi.hospital.example") == Reason::own_mail);
  CHECK(reason("Auto-Submitted: auto-replied (vacation)\r\n") == Reason::auto_reply);
  CHECK(reason("Precedence: auto_reply\r\n") == Reason::auto_reply);
  CHECK(reason("X-Autoreply: yes\r\n") == Reason::auto_reply);
  CHECK(reason("", "multipart/report; report-type=delivery-status; boundary=b") == Reason::bounce);
  CHECK(reason("Auto-Submitted: auto-generated\r\n", "text/plain; charset=ISO-2022-JP") == Reason::none);
  MailParts ours;
  ours.from = "Kintsugi@Hospital.example";
  CHECK(judged(mail(ours)).reason == Reason::own_mail);
  MailParts daemon;
  daemon.from = "MAILER-DAEMON@midori.example";
  daemon.more = "Return-Path: <>\r\n";
  CHECK(judged(mail(daemon)).reason == Reason::bounce);
}

TEST_CASE("an answer to a mail of a case is a note of a person whom the mail server vouches for", "[intake]") {
  const std::string about = "case_01HV0000000000000000000000";
  MailParts parts = utf8("部品は明日届きます");
  parts.from = "sato@midori.example";
  parts.on_top = vouched(parts.from);
  parts.more = "References: <" + about + "@kintsugi.hospital.example>\r\n <x@y>\r\n";
  const Judgement out = judged(mail(parts));
  CHECK(out.kind == Kind::comment);
  CHECK(out.about.text() == about);
  CHECK(out.person == testing::person("sato"));
  parts.on_top.clear();
  CHECK(judged(mail(parts)).kind == Kind::unknown);
  parts.on_top = vouched(parts.from);
  parts.more = "References: <" + about + "@elsewhere.example>\r\n";
  CHECK(judged(mail(parts)).kind == Kind::unknown);
}

TEST_CASE("hostile mails are read within their limits and end with a person", "[intake]") {
  std::string deep, closing;
  for (int i = 0; i < 300; ++i) {
    const std::string name = "b" + std::to_string(i);
    deep += "Content-Type: multipart/mixed; boundary=" + name + "\r\n\r\n--" + name + "\r\n";
    closing = "\r\n--" + name + "--" + closing;
  }
  MailParts parts = utf8("");
  parts.type = "multipart/mixed; boundary=top";
  parts.body = "--top\r\n" + deep + "Content-Type: text/plain\r\n\r\nエラーコード: E-1" + closing + "\r\n--top--\r\n";
  CHECK(read_mail(mail(parts)).tangled);
  CHECK(judged(mail(parts)).reason == Reason::not_readable);

  std::string wide;
  for (int i = 0; i < 1000; ++i)
    wide += "--top\r\nContent-Type: text/plain\r\n\r\nエラーコード: E-1\r\n";
  parts.body = wide + "--top--\r\n";
  CHECK(read_mail(mail(parts)).tangled);

  const std::string endless = mail(utf8("エラーコード: E-1\n" + std::string(message_bytes_max, 'x')));
  CHECK(read_mail(endless).cut);
  CHECK(judged(endless).reason == Reason::not_readable);

  const std::string many_lines = mail(utf8(std::string(100'000, '\n') + "エラーコード: E-1"));
  CHECK(judged(many_lines).reason == Reason::no_template);

  const std::string separators(50'000, ':');
  CHECK(judged(mail(utf8("エラーコード" + separators + "{code}"))).reason == Reason::no_template);

  for (const std::string& bytes : {std::string(), std::string("\0\0\0", 3), std::string(10'000, '\xFF'),
                                   std::string("From: \r\n"), std::string("\r\n\r\n"), std::string(100'000, '(')}) {
    const Judgement out = judged(bytes);
    CHECK(out.kind == Kind::unknown);
    CHECK(out.reason == Reason::not_readable);
  }
}

TEST_CASE("a mail broken in any place is still read to text that can be written down", "[intake]") {
  const std::string whole = mail({});
  SeededEntropy chance(2026);
  for (int i = 0; i < 2'000; ++i) {
    std::string broken = whole;
    const Digest where = chance.digest();
    for (std::size_t n = 0; n + 3 < where.size(); n += 4) {
      const std::size_t at = (where[n] * 256U + where[n + 1]) % broken.size();
      if (where[n + 2] % 3 == 0)
        broken.erase(at, 1);
      else
        broken[at] = static_cast<char>(where[n + 3]);
    }
    const Mail read = read_mail(broken);
    const Judgement out = judge(read, config(), masters());
    REQUIRE(is_utf8(as_document(read, out.reason)));
    REQUIRE(is_utf8(as_note(read)));
    REQUIRE(is_utf8(out.found.serial));
    REQUIRE((out.kind == Kind::notice) == !out.found.code.empty());
  }
}

TEST_CASE("the same bytes are the same mail, and one byte more is another", "[intake]") {
  CHECK(read_mail(mail({})).identity == read_mail(mail({})).identity);
  CHECK(read_mail(mail({})).identity != read_mail(mail({}) + "x").identity);
}

TEST_CASE("mistakes in a template are all told", "[intake]") {
  CHECK(mistakes_in(ct_template()).empty());
  Template wrong;
  wrong.zone = "Asia/Nowhere";
  wrong.lines = {"no field", "{code", "{kode}", "{code}{serial}", "{code}", std::string(300, 'x') + "{code}"};
  wrong.severity = {{"重大", "terrible"}};
  CHECK(mistakes_in(wrong).size() == 9);
}

TEST_CASE("mistakes in the settings of the intake are all told", "[intake]") {
  CHECK(mistakes_in(config()).empty());
  CHECK(mistakes_in(config(), masters()).empty());
  Config wrong = config();
  wrong.hospital = OrganisationId{};
  wrong.authserv_id.clear();
  wrong.accepted_methods = {"arc"};
  wrong.senders["nobody"] = {};
  Mailbox open;
  open.host = "imap.example";
  open.user = "u";
  open.password = "p";
  open.tls = Mailbox::Tls::off;
  open.taken_folder = open.folder;
  Mailbox odd = open;
  odd.tls = Mailbox::Tls::implicit;
  odd.folder = "x\" (\\Deleted)";
  odd.password.clear();
  wrong.mailboxes = {open, odd};
  CHECK(mistakes_in(wrong).size() == 9);
  wrong.senders["ct@x"] = {DeviceId{"device_none"}};
  CHECK(mistakes_in(wrong, masters()).size() == 2);
}

}  // namespace kintsugi::intake

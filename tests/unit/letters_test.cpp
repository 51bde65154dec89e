#include "workflows/fault_response/letters.h"

#include "workflows/fault_response/letter_parts.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>

using namespace kintsugi;
using fault_response::digest_letter;
using fault_response::letter;
using fault_response::mail_words;
using fault_response::MailWords;

namespace {

Instant at(std::string_view text) {
  return instant_from(text).value();
}

// A hospital in Tokyo, a service centre, a device, a serviceman, an approver and somebody who has left.
struct World {
  Directory directory;
  CaseFile file;
  Effect effect;

  World() {
    directory.put(Organisation{.id = OrganisationId{"org_H"},
                               .side = Side::hcf,
                               .name = {"さくら病院", "Sakura Hospital"},
                               .calendar = {},
                               .duty_desk_mail = "desk@sakura.example",
                               .duty_desk_phone = "03-0000-0001",
                               .test_hospital = false,
                               .policy_version = 0});
    directory.put(Organisation{.id = OrganisationId{"org_R"},
                               .side = Side::rsc,
                               .name = {"東西メディカル", "Tozai Medical"},
                               .calendar = {},
                               .duty_desk_mail = "desk@tozai.example",
                               .duty_desk_phone = "03-0000-0002",
                               .test_hospital = false,
                               .policy_version = 0});
    Device device;
    device.id = DeviceId{"device_M"};
    device.tenant = OrganisationId{"org_H"};
    device.nickname = {"MRI 2号機", "MRI 2"};
    directory.put(device);
    put_person("person_A", {"青木 葵", "Aoi Aoki"}, "aoki@tozai.example", "03-0000-0009");
    put_person("person_B", {"馬場 文", "Fumi Baba"}, "baba@sakura.example", "");
    put_person("person_C", {"千葉 力", "Riki Chiba"}, "", "");
    Person left;
    left.id = PersonId{"person_D"};
    left.mail = "left@sakura.example";
    left.left_at = at("2026-01-01T00:00:00Z");
    directory.put(left);

    file.id = CaseId{"case_1"};
    file.number = "K26-0001234-7";
    file.tenant = OrganisationId{"org_H"};
    file.rsc = OrganisationId{"org_R"};
    file.device = DeviceId{"device_M"};
    file.owner = PersonId{"person_A"};
    file.request.emplace();
    file.request->window = {at("2026-11-24T01:00:00Z"), at("2026-11-24T03:00:00Z")};
    file.request->workers = {PersonId{"person_A"}, PersonId{"person_B"}};

    file.resolution = "repaired";
    file.items.emplace_back().id = ItemId{"item_7"};
    file.grants.emplace_back().proved_closed_at = at("2026-11-24T03:01:00Z");
    Incident& incident = file.incidents.emplace_back();
    incident.type = "breach";
    incident.preliminary_due = at("2026-11-27T00:00:00Z");
    incident.final_due = at("2026-12-23T00:00:00Z");

    effect.id = EffectId{"effect_1"};
    effect.case_id = file.id;
    effect.at = at("2026-11-23T00:00:00Z");
    effect.mail.emplace();
  }
  void put_person(std::string id, Text name, std::string mail, std::string phone) {
    Person one;
    one.id = PersonId{std::move(id)};
    one.name = std::move(name);
    one.mail = std::move(mail);
    one.phone = std::move(phone);
    directory.put(one);
  }
  Letter write(std::string mail, std::map<std::string, std::string> facts = {}) {
    effect.mail->mail = std::move(mail);
    effect.mail->facts = std::move(facts);
    return letter(effect, {file, directory, "https://k.example", "k.example"});
  }
};

const std::map<std::string, std::string> every_fact = {{"from", "2026-11-24T01:00:00Z"},
                                                       {"until", "2026-11-24T03:00:00Z"},
                                                       {"since", "2026-11-22T23:00:00Z"},
                                                       {"person", "person_A"},
                                                       {"slot", "hcf_netadm"},
                                                       {"hop", "access_point"},
                                                       {"what", "sign_off"},
                                                       {"progress", "arrived"},
                                                       {"priority", "p1"},
                                                       {"count", "3"},
                                                       {"level", "2"},
                                                       {"item", "item_7"}};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("letters: M01 to M32 exist, each in both languages") {
  std::vector<std::string> ids;
  for (const MailWords& one : mail_words()) {
    INFO(one.id);
    ids.emplace_back(one.id);
    for (const std::string_view text : {one.subject_ja, one.subject_en, one.body_ja, one.body_en})
      CHECK_FALSE(text.empty());
    CHECK(one.ask_ja.empty() == one.ask_en.empty());
    CHECK(std::ranges::count(one.body_ja, '{') == std::ranges::count(one.body_en, '{'));
  }
  std::vector<std::string> expected;
  for (int i = 1; i <= 32; ++i)
    expected.push_back(fmt::format("M{:02}", i));
  CHECK(ids == expected);
}

TEST_CASE("letters: no letter has an unfilled placeholder, with every fact or with none") {
  World world;
  for (const MailWords& one : mail_words())
    for (const auto& facts : {every_fact, std::map<std::string, std::string>{}}) {
      INFO(one.id);
      const Letter written = world.write(std::string(one.id), facts);
      CHECK_FALSE(has(written.body, "{"));
      CHECK_FALSE(has(written.body, ": \n"));
      CHECK(has(written.subject, "K26-0001234-7"));
      CHECK(has(written.subject, "MRI 2号機"));
      CHECK(has(written.body, "https://k.example/cases/case_1\n"));
      CHECK(has(written.body, "03-0000-0001"));
      CHECK(has(written.body, "03-0000-0002"));
      CHECK(is_utf8(written.body));
    }
}

TEST_CASE("letters: with every fact given, every line of the catalogue is there") {
  World world;
  for (const MailWords& one : mail_words()) {
    INFO(one.id);
    const Letter written = world.write(std::string(one.id), every_fact);
    for (std::string_view text : {one.body_ja, one.body_en})
      while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        CHECK(has(written.body, line.substr(0, line.find('{'))));
        text.remove_prefix(std::min(end + 1, text.size()));
      }
  }
}

TEST_CASE("letters: M09 asks for an approval by a local time") {
  World world;
  CHECK(world.write("M09", {{"slot", "hcf_netadm"}, {"until", "2026-11-23T01:30:00Z"}}).body ==
        R"(接続の承認をお願いします

案件: K26-0001234-7
病院: さくら病院
装置: MRI 2号機

装置への接続が申請されました。
作業時間帯: 2026-11-24 10:00 +0900 から 2026-11-24 12:00 +0900 まで
作業者: 青木 葵、馬場 文
承認枠: 病院のネットワーク管理者
申請の全文は、下のリンクからサインインして読めます。回答がなければ却下となります。

お願い: 申請を読み、承認または却下してください。
期限: 2026-11-23 10:30 +0900

案件を開く(サインインが必要です): https://k.example/cases/case_1
病院の当直窓口: 03-0000-0001
RSCの当直窓口: 03-0000-0002

----------------------------------------

Your approval is asked

Case: K26-0001234-7
Hospital: Sakura Hospital
Device: MRI 2

A connection to the device is requested.
Window: 2026-11-24 10:00 +0900 to 2026-11-24 12:00 +0900
Workers: Aoi Aoki, Fumi Baba
Slot: the hospital's network administrator
The full request can be read after signing in at the link below. No answer counts as a refusal.

Asked of you: Please read the request and approve or reject it.
By: 2026-11-23 10:30 +0900

Open the case (sign-in needed): https://k.example/cases/case_1
The hospital's duty desk: 03-0000-0001
The service centre's duty desk: 03-0000-0002
)");
}

TEST_CASE("letters: M04 names the serviceman and his telephone, and asks nothing") {
  World world;
  const Letter written = world.write("M04", {{"person", "person_A"}});
  CHECK(written.subject == "[K26-0001234-7] MRI 2号機 / MRI 2: 担当者が決まりました / The case has an owner");
  CHECK(written.body == R"(担当者が決まりました

案件: K26-0001234-7
病院: さくら病院
装置: MRI 2号機

担当のサービスマン: 青木 葵 (03-0000-0009)

案件を開く(サインインが必要です): https://k.example/cases/case_1
病院の当直窓口: 03-0000-0001
RSCの当直窓口: 03-0000-0002

----------------------------------------

The case has an owner

Case: K26-0001234-7
Hospital: Sakura Hospital
Device: MRI 2

Serviceman in charge: Aoi Aoki (03-0000-0009)

Open the case (sign-in needed): https://k.example/cases/case_1
The hospital's duty desk: 03-0000-0001
The service centre's duty desk: 03-0000-0002
)");
}

TEST_CASE("letters: M20 is urgent and says where to cut by hand") {
  World world;
  const Letter written = world.write("M20", {{"since", "2026-11-24T03:00:00Z"}});
  CHECK(written.subject ==
        "【至急 / URGENT】[K26-0001234-7] MRI 2号機 / MRI 2: 切断を確認できません - 手で切断してください / "
        "Closing not proved - cut by hand");
  CHECK(has(written.body, "経過: 2026-11-24 12:00 +0900 から\n"));
  CHECK(has(written.body, "Since: 2026-11-24 12:00 +0900\n"));
  CHECK(has(written.body, "Asked of you: At once: unplug or block the equipment named"));
}

TEST_CASE("letters: without a date of its own, what is asked is due when the case's timer is") {
  World world;
  CHECK_FALSE(has(world.write("M08").body, "期限:"));
  world.file.timers.push_back(
      {.event = "t_clin_expired", .due = at("2026-11-24T05:00:00Z"), .round = 0, .about = ""});
  const Letter written = world.write("M08");
  CHECK(has(written.body, "期限: 2026-11-24 14:00 +0900\n"));
  CHECK(has(written.body, "By: 2026-11-24 14:00 +0900\n"));
}

TEST_CASE("letters: a fact that is no word, time, id or number of its kind is left out (I10)") {
  World world;
  const std::string typed = "山田太郎 ID 12345";
  for (const MailWords& one : mail_words()) {
    std::map<std::string, std::string> facts = every_fact;
    for (auto& [key, value] : facts)
      value = typed;
    facts["patient"] = typed;
    const Letter written = world.write(std::string(one.id), facts);
    INFO(one.id);
    CHECK_FALSE(has(written.body, "山田"));
    CHECK_FALSE(has(written.subject, "山田"));
  }
}

TEST_CASE("letters: a line break in a master cannot make a header or a line") {
  World world;
  Device device = *world.directory.device(DeviceId{"device_M"});
  device.nickname = {"MRI\r\nBcc: x@example", "MRI\nBcc: x@example"};
  world.directory.put(device);
  const Letter written = world.write("M01");
  CHECK_FALSE(has(written.subject, "\n"));
  CHECK_FALSE(has(written.body, "\nBcc"));
}

TEST_CASE("letters: each address once, and leavers and people without an address are skipped") {
  World world;
  world.effect.mail->to = {PersonId{"person_A"}, PersonId{"person_C"}, PersonId{"person_D"}, PersonId{"person_A"},
                           PersonId{"person_unknown"}};
  world.effect.mail->desks = {OrganisationId{"org_R"}, OrganisationId{"org_R"}};
  CHECK(world.write("M02").to == std::vector<std::string>{"aoki@tozai.example", "desk@tozai.example"});
}

TEST_CASE("letters: a letter that tells several is named by all that it tells") {
  World world;
  world.effect.mail->mail = "M01";
  Effect second = world.effect;
  second.id = EffectId{"effect_2"};
  const auto id_of_letter = [&](const std::vector<Told>& told) {
    return digest_letter(told, {.directory = world.directory, .console_url = "", .mail_domain = "k.example"})
        .message_id;
  };
  const Told one{.effect = world.effect, .file = world.file};
  const Told other{.effect = second, .file = world.file};
  const std::string both = id_of_letter({one, other});
  CHECK(both.starts_with("effect_1."));
  CHECK(both.ends_with("@k.example"));
  CHECK(id_of_letter({one, other}) == both);
  CHECK(id_of_letter({one}) != both);
}

TEST_CASE("letters: ids are stable, so that a repeat is recognised and a case is one thread") {
  World world;
  const Letter first = world.write("M01");
  CHECK(first.message_id == "effect_1@k.example");
  CHECK(first.thread_id == "case_1@k.example");
  CHECK(world.write("M01").message_id == first.message_id);
  world.effect.id = EffectId{"effect_2"};
  CHECK(world.write("M04").message_id == "effect_2@k.example");
  CHECK(world.write("M04").thread_id == first.thread_id);
}

TEST_CASE("letters: what was erased is not said to fall due for erasure, but to wait for its verification") {
  World world;
  world.file.items.back().state = ItemState::erased_claimed;
  const Letter written = world.write("M27", {{"what", "verify"}, {"item", "item_7"}});
  CHECK_FALSE(has(written.subject, "falls due"));
  CHECK(has(written.body, "State: erased, waiting to be verified"));
  CHECK(has(written.body, "What is waiting: "));
}

TEST_CASE("letters: a case without a known device still gives a letter") {
  World world;
  world.file.device = DeviceId{};
  const Letter written = world.write("M02");
  CHECK(has(written.subject, "unknown device"));
  CHECK(has(written.body, "装置: 不明\n"));
}

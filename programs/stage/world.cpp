#include "programs/stage/world.h"

#include "engine/base/ensure.h"

#include <fmt/format.h>

namespace kintsugi::demo {
namespace {

using namespace std::chrono_literals;

struct House {
  Side side;
  Text name;
  std::string domain;
  std::string zone;
  std::string phone;
};

// Makes ids and puts each thing into its list of the masters file.
class Builder {
 public:
  Builder(Instant now, Entropy& entropy) : now_(now), chance_(entropy.digest()) {}

  Organisation organisation(const House& house) {
    Organisation one;
    one.id = OrganisationId{id("org")};
    one.side = house.side;
    one.name = house.name;
    one.calendar.zone = house.zone;
    one.duty_desk_mail = "desk@" + house.domain;
    one.duty_desk_phone = house.phone;
    return one;
  }

  AccessPointId door(const OrganisationId& owner) {
    AccessPoint one;
    one.id = AccessPointId{id("ap")};
    one.owner = owner;
    one.kind = AccessPointKind::simulated;
    one.maker_model = "simulated";
    put("access_points", one);
    return one.id;
  }

  DeviceId device(const OrganisationId& tenant, const AccessPointId& point, const AccessPointId& exit,
                  const std::string& serial, const std::string& line, const std::string& model, Text nickname,
                  const std::string& location) {
    Device one;
    one.id = DeviceId{id("device")};
    one.tenant = tenant;
    one.serial = serial;
    one.model = model;
    one.product_line = line;
    one.nickname = std::move(nickname);
    one.location = location;
    one.access_point = point;
    one.exit = exit;
    one.address = "192.0.2.10:104";
    put("devices", one);
    return one.id;
  }

  void contract(const OrganisationId& tenant, const OrganisationId& rsc, std::vector<DeviceId> devices) {
    Contract one;
    one.id = ContractId{id("contract")};
    one.tenant = tenant;
    one.rsc = rsc;
    one.devices = std::move(devices);
    one.from = now_ - 24h;
    one.around_the_clock = true;
    put("contracts", one);
  }

  void duty(const PersonId& who, const OrganisationId& at) {
    Duty one;
    one.id = DutyId{id("duty")};
    one.person = who;
    one.at = at;
    one.from = now_ - 24h;
    one.until = now_ + 24h * 365;
    put("duties", one);
  }

  template <class T>
  void put(const char* list, const T& value) {
    file[list].push_back(Json::parse(to_json_text(value)));
  }

  std::string id(const char* prefix) { return new_id_text(prefix, now_, chance_, count_++); }
  Instant now() const { return now_; }

  Json file = Json::object();

 private:
  const Instant now_;
  const Digest chance_;
  unsigned count_ = 0;
};

// The people of one house; each may hold roles elsewhere.
class Staff {
 public:
  Staff(Builder& builder, World& world, const Organisation& employer, std::string domain, std::string language,
        std::vector<std::string> lines, std::string country)
      : builder_(builder),
        world_(world),
        employer_(employer.id),
        domain_(std::move(domain)),
        language_(std::move(language)),
        lines_(std::move(lines)),
        country_(std::move(country)) {}

  PersonId person(const std::string& nick, Text name, std::vector<Role> roles, Text may_try) {
    return person(nick, std::move(name), std::move(roles), std::move(may_try), employer_);
  }
  PersonId person(const std::string& nick, Text name, std::vector<Role> roles, Text may_try, const OrganisationId& at,
                  std::vector<Deputy> deputies = {}) {
    Person one;
    one.id = PersonId{builder_.id("person")};
    one.name = std::move(name);
    one.employer = employer_;
    one.mail = nick + "@" + domain_;
    one.phone = "+81-3-5550-0199";
    one.language = language_;
    one.pledge_until = one.training_until = builder_.now() + 24h * 365;
    one.product_lines = lines_;
    one.country = country_;
    one.deputies = std::move(deputies);
    for (const Role role : roles)
      one.roles.push_back(
          {.role = role, .at = at, .from = builder_.now() - 24h, .until = {}, .appointed_agent = false});
    builder_.put("people", one);
    world_.people.push_back({one, std::move(may_try)});
    return one.id;
  }

 private:
  Builder& builder_;
  World& world_;
  const OrganisationId employer_;
  const std::string domain_, language_;
  const std::vector<std::string> lines_;
  const std::string country_;
};

using enum Role;

void add_alpha(Builder& b, World& world, const Organisation& alpha, const OrganisationId& midori) {
  Staff staff(b, world, alpha, "alpha.example", "ja", {"ct", "mr", "xa", "monitor"}, "JP");
  const auto abe =
      staff.person("abe", {"阿部 健", "Ken Abe"}, {rsc_svc},
                   {"通知を受け、接続を申請し、修理する", "take a notice, ask for a connection, repair"});
  const auto kimura =
      staff.person("kimura", {"木村 亮", "Ryo Kimura"}, {rsc_svc},
                   {"もう一人の当番サービスマン: 引き継ぐ", "the other serviceman on duty: take a case over"});
  staff.person("ueda", {"上田 玲", "Rei Ueda"}, {rsc_l2},
               {"二次対応者として加わる", "join as second level, once agreed to"});
  staff.person("ono", {"小野 誠", "Makoto Ono"}, {rsc_netadm},
               {"ベンダー側で承認し、消去を確認する", "approve for the vendor, verify an erasure"});
  staff.person("hara", {"原 恵", "Megumi Hara"}, {rsc_mgr},
               {"不適合に回答し、担当を替える", "answer a nonconformity, hand a case to somebody else"});
  staff.person("shimizu", {"清水 愛", "Ai Shimizu"}, {auditor},
               {"ベンダーの監査者: 読むだけ", "the vendor's auditor: reads, changes nothing"});
  staff.person("okada", {"岡田 進", "Susumu Okada"}, {hcf_psm},
               {"病院で働くがベンダー社員: 病院の承認枠は使えない",
                "works on site but is the vendor's man: try an approval for the hospital, and be refused"},
               midori);
  b.duty(abe, alpha.id);
  b.duty(kimura, alpha.id);
}

void add_beta(Builder& b, World& world, const Organisation& beta, const OrganisationId& harbour) {
  Staff staff(b, world, beta, "beta.example", "en", {"ct", "us"}, "SG");
  const auto baba =
      staff.person("baba", {"馬場 翔", "Sho Baba"}, {rsc_svc},
                   {"別のベンダー: アルファの案件は見えない", "another vendor: sees none of Alpha's cases"});
  staff.person("bessho", {"別所 薫", "Kaoru Bessho"}, {rsc_netadm, rsc_mgr},
               {"ベータ側で承認する", "approve for Beta"});
  staff.person("lee", {"マーカス・リー", "Marcus Lee"}, {hcf_psm},
               {"病院で働くベンダー社員", "works on site for the clinic, paid by the vendor"}, harbour);
  b.duty(baba, beta.id);
}

void add_midori(Builder& b, World& world, const Organisation& midori) {
  Staff staff(b, world, midori, "midori.example", "ja", {}, "JP");
  const auto deputy =
      staff.person("nakamura", {"中村 葵", "Aoi Nakamura"}, {},
                   {"佐藤さんの代理 (期限つき)", "Sato's deputy, named and dated: the same rights until then"});
  staff.person(
      "sato", {"佐藤 直子", "Naoko Sato"}, {hcf_sysadm},
      {"申請を承認または却下し、完了に署名する", "approve or reject a request, sign a case off"}, midori.id,
      {{.person = deputy, .role = hcf_sysadm, .at = midori.id, .from = b.now() - 24h, .until = b.now() + 24h * 30}});
  staff.person("suzuki", {"鈴木 一郎", "Ichiro Suzuki"}, {hcf_netadm},
               {"承認し、接続中に取り消し、手動で切る", "approve, revoke while connected, cut by hand"});
  staff.person("tanaka", {"田中 医師", "Dr Tanaka"}, {hcf_clin},
               {"使用中止にし、修理後に点検し、赤いボタンを押す",
                "take the scanner out of use, check it after the repair, press the red button"});
  staff.person("ito", {"伊藤 剛", "Go Ito"}, {hcf_psm},
               {"現地で修理し、立ち会う", "repair on site, attend the session"});
  staff.person("mori", {"森 由美", "Yumi Mori"}, {hcf_priv},
               {"データの保管を認め、残存を受け入れる", "let data be kept, accept what remains"});
  staff.person("kato", {"加藤 亮", "Akira Kato"}, {hcf_sec}, {"緊急切断する", "cut everything at once"});
  staff.person("yamada", {"山田 花子", "Hanako Yamada"}, {hcf_duty},
               {"夜間にブレークグラスを行う", "break the glass at night"});
  staff.person("hayashi", {"林 学", "Manabu Hayashi"}, {auditor},
               {"病院の監査者: 案件と証跡を読む", "the hospital's auditor: reads cases and trail"});
}

void add_harbour(Builder& b, World& world, const Organisation& harbour) {
  Staff staff(b, world, harbour, "harbour.example", "en", {}, "SG");
  staff.person(
      "lim", {"グレース・リム", "Grace Lim"}, {hcf_sysadm, hcf_netadm},
      {"一人で二つの承認枠を、別々に確認して埋める", "the whole IT department: fills both slots, one by one"});
  staff.person("tan", {"ダニエル・タン医師", "Dr Daniel Tan"}, {hcf_clin, hcf_duty},
               {"装置の障害を自分で通知する", "report a fault of a device in person"});
  staff.person("nair", {"プリヤ・ナイール", "Priya Nair"}, {hcf_priv, hcf_sec},
               {"データの保管を認める", "let data be kept"});
}

void add_training(Builder& b, World& world, const Organisation& training) {
  Staff staff(b, world, training, "training.example", "ja", {}, "JP");
  staff.person("endo", {"遠藤 彩", "Aya Endo"}, {hcf_sysadm},
               {"何を試しても本物の装置には届かない", "try anything: no real device can be reached from here"});
  staff.person("aoki", {"青木 隆", "Takashi Aoki"}, {hcf_netadm, hcf_clin},
               {"研修用の承認と点検", "approvals and checks for training"});
}

}  // namespace

World make_world(Instant now, Entropy& entropy) {
  World world;
  Builder b(now, entropy);
  const auto alpha = b.organisation({Side::rsc,
                                     {"アルファ医療機器サービス", "Alpha Medical Service"},
                                     "alpha.example",
                                     "Asia/Tokyo",
                                     "+81-3-5550-0220"});
  const auto beta = b.organisation(
      {Side::rsc, {"ベータメディカル", "Beta Medical"}, "beta.example", "Asia/Singapore", "+65-5550-0330"});
  const auto midori = b.organisation(
      {Side::hcf, {"みどり病院", "Midori Hospital"}, "midori.example", "Asia/Tokyo", "+81-3-5550-0110"});
  auto harbour = b.organisation(
      {Side::hcf, {"ハーバークリニック", "Harbour Clinic"}, "harbour.example", "Asia/Singapore", "+65-5550-0440"});
  auto training = b.organisation({Side::hcf,
                                  {"研修病院 (試験用)", "Training Hospital (test)"},
                                  "training.example",
                                  "Asia/Tokyo",
                                  "+81-3-5550-0550"});
  training.test_hospital = true;
  harbour.policy_version = 1;
  for (const Organisation& one : {alpha, beta, midori, harbour, training})
    b.put("organisations", one);
  Policy combined;
  combined.tenant = harbour.id;
  combined.version = harbour.policy_version;
  combined.allow_combined_hcf_slots = true;
  b.put("policies", combined);

  add_midori(b, world, midori);
  add_alpha(b, world, alpha, midori.id);
  add_beta(b, world, beta, harbour.id);
  add_harbour(b, world, harbour);
  add_training(b, world, training);

  const auto alpha_exit = b.door(alpha.id);
  const auto beta_exit = b.door(beta.id);
  const auto midori_door = b.door(midori.id);
  const auto harbour_door = b.door(harbour.id);
  const auto training_door = b.door(training.id);
  const auto ct = b.device(midori.id, midori_door, alpha_exit, "CT-2024-0117", "ct", "Scanora CT 64",
                           {"CT 2号機", "CT no. 2"}, "B1");
  const auto mr = b.device(midori.id, midori_door, alpha_exit, "MR-2021-0042", "mr", "Magnia MR 1.5",
                           {"MR 1号機", "MR no. 1"}, "B1");
  const auto angio = b.device(midori.id, midori_door, alpha_exit, "XA-2022-0009", "xa", "Angiora XA",
                              {"血管撮影 1号機", "Angiography no. 1"}, "2F");
  const auto sono = b.device(midori.id, midori_door, beta_exit, "US-2023-0311", "us", "Sonora US 9",
                             {"超音波 4号機", "Ultrasound no. 4"}, "3F");
  const auto harbour_ct = b.device(harbour.id, harbour_door, beta_exit, "CT-2019-0308", "ct", "Scanora CT 16",
                                   {"ハーバーのCT", "Harbour CT"}, "1F");
  const auto harbour_us = b.device(harbour.id, harbour_door, beta_exit, "US-2020-0077", "us", "Sonora US 5",
                                   {"ハーバーの超音波", "Harbour ultrasound"}, "1F");
  const auto trainer = b.device(training.id, training_door, alpha_exit, "CT-0000-0001", "ct", "Scanora CT 64",
                                {"研修用CT", "Trainer CT"}, "lab");
  b.contract(midori.id, alpha.id, {ct, mr, angio});
  b.contract(midori.id, beta.id, {sono});
  b.contract(harbour.id, beta.id, {harbour_ct, harbour_us});
  b.contract(training.id, alpha.id, {trainer});

  world.file = std::move(b.file);
  world.scanner = ct;
  world.hospital = midori.id;
  world.vendor = alpha.id;
  return world;
}

Ward make_ward(const Directory& directory, const DeviceId& beside, int monitors, Instant now, Entropy& entropy) {
  const Device* neighbour = directory.device(beside);
  const Contract* served = directory.contract_of(beside, now);
  ensure(neighbour != nullptr && served != nullptr, "a ward is beside a device that somebody serves");
  Ward ward;
  Builder b(now, entropy);
  for (int i = 1; i <= monitors; ++i)
    ward.monitors.push_back(b.device(neighbour->tenant, neighbour->access_point, neighbour->exit,
                                     fmt::format("MON-{:04}", i), "monitor", "Vigil 7",
                                     {fmt::format("モニター {}号機", i), fmt::format("Monitor no. {}", i)},
                                     fmt::format("{}F", 3 + i % 6)));
  b.contract(neighbour->tenant, served->rsc, ward.monitors);
  ward.file = std::move(b.file);
  return ward;
}

}  // namespace kintsugi::demo

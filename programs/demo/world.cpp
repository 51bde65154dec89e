#include "programs/demo/world.h"

namespace kintsugi::demo {
namespace {

using namespace std::chrono_literals;

class Builder {
 public:
  Builder(Instant now, Entropy& entropy) : now_(now), chance_(entropy.digest()) {}

  OrganisationId organisation(Side side, Text name, const std::string& domain) {
    Organisation one;
    one.id = OrganisationId{id("org")};
    one.side = side;
    one.name = std::move(name);
    one.duty_desk_mail = "desk@" + domain;
    one.duty_desk_phone = side == Side::hcf ? "+81-3-5550-0110" : "+81-3-5550-0220";
    put("organisation", one.id.text(), one.id, one);
    return one.id;
  }

  PersonId person(Text name, const std::string& mail, const OrganisationId& employer, std::vector<Role> roles) {
    Person one;
    one.id = PersonId{id("person")};
    one.name = std::move(name);
    one.employer = employer;
    one.mail = mail;
    one.phone = "+81-3-5550-0199";
    one.pledge_until = now_ + 24h * 365;
    one.training_until = now_ + 24h * 365;
    one.product_lines = {"ct", "mr"};
    one.country = "JP";
    for (const Role role : roles)
      one.roles.push_back({.role = role, .at = employer, .from = now_ - 24h, .until = {}, .appointed_agent = false});
    put("person", one.id.text(), employer, one);
    world.people.push_back(one);
    return one.id;
  }

  AccessPointId door(const OrganisationId& owner) {
    AccessPoint one;
    one.id = AccessPointId{id("ap")};
    one.owner = owner;
    one.kind = AccessPointKind::simulated;
    one.maker_model = "simulated";
    put("access_point", one.id.text(), owner, one);
    world.doors.push_back(one.id);
    return one.id;
  }

  DeviceId device(const OrganisationId& tenant, const AccessPointId& point, const AccessPointId& exit,
                  const std::string& serial, const std::string& line, Text nickname) {
    Device one;
    one.id = DeviceId{id("device")};
    one.tenant = tenant;
    one.serial = serial;
    one.model = line == "ct" ? "Scanora CT 64" : "Magnia MR 1.5";
    one.product_line = line;
    one.nickname = std::move(nickname);
    one.location = "B1";
    one.access_point = point;
    one.exit = exit;
    one.address = "192.0.2.10:104";
    put("device", one.id.text(), tenant, one);
    world.devices.push_back(one);
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
    put("contract", one.id.text(), tenant, one);
  }

  void duty(const PersonId& who, const OrganisationId& at) {
    Duty one;
    one.id = DutyId{id("duty")};
    one.person = who;
    one.at = at;
    one.from = now_ - 24h;
    one.until = now_ + 24h * 365;
    put("duty", one.id.text(), at, one);
  }

  World world;

 private:
  std::string id(const char* prefix) { return new_id_text(prefix, now_, chance_, count_++); }
  template <class T>
  void put(const char* kind, const std::string& id_text, const OrganisationId& owner, const T& value) {
    world.masters.push_back(
        {.kind = kind, .id = id_text, .tenant = owner.text(), .body = to_json_text(value), .salt = {}});
  }

  const Instant now_;
  const Digest chance_;
  unsigned count_ = 0;
};

}  // namespace

World make_world(Instant now, Entropy& entropy) {
  using enum Role;
  Builder b(now, entropy);
  const auto alpha =
      b.organisation(Side::rsc, {"アルファ医療機器サービス", "Alpha Medical Service"}, "alpha.example");
  const auto beta = b.organisation(Side::rsc, {"ベータメディカル", "Beta Medical"}, "beta.example");
  const auto midori = b.organisation(Side::hcf, {"みどり病院", "Midori Hospital"}, "midori.example");
  const auto aoba = b.organisation(Side::hcf, {"あおば中央病院", "Aoba Central Hospital"}, "aoba.example");
  const auto hikari = b.organisation(Side::hcf, {"ひかりクリニック", "Hikari Clinic"}, "hikari.example");

  const auto alpha_exit = b.door(alpha);
  const auto beta_exit = b.door(beta);
  const auto ct = b.device(midori, b.door(midori), alpha_exit, "CT-2024-0117", "ct", {"CT 2号機", "CT no. 2"});
  const auto mr = b.device(aoba, b.door(aoba), alpha_exit, "MR-2021-0042", "mr", {"MR 1号機", "MR no. 1"});
  const auto small = b.device(hikari, b.door(hikari), beta_exit, "CT-2019-0308", "ct", {"CT", "CT"});
  b.contract(midori, alpha, {ct});
  b.contract(aoba, alpha, {mr});
  b.contract(hikari, beta, {small});

  const auto abe = b.person({"阿部 健", "Ken Abe"}, "abe@alpha.example", alpha, {rsc_svc});
  b.person({"上田 玲", "Rei Ueda"}, "ueda@alpha.example", alpha, {rsc_l2});
  b.person({"小野 誠", "Makoto Ono"}, "ono@alpha.example", alpha, {rsc_netadm});
  b.person({"原 恵", "Megumi Hara"}, "hara@alpha.example", alpha, {rsc_mgr});
  const auto baba = b.person({"馬場 翔", "Sho Baba"}, "baba@beta.example", beta, {rsc_svc});
  b.person({"別所 薫", "Kaoru Bessho"}, "bessho@beta.example", beta, {rsc_netadm, rsc_mgr});
  b.duty(abe, alpha);
  b.duty(baba, beta);

  b.person({"佐藤 直子", "Naoko Sato"}, "sato@midori.example", midori, {hcf_sysadm});
  b.person({"鈴木 一郎", "Ichiro Suzuki"}, "suzuki@midori.example", midori, {hcf_netadm});
  b.person({"田中 医師", "Dr Tanaka"}, "tanaka@midori.example", midori, {hcf_clin});
  b.person({"伊藤 剛", "Go Ito"}, "ito@midori.example", midori, {hcf_psm});
  b.person({"森 由美", "Yumi Mori"}, "mori@midori.example", midori, {hcf_priv});
  b.person({"加藤 亮", "Ryo Kato"}, "kato@midori.example", midori, {hcf_sec, hcf_duty});
  b.person({"遠藤 彩", "Aya Endo"}, "endo@aoba.example", aoba, {hcf_sysadm});
  b.person({"青木 隆", "Takashi Aoki"}, "aoki@aoba.example", aoba, {hcf_netadm, hcf_clin});
  b.person({"日野 光", "Hikaru Hino"}, "hino@hikari.example", hikari, {hcf_sysadm, hcf_clin});
  return std::move(b.world);
}

}  // namespace kintsugi::demo

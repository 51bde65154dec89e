#include "tests/support/world.h"

namespace kintsugi::testing {
namespace {

const Instant long_ago = *instant_from("2020-01-01T00:00:00Z");
const Instant far_away = *instant_from("2099-01-01T00:00:00Z");

template <class T>
Master master(const char* kind, const std::string& id_text, const OrganisationId& owner, const T& value) {
  return {.kind = kind, .id = id_text, .tenant = owner.text(), .body = to_json_text(value)};
}

Person somebody(const std::string& nick, const char* employer, const char* at, std::vector<Role> roles) {
  Person one;
  one.id = person(nick);
  one.name = {nick, nick};
  one.employer = organisation(employer);
  one.mail = nick + "@" + employer + ".example";
  one.phone = "+81-3-0000-0000";
  for (const Role role : roles)
    one.roles.push_back({.role = role, .at = organisation(at), .from = long_ago});
  one.pledge_until = far_away;
  one.training_until = far_away;
  one.product_lines = {"ct", "mr", "us"};
  one.country = "JP";
  return one;
}

Organisation house(const char* nick, Side side, Text name) {
  Organisation one;
  one.id = organisation(nick);
  one.side = side;
  one.name = std::move(name);
  one.duty_desk_mail = std::string("desk@") + nick + ".example";
  one.duty_desk_phone = side == Side::hcf ? "+81-3-1111-2222" : "+81-3-3333-4444";
  return one;
}

Device machine(const char* nick, const char* hospital, const char* line, Text nickname) {
  Device one;
  one.id = device(nick);
  one.tenant = organisation(hospital);
  one.serial = std::string("SN-") + nick;
  one.model = "Model X";
  one.product_line = line;
  one.nickname = std::move(nickname);
  one.access_point = access_point_of(hospital);
  one.exit = access_point_of("alpha");
  one.address = "192.0.2.10:104";
  return one;
}

AccessPoint door(const char* owner) {
  AccessPoint one;
  one.id = access_point_of(owner);
  one.owner = organisation(owner);
  one.kind = AccessPointKind::simulated;
  return one;
}

Contract service(const char* hospital, std::vector<DeviceId> devices) {
  Contract one;
  one.id = id_of<ContractId>("contract", hospital);
  one.tenant = organisation(hospital);
  one.rsc = organisation("alpha");
  one.devices = std::move(devices);
  one.from = long_ago;
  one.around_the_clock = true;
  return one;
}

}  // namespace

AccessPointId access_point_of(const std::string& nick) {
  return id_of<AccessPointId>("ap", nick);
}

std::vector<Master> world() {
  using enum Role;
  std::vector<Master> out;
  for (const Organisation& one :
       {house("midori", Side::hcf, {"みどり病院", "Midori Hospital"}),
        house("aoba", Side::hcf, {"あおば病院", "Aoba Hospital"}), house("alpha", Side::rsc, {"アルファ", "Alpha"}),
        house("beta", Side::rsc, {"ベータ", "Beta"})})
    out.push_back(master("organisation", one.id.text(), one.id, one));
  for (const Person& one : {
           somebody("sato", "midori", "midori", {hcf_sysadm}),
           somebody("suzuki", "midori", "midori", {hcf_netadm}),
           somebody("tanaka", "midori", "midori", {hcf_clin}),
           somebody("ito", "midori", "midori", {hcf_psm}),
           somebody("vendor_psm", "alpha", "midori", {hcf_psm, hcf_sysadm}),
           somebody("mori", "midori", "midori", {hcf_priv}),
           somebody("kato", "midori", "midori", {hcf_sec}),
           somebody("yamada", "midori", "midori", {hcf_duty}),
           somebody("abe", "alpha", "alpha", {rsc_svc}),
           somebody("kimura", "alpha", "alpha", {rsc_svc, rsc_netadm}),
           somebody("ono", "alpha", "alpha", {rsc_netadm}),
           somebody("hara", "alpha", "alpha", {rsc_mgr}),
           somebody("ueda", "alpha", "alpha", {rsc_l2}),
           somebody("endo", "aoba", "aoba", {hcf_sysadm}),
           somebody("watanabe", "beta", "beta", {rsc_svc}),
       })
    out.push_back(master("person", one.id.text(), one.employer, one));
  for (const AccessPoint& one : {door("midori"), door("aoba"), door("alpha")})
    out.push_back(master("access_point", one.id.text(), one.owner, one));
  for (const Device& one : {machine("ct-1", "midori", "ct", {"CT 第1検査室", "CT room 1"}),
                            machine("mr-2", "midori", "mr", {"MR 第2検査室", "MR room 2"}),
                            machine("us-9", "aoba", "us", {"超音波 9", "Ultrasound 9"})})
    out.push_back(master("device", one.id.text(), one.tenant, one));
  for (const Contract& one : {service("midori", {testing::device("ct-1"), testing::device("mr-2")}),
                              service("aoba", {testing::device("us-9")})})
    out.push_back(master("contract", one.id.text(), one.tenant, one));
  for (const char* nick : {"abe", "kimura"}) {
    const Duty duty{.id = id_of<DutyId>("duty", nick),
                    .person = person(nick),
                    .at = organisation("alpha"),
                    .product_line = "",
                    .from = long_ago,
                    .until = {}};
    out.push_back(master("duty", duty.id.text(), duty.at, duty));
  }
  return out;
}

}  // namespace kintsugi::testing

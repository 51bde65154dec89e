#include "tests/explore/world.h"

#include <array>

namespace kintsugi::explore {

using testing::id_of;
using testing::organisation;
using testing::person;

namespace {

using enum Role;

Person somebody(std::string_view nickname, std::string_view employer,
                const std::vector<std::pair<Role, const char*>>& roles) {
  Person out;
  out.id = person(nickname);
  out.name = {std::string(nickname), std::string(nickname)};
  out.employer = organisation(employer);
  out.mail = std::string(nickname) + "@" + std::string(employer) + ".example";
  for (const auto& [role, at] : roles)
    out.roles.push_back({.role = role,
                         .at = organisation(at),
                         .from = beginning() - 24h * 30,
                         .until = {},
                         .appointed_agent = false});
  out.pledge_until = out.training_until = beginning() + 24h * 3650;
  return out;
}

Organisation house(std::string_view nickname, Side side) {
  Organisation out;
  out.id = organisation(nickname);
  out.side = side;
  out.name = {std::string(nickname), std::string(nickname)};
  out.duty_desk_mail = "desk@" + std::string(nickname) + ".example";
  return out;
}

Directory begun() {
  Directory out;
  out.put(house("hospital", Side::hcf));
  out.put(house("vendor", Side::rsc));
  out.put(
      somebody("ada", "hospital",
               {{hcf_sysadm, "hospital"}, {hcf_netadm, "hospital"}, {hcf_priv, "hospital"}, {hcf_duty, "hospital"}}));
  out.put(somebody("ben", "hospital",
                   {{hcf_netadm, "hospital"}, {hcf_clin, "hospital"}, {hcf_psm, "hospital"}, {hcf_sec, "hospital"}}));
  out.put(somebody("cho", "vendor", {{rsc_svc, "vendor"}, {rsc_mgr, "vendor"}}));
  out.put(somebody("dan", "vendor",
                   {{rsc_netadm, "vendor"}, {rsc_svc, "vendor"}, {rsc_l2, "vendor"}, {hcf_netadm, "hospital"}}));

  for (const char* owner : {"hospital", "vendor"}) {
    AccessPoint door;
    door.id = id_of<AccessPointId>("ap", owner);
    door.owner = organisation(owner);
    door.kind = AccessPointKind::simulated;
    out.put(door);
  }
  Device one;
  one.id = the_device();
  one.tenant = organisation("hospital");
  one.serial = "SN-1";
  one.product_line = "mr";
  one.nickname = {"mr", "mr"};
  one.access_point = id_of<AccessPointId>("ap", "hospital");
  one.exit = id_of<AccessPointId>("ap", "vendor");
  out.put(one);

  Contract contract;
  contract.id = id_of<ContractId>("contract", "mr");
  contract.tenant = one.tenant;
  contract.rsc = organisation("vendor");
  contract.devices = {one.id};
  contract.from = beginning() - 24h * 30;
  contract.around_the_clock = true;
  contract.sessions_max = 2;
  out.put(contract);
  return out;
}

Directory ada_lost() {
  Directory out = begun();
  out.put(somebody("ada", "hospital", {{hcf_priv, "hospital"}, {hcf_duty, "hospital"}}));
  out.put(somebody("ben", "hospital",
                   {{hcf_sysadm, "hospital"},
                    {hcf_netadm, "hospital"},
                    {hcf_clin, "hospital"},
                    {hcf_psm, "hospital"},
                    {hcf_sec, "hospital"}}));
  // Otherwise two slots of the hospital would be left to one person, which two people of one side never can fill.
  out.put(somebody("fay", "hospital", {{hcf_netadm, "hospital"}}));
  return out;
}

Directory cho_left() {
  Directory out = begun();
  Person cho = *out.person(person("cho"));
  cho.left_at = beginning() - 1h;
  out.put(cho);
  out.put(somebody("eve", "vendor", {{rsc_svc, "vendor"}, {rsc_mgr, "vendor"}, {rsc_netadm, "vendor"}}));
  return out;
}

Directory hal_came() {
  Directory out = begun();
  out.put(somebody("hal", "vendor", {{rsc_l2, "vendor"}}));
  return out;
}

Directory and_gil(Directory out) {
  out.put(somebody("gil", "hospital", {{hcf_sysadm, "hospital"}, {hcf_netadm, "hospital"}}));
  return out;
}

}  // namespace

Instant beginning() {
  static const Instant at = *instant_from("2026-03-04T09:00:00+09:00");
  return at;
}

const Directory& masters(Masters variant) {
  static const std::array<Directory, masters_variants> all{
      begun(),          ada_lost(),          cho_left(),          hal_came(),
      and_gil(begun()), and_gil(ada_lost()), and_gil(cho_left()), and_gil(hal_came())};
  return all.at(static_cast<std::size_t>(variant));
}

const std::vector<std::string>& everybody() {
  static const std::vector<std::string> all = {"ada", "ben", "cho", "dan", "eve", "fay", "gil", "hal", "mr", "sys"};
  return all;
}

std::string_view nickname_of(const PersonId& id) {
  static const std::array<std::pair<PersonId, std::string_view>, 8> known{{{person("ada"), "ada"},
                                                                           {person("ben"), "ben"},
                                                                           {person("cho"), "cho"},
                                                                           {person("dan"), "dan"},
                                                                           {person("eve"), "eve"},
                                                                           {person("fay"), "fay"},
                                                                           {person("gil"), "gil"},
                                                                           {person("hal"), "hal"}}};
  for (const auto& [one, nickname] : known)
    if (one == id) return nickname;
  return "?";
}

Actor actor_of(const std::string& who) {
  if (who == "sys")  // within one hospital, as where a mail is taken in: a case of no hospital would be nobody's
    return {.id = "node",
            .kind = sys,
            .person = {},
            .org = organisation("hospital"),
            .auth = "job",
            .sign_in = {},
            .address = {}};
  if (who == "mr")
    return {.id = the_device().text(),
            .kind = Role::device,
            .person = {},
            .org = organisation("hospital"),
            .auth = "token",
            .sign_in = {},
            .address = {}};
  const bool of_hospital = who == "ada" || who == "ben" || who == "fay" || who == "gil";
  return {.id = person(who).text(),
          .kind = none,
          .person = person(who),
          .org = organisation(of_hospital ? "hospital" : "vendor"),
          .auth = "pwd+otp",
          .sign_in = {},
          .address = {}};
}

DeviceId the_device() {
  return testing::device("mr");
}

const CaseFile& other_case() {
  static const CaseFile one = [] {
    CaseFile out;
    out.id = id_of<CaseId>("case", "other");
    out.number = case_number(2026, 2);
    out.tenant = organisation("hospital");
    out.rsc = organisation("vendor");
    out.device = the_device();
    out.contract = id_of<ContractId>("contract", "mr");
    out.workflow = "fault_response";
    out.state = "acknowledged";
    out.version = 2;
    out.fault.code = "E7";
    out.opened_at = out.state_since = beginning() - 1h;
    return out;
  }();
  return one;
}

}  // namespace kintsugi::explore

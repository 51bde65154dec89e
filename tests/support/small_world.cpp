#include "tests/support/play.h"

namespace kintsugi::testing {
namespace {

const Instant for_ever = tokyo(3650, 0, 0);

Organisation org(std::string_view nickname, Side side) {
  Organisation out;
  out.id = organisation(nickname);
  out.side = side;
  out.name = {std::string(nickname), std::string(nickname)};
  out.calendar.holidays = {"2026-03-20"};
  out.duty_desk_mail = "desk@" + std::string(nickname) + ".example";
  out.duty_desk_phone = "03-0000-0000";
  return out;
}

struct Job {
  std::string_view nickname;
  std::string_view employer;
  std::string_view at;
  Role role;
};

void hire(Directory& directory, const Job& job) {
  Person one;
  if (const Person* known = directory.person(person(job.nickname))) one = *known;
  one.id = person(job.nickname);
  one.name = {std::string(job.nickname), std::string(job.nickname)};
  one.employer = organisation(job.employer);
  one.mail = std::string(job.nickname) + "@" + std::string(job.employer) + ".example";
  one.roles.push_back({.role = job.role,
                       .at = organisation(job.at),
                       .from = tokyo(-300, 0, 0),
                       .until = {},
                       .appointed_agent = false});
  one.pledge_until = one.training_until = for_ever;
  directory.put(std::move(one));
}

void install(Directory& directory, std::string_view nickname, std::string_view at, std::string_view vendor,
             std::string_view serial) {
  AccessPoint gate;
  gate.id = id_of<AccessPointId>("ap", at);
  gate.owner = organisation(at);
  gate.kind = AccessPointKind::simulated;
  directory.put(gate);
  AccessPoint way_out;
  way_out.id = id_of<AccessPointId>("ap", vendor);
  way_out.owner = organisation(vendor);
  way_out.kind = AccessPointKind::simulated;
  directory.put(way_out);

  Device one;
  one.id = device(nickname);
  one.tenant = organisation(at);
  one.serial = serial;
  one.product_line = "mr";
  one.nickname = {std::string(nickname), std::string(nickname)};
  one.access_point = gate.id;
  one.exit = way_out.id;
  directory.put(one);

  Contract contract;
  contract.id = id_of<ContractId>("contract", nickname);
  contract.tenant = one.tenant;
  contract.rsc = organisation(vendor);
  contract.devices = {one.id};
  contract.from = tokyo(-300, 0, 0);
  contract.hours.holidays = {"2026-03-05"};
  directory.put(contract);
}

}  // namespace

Directory small_world() {
  Directory out;
  out.put(org("sakura", Side::hcf));
  out.put(org("fuji", Side::hcf));
  out.put(org("hikari", Side::rsc));
  out.put(org("kumo", Side::rsc));
  using enum Role;
  for (const Job& job : std::initializer_list<Job>{
           {"clin", "sakura", "sakura", hcf_clin},      {"psm", "sakura", "sakura", hcf_psm},
           {"vpsm", "hikari", "sakura", hcf_psm},       {"sysadm", "sakura", "sakura", hcf_sysadm},
           {"sysadm2", "sakura", "sakura", hcf_sysadm}, {"netadm", "sakura", "sakura", hcf_netadm},
           {"priv", "sakura", "sakura", hcf_priv},      {"sec", "sakura", "sakura", hcf_sec},
           {"duty", "sakura", "sakura", hcf_duty},      {"fsysadm", "fuji", "fuji", hcf_sysadm},
           {"fnetadm", "fuji", "fuji", hcf_netadm},     {"fclin", "fuji", "fuji", hcf_clin},
           {"svc", "hikari", "hikari", rsc_svc},        {"svc2", "hikari", "hikari", rsc_svc},
           {"l2", "hikari", "hikari", rsc_l2},          {"mgr", "hikari", "hikari", rsc_mgr},
           {"net", "hikari", "hikari", rsc_netadm},     {"net2", "hikari", "hikari", rsc_netadm},
           {"ksvc", "kumo", "kumo", rsc_svc},           {"knet", "kumo", "kumo", rsc_netadm}})
    hire(out, job);
  install(out, "mr1", "sakura", "hikari", "SN-MR1");
  install(out, "ct1", "sakura", "kumo", "SN-CT1");
  install(out, "xr1", "fuji", "hikari", "SN-XR1");
  return out;
}

}  // namespace kintsugi::testing

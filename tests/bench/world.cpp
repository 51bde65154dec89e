#include "tests/bench/world.h"

#include "engine/base/digest.h"
#include "engine/base/entropy.h"

#include <array>

namespace kintsugi::bench {
namespace {

using enum Role;

struct Somebody {
  Who who;
  const char* nick;
  bool vendor;
  Role role;
};
constexpr std::array people = {
    Somebody{Who::abe, "abe", true, rsc_svc},         Somebody{Who::ono, "ono", true, rsc_netadm},
    Somebody{Who::sato, "sato", false, hcf_sysadm},   Somebody{Who::suzuki, "suzuki", false, hcf_netadm},
    Somebody{Who::tanaka, "tanaka", false, hcf_clin},
};

const Instant long_ago = *instant_from("2020-01-01T00:00:00Z");
constexpr Duration a_year = 365 * 24h;

std::string id(const char* prefix, const std::string& nick) {
  return new_id_text(prefix, long_ago, sha256(nick), 0);
}
const char* nick_of(Who who) {
  for (const Somebody& one : people)
    if (one.who == who) return one.nick;
  return who == Who::gate ? "gate" : "way out";
}

template <class T>
Master master(const char* kind, const std::string& id_text, const OrganisationId& owner, const T& value) {
  return {.kind = kind, .id = id_text, .tenant = owner.text(), .body = to_json_text(value)};
}

Organisation house(const OrganisationId& id_of_it, Side side, Text name) {
  Organisation one;
  one.id = id_of_it;
  one.side = side;
  one.name = std::move(name);
  one.duty_desk_mail = side == Side::hcf ? "desk@midori.example" : "desk@alpha.example";
  one.duty_desk_phone = "+81-3-5550-0110";
  return one;
}

AccessPoint door(const AccessPointId& id_of_it, const OrganisationId& owner) {
  AccessPoint one;
  one.id = id_of_it;
  one.owner = owner;
  one.kind = AccessPointKind::simulated;
  return one;
}

}  // namespace

PersonId person(Who who) {
  return PersonId{id("person", nick_of(who))};
}
DeviceId device_at(int number) {
  return DeviceId{id("device", "ct-" + std::to_string(number))};
}
AccessPointId access_point() {
  return AccessPointId{id("ap", "midori")};
}
AccessPointId vendor_exit() {
  return AccessPointId{id("ap", "alpha")};
}
OrganisationId vendor() {
  return OrganisationId{id("org", "alpha")};
}
OrganisationId hospital() {
  return OrganisationId{id("org", "midori")};
}

std::string token_of(Who who, int device_number) {
  const std::string nick = who == Who::device ? "ct-" + std::to_string(device_number) : nick_of(who);
  return to_hex(sha256("bench token of " + nick));
}

Actor actor_of(Who who, int device_number) {
  Actor out;
  out.auth = "token";
  switch (who) {
    case Who::device:
      out.id = device_at(device_number).text();
      out.kind = Role::device;
      out.org = hospital();
      break;
    case Who::gate:
      out.id = access_point().text();
      out.kind = Role::sys;
      out.org = hospital();
      break;
    case Who::way_out:
      out.id = vendor_exit().text();
      out.kind = Role::sys;
      out.org = vendor();
      break;
    default:
      out.id = person(who).text();
      out.kind = Role::none;
      out.person = person(who);
      out.auth = "pwd+otp";
      break;
  }
  out.sign_in = to_hex(sha256(token_of(who, device_number)));
  return out;
}

std::vector<Master> world(Instant now) {
  std::vector<Master> out;
  const OrganisationId midori = hospital();
  const OrganisationId alpha = vendor();
  out.push_back(
      master("organisation", midori.text(), midori, house(midori, Side::hcf, {"みどり病院", "Midori Hospital"})));
  out.push_back(master("organisation", alpha.text(), alpha, house(alpha, Side::rsc, {"アルファ", "Alpha"})));
  out.push_back(master("access_point", access_point().text(), midori, door(access_point(), midori)));
  out.push_back(master("access_point", vendor_exit().text(), alpha, door(vendor_exit(), alpha)));
  for (const Somebody& known : people) {
    Person one;
    one.id = person(known.who);
    one.name = {known.nick, known.nick};
    one.employer = known.vendor ? alpha : midori;
    one.mail = std::string(known.nick) + (known.vendor ? "@alpha.example" : "@midori.example");
    one.phone = "+81-3-5550-0199";
    one.roles.push_back({.role = known.role, .at = one.employer, .from = long_ago, .until = {}});
    one.pledge_until = one.training_until = now + a_year;
    one.product_lines = {"ct"};
    one.country = "JP";
    out.push_back(master("person", one.id.text(), one.employer, one));
  }
  Contract contract;
  contract.id = ContractId{id("contract", "midori")};
  contract.tenant = midori;
  contract.rsc = alpha;
  contract.from = long_ago;
  contract.around_the_clock = true;
  for (int i = 0; i < devices_max; ++i) {
    Device one;
    one.id = device_at(i);
    one.tenant = midori;
    one.serial = "CT-" + std::to_string(i);
    one.model = "Scanora CT 64";
    one.product_line = "ct";
    one.nickname = {"CT", "CT"};
    one.access_point = access_point();
    one.exit = vendor_exit();
    one.address = "192.0.2.10:104";
    out.push_back(master("device", one.id.text(), midori, one));
    contract.devices.push_back(one.id);
  }
  out.push_back(master("contract", contract.id.text(), midori, contract));
  const Duty duty{
      .person = person(Who::abe), .at = alpha, .product_line = {}, .from = long_ago, .until = now + a_year};
  out.push_back(master("duty", id("duty", "abe"), alpha, duty));
  return out;
}

std::vector<SignIn> sign_ins(Instant now) {
  std::vector<SignIn> out;
  for (const Somebody& one : people)
    out.push_back({.id = SignInId{id("signin", one.nick)},
                   .person = person(one.who),
                   .token = sha256(token_of(one.who)),
                   .created = now,
                   .expires = now + 12h,
                   .ended = {},
                   .with_code = true});
  return out;
}

std::vector<Credential> credentials(Instant now) {
  const auto token = [&](CredentialKind kind, const std::string& owner, const std::string& text) {
    return Credential{.kind = kind,
                      .owner = owner,
                      .secret = sha256(text),
                      .verifier = {},
                      .created = now,
                      .expires = now + a_year};
  };
  std::vector<Credential> out{token(CredentialKind::gate_token, access_point().text(), token_of(Who::gate)),
                              token(CredentialKind::gate_token, vendor_exit().text(), token_of(Who::way_out))};
  for (int i = 0; i < devices_max; ++i)
    out.push_back(token(CredentialKind::device_token, device_at(i).text(), token_of(Who::device, i)));
  return out;
}

}  // namespace kintsugi::bench

#include "programs/server/masters_file.h"

#include "engine/masters/authority.h"
#include "engine/masters/mistakes.h"

namespace kintsugi {
namespace {

template <class T>
Master master(const char* kind, std::string id, const OrganisationId& owner, const T& value) {
  return {.kind = kind, .id = std::move(id), .tenant = owner.text(), .body = to_json_text(value), .salt = {}};
}

}  // namespace

MastersRead read_masters_file(const Json& file, const Directory& before, Instant now, Entropy& entropy) {
  MastersRead out;
  const Masters written = read_masters(file, out.mistakes);
  if (!out.mistakes.empty()) return out;
  const Proposer operator_of_it{.person = {}, .now = now, .chance = entropy.digest(), .at_the_machine = true};
  out.masters = complete(before, written, operator_of_it);
  out.mistakes = mistakes_in(before, out.masters, now);
  return out;
}

FirstPeople first_people(const std::string& hospital, const std::string& hospital_mail, const std::string& centre,
                         const std::string& centre_mail, Instant now, Entropy& entropy) {
  const Digest chance = entropy.digest();
  const auto organisation = [&](Side side, const std::string& name, unsigned n) {
    Organisation one;
    one.id = OrganisationId{new_id_text("org", now, chance, n)};
    one.side = side;
    one.name = {name, name};
    return one;
  };
  const auto person = [&](const std::string& mail, Role role, const OrganisationId& at, unsigned n) {
    Person one;
    one.id = PersonId{new_id_text("person", now, chance, n)};
    one.name = {mail, mail};
    one.employer = at;
    one.mail = mail;
    one.roles.push_back({.role = role, .at = at, .from = now, .until = {}, .appointed_agent = false});
    return one;
  };
  const Organisation hcf = organisation(Side::hcf, hospital, 0);
  const Organisation rsc = organisation(Side::rsc, centre, 1);
  FirstPeople out{.masters = {},
                  .hospital_admin = person(hospital_mail, Role::hcf_sysadm, hcf.id, 2),
                  .centre_admin = person(centre_mail, Role::rsc_mgr, rsc.id, 3)};
  out.masters = {master("organisation", hcf.id.text(), hcf.id, hcf),
                 master("organisation", rsc.id.text(), rsc.id, rsc),
                 master("person", out.hospital_admin.id.text(), hcf.id, out.hospital_admin),
                 master("person", out.centre_admin.id.text(), rsc.id, out.centre_admin)};
  return out;
}

}  // namespace kintsugi

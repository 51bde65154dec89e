#include "programs/server/masters_file.h"

#include "engine/masters/authority.h"
#include "engine/masters/mistakes.h"

namespace kintsugi {
namespace {

template <class T>
Master master(const char* kind, std::string id, const OrganisationId& owner, const T& value) {
  return {.kind = kind, .id = std::move(id), .tenant = owner.text(), .body = to_json_text(value), .salt = {}};
}

// Whoever installs the program also says which systems may report for a hospital's devices (docs/api/compat.md).
void read_integrations(Json& file, MastersRead& out) {
  const auto list = file.is_object() ? file.find("integrations") : file.end();
  if (list == file.end()) return;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::string place = "/integrations/" + std::to_string(i);
    Integration one;
    if (const auto read = read_json(list->is_array() ? (*list)[i] : Json(), one, place); !read)
      out.mistakes.push_back({place, "読み取れません: " + read.error().what, read.error().what});
    else if (!one.id.text().starts_with("integration_") || !is_crockford(one.id.text().substr(12)))
      out.mistakes.push_back(
          {place + "/id", "integration_ と 26 文字にしてください", "must be integration_ and 26 characters"});
    else
      out.integrations.push_back(master("integration", one.id.text(), one.tenant, one));
  }
  file.erase("integrations");
}

}  // namespace

MastersRead read_masters_file(const Json& whole, const Directory& before, Instant now, Entropy& entropy) {
  MastersRead out;
  Json file = whole;
  read_integrations(file, out);
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

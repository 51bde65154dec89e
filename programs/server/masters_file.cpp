#include "programs/server/masters_file.h"

#include <fstream>
#include <sstream>

namespace kintsugi {
namespace {

template <class T>
Master master(const char* kind, std::string id, const OrganisationId& owner, const T& value) {
  return {.kind = kind, .id = std::move(id), .tenant = owner.text(), .body = to_json_text(value), .salt = {}};
}

// One list of the file; `row` makes the master of an entry.
template <class T, class Row>
void read_list(const Json& file, const char* name, MastersRead& out, Row row) {
  const auto list = file.find(name);
  if (list == file.end()) return;
  if (!list->is_array()) {
    out.mistakes.push_back(std::string("/") + name + " must be a list");
    return;
  }
  std::size_t i = 0;
  for (const Json& one : *list) {
    const std::string place = std::string("/") + name + "/" + std::to_string(i++);
    T value{};
    if (const auto done = read_json(one, value, place); !done)
      out.mistakes.push_back(done.error().what);
    else
      out.masters.push_back(row(value));
  }
}

template <class Id>
void demand_id(const Id& id, const char* prefix, const char* kind, std::vector<std::string>& mistakes) {
  const std::string& text = id.text();
  const std::size_t length = std::string_view(prefix).size();
  if (!text.starts_with(prefix) || !is_crockford(std::string_view(text).substr(std::min(length, text.size()))))
    mistakes.push_back(std::string(kind) + " '" + text + "': the id must be " + prefix + " and 26 characters");
}

}  // namespace

MastersRead read_masters(const std::filesystem::path& path, Instant now, Entropy& entropy) {
  MastersRead out;
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  const Json file = Json::parse(text.str(), nullptr, false);
  if (!in || !file.is_object()) {
    out.mistakes.push_back(path.string() + " is not a JSON object");
    return out;
  }
  constexpr std::string_view known[] = {"organisations", "people",  "access_points", "devices",
                                        "contracts",     "rosters", "duties",        "policies"};
  for (const auto& [name, list] : file.items())
    if (std::find(std::begin(known), std::end(known), name) == std::end(known))
      out.mistakes.push_back("/" + name + " is not known");

  auto& mistakes = out.mistakes;
  read_list<Organisation>(file, "organisations", out, [&](const Organisation& one) {
    demand_id(one.id, "org_", "organisation", mistakes);
    for (const Mistake& mistake : mistakes_in(one.calendar))
      mistakes.push_back(one.id.text() + ": calendar: " + to_text(mistake));
    return master("organisation", one.id.text(), one.id, one);
  });
  read_list<Person>(file, "people", out, [&](const Person& one) {
    demand_id(one.id, "person_", "person", mistakes);
    return master("person", one.id.text(), one.employer, one);
  });
  read_list<AccessPoint>(file, "access_points", out, [&](const AccessPoint& one) {
    demand_id(one.id, "ap_", "access point", mistakes);
    return master("access_point", one.id.text(), one.owner, one);
  });
  read_list<Device>(file, "devices", out, [&](const Device& one) {
    demand_id(one.id, "device_", "device", mistakes);
    return master("device", one.id.text(), one.tenant, one);
  });
  read_list<Contract>(file, "contracts", out, [&](const Contract& one) {
    demand_id(one.id, "contract_", "contract", mistakes);
    return master("contract", one.id.text(), one.tenant, one);
  });
  read_list<Roster>(file, "rosters", out, [&](const Roster& one) {
    demand_id(one.id, "roster_", "roster", mistakes);
    for (const std::string& mistake : mistakes_in(one))
      mistakes.push_back(one.id.text() + ": " + mistake);
    return master("roster", one.id.text(), one.at, one);
  });
  const Digest chance = entropy.digest();
  unsigned count = 0;
  read_list<Duty>(file, "duties", out, [&](const Duty& one) {
    return master("duty", new_id_text("duty", now, chance, count++), one.at, one);
  });
  read_list<Policy>(file, "policies", out, [&](const Policy& one) {
    for (const Mistake& mistake : mistakes_in(one))
      mistakes.push_back("policy of " + one.tenant.text() + ": " + to_text(mistake));
    return master("policy", one.tenant.text() + "/" + std::to_string(one.version), one.tenant, one);
  });
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

#pragma once

#include "engine/domain/directory.h"

#include <string>
#include <string_view>
#include <vector>

// The room of the registry's rules: what masters may look like, who may change which, what a change would do. Pure
// functions over values; whoever stores anything asks here first, whichever way it came.
namespace kintsugi {

enum class MasterKind { organisation, site, person, access_point, device, contract, roster, duty, policy };
constexpr auto names_of(MasterKind) {
  using enum MasterKind;
  return names<MasterKind>({{organisation, "organisation"},
                            {site, "site"},
                            {person, "person"},
                            {access_point, "access_point"},
                            {device, "device"},
                            {contract, "contract"},
                            {roster, "roster"},
                            {duty, "duty"},
                            {policy, "policy"}});
}

// Some masters, a list for each kind: what a file holds, and what a change puts in place of what is there. What it
// does not name stays as it is. `retire` names masters that end now; it is resolved by complete().
struct Masters {
  std::vector<Organisation> organisations;
  std::vector<Site> sites;
  std::vector<Person> people;
  std::vector<AccessPoint> access_points;
  std::vector<Device> devices;
  std::vector<Contract> contracts;
  std::vector<Roster> rosters;
  std::vector<Duty> duties;
  std::vector<Policy> policies;
  std::vector<std::string> retire;

  bool empty() const;
  auto operator<=>(const Masters&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("organisations", &Masters::organisations),
                      field("sites", &Masters::sites),
                      field("people", &Masters::people),
                      field("access_points", &Masters::access_points),
                      field("devices", &Masters::devices),
                      field("contracts", &Masters::contracts),
                      field("rosters", &Masters::rosters),
                      field("duties", &Masters::duties),
                      field("policies", &Masters::policies),
                      field("retire", &Masters::retire)};
  }
};

// How each kind is called, in a file, in the API's paths and before its ids, and where it stands.
template <class T>
struct MasterList {
  using Value = T;
  MasterKind kind;
  std::string_view name;    // access_points
  std::string_view prefix;  // ap_
  std::vector<T> Masters::*at;
};
inline constexpr std::tuple master_lists{
    MasterList<Organisation>{MasterKind::organisation, "organisations", "org_", &Masters::organisations},
    MasterList<Site>{MasterKind::site, "sites", "site_", &Masters::sites},
    MasterList<Person>{MasterKind::person, "people", "person_", &Masters::people},
    MasterList<AccessPoint>{MasterKind::access_point, "access_points", "ap_", &Masters::access_points},
    MasterList<Device>{MasterKind::device, "devices", "device_", &Masters::devices},
    MasterList<Contract>{MasterKind::contract, "contracts", "contract_", &Masters::contracts},
    MasterList<Roster>{MasterKind::roster, "rosters", "roster_", &Masters::rosters},
    MasterList<Duty>{MasterKind::duty, "duties", "duty_", &Masters::duties},
    MasterList<Policy>{MasterKind::policy, "policies", "org_", &Masters::policies}};
template <class Work>
constexpr void for_each_list(Work work) {
  std::apply([&](const auto&... list) { (work(list), ...); }, master_lists);
}

// The id under which it is stored, and the organisation whose it is. A policy's is `<hospital>.<version>`.
template <class T>
std::string id_of(const T& one) {
  return one.id.text();
}
std::string id_of(const Policy& one);
OrganisationId owner_of(const Organisation& one);
OrganisationId owner_of(const Site& one);
OrganisationId owner_of(const Person& one);
OrganisationId owner_of(const AccessPoint& one);
OrganisationId owner_of(const Device& one);
OrganisationId owner_of(const Contract& one);  // the hospital; it takes the other side too
OrganisationId owner_of(const Roster& one);
OrganisationId owner_of(const Duty& one);
OrganisationId owner_of(const Policy& one);

// The one with the same id; null if there is none.
const Organisation* stored(const Directory& directory, const Organisation& one);
const Site* stored(const Directory& directory, const Site& one);
const Person* stored(const Directory& directory, const Person& one);
const AccessPoint* stored(const Directory& directory, const AccessPoint& one);
const Device* stored(const Directory& directory, const Device& one);
const Contract* stored(const Directory& directory, const Contract& one);
const Roster* stored(const Directory& directory, const Roster& one);
const Duty* stored(const Directory& directory, const Duty& one);
const Policy* stored(const Directory& directory, const Policy& one);

// Everything that the directory holds, each list by id.
Masters all_of(const Directory& directory);
// The directory as it is after the change.
Directory changed(const Directory& directory, const Masters& change);

// The change without the entries that stand there already, word for word.
Masters without_unchanged(const Directory& directory, const Masters& change);

// Masters from JSON, a list for each kind; every entry that cannot be read is a mistake with its place.
Masters read_masters(const Json& file, std::vector<Mistake>& mistakes);
// One of them, from an object that is at `place`. What is wrong with its form goes to `mistakes`, and then it is
// false.
template <class T>
bool read_master(const Json& json, T& out, const std::string& place, std::vector<Mistake>& mistakes);

}  // namespace kintsugi

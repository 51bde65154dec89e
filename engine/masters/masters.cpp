#include "engine/masters/masters.h"

#include "engine/base/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace kintsugi {
namespace {

Mistake of_form(const std::string& what, const std::string& place) {
  const auto found = what.find(" must be ");
  if (found == std::string::npos) return {place, "読み取れません: " + what, what};
  const std::string en = what.substr(found + 1);
  return {what.substr(0, found), in_japanese(en, {form_wordings()}), en};
}

template <class T>
void name_strangers(const Json& json, const std::string& place, std::vector<Mistake>& mistakes) {
  for (const auto& [name, value] : json.items()) {
    const auto is = [&](const auto&... one) { return ((one.name == name) || ...); };
    if (!std::apply(is, T::fields()))
      mistakes.push_back({place + "/" + name, "この種類のマスタにない項目です。消すか、綴りを直してください",
                          "is no member of this kind of master; take it out or correct its spelling"});
  }
}

template <class T, class Map>
void copy(const Map& map, std::vector<T>& out) {
  for (const auto& [id, one] : map)
    out.push_back(one);
}

}  // namespace

bool Masters::empty() const {
  bool none = retire.empty();
  for_each_list([&](const auto& list) { none = none && (this->*list.at).empty(); });
  return none;
}

std::string id_of(const Policy& one) {
  return one.tenant.text() + "." + std::to_string(one.version);
}
OrganisationId owner_of(const Organisation& one) {
  return one.id;
}
OrganisationId owner_of(const Site& one) {
  return one.organisation;
}
OrganisationId owner_of(const Person& one) {
  return one.employer;
}
OrganisationId owner_of(const AccessPoint& one) {
  return one.owner;
}
OrganisationId owner_of(const Device& one) {
  return one.tenant;
}
OrganisationId owner_of(const Contract& one) {
  return one.tenant;
}
OrganisationId owner_of(const Roster& one) {
  return one.at;
}
OrganisationId owner_of(const Duty& one) {
  return one.at;
}
OrganisationId owner_of(const Policy& one) {
  return one.tenant;
}

const Organisation* stored(const Directory& directory, const Organisation& one) {
  return directory.organisation(one.id);
}
const Site* stored(const Directory& directory, const Site& one) {
  return directory.site(one.id);
}
const Person* stored(const Directory& directory, const Person& one) {
  return directory.person(one.id);
}
const AccessPoint* stored(const Directory& directory, const AccessPoint& one) {
  return directory.access_point(one.id);
}
const Device* stored(const Directory& directory, const Device& one) {
  return directory.device(one.id);
}
const Contract* stored(const Directory& directory, const Contract& one) {
  return directory.contract(one.id);
}
const Roster* stored(const Directory& directory, const Roster& one) {
  const auto found = directory.rosters().find(one.id);
  return found == directory.rosters().end() ? nullptr : &found->second;
}
const Duty* stored(const Directory& directory, const Duty& one) {
  return directory.duty(one.id);
}
const Policy* stored(const Directory& directory, const Policy& one) {
  const auto found = directory.policies().find(std::pair(one.tenant, one.version));
  return found == directory.policies().end() ? nullptr : &found->second;
}

Masters all_of(const Directory& directory) {
  Masters out;
  copy(directory.organisations(), out.organisations);
  copy(directory.sites(), out.sites);
  copy(directory.people(), out.people);
  copy(directory.access_points(), out.access_points);
  copy(directory.devices(), out.devices);
  copy(directory.contracts(), out.contracts);
  copy(directory.rosters(), out.rosters);
  for (const auto& [id, organisation] : directory.organisations())
    out.duties.insert(out.duties.end(), directory.duties_of(id).begin(), directory.duties_of(id).end());
  std::ranges::sort(out.duties, {}, &Duty::id);
  copy(directory.policies(), out.policies);
  return out;
}

Directory changed(const Directory& directory, const Masters& change) {
  Directory out = directory;
  for_each_list([&](const auto& list) {
    for (const auto& one : change.*list.at)
      out.put(one);
  });
  return out;
}

Masters without_unchanged(const Directory& directory, const Masters& change) {
  Masters out;
  for_each_list([&](const auto& list) {
    for (const auto& one : change.*list.at)
      if (const auto* before = stored(directory, one); before == nullptr || *before != one)
        (out.*list.at).push_back(one);
  });
  return out;
}

template <class T>
bool read_master(const Json& json, T& out, const std::string& place, std::vector<Mistake>& mistakes) {
  const auto before = mistakes.size();
  if (json.is_object()) name_strangers<T>(json, place, mistakes);
  if (const auto done = read_json(json, out, place); !done && mistakes.size() == before)
    mistakes.push_back(of_form(done.error().what, place));
  return mistakes.size() == before;
}
template bool read_master(const Json&, Organisation&, const std::string&, std::vector<Mistake>&);
template bool read_master(const Json&, Site&, const std::string&, std::vector<Mistake>&);
template bool read_master(const Json&, Person&, const std::string&, std::vector<Mistake>&);
template bool read_master(const Json&, AccessPoint&, const std::string&, std::vector<Mistake>&);
template bool read_master(const Json&, Device&, const std::string&, std::vector<Mistake>&);
template bool read_master(const Json&, Contract&, const std::string&, std::vector<Mistake>&);
template bool read_master(const Json&, Roster&, const std::string&, std::vector<Mistake>&);
template bool read_master(const Json&, Duty&, const std::string&, std::vector<Mistake>&);
template bool read_master(const Json&, Policy&, const std::string&, std::vector<Mistake>&);

Masters read_masters(const Json& file, std::vector<Mistake>& mistakes) {
  Masters out;
  if (!file.is_object()) {
    mistakes.push_back(
        {"", "種類ごとのリストを持つ項目の組にしてください", "must be an object with a list for each kind"});
    return out;
  }
  name_strangers<Masters>(file, "", mistakes);
  for_each_list([&](const auto& list) {
    const auto found = file.find(list.name);
    if (found == file.end()) return;
    const std::string place = fmt::format("/{}", list.name);
    if (!found->is_array()) return mistakes.push_back({place, "リストにしてください", "must be a list"});
    // An entry that cannot be read keeps its place, so that the places of the others stay right.
    auto& into = out.*list.at;
    for (const Json& one : *found) {
      into.emplace_back();
      read_master(one, into.back(), fmt::format("{}/{}", place, into.size() - 1), mistakes);
    }
  });
  if (const auto retire = file.find("retire"); retire != file.end())
    if (const auto done = read_json(*retire, out.retire, "/retire"); !done)
      mistakes.push_back(of_form(done.error().what, "/retire"));
  return out;
}

}  // namespace kintsugi

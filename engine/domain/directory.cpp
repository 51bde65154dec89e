#include "engine/domain/directory.h"

#include <algorithm>

namespace kintsugi {
namespace {

template <class Map, class Key>
auto* find(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

bool holds(Instant from, Instant until, Instant when) {
  return from <= when && (until == Instant{} || when < until);
}

// Who stands in for somebody does so from one date to another; without both he does not (2.3: named and dated).
bool stands_in(const Deputy& deputy, Instant when) {
  return deputy.from != Instant{} && deputy.until != Instant{} && holds(deputy.from, deputy.until, when);
}

bool has_left(const Person& person, Instant when) {
  return person.left_at != Instant{} && person.left_at <= when;
}

const RoleHeld* own_role(const Person& person, Role role, const OrganisationId& at, Instant when) {
  const auto found = std::ranges::find_if(person.roles, [&](const RoleHeld& held) {
    return held.role == role && held.at == at && holds(held.from, held.until, when);
  });
  return found == person.roles.end() ? nullptr : &*found;
}

std::string serial_key(const OrganisationId& tenant, std::string_view serial) {
  return tenant.text() + "\n" + std::string(serial);
}

void add_once(std::vector<PersonId>& list, const PersonId& id) {
  const auto place = std::ranges::lower_bound(list, id);
  if (place == list.end() || *place != id) list.insert(place, id);
}

}  // namespace

void Directory::put(Organisation one) {
  organisations_[one.id] = std::move(one);
}

void Directory::put(Site one) {
  sites_[one.id] = std::move(one);
}

void Directory::put(Person one) {
  if (const Person* before = person(one.id)) people_by_mail_.erase(before->mail);
  if (!one.mail.empty()) people_by_mail_[one.mail] = one.id;
  for (const RoleHeld& held : one.roles)
    add_once(people_at_[held.at], one.id);
  for (const Deputy& deputy : one.deputies)
    add_once(people_at_[deputy.at], deputy.person);
  people_[one.id] = std::move(one);
}

void Directory::put(AccessPoint one) {
  access_points_[one.id] = std::move(one);
}

void Directory::put(Device one) {
  if (const Device* before = device(one.id)) devices_by_serial_.erase(serial_key(before->tenant, before->serial));
  devices_by_serial_[serial_key(one.tenant, one.serial)] = one.id;
  devices_[one.id] = std::move(one);
}

void Directory::put(Contract one) {
  if (const Contract* before = contract(one.id))
    for (const DeviceId& id : before->devices)
      std::erase(contracts_by_device_[id], one.id);
  if (!one.is_proposed())
    for (const DeviceId& id : one.devices)
      contracts_by_device_[id].push_back(one.id);
  contracts_[one.id] = std::move(one);
}

void Directory::put(Roster one) {
  rosters_[one.id] = std::move(one);
}

void Directory::put(Duty one) {
  auto& here = duties_[one.at];
  const auto place =
      std::ranges::find_if(here, [&](const Duty& old) { return one.id.empty() ? old == one : old.id == one.id; });
  if (place == here.end())
    here.push_back(std::move(one));
  else
    *place = std::move(one);
}

void Directory::put(Webhook one) {
  webhooks_[one.id] = std::move(one);
}

void Directory::put(Integration one) {
  integrations_[one.id] = std::move(one);
}

void Directory::put(Policy one) {
  const auto key = std::pair(one.tenant, one.version);
  policies_[key] = std::move(one);
}

const Organisation* Directory::organisation(const OrganisationId& id) const {
  return find(organisations_, id);
}
const Site* Directory::site(const SiteId& id) const {
  return find(sites_, id);
}
const Person* Directory::person(const PersonId& id) const {
  return find(people_, id);
}
const AccessPoint* Directory::access_point(const AccessPointId& id) const {
  return find(access_points_, id);
}
const Device* Directory::device(const DeviceId& id) const {
  return find(devices_, id);
}
const Contract* Directory::contract(const ContractId& id) const {
  return find(contracts_, id);
}

const Duty* Directory::duty(const DutyId& id) const {
  for (const auto& [at, here] : duties_)
    if (const auto found = std::ranges::find(here, id, &Duty::id); found != here.end()) return &*found;
  return nullptr;
}

const Webhook* Directory::webhook(const WebhookId& id) const {
  return find(webhooks_, id);
}
const Integration* Directory::integration(const IntegrationId& id) const {
  return find(integrations_, id);
}

const Contract* Directory::contract_of(const DeviceId& id, Instant at) const {
  if (const auto* ids = find(contracts_by_device_, id))
    for (const ContractId& one : *ids)
      if (const Contract* found = contract(one); found != nullptr && holds(found->from, found->until, at))
        return found;
  return nullptr;
}

const Device* Directory::device_by_serial(const OrganisationId& tenant, std::string_view serial) const {
  const auto* id = find(devices_by_serial_, serial_key(tenant, serial));
  return id == nullptr ? nullptr : device(*id);
}

const Person* Directory::person_by_mail(std::string_view mail) const {
  const auto* id = find(people_by_mail_, mail);
  return id == nullptr ? nullptr : person(*id);
}

const Policy& Directory::policy_of(const OrganisationId& tenant) const {
  const Organisation* hospital = organisation(tenant);
  return policy_of(tenant, hospital == nullptr ? 0 : hospital->policy_version);
}

const Policy& Directory::policy_of(const OrganisationId& tenant, int version) const {
  static const Policy built_in;
  const Policy* found = find(policies_, std::pair(tenant, version));
  return found == nullptr ? built_in : *found;
}

std::vector<Role> Directory::roles_of(const Person& person, const OrganisationId& at, Instant when) const {
  std::vector<Role> out;
  if (has_left(person, when)) return out;
  const auto add = [&](Role role) {
    if (!std::ranges::count(out, role)) out.push_back(role);
  };
  for (const RoleHeld& held : person.roles)
    if (held.at == at && holds(held.from, held.until, when)) add(held.role);
  if (const auto* here = find(people_at_, at))
    for (const PersonId& id : *here)
      if (const Person* other = this->person(id))
        for (const Deputy& deputy : other->deputies)
          if (deputy.person == person.id && deputy.at == at && stands_in(deputy, when) && !has_left(*other, when) &&
              own_role(*other, deputy.role, at, when) != nullptr)
            add(deputy.role);
  return out;
}

std::optional<PersonId> Directory::deputises_for(const Person& person, Role role, const OrganisationId& at,
                                                 Instant when) const {
  if (own_role(person, role, at, when) != nullptr) return std::nullopt;
  if (const auto* here = find(people_at_, at))
    for (const PersonId& id : *here)
      if (const Person* other = this->person(id))
        for (const Deputy& deputy : other->deputies)
          if (deputy.person == person.id && deputy.role == role && deputy.at == at && stands_in(deputy, when) &&
              !has_left(*other, when) && own_role(*other, role, at, when) != nullptr)
            return other->id;
  return std::nullopt;
}

bool Directory::belongs_to(const Person& person, Role role, const OrganisationId& at, Instant when) const {
  if (person.employer == at) return true;
  const RoleHeld* held = own_role(person, role, at, when);
  const Organisation* employer = organisation(person.employer);
  // Vendor staff never count as the hospital's, whatever somebody has ticked.
  const bool vendor = employer != nullptr && employer->side == Side::rsc;
  return held != nullptr && held->appointed_agent && !vendor;
}

bool Directory::stands_for(const Person& person, Role role, const OrganisationId& at, Instant when) const {
  return deputises_for(person, role, at, when) ? person.employer == at : belongs_to(person, role, at, when);
}

std::vector<PersonId> Directory::holders(Role role, const OrganisationId& at, Instant when) const {
  std::vector<PersonId> out;
  if (const auto* here = find(people_at_, at))
    for (const PersonId& id : *here)
      if (const Person* one = person(id))
        if (std::ranges::count(roles_of(*one, at, when), role)) out.push_back(id);
  return out;
}

const std::vector<Duty>& Directory::duties_of(const OrganisationId& at) const {
  static const std::vector<Duty> none;
  const auto* here = find(duties_, at);
  return here == nullptr ? none : *here;
}

template void write_json(std::string&, const Organisation&);
template Result<> read_json(const Json&, Organisation&, const std::string&);
template void write_json(std::string&, const Site&);
template Result<> read_json(const Json&, Site&, const std::string&);
template void write_json(std::string&, const Person&);
template Result<> read_json(const Json&, Person&, const std::string&);
template void write_json(std::string&, const AccessPoint&);
template Result<> read_json(const Json&, AccessPoint&, const std::string&);
template void write_json(std::string&, const Device&);
template Result<> read_json(const Json&, Device&, const std::string&);
template void write_json(std::string&, const Contract&);
template Result<> read_json(const Json&, Contract&, const std::string&);
template void write_json(std::string&, const Roster&);
template Result<> read_json(const Json&, Roster&, const std::string&);
template void write_json(std::string&, const Duty&);
template Result<> read_json(const Json&, Duty&, const std::string&);
template void write_json(std::string&, const Webhook&);
template Result<> read_json(const Json&, Webhook&, const std::string&);
template void write_json(std::string&, const Integration&);
template Result<> read_json(const Json&, Integration&, const std::string&);

}  // namespace kintsugi

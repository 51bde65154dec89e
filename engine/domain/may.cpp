#include "engine/domain/may.h"

#include <algorithm>

namespace kintsugi {
namespace {

using enum Role;

const std::vector<Role> administrators{hcf_sysadm, rsc_mgr};
const std::vector<Role> operators{hcf_sysadm, hcf_netadm, rsc_netadm, rsc_mgr};

const AuthorityRow rows[] = {
    {Act::read_case, {Standing::employee, Standing::office, Standing::machine}, {}},
    {Act::read_document, {Standing::employee, Standing::office}, {}},
    {Act::read_unjudged, {}, {hcf_priv, hcf_sysadm, hcf_clin}, true},
    {Act::read_patient_data, {}, {hcf_clin, hcf_sysadm, hcf_netadm, hcf_priv, hcf_sec, hcf_duty}, true},
    {Act::read_outbox, {}, operators},
    {Act::redrive, {}, operators},
    {Act::read_trail, {Standing::office}, {}},
    {Act::read_masters, {Standing::employee, Standing::office}, {}},
    {Act::change_masters, {}, administrators},
    {Act::read_person, {Standing::himself}, administrators},
    {Act::administer_person, {}, administrators},
    {Act::administer_device, {}, {hcf_sysadm, hcf_netadm}},
    {Act::administer_point, {}, {hcf_netadm, hcf_sysadm, rsc_netadm, rsc_mgr}},
    {Act::administer_webhooks, {}, administrators},
    {Act::read_health, {}, operators},
};

const AuthorityRow* row_of(Act act) {
  const auto row = std::ranges::find(rows, act, &AuthorityRow::act);
  return row == std::end(rows) ? nullptr : &*row;
}

bool is_engine(const Actor& actor) {
  return actor.kind == sys && actor.org.empty();
}

bool is_of(const OrganisationId& one, const Matter& matter) {
  return !one.empty() && (one == matter.tenant || one == matter.rsc);
}

bool stands(Standing standing, const Directory& directory, const Actor& actor, const Person* person,
            const Matter& matter, Instant now) {
  switch (standing) {
    case Standing::employee: return person != nullptr && is_of(actor.org, matter);
    case Standing::office: {
      const auto holds_any = [&](const OrganisationId& at) {
        return !at.empty() && !directory.roles_of(*person, at, now).empty();
      };
      return person != nullptr && (holds_any(matter.tenant) || holds_any(matter.rsc));
    }
    case Standing::himself: return person != nullptr && person->id == matter.person;
    case Standing::machine:
      if (actor.kind == Role::device) return !matter.device.empty() && actor.id == matter.device.text();
      return actor.kind == sys && !matter.point.empty() && actor.id == matter.point.text();
  }
  return false;
}

bool holds(const Directory& directory, const Person& person, Role role, const Matter& matter, Instant now) {
  const auto at = [&](const OrganisationId& where) {
    return !where.empty() && std::ranges::count(directory.roles_of(person, where, now), role) > 0;
  };
  if (matter.tenant.empty() && matter.rsc.empty())
    return std::ranges::any_of(directory.organisations(), [&](const auto& one) { return at(one.first); });
  if (side_of(role) == Side::system) return at(matter.tenant) || at(matter.rsc);
  return at(side_of(role) == Side::hcf ? matter.tenant : matter.rsc);
}

}  // namespace

Matter matter_of(const CaseFile& file) {
  return {.tenant = file.tenant, .rsc = file.rsc, .device = file.device, .point = {}, .person = {}};
}

Act reading_of(const CaseFile& file, const DocumentId& document, std::string_view place) {
  if (is_original(place)) return Act::read_unjudged;
  if (!is_attachment(place)) return Act::read_document;
  const Attachment* one = attachment_of(file, document);
  if (one == nullptr || !one->is_judged()) return Act::read_unjudged;
  return one->phi == Phi::none ? Act::read_document : Act::read_patient_data;
}

Matter matter_of(const Directory& directory, const OrganisationId& organisation) {
  const Organisation* known = directory.organisation(organisation);
  const bool centre = known != nullptr && known->side == Side::rsc;
  return {.tenant = centre ? OrganisationId{} : organisation,
          .rsc = centre ? organisation : OrganisationId{},
          .device = {},
          .point = {},
          .person = {}};
}

Matter matter_of(const Directory& directory, const Person& person) {
  Matter out = matter_of(directory, person.employer);
  out.person = person.id;
  return out;
}

Matter matter_of(const Device& device) {
  return {.tenant = device.tenant, .rsc = {}, .device = device.id, .point = {}, .person = {}};
}

Matter matter_of(const Directory& directory, const AccessPoint& point) {
  Matter out = matter_of(directory, point.owner);
  out.point = point.id;
  return out;
}

Permission may(const Directory& directory, const Actor& actor, Act act, const Matter& matter, Instant now) {
  if (is_engine(actor)) return {.granted = true, .as = sys, .instead = {}};
  const AuthorityRow* row = row_of(act);
  if (row == nullptr) return {};
  const Person* person = directory.person(actor.person);
  if (person != nullptr && person->left_at != Instant{} && person->left_at <= now) person = nullptr;
  if (person != nullptr)
    for (const Role role : row->roles)
      if (holds(directory, *person, role, matter, now) &&
          (!row->own_people || directory.stands_for(*person, role, matter.tenant, now)))
        return {.granted = true, .as = role, .instead = {}};
  for (const Standing standing : row->standings)
    if (stands(standing, directory, actor, person, matter, now)) return {.granted = true, .as = none, .instead = {}};
  return {.granted = false, .as = none, .instead = row->roles};
}

std::span<const AuthorityRow> authority() {
  return rows;
}

const std::vector<Role>& roles_for(Act act) {
  static const std::vector<Role> nobody;
  const AuthorityRow* row = row_of(act);
  return row == nullptr ? nobody : row->roles;
}

}  // namespace kintsugi

#include "engine/run/queries.h"

#include "engine/domain/may.h"

#include <algorithm>

namespace kintsugi {

bool Queries::sees(const Actor& actor, const CaseFile& file) const {
  return may(*conductor_.directory(), actor, Act::read_case, matter_of(file), clock_.now()).granted;
}

Result<std::shared_ptr<const CaseFile>> Queries::file_of(const Actor& actor, const CaseId& id) {
  auto file = conductor_.case_file(id);
  if (file && !sees(actor, **file)) return fail(Errc::NotFound, "no case " + id.text());
  return file;
}

Result<Queries::CaseView> Queries::case_of(const Actor& actor, const CaseId& id) {
  auto found = file_of(actor, id);
  if (!found) return pass(found);
  const CaseFile& file = **found;
  auto documents = store_.documents_of(id);
  if (!documents) return pass(documents);

  std::vector<CaseBrief> same_device;
  if (!file.device.empty()) {
    CaseFilter filter;
    filter.tenant = file.tenant;
    filter.device = file.device;
    filter.open = true;
    auto others = store_.list_cases(filter);
    if (!others) return pass(others);
    std::erase_if(*others, [&](const CaseBrief& one) { return one.id == id; });
    same_device = std::move(*others);
  }
  const auto directory = conductor_.directory();
  Event asking;
  asking.case_id = id;
  asking.actor = actor;
  asking.at = clock_.now();

  CaseView out;
  out.actions = workflow_.actions({.file = file,
                                   .event = asking,
                                   .directory = *directory,
                                   .policy = directory->policy_of(file.tenant, file.policy_version),
                                   .same_device = same_device,
                                   .audit_working = true,
                                   .target = nullptr});
  out.documents = std::move(*documents);
  out.file = std::move(*found);
  return out;
}

Result<std::vector<CaseBrief>> Queries::cases_of(const Actor& actor, CaseFilter filter) {
  if (actor.kind == Role::sys && actor.org.empty()) return store_.list_cases(filter);
  const auto directory = conductor_.directory();
  if (actor.kind == Role::device) {
    filter.device = DeviceId{actor.id};
    filter.tenant = actor.org;
    return store_.list_cases(filter);
  }
  const Organisation* employer = directory->organisation(actor.org);
  if (employer == nullptr) return std::vector<CaseBrief>{};
  OrganisationId& own = employer->side == Side::rsc ? filter.rsc : filter.tenant;
  if (!own.empty() && own != actor.org) {
    // Somebody who works for the one and holds a role at the other sees what belongs to both.
    const Person* person = directory->person(actor.person);
    if (person == nullptr || directory->roles_of(*person, own, clock_.now()).empty()) return std::vector<CaseBrief>{};
    return store_.list_cases(filter);
  }
  own = actor.org;
  return store_.list_cases(filter);
}

}  // namespace kintsugi

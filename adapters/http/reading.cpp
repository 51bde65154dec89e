#include "adapters/http/reading.h"

#include "adapters/http/limits.h"
#include "engine/audit/record.h"
#include "engine/base/log.h"

namespace kintsugi::http {

Result<> Readings::of_document(const Actor& actor, const CaseFile& file, const Document& document) {
  return conductor_.record("document.read", file.tenant, actor, role_of(actor, file.tenant, file.rsc),
                           {{"count", 1}, {"document", audit::record_id(document.id.text())}},
                           {.case_id = file.id, .document = &document});
}

void Readings::note_refusal(const Actor& actor, const CaseFile& file, const Document& document,
                            const std::string& check) {
  const auto done = conductor_.record(
      "refused", file.tenant, actor, role_of(actor, file.tenant, file.rsc),
      {{"event", "read_document"}, {"check", check}, {"document", audit::record_id(document.id.text())}},
      {.case_id = file.id, .document = nullptr});
  if (!done) log::http().warn("a refused reading was not recorded: {}", done.error().what);
}

void Readings::note_case(const Actor& actor, const CaseFile& file) {
  note("case.read", actor, file.tenant, file.rsc, file.id.text(), {}, {.case_id = file.id});
}

void Readings::note_trail(const Actor& actor, const OrganisationId& hospital, std::int64_t size) {
  note("audit.read", actor, hospital, {}, hospital.text(), {{"count", size}}, {});
}

void Readings::note(const char* event, const Actor& actor, const OrganisationId& hospital,
                    const OrganisationId& centre, const std::string& what, std::map<std::string, Json> x,
                    const About& about) {
  const Look look{actor.person, event + (" " + what)};
  if (is_noted(look)) return;
  const auto done = conductor_.record(event, hospital, actor, role_of(actor, hospital, centre), std::move(x), about);
  if (!done) return log::http().warn("{} was not recorded: {}", event, done.error().what);
  const std::scoped_lock lock(mutex_);
  if (noted_.size() < looks_remembered_max) noted_.insert(look);
}

bool Readings::is_noted(const Look& look) {
  const Instant hour = std::chrono::floor<std::chrono::hours>(clock_.now());
  const std::scoped_lock lock(mutex_);
  if (hour != std::exchange(hour_, hour)) noted_.clear();
  return noted_.contains(look);
}

// The role in which he may look: at the hospital, or else at the service centre.
Role Readings::role_of(const Actor& actor, const OrganisationId& hospital, const OrganisationId& centre) const {
  const auto directory = conductor_.directory();
  const Person* person = directory->person(actor.person);
  if (person == nullptr) return Role::auditor;
  const Instant now = clock_.now();
  auto roles = directory->roles_of(*person, hospital, now);
  if (roles.empty()) roles = directory->roles_of(*person, centre, now);
  return roles.empty() ? Role::auditor : roles.front();
}

}  // namespace kintsugi::http

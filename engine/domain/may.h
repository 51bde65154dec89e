#pragma once

#include "engine/domain/case_file.h"
#include "engine/domain/directory.h"
#include "engine/domain/event.h"

#include <span>
#include <vector>

// Who may do what, for everything that is not an event of a case. Events are decided by the checks of the workflow's
// rows, which are the other half of it. What stands in no row of `authority()` nobody may do.
namespace kintsugi {

enum class Act {
  read_case,
  read_document,
  read_unjudged,  // an attachment that nobody has judged, a mail as it was received: patient data may be in it (I11)
  read_patient_data,  // an attachment that was judged to hold some
  read_outbox,        // effects of a case and how their delivery went
  redrive,
  read_trail,
  read_masters,  // of an organisation
  change_masters,
  read_person,          // his sign-ins, credentials, pledge and training
  administer_person,    // invite, end sign-ins, new codes, report that he has left
  administer_device,    // tokens and certificates of a device
  administer_point,     // tokens and certificates of an access point
  administer_webhooks,  // of an organisation
  read_health,          // of this engine: queues, store, log, deliveries
};
constexpr auto names_of(Act) {
  using enum Act;
  return names<Act>({{read_case, "read_case"},
                     {read_document, "read_document"},
                     {read_unjudged, "read_unjudged"},
                     {read_patient_data, "read_patient_data"},
                     {read_outbox, "read_outbox"},
                     {redrive, "redrive"},
                     {read_trail, "read_trail"},
                     {read_masters, "read_masters"},
                     {change_masters, "change_masters"},
                     {read_person, "read_person"},
                     {administer_person, "administer_person"},
                     {administer_device, "administer_device"},
                     {administer_point, "administer_point"},
                     {administer_webhooks, "administer_webhooks"},
                     {read_health, "read_health"}});
}

// What it is done to, as far as authority asks. A role of the hospital's side counts at `tenant`, one of the service
// centre's at `rsc`; a matter of no organisation (this engine) leaves both empty, and then the role counts wherever
// it is held.
struct Matter {
  OrganisationId tenant;
  OrganisationId rsc;
  DeviceId device;
  AccessPointId point;
  PersonId person;
};
Matter matter_of(const CaseFile& file);
// What it is to read this document of the case: whatever is an attachment and has no judgement in the case file
// counts as not judged.
Act reading_of(const CaseFile& file, const DocumentId& document, std::string_view place);
// Its hospital's or centre's own: masters, people, webhooks, access points.
Matter matter_of(const Directory& directory, const OrganisationId& organisation);
// His employer's, and his own.
Matter matter_of(const Directory& directory, const Person& person);
Matter matter_of(const Device& device);
Matter matter_of(const Directory& directory, const AccessPoint& point);

struct Permission {
  bool granted = false;
  Role as = Role::none;       // the role that gave it; none: as employee, as himself, as the machine it is about
  std::vector<Role> instead;  // who may, when he may not
  explicit operator bool() const { return granted; }
};

// Decided on the directory as it stands: a role counts while it is dated, a deputy's like his own, and nothing counts
// for somebody who has left.
Permission may(const Directory& directory, const Actor& actor, Act act, const Matter& matter, Instant now);

// ---- the table ----------------------------------------------------------------------------------------------

// Ways to be allowed that are no role.
enum class Standing {
  employee,  // works for the hospital or the centre that the matter belongs to
  office,    // holds any role there
  himself,   // the person whom it is about
  machine,   // the device or access point that it is about
};
constexpr auto names_of(Standing) {
  using enum Standing;
  return names<Standing>({{employee, "employee"}, {office, "office"}, {himself, "himself"}, {machine, "machine"}});
}
struct AuthorityRow {
  Act act{};
  std::vector<Standing> standings;
  std::vector<Role> roles;
  bool own_people =
      false;  // a role counts only for the hospital's own people: employed, or appointed in writing (F15)
};
// One row for each act. docs/rules.md prints it, and a test compares the two.
std::span<const AuthorityRow> authority();
// The roles of an act's row.
const std::vector<Role>& roles_for(Act act);

}  // namespace kintsugi

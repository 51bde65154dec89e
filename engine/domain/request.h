#pragma once

#include "engine/base/digest.h"
#include "engine/base/fields.h"
#include "engine/domain/ids.h"
#include "engine/domain/role.h"
#include "engine/domain/window.h"

#include <string>
#include <vector>

// Step 2: what somebody wants to do inside the hospital, and who has said yes to it. Ids, names of a closed
// vocabulary, times and digests; the texts of a request are one document.
namespace kintsugi {

enum class AccessLevel { view, control, file, service_mode };
constexpr auto names_of(AccessLevel) {
  using enum AccessLevel;
  return names<AccessLevel>({{view, "view"}, {control, "control"}, {file, "file"}, {service_mode, "service_mode"}});
}

// One slot's answer to the request. The signature's meaning is `decision` for `slot`, over `hash`.
struct Approval {
  Role slot = Role::none;
  PersonId by;
  PersonId deputy_for;  // when he answered as a named deputy
  bool approved = false;
  Instant at{};
  Digest hash{};
  DocumentId reason;
  bool combined = false;        // one person, both HCF slots (policy)
  Window window;                // what he narrowed the window to; empty: as asked
  bool after_the_fact = false;  // F80, after a break-glass
  auto operator<=>(const Approval&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("slot", &Approval::slot),
                      field("by", &Approval::by),
                      field("deputy_for", &Approval::deputy_for),
                      field("approved", &Approval::approved),
                      field("at", &Approval::at),
                      field("hash", &Approval::hash),
                      field("reason", &Approval::reason),
                      field("combined", &Approval::combined),
                      field("window", &Approval::window),
                      field("after_the_fact", &Approval::after_the_fact)};
  }
};

// The connection request (作業申請) that is now before the approvers, without its texts. `hash` binds approvals to
// the whole of it, texts included (I6): SHA-256 of the canonical request with the salt inside.
struct Request {
  Digest hash{};
  DocumentId document;  // the full text, evidence key
  PersonId by;
  Instant at{};
  std::string purpose;  // fault, preventive, revision, investigation
  AccessLevel level = AccessLevel::view;
  Window window;
  int sessions_max = 1;
  std::vector<PersonId> workers;
  std::vector<Digest> files;  // what may be sent to the device: as asked, and what the hospital allowed later (F34)
  PersonId attendant;
  bool attendance_waived = false;  // only effective when an HCF approval stands behind the hash
  bool phi_seen = false;           // will patient data be seen, taken
  bool phi_taken = false;
  bool break_glass = false;  // short form of F21
  bool dead = false;         // rejected, withdrawn or timed out: nothing can be approved any more
  std::vector<Approval> approvals;
  auto operator<=>(const Request&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("hash", &Request::hash),
                      field("document", &Request::document),
                      field("by", &Request::by),
                      field("at", &Request::at),
                      field("purpose", &Request::purpose),
                      field("level", &Request::level),
                      field("window", &Request::window),
                      field("sessions_max", &Request::sessions_max),
                      field("workers", &Request::workers),
                      field("files", &Request::files),
                      field("attendant", &Request::attendant),
                      field("attendance_waived", &Request::attendance_waived),
                      field("phi_seen", &Request::phi_seen),
                      field("phi_taken", &Request::phi_taken),
                      field("break_glass", &Request::break_glass),
                      field("dead", &Request::dead),
                      field("approvals", &Request::approvals)};
  }
};

}  // namespace kintsugi

#pragma once

#include "engine/masters/masters.h"

namespace kintsugi {

// Who wants to change masters.
struct Proposer {
  PersonId person;
  Instant now{};
  Digest chance{};              // all randomness of the change: new ids
  bool at_the_machine = false;  // the operator, for whom an installation is his own
};

// Does he administer this organisation's masters?
bool administers(const Directory& directory, const Proposer& who, const OrganisationId& at);

// May he change its access points? Who keeps its network may, too.
bool keeps_doors(const Directory& directory, const Proposer& who, const OrganisationId& at);

// The change as it would be stored, from what he wrote:
//   * what has no id gets that of the person with the same mail, of the device with the same serial, of the same
//   duty,
//     or a new one; what names no organisation is his own
//   * what is not his to say of somebody else's master, and what he left out, stays as it is: roles at his hospital
//   of a
//     person whom another employs, the exit of a device at another's
//   * a policy that differs from the one in force becomes its next version, and is put in force
//   * a new contract is his side's proposal; a contract that is confirmed ends the one that it replaces
//   * what is retired ends now
// `retire` then holds only what could not be resolved. Entries keep their order, so that places stay right.
Masters complete(const Directory& directory, Masters written, const Proposer& who);

// What of the completed change is not his to do, with who may; empty when all of it is. Each side administers its
// own; a contract takes both; a new organisation comes with the operator.
std::vector<Mistake> not_his_in(const Directory& directory, const Masters& change, const Proposer& who);

}  // namespace kintsugi

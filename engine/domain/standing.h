#pragma once

#include "engine/domain/case_file.h"

// Whether what somebody may do, or has done, in a case still has the ground it had: roles are taken away, people
// leave, pledges and trainings end.
namespace kintsugi {

// May this person work on the case's device (F14)? In a role of the RSC now, for its product line, with pledge and
// training beyond `then`.
bool may_work(const Directory& directory, const CaseFile& file, const PersonId& id, Instant now, Instant then);

// Does this answer still count (I1, I5)? Whoever gave it has not left and holds the slot's role as he did then: for
// the hospital as one of its people, never as the vendor's. A named deputy's answer stands as long as the one whom he
// stood in for holds the role; that his own days are over takes nothing back.
bool stands(const Directory& directory, const CaseFile& file, const Approval& approval, Instant now);

// The workers of a grant that lets somebody in who may not work there any more. A pledge that ends with the window is
// enough, so that the end of the window, and grace, stay what they are. None where no grant lives.
std::vector<PersonId> workers_lost(const Directory& directory, const CaseFile& file, Instant now);

}  // namespace kintsugi

#pragma once

#include "engine/run/conductor.h"

#include <memory>
#include <string>
#include <vector>

namespace kintsugi {

// What can be seen, for one person: reading asks the same checks as doing. A case that he may not see does not
// exist (NotFound). Values only; any thread.
class Queries {
 public:
  Queries(const Conductor& conductor, Store& store, const Workflow& workflow, const Clock& clock)
      : conductor_(conductor), store_(store), workflow_(workflow), clock_(clock) {}

  Result<std::shared_ptr<const CaseFile>> file_of(const Actor& actor, const CaseId& id);
  // The same with what stands around it: each event of its state, allowed for him or with what blocks it.
  struct CaseView {
    std::shared_ptr<const CaseFile> file;
    std::vector<ActionView> actions;
    std::vector<DocumentBrief> documents;
  };
  Result<CaseView> case_of(const Actor& actor, const CaseId& id);
  // `filter` narrows what the actor may see and never widens it.
  Result<std::vector<CaseBrief>> cases_of(const Actor& actor, CaseFilter filter);
  // May this actor know that the case exists (Act::read_case)?
  bool sees(const Actor& actor, const CaseFile& file) const;

 private:
  const Conductor& conductor_;
  Store& store_;
  const Workflow& workflow_;
  const Clock& clock_;
};

}  // namespace kintsugi

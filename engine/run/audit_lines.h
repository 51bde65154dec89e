#pragma once

#include "engine/audit/record.h"
#include "engine/audit/record_schema.h"
#include "engine/domain/workflow.h"
#include "engine/ports/records.h"

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace kintsugi {

// What one of the engine's own records is about, if it is about a case.
struct About {
  CaseId case_id;
  const Document* document = nullptr;
};

// Turns what happened into audit lines: one for each lap, for each second case it touched, for each refusal, and
// the engine's own. Numbers them without gaps per log (audit.md 1.1, `node`), which is why numbers of lines that
// were not committed are given back. Only for whoever does the step.
class AuditLines {
 public:
  AuditLines(const Workflow& workflow, std::string node, std::string log_base, std::string run);

  std::string hospital_log(const OrganisationId& tenant) const;
  const std::string& system_log() const { return system_log_; }

  // Invalid when the workflow wrote something that records may not hold.
  Result<AuditLine> step(const Event& event, const Decision& decision);
  // As step(), without the event's own members: for a closing, which a mistake in them must not hold up.
  Result<AuditLine> bare_step(const Event& event, const Decision& decision);
  // The record of a second case of the lap: `opened` or `linked`.
  Result<AuditLine> second(const Event& event, const Decision& decision, const CaseFile& other);
  // `case_id` may be empty.
  Result<AuditLine> refused(const std::string& log, const Event& event, const std::string& check,
                            const CaseId& case_id);
  // An effect that was given up by this engine, or given another life by somebody; in the log of its hospital.
  Result<AuditLine> gave_up(const OutboxRow& row, Instant at);
  Result<AuditLine> redriven(const OutboxRow& row, const Actor& actor, Role as, Instant at);
  // One of the engine's own events. It may be about a case or a document of it, and is no step of it.
  Result<AuditLine> own(const std::string& log, const std::string& name, const Actor& actor, Role as, Instant at,
                        std::map<std::string, Json> x, const About& about = {});

  using Mark = std::size_t;
  Mark mark() const { return given_.size(); }
  void give_back(Mark since);  // those lines will not be committed
  void keep() { given_.clear(); }

 private:
  Result<AuditLine> finish(audit::Record& record);
  audit::Record begin(const std::string& log, const std::string& name, const Actor& actor, Role as, Instant at);
  Result<AuditLine> of_effect(const char* name, const OutboxRow& row, const Actor& actor, Role as, Instant at);
  audit::Record of_step(const Event& event, const Decision& decision);

  const Workflow& workflow_;
  const audit::EventMembers members_;
  const std::string node_;
  const std::string run_;
  const std::string log_base_;
  const std::string system_log_;
  std::unordered_map<std::string, std::int64_t> next_;  // by log
  std::vector<std::int64_t*> given_;                    // counters raised since keep(), in order
};

}  // namespace kintsugi

#pragma once

#include "engine/audit/record_schema.h"
#include "engine/domain/workflow.h"
#include "engine/run/outcome.h"
#include "tests/drill/trail.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace kintsugi::drill {

class World;

// What the drill looks at, each under a name; a promise that does not hold is thrown as Broken. One file shows the
// invariants that fault_response::broken_invariants() knows; the rest needs the whole store, the doors or the trail.
class Inspector {
 public:
  explicit Inspector(World& world);

  // ---- told by the store
  void batch_begun();
  void lap_written(const LapWrites& lap);
  void committed();

  // ---- told by the workflow
  void decided(const Situation& situation, const Verdict& verdict);

  // ---- told by whoever acts
  void answered(const Submission& asked, const Outcome& outcome);

  // Everything that changed since it was looked at last; all open cases when `whole`.
  void look(bool whole);
  // Before the engine starts again on a store.
  void take_doubtful();
  // Nothing acknowledged or owed is missing, and every log verifies from its first record.
  void look_from_the_start();
  // The weather has cleared and everybody did his duty.
  void look_at_the_end();

  const std::map<CaseId, CaseFile>& files() const { return files_; }
  void demand(bool holds, const std::string& check, const std::string& what);

 private:
  struct Seen {  // of one case, from its records
    std::int64_t next_cn = 0;
    std::string state;
  };
  void read_new_records();
  void follow(const AuditRow& row, const audit::RecordView& record);
  void opens_by_people(const audit::RecordView& record);
  // What is due by `at` has been done.
  void look_at_case(const CaseFile& file, Instant at);
  void look_at_devices();
  void look_at_doors(const CaseFile& file);
  void everybody_can_cut(const CaseFile& file);
  void look_at_letters();
  void look_at_violations();
  void look_at_effects(bool at_the_end);
  void verify_logs();

  World& world_;
  const audit::EventMembers members_;

  struct Staged {
    std::vector<std::pair<CaseFile, CaseFile>> steps;  // before (perhaps empty), after
    std::map<CaseId, CaseFile> files;
    std::vector<EffectId> effects;
    std::vector<std::pair<DocumentId, Digest>> documents;
  };
  Staged staged_;
  std::map<CaseId, CaseFile> files_;  // as last committed
  std::set<EffectId> effects_;
  std::map<DocumentId, Digest> documents_;
  std::set<CaseId> touched_;
  // Of commits that failed, since one took place: whether they are on the disk all the same shows at the next start.
  std::vector<Staged> doubtful_;

  std::int64_t position_ = 0;
  std::map<std::string, Seen> seen_;                                    // by record id
  std::map<std::pair<std::string, std::int64_t>, std::string> states_;  // by case and cn: where it led
  struct Acknowledged {
    CaseId id;
    std::int64_t version = 0;
    std::string state;
    std::string event;
  };
  std::vector<Acknowledged> acknowledged_;
  std::map<std::string, std::string> replies_;                   // by key: the first answer
  std::map<std::string, std::vector<std::string>> checkpoints_;  // by log
  std::size_t violations_ = 0;
  std::string overdue_;  // told while deciding, thrown when it is safe
  std::set<GrantId> lied_;
};

}  // namespace kintsugi::drill

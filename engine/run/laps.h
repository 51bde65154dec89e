#pragma once

#include "engine/run/audit_lines.h"
#include "engine/run/cache.h"
#include "engine/run/conductor.h"
#include "engine/run/prepare.h"

#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

namespace kintsugi {

// What the laps of one batch share, and what is thrown away if it cannot be committed.
struct Round {
  Batch* batch = nullptr;  // null when the store is away: then only closings are decided, and nothing is written
  std::shared_ptr<const Directory> directory;
  std::unordered_map<CaseId, CaseCache::File> files;  // as the laps so far left them
  std::map<IdempotencyKey, std::pair<Digest, Outcome>> replies;
  bool wrote = false;
  Conductor::Committed committed;  // what the listeners will be told
  bool made_keys = false;
  Result<> whole;  // an error: half of something stands in the batch, and it must not be committed
};

// Decides submissions, one after the other, inside a batch: finds the case, asks the workflow, follows up, writes.
// Only for whoever does the step.
class Laps {
 public:
  Laps(const Conductor::Parts& parts, const Schemas& schemas, AuditLines& lines, CaseCache& cache);

  struct Done {
    Outcome outcome;
    bool closed = false;           // a closing that was decided: it must not be lost
    std::vector<Effect> orders;    // its closing orders, already handed to `hurry`
    std::vector<AuditLine> audit;  // its records
  };
  // Takes payload and documents out of `lap`, except of a closing, which may have to be decided again.
  Done run(Prepared& lap, Round& round);

 private:
  struct Lap;

  bool answered_before(Lap& lap);
  bool find_case(Lap& lap);
  bool find_same_device(Lap& lap, const DeviceId& device);
  bool route_fault(Lap& lap);
  static bool resolve(Lap& lap);
  bool find_step_up(Lap& lap);
  bool find_timer(Lap& lap);
  void draft_texts(Lap& lap);
  Verdict ask(Lap& lap, const CaseFile& file, const Event& event) const;
  void refuse(Lap& lap, const Refusal& refusal);
  void hide(Lap& lap);
  void move(Lap& lap, Decision decision);
  bool make_keys(Lap& lap, const CaseId& id);
  bool open_case(Lap& lap, CaseFile& file);
  bool seal_texts(Lap& lap);
  bool record(Lap& lap, const Event& event, const Decision& decision);
  bool take_others(Lap& lap, const Event& event, Decision& decision);
  void follow_up(Lap& lap);
  void announce(Lap& lap, const CaseFile& after, const std::string& from) const;
  void hurry(Lap& lap);
  bool write(Lap& lap);
  CaseCache::File file_of(Lap& lap, const CaseId& id);
  OrganisationId tenant_of(const Lap& lap) const;

  const Conductor::Parts& parts_;
  const Schemas& schemas_;
  AuditLines& lines_;
  CaseCache& cache_;
  Instant hidden_minute_{};  // of the system log's limit
  int hidden_ = 0;
};

}  // namespace kintsugi

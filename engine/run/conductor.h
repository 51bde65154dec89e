#pragma once

#include "engine/base/clock.h"
#include "engine/base/entropy.h"
#include "engine/domain/workflow.h"
#include "engine/ports/store.h"
#include "engine/ports/vault.h"
#include "engine/run/audit_lines.h"
#include "engine/run/masters.h"
#include "engine/run/outcome.h"

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace kintsugi {

class Schemas;

// The writer: the only part that changes anything. It takes every submission that is waiting (at most `batch_max`,
// never waiting for more), decides each on the state left by the one before, and makes them durable with one
// transaction; a submission is answered only after its commit.
//
// Closings go first, and their orders are handed to `hurry` before the commit. If the store fails, order and record
// go to the journal, a synced file beside the database, and are replayed at the next start.
//
// submit() and chore() may be called from any thread and block until the answer is durable. step() does one batch
// in the caller's thread (tests, drill); start() gives the conductor a thread of its own that does the same. Before
// start(), whoever waits in submit() or chore() does the steps himself. stop() answers what was accepted; it is
// for good.
class Conductor {
 public:
  // Counts what the writer does, for the operator's measurements. Called by whoever does the step: it must not block.
  class Meter {
   public:
    virtual ~Meter() = default;
    virtual void decided(const Outcome& outcome) = 0;
    // `items`: submissions and chores of one batch; `took`: from the first decision to the end of the commit.
    virtual void committed(int items, Duration took, bool well) = 0;
  };

  struct Parts {
    const Workflow& workflow;
    Store& store;
    Vault& vault;
    const Clock& clock;
    Entropy& entropy;
    std::string node;                          // name of this engine in audit records
    std::string log_base;                      // origins are `<log_base>/hcf/<tenant>` and `<log_base>/system`
    std::string journal_path;                  // empty: no journal (memory store)
    std::function<void(const Effect&)> hurry;  // closing orders, before the commit; must not block
    std::function<bool()> audit_working;       // I8; empty means yes
    Meter* meter = nullptr;                    // null: nobody counts
    int batch_max = 512;                       // submissions in one commit
    int queue_max = 8192;                      // waiting submissions; more are answered `transient`
    int cache_max = 16384;                     // case files kept in memory
    std::shared_ptr<const Schemas> schemas =
        nullptr;  // of this workflow, for whoever starts often; null: compiled here
  };

  explicit Conductor(Parts parts);
  ~Conductor();

  // Reads masters and journal, and checks that every open case is in a state this build knows: Refused otherwise,
  // with the list. Before anything else.
  Result<> open();

  // A closing whose commit failed is answered `transient` with problem `closing-journalled`: its orders are on their
  // way and its record will follow, so trying again is allowed but not needed.
  Outcome submit(Submission submission);
  // All of them together, so that they share commits; answers in the same order.
  std::vector<Outcome> submit_all(std::vector<Submission> submissions);
  // A write that is no lap: accounts, outbox, checkpoints. It runs inside a batch; its failure undoes only itself.
  // `work` must start afresh each time it is called, because it is called again when another chore of its batch
  // has failed.
  // `with_next` is for what is derived again or repeated if a power cut takes it, so that nobody need wait for the
  // disk.
  Result<> chore(std::function<Result<>(Batch&)> work, Lasts lasts = Lasts::at_once);
  // The ends of deliveries, settled inside a chore; what was given up is recorded in the same commit.
  Result<> settle(Batch& batch, std::span<const Settlement> ends);
  // Gives an effect that was given up another life and records who did it; on_commit() wakes the courier. NotFound,
  // or Refused if it has not been given up.
  Result<> redrive(const EffectId& id, const Actor& actor, Role as);
  // Puts masters and publishes the new Directory, without asking anybody whether they may: for an installation that
  // is not served yet, and for what the engine itself must change. `also` is written in the same commit; it must
  // start afresh each time it is called, as a chore.
  Result<> put_masters(std::vector<Master> masters, const std::function<Result<>(Batch&)>& also = {});
  // One change of the masters, with its records and the stored reply, in one commit. `make` is called with the
  // masters as they stand, and no other change comes between that and the commit.
  //
  // A change of people, in either way, takes back in the same commit what open cases lose by it: a grant that lists
  // somebody who may not work any more is revoked, an approval whose giver lost the role is void (Workflow::review).
  Result<MastersReply> change_masters(const MastersAsked& asked, const MakeMastersChange& make);

  // Writes one of the engine's own records (audit/record_schema.h), for what happens outside of laps: sign-ins,
  // readings. Into that hospital's log, or the system log if `tenant` is empty.
  Result<> record(const std::string& name, const OrganisationId& tenant, const Actor& actor, Role as,
                  std::map<std::string, Json> x, const About& about = {});

  // The masters as of the last commit; any thread.
  std::shared_ptr<const Directory> directory() const;

  // The case as of the last commit: from memory while it is there, or else from the store. Any thread.
  Result<std::shared_ptr<const CaseFile>> case_file(const CaseId& id) const;

  // For callers that drive the conductor themselves: hand in now, step, then look.
  using Ticket = std::uint64_t;
  Ticket hand_in(Submission submission);
  std::optional<Outcome> answer(Ticket ticket);
  // Does one batch; returns how many submissions and chores it took.
  int step();

  // Submissions and chores that wait for their batch; any thread.
  std::size_t queue_length() const;

  void start();
  void stop();

  // What a commit brought, for those who sleep until there is something to do.
  struct Committed {
    bool effects = false;  // there are new ones in the outbox, or old ones with another life
    Instant next_due{};    // the earliest timer of the cases that were written; empty if none of them has one
  };
  // Called after every commit that wrote something, after the replies, by whoever did the step.
  void on_commit(std::function<void(const Committed&)> listener);

 private:
  class Writer;
  std::unique_ptr<Writer> writer_;
};

}  // namespace kintsugi

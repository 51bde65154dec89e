#pragma once

#include "adapters/signer/ed25519_signer.h"
#include "adapters/vault/vault.h"
#include "tests/drill/depot.h"
#include "tests/drill/inspector.h"
#include "tests/drill/outside.h"
#include "tests/support/flaky_store.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/whole_engine.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kintsugi::drill {

struct Options {
  std::uint64_t seed = 1;
  std::string store = "memory";
  std::string mutant;  // empty: the engine as it is
};

// The whole engine in the caller's thread, on a world that is a function of the seed: real conductor, courier,
// timekeeper, watch and integrator, the real workflow, vault and signer; doors, mail server, clock and the store's
// fate are the drill's. Everything that happened is told to the trail; everything that must hold is seen to by the
// inspector, who ends the story with Broken.
class World {
 public:
  World(const Options& options, Totals& totals, std::unique_ptr<Depot> depot);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Chance of the step that begins.
  void begin_step(const Dice& dice) { sky_.dice = dice; }

  // ---- acting; each may end with the engine's death, and it is running again afterwards
  // Nothing: the engine died before it answered.
  std::optional<Outcome> submit(Submission submission);
  std::vector<std::optional<Outcome>> submit_at_once(std::vector<Submission> submissions);
  bool put_masters(std::vector<Master> masters);
  bool redrive(const EffectId& id, const Actor& actor, Role as);
  std::optional<Digest> step_up(const PersonId& person, const CaseId& id, const std::string& event,
                                const Digest& request_hash);

  // ---- time
  void pass(Duration time);  // stops at what is due on the way
  void jump(Duration by);    // the engine's clock only
  void settle();             // timers, deliveries, heartbeats, until there is nothing to do now
  void fire();               // timers only: deliveries lag behind
  void integrate();          // the audit trees, a second later
  void kill(Duration away);
  void stop_and_start(Duration away);
  void clear_up();  // fair weather, and no lies any more

  // ---- looking
  Instant now() const { return clock_.now(); }
  std::shared_ptr<const Directory> directory() const { return engine_.conductor->directory(); }
  Store& store() { return *flaky_; }
  Vault& vault() { return *vault_; }
  const Workflow& workflow() const { return workflow_; }
  Doors& doors() { return doors_; }
  Post& post() { return post_; }
  Sky& sky() { return sky_; }
  Trail& trail() { return trail_; }
  Totals& totals() { return totals_; }
  Inspector& inspector() { return *inspector_; }
  const Options& options() const { return options_; }
  bool audit_works() const { return !engine_.integrator || engine_.integrator->working(); }
  bool store_works() const { return !sky_.weather.disk_full && sky_.weather.commit_fails == 0; }
  // As last committed.
  const std::map<CaseId, CaseFile>& cases() const { return inspector_->files(); }
  std::int64_t disk_faults() const { return depot_->faults_met(); }
  std::string verifier_key(const std::string& origin) const { return signer_->verifier_key(origin); }

  static constexpr const char* log_base = "audit.drill.example";

 private:
  template <class F>
  bool guarded(F&& act);
  void open();
  void close();
  void die(Duration away);
  void start();
  FlakyStore::Fate fate();
  Result<> before_commit();
  void advance(Duration time);
  void heard(const Submission& asked, const std::optional<Outcome>& outcome);
  void tell_arrived();

  const Options options_;
  Totals& totals_;
  const testing::TemporaryDirectory place_;
  ManualClock clock_;       // the engine's
  ManualClock door_clock_;  // of everything outside: it only goes forward
  Duration drift_{};        // of the engine's clock, per hour
  SeededEntropy entropy_;
  Sky sky_;
  Doors doors_;
  Post post_;
  Trail trail_;
  Workflow workflow_;
  std::vector<Effect> hurried_;

  std::unique_ptr<Depot> depot_;
  std::unique_ptr<FlakyStore> flaky_;
  std::unique_ptr<Vault> vault_;
  std::unique_ptr<Signer> key_;
  std::unique_ptr<Pen> signer_;
  std::unique_ptr<Inspector> inspector_;
  testing::WholeEngine engine_;
};

}  // namespace kintsugi::drill

#pragma once

#include "engine/base/clock.h"
#include "engine/ports/controller.h"

#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kintsugi::access_point {

// What can be wrong with one hop of a simulated site. All of it can be switched while the site runs.
struct Faults {
  bool dead = false;                // hears nothing and answers nothing
  Duration late = 0s;               // does at once what it is told, and answers this much later
  bool refuses_to_open = false;     // answers `refused` to arm and open
  bool closes_in_words = false;     // answers `closed`, and the door stays open
  bool forgets = false;             // does not remember what it closed: an old opening opens it again
  bool ignores_not_after = false;   // no dead-man: stays open past its window
  std::string identity;             // route: says that it is this device; empty: the right one
  std::int64_t generation_off = 0;  // added to the generation in its answers
};

// A hospital's access point, the RSC's exit, the route behind it and the prober, for many grants: what
// docs/api/access-point.md asks of a receiver, as a state machine over orders and time. It has no thread, no socket
// and no clock of its own; whatever the clock has passed since the last call is caught up with first, so doors close
// at their not-after whether or not anybody asks. The same calls at the same times give the same answers.
//
// Beside what it does it keeps a ledger of what it should have done, and notes a violation wherever the two differ:
// that is what a drill looks at. Not safe for threads; simulator.h wraps it for HTTP.
class SimulatedSite {
 public:
  explicit SimulatedSite(const Clock& clock) : clock_(clock) {}

  // A device that stands at this site, and the serial number it gives when it is asked.
  void install(const DeviceId& device, std::string serial);
  Faults& faults(Hop hop) { return faults_[index(hop)]; }

  // Carries out one order and says what the hop answers; none when it does not answer at all.
  std::optional<HopAnswer> obey(const Order& order);
  // Is this opening void because a higher generation, or the closing of its own, was heard?
  bool is_fenced(const Order& order) const;

  // A worker's session through every hop. Refused when one of them does not let it through.
  Result<> connect(const GrantId& grant);

  // The red button at the access point: closes every grant there and on the route at once, and ends the sessions.
  // Nothing is asked and nobody is told; a report waits until it can be fetched.
  void press_button();

  // What happened here without an order, oldest first: the engine is told when the line to it is up.
  struct Report {
    enum class Cause { button, not_after };
    GrantId grant;
    HopAnswer answer;
    Cause cause{};
    Instant at{};
  };
  const std::vector<Report>& reports();
  void report_delivered();  // the oldest one

  // ---- for tests -------------------------------------------------------------------------------------------

  // Would traffic pass this hop now? For `probe`: would it pass any of them?
  bool is_open(Hop hop, const GrantId& grant);
  std::int64_t sessions(const GrantId& grant);

  // Every order that was heard, with what was answered.
  struct Told {
    Instant at{};
    Order order;
    std::optional<HopAnswer> answer;
  };
  const std::vector<Told>& log() const { return log_; }

  struct Violation {
    enum class Rule {
      opened_after_fence,    // passable again for a generation that was closed
      open_after_not_after,  // no dead-man (I9)
      closed_only_in_words,  // said `closed` while passable
    };
    Rule rule{};
    Hop hop{};
    GrantId grant;
    std::int64_t generation = 0;
    Instant at{};
    bool operator==(const Violation&) const = default;
  };
  const std::vector<Violation>& violations();

 private:
  // One grant at one hop.
  struct Door {
    HopState state = HopState::closed;
    std::int64_t generation = 0;  // highest one heard
    std::int64_t fence = 0;       // openings up to this generation are void
    Window window;
    DeviceId device;
    std::int64_t true_fence = 0;  // ledger: what `fence` has to be
    bool overdue = false;         // ledger: noted as open past its window
  };
  using Key = std::pair<GrantId, Hop>;

  static std::size_t index(Hop hop) { return static_cast<std::size_t>(hop); }
  void catch_up();
  HopAnswer let_in(const Order& order, Door& door);
  void shut(const Key& key, Door& door, std::int64_t fence);
  HopAnswer answer(const Key& key, const Door& door, HopState state) const;
  bool passes(const Door& door) const { return door.state == HopState::open; }
  bool leaks(const Key& key, const Door& door) const;
  bool passes_any(const GrantId& grant) const;
  void note(Violation::Rule rule, const Key& key, const Door& door, Instant at);

  const Clock& clock_;
  std::map<DeviceId, std::string> serials_;
  std::array<Faults, 4> faults_;
  std::map<Key, Door> doors_;
  std::map<GrantId, std::int64_t> sessions_;
  std::vector<Report> reports_;
  std::vector<Told> log_;
  std::vector<Violation> violations_;
};

// The simulated site as a controller, in the caller's thread and without waiting: an answer that would come after
// `limit` is not heard, although the order was carried out. Orders of several threads wait for each other; whoever
// looks at the site beside them uses one thread (drill) or simulator.h.
class SimulatedController final : public Controller {
 public:
  explicit SimulatedController(SimulatedSite& site, Duration limit = 10s) : site_(site), limit_(limit) {}
  Result<std::vector<HopAnswer>> carry_out(const Order& order, const std::string& idempotency_key) override;

 private:
  SimulatedSite& site_;
  Duration limit_;
  std::mutex mutex_;
};

}  // namespace kintsugi::access_point

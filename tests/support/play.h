#pragma once

#include "tests/support/nicknames.h"
#include "workflows/fault_response/invariants.h"
#include "workflows/fault_response/workflow.h"

#include <catch2/catch.hpp>

#include <map>
#include <sstream>
#include <string>
#include <vector>

// A small world, and plays in it: a script line is when, who, what, and where the case then stands.
//
//   09:00  mr1     notify               -> notified
//   09:05  svc     acknowledge          -> acknowledged
//   09:30  sysadm  approve              -> refused slot_not_open
//   1/09:00 -      -                    -> sign_off          (a day later; only timers have fired)
//
// Times are Tokyo's on Wednesday, 4 March 2026. `who` is a nickname of the world or `sys`. Payloads are the ordinary
// ones; `key=value` after the event changes a member. Timers fire when they are due, automatic laps follow at once,
// and the access point obeys every order unless the play says otherwise. Every lap is checked against the invariants.
namespace kintsugi::testing {

inline Instant tokyo(int day, int hour, int minute, int second = 0) {
  return *instant_from("2026-03-04T00:00:00+09:00") + std::chrono::days{day} + std::chrono::hours{hour} +
         std::chrono::minutes{minute} + std::chrono::seconds{second};
}

// Hospitals sakura and fuji, vendors hikari and kumo. mr1 stands at sakura and is served by hikari, ct1 at sakura by
// kumo, xr1 at fuji by hikari. At sakura: clin, psm (employed), vpsm (the vendor's man), sysadm, sysadm2, netadm,
// priv, sec, duty. At hikari: svc, svc2, l2, mgr, net, net2. At kumo: ksvc, knet. At fuji: fsysadm, fnetadm, fclin.
Directory small_world();

class Play {
 public:
  explicit Play(Directory directory = small_world());

  // Plays the script; each line that goes otherwise fails the test with itself as the message.
  void play(const std::string& script);
  // One event now; follow-ups, orders and due timers included.
  Verdict send(const std::string& who, const std::string& event, const Json& changes = Json::object());
  // The event only, decided and forgotten.
  Verdict ask(const std::string& who, const std::string& event, const Json& changes = Json::object()) const;
  void advance_to(Instant at);

  CaseFile file;
  Instant now = tokyo(0, 9, 0);
  Directory directory;
  std::vector<CaseBrief> same_device;
  bool audit_working = true;
  std::optional<CaseFile> target;  // the other case that a payload names (F12)
  bool step_up = true;
  // How the world at the other end behaves.
  bool points_answer = true;         // false: orders are swallowed
  bool probe_gets_through = false;   // the device can still be reached after the closing
  std::map<Hop, HopState> stubborn;  // this hop answers so, whatever it is ordered
  std::string identity = "SN-MR1";   // what the device behind the route says it is

  std::vector<Effect> effects;  // all of them, in order
  std::vector<Decision> laps;
  std::vector<std::string> rows() const;
  int mails(std::string_view which) const;
  const Policy& policy() const;
  Json payload(const std::string& who, const std::string& event, const Json& changes) const;
  Event event_of(const std::string& who, const std::string& name, const Json& changes) const;

 private:
  Verdict decide(const Event& event) const;
  Verdict lap(const Event& event);
  void obey(const Order& order);
  void fire_due();
  std::uint64_t chance_ = 0;
};

// Brings a case to this state by the straight way, from wherever on it the case stands.
void bring_to(Play& play, std::string_view state);

inline std::string failed_check(const Verdict& verdict) {
  const auto* refusal = std::get_if<Refusal>(&verdict);
  return refusal == nullptr || refusal->failed.empty() ? "" : refusal->failed.front().name;
}
inline bool fails(const Verdict& verdict, std::string_view check) {
  const auto* refusal = std::get_if<Refusal>(&verdict);
  if (refusal == nullptr) return false;
  for (const FailedCheck& one : refusal->failed)
    if (one.name == check) return true;
  return false;
}
inline std::string row_of(const Verdict& verdict) {
  const auto* decision = std::get_if<Decision>(&verdict);
  return decision == nullptr ? "" : decision->row;
}

}  // namespace kintsugi::testing

#pragma once

#include "engine/base/digest.h"
#include "engine/base/fields.h"
#include "engine/domain/ids.h"
#include "engine/domain/window.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Steps 3 and 4: the permission to connect, and the hops that carry it out.
namespace kintsugi {

// The three hops of step 3, in the order in which they are opened; they are closed in the reverse order. `probe`
// is no hop but the independent look from the RSC's network that proves a closing (H05).
enum class Hop { exit, access_point, route, probe };
constexpr auto names_of(Hop) {
  using enum Hop;
  return names<Hop>({{exit, "exit"}, {access_point, "access_point"}, {route, "route"}, {probe, "probe"}});
}

enum class HopState {
  unknown,  // nothing heard for this generation, or the last answer did not come
  armed,    // the grant is stored there, not usable before its start
  open,
  closed,     // for `probe`: the device could not be reached, which is the proof
  refused,    // it could not be opened
  lost,       // heartbeat gone
  reachable,  // `probe` only: it still got through
};
constexpr auto names_of(HopState) {
  using enum HopState;
  return names<HopState>({{unknown, "unknown"},
                          {armed, "armed"},
                          {open, "open"},
                          {closed, "closed"},
                          {refused, "refused"},
                          {lost, "lost"},
                          {reachable, "reachable"}});
}

struct HopReport {
  Hop hop{};
  HopState state = HopState::unknown;
  Instant at{};
  std::int64_t generation = 0;
  std::int64_t sessions = 0;  // sockets still alive there
  bool by_hand = false;       // attested by HCF_NETADM with evidence (F59)
  auto operator<=>(const HopReport&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("hop", &HopReport::hop),
                      field("state", &HopReport::state),
                      field("at", &HopReport::at),
                      field("generation", &HopReport::generation),
                      field("sessions", &HopReport::sessions),
                      field("by_hand", &HopReport::by_hand)};
  }
};

enum class GrantEnd { none, used, revoked, expired, withdrawn, failed, halted };
constexpr auto names_of(GrantEnd) {
  using enum GrantEnd;
  return names<GrantEnd>({{none, "none"},
                          {used, "used"},
                          {revoked, "revoked"},
                          {expired, "expired"},
                          {withdrawn, "withdrawn"},
                          {failed, "failed"},
                          {halted, "halted"}});
}

// Permission to be inside for one window, from the last approval to the proof of closing. Whether it is armed,
// opening or open is the case's state; what is really so at the other end is in `hops`.
struct Grant {
  GrantId id;
  std::int64_t generation = 1;  // raised each time it is armed; receivers refuse older ones (I9, W39)
  Window window;                // effective: the lowest of all limits
  Digest request_hash{};
  bool break_glass = false;
  int sessions_used = 0;  // connections that came about (F27); one that is resumed (F41) is still the same
  int sessions_max = 1;
  bool session_begun = false;   // since it was last armed
  bool view_only = false;       // the repair is said to be done; the route was told to let only looking through (F37)
  int attempts = 0;             // connection attempts that failed (F29)
  std::vector<HopReport> hops;  // the last of each, in the order in which they came
  bool accounts_disabled = false;
  GrantEnd end = GrantEnd::none;
  Instant ended_at{};          // when the end was ordered
  Instant proved_closed_at{};  // when F54 and its siblings found everything closed
  Instant reopened_at{};       // a door was open again after the proof, which is void until all is proved anew (RA27)
  bool proved_closed() const { return proved_closed_at != Instant{} && reopened_at == Instant{}; }
  auto operator<=>(const Grant&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("id", &Grant::id),
                      field("generation", &Grant::generation),
                      field("window", &Grant::window),
                      field("request_hash", &Grant::request_hash),
                      field("break_glass", &Grant::break_glass),
                      field("sessions_used", &Grant::sessions_used),
                      field("sessions_max", &Grant::sessions_max),
                      field("session_begun", &Grant::session_begun),
                      field("view_only", &Grant::view_only),
                      field("attempts", &Grant::attempts),
                      field("hops", &Grant::hops),
                      field("accounts_disabled", &Grant::accounts_disabled),
                      field("end", &Grant::end),
                      field("ended_at", &Grant::ended_at),
                      field("proved_closed_at", &Grant::proved_closed_at),
                      field("reopened_at", &Grant::reopened_at)};
  }
};

}  // namespace kintsugi

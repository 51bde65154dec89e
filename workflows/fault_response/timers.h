#pragma once

#include "engine/domain/case_file.h"

#include <span>
#include <string_view>

namespace kintsugi::fault_response {

// One of the workflow's clocks: how long it runs, on whose calendar, and in which states it lives. Leaving those
// states removes it, so a timer can only fire where a row waits for it.
struct TimerRule {
  std::string_view event;
  TimerName term{};
  Side acts{};
  std::span<const std::string_view> states;  // empty: in every state, ends included
  bool ladder = false;                       // somebody is waited for: it climbs (climb.h)
};

std::span<const TimerRule> timer_rules();
const TimerRule* timer_rule(std::string_view event);
bool lives_in(const TimerRule& rule, std::string_view state);

// How the closing is watched: the proof must be there after T_CLOSE; then a new look every minute for five, and a
// call for hands every quarter of an hour.
constexpr int recheck_rounds_max = 5;
constexpr Duration recheck_every = 60s;
constexpr Duration unproved_repeat = 15min;
// The window's end is announced twice.
constexpr Duration warning_first = 15min;
constexpr Duration warning_last = 5min;
// A retention that has ended asks again until somebody has acted.
constexpr Duration retention_repeat = 7 * 24h;

}  // namespace kintsugi::fault_response

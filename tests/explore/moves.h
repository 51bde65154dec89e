#pragma once

#include "tests/explore/moment.h"

#include <string>
#include <string_view>
#include <vector>

// What anybody could do next. A move is an event with its payload, or something that happens around the case.
namespace kintsugi::explore {

struct Move {
  std::string who;    // a nickname, or "world"
  std::string event;  // or what happens in the world: a word of world_moves()
  std::string with;   // what tells it from the ordinary one: "window later", "of an old generation"
  Json payload = Json::object();
  bool step_up = true;
  std::string timer_about;
  int timer_round = 0;

  std::string text() const;  // "dan approve (rsc_netadm)"
};

// Every payload with which this event is tried at this moment, the ordinary one first. Texts that people type are
// left out: they are documents, and no guard reads them.
std::vector<Move> said(const Moment& moment, const std::string& event, const std::string& who);

// Who could be the actor of this event here: whoever holds one of the roles that a row or note takes in this state.
std::vector<std::string> who_could(const Moment& moment, std::string_view event);

// The timers of the case that are due, as the timekeeper would submit them.
std::vector<Move> due_timers(const Moment& moment);

// The event as the engine would decide it.
Event event_of(const Moment& moment, const Move& move);

// The names of events, without opening ones, that have a row or note in this state.
const std::vector<std::string>& events_in(std::string_view state);

}  // namespace kintsugi::explore

#pragma once

#include "programs/stage/cast.h"

#include <string>
#include <vector>

namespace kintsugi::demo {

// What one person would do next about a case.
struct Act {
  Role role = Role::none;
  std::string event;
  Json payload = Json::object();
  bool once = false;           // in this case; the script remembers that it was done
  bool tells_refusal = false;  // if it is blocked, the telling says by what, once
};

// A case as somebody sees it at one moment, and the acts that are worth trying in it, best first. The case itself
// says which of them are allowed; nothing here knows how far a story has come, so it can be taken up at any point.
struct Scene {
  const Json& seen;
  const Cast& cast;
  const Instant now;
  std::vector<Act> acts = {};

  std::string state() const { return text("state"); }
  std::string text(const char* member) const { return text_in(seen, member); }
  static std::string text_in(const Json& json, const char* member);
  // Is something of this kind still owed before the signature?
  bool owes(const char* kind) const;
  std::string owed_about(const char* kind) const;
  std::string id_of(Role role) const;  // of whoever holds it first

  void offer(Role role, std::string event, Json payload = Json::object());
  // Not again once it was done in this case.
  void once(Role role, const std::string& event, Json payload = Json::object());
  void show_refusal(Role role, std::string event, Json payload = Json::object());
};

// Under this name the script remembers what was done once in a case.
std::string memory_of(const Json& case_id, const std::string& event);

}  // namespace kintsugi::demo

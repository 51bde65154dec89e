#pragma once

#include "programs/demo/cast.h"

#include <optional>
#include <string>
#include <vector>

namespace kintsugi::demo {

// What one person would do next about a case, seen as he sees it.
struct Act {
  Role role = Role::none;
  std::string event;
  Json payload = Json::object();
};

// The things worth trying in the state that a case is in, best first. The case itself says which of them are
// allowed; nothing here knows how far the play has come, so it can be taken up at any point. Pure.
std::vector<Act> worth_trying(const Json& seen, const Cast& cast, Instant now);

}  // namespace kintsugi::demo

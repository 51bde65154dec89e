#pragma once

#include "tests/end_to_end/api.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace kintsugi::testing {

// One POST that succeeds, and another request that would be sent under the same key by mistake.
struct Try {
  std::string path;
  std::string nick;  // empty: the device
  Json body = Json::object();
  Json other = Json{{"other", true}};  // what is another request under the same key
  httplib::Headers headers{};
};

// One for each path of the table whose replies are kept. Each makes what it needs, so that it succeeds whenever it is
// asked for; once in one world.
std::map<std::string_view, std::function<Try(Api&)>> tries();

// Password and a new code of this person.
Json proof(Api& api, const std::string& nick);

}  // namespace kintsugi::testing

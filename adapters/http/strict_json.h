#pragma once

#include "adapters/http/limits.h"
#include "engine/base/fields.h"

#include <string>
#include <string_view>

namespace kintsugi::http {

// Why a text is not accepted as JSON, and where.
struct JsonFault {
  enum class Kind { not_utf8, not_json, duplicate_member, too_deep };
  Kind kind = Kind::not_json;
  std::string pointer;   // of the value being read when it happened
  std::size_t byte = 0;  // position, for not_json
};

// Reads JSON from a stranger: one whole value of well-formed UTF-8, every member of an object once, at most
// `depth_max` levels. The depth is counted while reading, before anything is built, so a body of brackets costs
// no more than its bytes.
tl::expected<Json, JsonFault> read_strict(std::string_view text, int depth_max = json_depth_max);

}  // namespace kintsugi::http

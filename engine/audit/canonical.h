#pragma once

#include "engine/base/fields.h"
#include "engine/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

// Canonical JSON: one value, one spelling. The integer-only profile of JCS (RFC 8785).
//
// Values are objects, arrays, strings, true, false, null and integers up to 2^53-1 either way. Member names are
// ASCII and sorted by their bytes, each once. No white space. Strings escape `"`, `\` and control characters only
// (\b \t \n \f \r, the others as \u00xx in lower case); everything else is raw UTF-8. There are no fractions,
// because their printing is where canonical forms of different makers differ.
//
// Used where bytes are hashed or signed: audit records, requests, certificates. Any thread.
namespace kintsugi::audit {

inline constexpr std::int64_t integer_max = (std::int64_t{1} << 53) - 1;
inline constexpr int nesting_max = 64;

// The canonical bytes of a value. Invalid when the profile cannot hold it.
Result<std::string> canonical(const Json& value);

// Is this exactly the canonical spelling of some value? Invalid, with the offset of the first wrong byte, if not.
Result<> check_canonical(std::string_view text);

}  // namespace kintsugi::audit

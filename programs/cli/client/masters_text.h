#pragma once

#include "engine/base/fields.h"
#include "engine/base/result.h"
#include "programs/cli/client/table.h"
#include "programs/cli/client/words.h"

#include <string>

// Masters as people write and read them. A file is TOML or JSON with a list for each kind; in it a stretch of time
// may be written `4h` and a time of day `09:00`, where the API has microseconds and minutes.
namespace kintsugi::cli {

// What the text says, as the API takes it. JSON if it begins with a brace, else TOML. Invalid, with `file` and the
// place in it, for what is neither.
Result<Json> masters_from(const std::string& text, const std::string& file, const Tongue& tongue);

// Masters from the API as a file that masters_from() reads back to the same.
std::string masters_toml(const Json& masters, const Tongue& tongue);
Json masters_for_people(Json masters);

// `4h` of a member that holds a stretch of time as the API's microseconds; everything else as it is.
std::string for_the_api(const std::string& typed);

// What a plan alters, and what it would do. Every line ends.
std::string differences_text(const Json& plan, const Tongue& tongue, const Paint& paint);
std::string consequences_text(const Json& plan, const Tongue& tongue, const Paint& paint);

}  // namespace kintsugi::cli

#pragma once

#include "engine/base/fields.h"
#include "engine/base/instant.h"
#include "engine/base/result.h"

#include <string>

// Reading what the server sent without believing its shape: what is not there or is something else reads as empty.
// Texts come out harmless for a terminal.
namespace kintsugi::cli {

// What a server sent or a person typed, as JSON; discarded when it is none, or has more levels than anything here, so
// that no size of it takes the stack.
Json json_from(std::string_view text);

std::string text_of(const Json& json, const char* member);
// As text too when it is a number or a truth value.
std::string value_of(const Json& json, const char* member);
bool flag_of(const Json& json, const char* member);
std::int64_t number_of(const Json& json, const char* member);
// An object or list; an empty one if there is none.
const Json& object_of(const Json& json, const char* member);
const Json& list_of(const Json& json, const char* member);

// 2026-03-04T09:35:05.005005Z in the zone of the terminal (TZ): 2026-03-04 18:35:05+09:00, or 2026-03-04 09:35:05Z
// where that is UTC. Anything else as it is.
std::string to_the_second(const std::string& at);
// A stretch of time in its two largest units: 4d 3h, 24m, 40s.
std::string to_text(Duration span);

// `30s`, `15m`, `2h`, `1d`.
Result<Duration> span_from(std::string_view text);
// `now`, `now+1h`, `now-30m`; nothing for anything else.
std::optional<Instant> moment_from(std::string_view text, Instant now);

}  // namespace kintsugi::cli

#pragma once

#include "engine/base/result.h"

#include <chrono>
#include <string>
#include <string_view>

namespace kintsugi {

using namespace std::chrono_literals;

// A point in time: UTC, microseconds. Civil times exist only at the edges, with a named zone (calendar.h).
using Duration = std::chrono::microseconds;
using Instant = std::chrono::sys_time<Duration>;

// Always 27 characters, `2026-03-04T09:35:05.005005Z`: the form of the audit record and of the API.
std::string to_text(Instant at);
// The same, behind what is there.
void append_text(std::string& to, Instant at);

// Reads RFC 3339 with any offset and zero to nine digits of a second (digits beyond six are cut). Invalid for
// anything else, including dates that do not exist and what is in UTC outside of the years 1970 to 9999.
Result<Instant> instant_from(std::string_view text);

// Does it lie in those years? Of others to_text() gives something that nobody reads back.
bool is_writable(Instant at);

}  // namespace kintsugi

#pragma once

#include "tests/bench/client.h"

#include <cstdint>
#include <filesystem>

namespace kintsugi::bench {

// What it costs to have been at work for years: a store with this many closed cases and some open ones, started and
// asked.
//
// Two cases are played to their end and one is opened; their rows are then pasted under new ids and numbers.
// Documents and audit records are not, so the bytes are those of a case's own rows and indexes.
struct Growth {
  std::int64_t closed = 0, open = 0;
  double bytes_per_case = 0;
  double start_seconds = 0;       // from the start of the process to its first reply
  std::int64_t resident_kib = 0;  // after that reply
  Latencies open_list, by_number, by_device, one_case;
  double per_second = 0;  // transitions over HTTP at 64 in flight
};
Growth grown(const std::filesystem::path& directory, std::int64_t closed, std::int64_t open, double load_seconds);

}  // namespace kintsugi::bench

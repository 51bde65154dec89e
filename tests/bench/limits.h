#pragma once

#include "tests/bench/client.h"

#include <string>

// What the machine and the libraries give without us, measured in the same run: absolute figures drift with the
// machine, shares of these limits do not.
namespace kintsugi::bench {

struct Rate {
  double per_second = 0;
  Latencies latencies;
};

// cpp-httplib answering `reply` to the same POST, with the thread pool that the real server uses.
Rate bare_http(int in_flight, bool tls, double seconds, const std::string& request_body, const std::string& reply);

// SQLite writing what a transition writes (one case row updated, one audit row, one outbox row) in groups of
// `batch` to one commit, synchronous=FULL, prepared statements and nothing else. Transitions per second.
double bare_sqlite(const std::string& directory, int batch, double seconds, std::size_t case_bytes,
                   std::size_t record_bytes);

// Synced appends of 4 KiB to one file, one by one.
double bare_fdatasync(const std::string& directory, double seconds);

}  // namespace kintsugi::bench

#pragma once

#include "tests/bench/client.h"
#include "tests/bench/server_process.h"

#include <cstdint>
#include <string>

namespace kintsugi::bench {

// What one number of cases in flight gave.
struct Point {
  int in_flight = 0;
  bool tls = false;
  std::int64_t transitions = 0;  // acknowledged while every client was busy
  std::int64_t followed = 0;     // automatic laps that came with them, in the same commits; not in the rate
  double seconds = 0;
  Latencies latencies;
  double client_cpu = 0;  // of one core, while timed
  double server_cpu = 0;
  std::int64_t mails_late = 0;                     // effects still in the outbox when the clients had finished
  std::int64_t cases = 0;                          // begun and closed, all stretches together
  std::size_t request_bytes = 0, reply_bytes = 0;  // mean size of the bodies
  double per_second() const { return seconds > 0 ? static_cast<double>(transitions) / seconds : 0; }
};

// Runs straight runs, `in_flight` cases at a time, each by a client with a connection of its own, for at least this
// long. The clock runs only while every client is busy: a stretch ends for it when the first finds nothing left to
// do. Ends the program when an answer is not what the table says.
Point load(ServerProcess& server, int in_flight, bool tls, double seconds);

}  // namespace kintsugi::bench

#pragma once

#include <chrono>
#include <cstddef>

// Every limit of the way in, with its unit. What is over one is answered with a problem, never with a crash.
namespace kintsugi::http {

using namespace std::chrono_literals;

// Clients that keep their connection open at the same time, and threads kept free for whoever comes besides
// (a health probe, somebody who wants to cut a connection): cpp-httplib needs one thread for each connection.
inline constexpr std::size_t clients_max = 256;
inline constexpr std::size_t threads_reserve = 16;
inline constexpr int backlog_max = 1024;  // connections that wait to be accepted

inline constexpr std::size_t body_bytes_max = std::size_t{1} << 20;
inline constexpr std::size_t header_bytes_max = 8192;  // of one line; cpp-httplib's own limit, stated here
inline constexpr std::size_t idempotency_key_bytes_max = 255;
inline constexpr int json_depth_max = 32;

inline constexpr std::chrono::seconds keep_alive = 30s;
inline constexpr std::size_t requests_per_connection_max = 1'000'000;
inline constexpr std::chrono::seconds read_timeout = 10s;
inline constexpr std::chrono::seconds write_timeout = 10s;

// Requests of one client: so many a second for long, so many at once. A client is the bearer of one token, or an
// address as long as nobody has signed in from it.
inline constexpr double signed_in_rate_per_s = 20'000;
inline constexpr double signed_in_burst = 20'000;
inline constexpr double unknown_rate_per_s = 20;
inline constexpr double unknown_burst = 200;
inline constexpr std::size_t rate_clients_max = 8192;  // buckets remembered; beyond it the fullest are forgotten

inline constexpr std::size_t looks_remembered_max = 100'000;  // of an hour, so as not to record each twice

inline constexpr int page_size_default = 50;
inline constexpr int page_size_max = 200;
inline constexpr int letters_shown_max = 100;      // of one case, the newest
inline constexpr int hand_overs_shown_max = 200;   // of one answer
inline constexpr int outbox_looked_at_max = 2000;  // newest effects that one list looks through for the reader's own

inline constexpr std::chrono::hours clock_ahead_absurd = 24h;  // a device's clock; flagged, not refused
inline constexpr std::chrono::seconds retry_after = 2s;        // told to whoever met a busy store

}  // namespace kintsugi::http

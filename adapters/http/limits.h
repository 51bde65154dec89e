#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

// Every limit of the way in, with its unit. What is over one is answered with a problem, never with a crash.
namespace kintsugi::http {

using namespace std::chrono_literals;

// Connections that wait at the same time (idle, sending, or fetching a reply), and threads kept free for whoever
// comes besides (a health probe, somebody who wants to cut a connection): cpp-httplib needs one thread for each
// connection.
inline constexpr std::size_t clients_max = 256;
inline constexpr std::size_t threads_reserve = 16;
// Streams of events besides those: a stream keeps its thread for as long as it is open, so each has one of its own.
inline constexpr int streams_max = 200;
inline constexpr int streams_of_person_max = 8;
inline constexpr int backlog_max = 1024;  // connections that wait to be accepted

// What a connection may take for one turn: from its beginning, or the end of the last answer, to the whole of the
// next request (doorkeeper.h).
inline constexpr std::chrono::seconds turn_max = 40s;
inline constexpr std::chrono::milliseconds door_look_every = 100ms;
inline constexpr std::size_t descriptors_wanted = 4096;  // for connections and everything else that is open

inline constexpr std::size_t body_bytes_max = std::size_t{1} << 20;
inline constexpr std::size_t header_bytes_max = 8192;  // of one line; cpp-httplib's own limit, stated here
inline constexpr std::size_t request_bytes_max = body_bytes_max + (std::size_t{256} << 10);  // headers and TLS too
inline constexpr std::size_t idempotency_key_bytes_max = 255;
inline constexpr int json_depth_max = 32;

inline constexpr std::chrono::seconds keep_alive = 30s;
inline constexpr std::size_t requests_per_connection_max = 1'000'000;
inline constexpr std::chrono::seconds read_timeout = 10s;
inline constexpr std::chrono::seconds write_timeout = 10s;

// Requests of one client: so many a second for long, so many at once. A client is the bearer of one token, or an
// network (an IPv4 address, an IPv6 /64) for those who show nothing that holds.
inline constexpr double signed_in_rate_per_s = 20'000;
inline constexpr double signed_in_burst = 20'000;
inline constexpr double unknown_rate_per_s = 20;
inline constexpr double unknown_burst = 200;
inline constexpr std::size_t rate_clients_max = 8192;  // buckets remembered; beyond it the fullest are forgotten

inline constexpr std::size_t looks_remembered_max = 100'000;  // of an hour, so as not to record each twice

inline constexpr int page_size_default = 50;
inline constexpr int page_size_max = 200;
inline constexpr int letters_shown_max = 100;      // of one case, the newest
inline constexpr int outbox_looked_at_max = 2000;  // newest effects that one list looks through for the reader's own

inline constexpr int filter_bytes_max = 2000;
inline constexpr int filter_terms_max = 16;
inline constexpr int filter_values_max = 50;  // of one term

// Watching. A reader is told of a change after `feed_pace` at the latest; a silent stream shows every `beat_every`
// that it is alive, and a reader who has gone is noticed by that.
inline constexpr std::chrono::milliseconds feed_pace = 100ms;
inline constexpr std::chrono::seconds beat_every = 5s;
inline constexpr std::chrono::seconds stream_retry = 2s;  // told to clients: how long to wait before they come back
inline constexpr std::size_t feed_kept_max = 4096;        // newest changes in memory
inline constexpr std::size_t feed_changes_at_once = 64;   // written to a stream in one go
inline constexpr int feed_rows_at_once = 1024;            // audit rows read in one go for all
inline constexpr int feed_rows_behind = 256;              // and for one reader who is behind
inline constexpr std::int64_t resume_rows_max = 20'000;   // rows that a resume may go back
inline constexpr std::chrono::milliseconds stream_look = 1s;  // how often a stream looks whether it may go on

inline constexpr std::chrono::hours clock_ahead_absurd = 24h;  // a device's clock; flagged, not refused
inline constexpr std::chrono::seconds retry_after = 2s;        // told to whoever met a busy store

}  // namespace kintsugi::http

#pragma once

#include "adapters/http/connections.h"
#include "adapters/http/limits.h"
#include "engine/run/bell.h"

#include <httplib.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

namespace kintsugi::http {

// Who may keep a thread. cpp-httplib gives each connection one for as long as it lasts, whatever comes over it, so a
// client that sends a byte now and then would hold it for ever, and enough of them would lock out everybody else:
// also whoever wants to cut a connection.
//
// A connection on which no answer is being made waits: it is idle, sends its request, or fetches its reply. It is cut
// off when that takes longer than `turn_max` or brings more than `request_bytes_max`; and when so many wait that the
// reserve of threads is used up, those that have waited longest are cut off until `clients_max` are left, idle ones
// as well as slow ones. Whoever is being answered, and a stream of events, is left alone. Any thread.
class Doorkeeper {
 public:
  ~Doorkeeper() { stop(); }

  // The threads that serve connections, for the library, which owns them. The doorkeeper must outlive them.
  httplib::TaskQueue* threads(std::size_t count);

  void start(int port);
  void stop();

  // For as long as somebody holds it, this peer is being answered.
  std::shared_ptr<void> answering(const std::string& address, int port);

  std::uint64_t cut() const { return cut_; }  // connections that were cut off so far

 private:
  class Threads;
  using Moment = std::chrono::steady_clock::time_point;

  struct Line {
    ino_t socket = 0;
    int answers = 0;           // being made
    Moment since{};            // it waits
    std::uint64_t before = 0;  // bytes that had come by then
    bool measured = false;     // `before` is known
    bool seen = false;         // at the last look
    bool cut = false;          // and has not ended yet
  };

  void came();
  void went() { --open_; }
  void look();

  int port_ = 0;
  std::atomic<std::size_t> open_{0};
  std::atomic<std::uint64_t> cut_{0};
  std::mutex mutex_;
  std::unordered_map<std::string, Line> lines_;  // by peer
  Bell bell_;
  std::thread thread_;
};

}  // namespace kintsugi::http

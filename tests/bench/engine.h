#pragma once

#include "adapters/http/server.h"
#include "engine/audit/verify.h"
#include "programs/server/engine.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

namespace kintsugi::bench {

// The engine under measurement: the one that the server runs, and its API, over a fresh directory with the world of
// world.h in it, or over one that another of these has left. What is not real: mails are rendered and then taken by a
// mailer that accepts at once, and no controller stands behind the access points unless `doors` does (their reports
// arrive from outside, each as a request of its own). Failures end the program: there is nothing to measure then.
class Engine {
 public:
  explicit Engine(std::filesystem::path directory, Controller* doors = nullptr);
  ~Engine();

  // All threads; without it only the conductor's own, so that laps can be measured by themselves.
  void start();
  void start_conductor_only();
  void stop();
  // The API on a free port of 127.0.0.1; returns the port.
  int listen(bool tls);

  // Inserts the step-ups of every case that waits for its approvals and has none yet; returns how many cases.
  int prepare();
  // Waits until the outbox is empty, at most this long; returns how many effects are still in it.
  int drain(std::chrono::seconds most);
  std::int64_t mails() const;

  struct Verified {
    bool sound = true;
    std::int64_t records = 0;
    double seconds = 0;  // on one core
    int open_cases = 0;
    std::string defects;
  };
  Verified verify();
  // Mean sizes of a stored case and of an audit record, in bytes: what the bare database has to write.
  std::pair<std::size_t, std::size_t> row_sizes();

  Conductor& conductor() { return *it_->conductor; }
  Store& store() { return *it_->store; }

 private:
  class Mailer;
  const Home home_;
  SystemClock clock_;
  SystemEntropy entropy_;
  std::unique_ptr<Mailer> mailer_;
  std::unique_ptr<kintsugi::Engine> it_;
  std::unique_ptr<http::Server> http_;
};

}  // namespace kintsugi::bench

#pragma once

#include "adapters/access_point/simulated_site.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace kintsugi::access_point {

// A simulated site behind the HTTP contract of docs/api/access-point.md, on 127.0.0.1: what a test, the drill and the
// demo have instead of a hospital's door. Not for use in a hospital: it opens nothing.
//
// A hop that is `dead` keeps the line and says nothing for `silence_max`; one that is `late` really takes that long.
// Any thread.
class Simulator {
 public:
  static constexpr Duration silence_max = 15s;  // longer than any client waits

  struct Config {
    int port = 0;                  // 0: any free one
    std::string token;             // bearer token that callers must show; empty: none
    std::string certificate_file;  // PEM; empty: plain HTTP
    std::string key_file;
    std::string client_ca_file;  // PEM; not empty: callers must show a certificate of this authority
  };

  // The site must outlive the simulator, and only with() may touch it in between.
  Simulator(SimulatedSite& site, Config config);
  ~Simulator();

  // Listens; Transient when the port is taken or the certificate cannot be read. After stop() it can be started
  // again and keeps its port: in between, connections are refused.
  Result<> start();
  void stop();
  std::string url() const;  // of the running server, without a trailing slash

  // Calls f(site) while no order is being carried out.
  template <class F>
  auto with(F f) {
    const auto held = lock();
    return f(site_);
  }

  // Every order that was understood, with the key it came under, oldest first.
  struct Heard {
    std::string key;  // empty: a check without one
    Order order;
  };
  std::vector<Heard> heard();

  // Sends what happened without an order to `report_url`, oldest first, until there is nothing left or one is not
  // taken; Transient then, and it is kept for the next call. Returns how many were delivered.
  Result<int> deliver_reports(const std::string& report_url, const std::string& token);

 private:
  class Server;
  std::unique_lock<std::mutex> lock();

  SimulatedSite& site_;
  std::unique_ptr<Server> server_;
};

}  // namespace kintsugi::access_point

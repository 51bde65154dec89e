#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// The load generator's own HTTP client: blocking, one kept-alive connection, nothing but what the measurement
// needs. It is not the server's library, so that the server is not measured against its own mirror image.
namespace kintsugi::bench {

struct Reply {
  int status = 0;
  std::string body;
  std::string etag;
  std::string head;  // status line and headers, as they came
};
// The value of a header in such a head, or empty. Names are compared without regard to case.
std::string_view header(std::string_view head, std::string_view name);

// One connection; one thread.
class Client {
 public:
  // `tls` speaks TLS and believes any certificate: the peer is on loopback and under measurement.
  static Result<std::unique_ptr<Client>> connect(int port, bool tls);
  ~Client();
  // `headers` are complete lines, each with its CR LF.
  Result<Reply> post(std::string_view path, std::string_view headers, std::string_view body);
  Result<Reply> get(std::string_view path, std::string_view headers);

 private:
  class Wire;
  explicit Client(std::unique_ptr<Wire> wire);
  Result<Reply> exchange(std::string_view request);
  std::unique_ptr<Wire> wire_;
  std::string buffer_;
};

// Durations in microseconds, and what is asked of them.
class Latencies {
 public:
  void add(std::int64_t micros) { all_.push_back(micros); }
  void add(const Latencies& other) { all_.insert(all_.end(), other.all_.begin(), other.all_.end()); }
  std::size_t count() const { return all_.size(); }
  // The value below which `share` of them lie, in milliseconds; 0 when there is none.
  double percentile_ms(double share);

 private:
  std::vector<std::int64_t> all_;
};

}  // namespace kintsugi::bench

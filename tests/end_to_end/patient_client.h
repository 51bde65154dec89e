#pragma once

#include <httplib.h>

#include <chrono>
#include <string>

namespace kintsugi::testing {

// How long a test waits for an answer. The library's own five seconds are less than a disk that a compiler writes to
// may need for one commit.
inline constexpr std::chrono::seconds answered_within{60};

// Keeps its connection and takes any certificate.
inline httplib::Client patient_client(const std::string& url) {
  httplib::Client client(url);
  client.set_keep_alive(true);
  client.set_tcp_nodelay(true);
  client.set_read_timeout(answered_within);
  client.enable_server_certificate_verification(false);
  return client;
}

}  // namespace kintsugi::testing

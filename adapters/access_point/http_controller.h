#pragma once

#include "engine/ports/controller.h"

#include <string>
#include <vector>

namespace kintsugi::access_point {

// Speaks docs/api/access-point.md (H01 to H06) to one controller: a hospital's access point, or a vendor's exit.
//
// Whoever listens is known by his certificate, and we by ours or by a token. Plain HTTP is only spoken to this
// machine. Redirects are not followed: an order goes where the operator said, or nowhere.
//
// Refusals (409, 412) are answers. Silence, other status codes, answers of another shape and a certificate that
// does not hold are Transient: the state of the hop is unknown, the order may or may not have been carried out, and
// sending it again is safe (W40). An order the contract does not know is Invalid. Any thread, any number of orders
// at a time.
class HttpController final : public Controller {
 public:
  struct Config {
    std::string url;               // https://host[:port][/base]; http:// only for loopback
    std::string token;             // bearer token; empty: none. Never in an error or a log
    std::string ca_file;           // PEM; empty: the machine's own authorities
    std::string certificate_file;  // PEM, ours, for mutual TLS; empty: none
    std::string key_file;          // PEM
    Duration limit = 10s;          // for connecting, for sending and for each wait for the answer
  };
  // Every mistake, in words for the operator; empty when there is none.
  static std::vector<std::string> mistakes_in(const Config& config);

  // With mistakes in the configuration every order is Invalid.
  explicit HttpController(Config config) : config_(std::move(config)) {}
  Result<std::vector<HopAnswer>> carry_out(const Order& order, const std::string& idempotency_key) override;

 private:
  const Config config_;
};

}  // namespace kintsugi::access_point

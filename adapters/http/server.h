#pragma once

#include "adapters/http/desk.h"
#include "adapters/http/limits.h"

#include <memory>
#include <string>

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

// The API: plain resources over HTTP/1.1. docs/api/ describes it; every route is in routes.cpp.
namespace kintsugi::http {

struct Listening {
  std::string host = "127.0.0.1";
  int port = 8443;                         // 0: any free one; port() tells
  std::string certificate_path, key_path;  // PEM; both empty: plain HTTP
  std::string client_ca_path;              // PEM: authorities of client certificates; empty: none is asked for
  bool behind_proxy = false;               // a proxy on this host ends TLS and sets X-Forwarded-For
  double signed_in_rate_per_s = http::signed_in_rate_per_s;
  double signed_in_burst = http::signed_in_burst;
  double unknown_rate_per_s = http::unknown_rate_per_s;
  double unknown_burst = http::unknown_burst;
};

// Takes requests off the network and hands each to its route, in a thread of the pool; TLS unless the peer is on
// this machine. Nothing a client sends ends in 500: what a route does not expect becomes `internal`, is logged, and
// says nothing about the inside.
//
// start() binds (Conflict when the address is taken, Refused when plain HTTP was asked for where others could listen
// in) and returns; stop() lets requests in hand finish.
class Server {
 public:
  Server(Desk desk, Listening listening);
  ~Server();
  Result<> start();
  void stop();
  // What start() does with each request, in the caller's thread, for one that came by another way. Throws what a
  // route throws.
  void answer(const httplib::Request& request, httplib::Response& response);
  int port() const;
  std::string url() const;

 private:
  class Front;
  std::unique_ptr<Front> front_;
};

}  // namespace kintsugi::http

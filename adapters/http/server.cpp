#include "adapters/http/server.h"

#include "adapters/http/certificate.h"
#include "adapters/http/doorkeeper.h"
#include "adapters/http/rate_limit.h"
#include "adapters/http/routes.h"
#include "engine/base/log.h"
#include "engine/base/network.h"

#include <algorithm>
#include <map>
#include <sys/socket.h>
#include <thread>

namespace kintsugi::http {
namespace {

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

// The library asks the system for a backlog of five, which drops connections when some hundred clients arrive at
// once. A socket that listens already may be told again.
class Deepened {
 public:
  virtual ~Deepened() = default;
  virtual bool deepen() = 0;
};
template <class Base>
class Deep final : public Base, public Deepened {
 public:
  using Base::Base;
  bool deepen() override { return ::listen(this->svr_sock_, backlog_max) == 0; }
};

// The library lets several programs listen on one port (SO_REUSEPORT), and the system then deals their connections
// out among them. Here a port that is taken is taken; only what a closed connection has left behind does not count.
void own_port(socket_t descriptor) {
  const int yes = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

// What stands in the query of a route that knows no such name was meant to do something: a list that is not filtered
// looks like one that is.
bool knows_parameters(Exchange& exchange, const Route& route) {
  static const auto known = [] {
    std::map<const Route*, std::vector<std::string>> out;
    for (const Route& one : routes())
      for (const Parameter& parameter : one.described().query)
        out[&one].push_back(parameter.name);
    return out;
  }();
  const auto names = exchange.parameters();
  if (names.empty()) return true;
  const auto own = known.find(&route);
  for (const std::string& name : names) {
    if (own != known.end() && std::ranges::find(own->second, name) != own->second.end()) continue;
    std::string there_are;
    if (own != known.end())
      for (const std::string& one : own->second)
        there_are += (there_are.empty() ? "" : ", ") + one;
    exchange.problem(Problem{
        .name = "invalid",
        .errors = {{name, there_are.empty() ? "is no parameter, nor is any other" : "is none of " + there_are}}});
    return false;
  }
  return true;
}

}  // namespace

class Server::Front {
 public:
  Front(Desk at, Listening how)
      : desk(std::move(at)),
        listening(std::move(how)),
        known(listening.signed_in_rate_per_s, listening.signed_in_burst, rate_clients_max),
        unknown(listening.unknown_rate_per_s, listening.unknown_burst, rate_clients_max) {}

  bool tls() const { return !listening.certificate_path.empty(); }

  void answer(const httplib::Request& request, httplib::Response& response) {
    const auto answering = keeper.answering(request.remote_addr, request.remote_port);
    const auto began = std::chrono::steady_clock::now();
    std::size_t at = routes().size();
    const auto note = [&](int status) {
      const auto took = std::chrono::steady_clock::now() - began;
      desk.requests->answered(
          at, status,
          static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
    };
    try {
      dispatch(request, response, at);
    } catch (...) {
      note(500);
      throw;
    }
    note(response.status);
    // A stream is an answer for as long as it lasts.
    if (response.content_provider_) response.content_provider_resource_releaser_ = [answering](bool) {};
  }

  // `at` becomes the place of the route in the table, if there is one.
  void dispatch(const httplib::Request& request, httplib::Response& response, std::size_t& at) {
    Exchange exchange(request, response, desk, listening.behind_proxy);
    const Route* route = nullptr;
    bool path_known = false;
    std::string allowed;
    const auto path = segments_of(request.path);
    for (std::size_t i = 0; i < routes().size(); ++i) {
      if (!matches(i, path, exchange.captured)) continue;
      const Route& one = routes()[i];
      path_known = true;
      const std::string_view method = request.method == "HEAD" ? std::string_view("GET") : request.method;
      if (one.method == method) {
        route = &one;
        at = i;
        break;
      }
      allowed += std::string(one.method) + ", " + (one.method == "GET" ? "HEAD, " : "");
    }
    auto actor = who(exchange);
    const bool is_known = actor.has_value();
    const bool cannot_tell =
        !is_known && (actor.error().code == Errc::Transient || actor.error().code == Errc::Corrupt);
    if (!may_pass(exchange, is_known ? &*actor : nullptr)) return;
    if (!exchange.is_text()) return exchange.problem("malformed_request");
    if (route == nullptr) {
      if (!path_known) return exchange.problem("not_found");
      exchange.set("Allow", allowed + "OPTIONS");
      return request.method == "OPTIONS" ? exchange.answer_nothing() : exchange.problem("method_not_allowed");
    }
    if (!knows_parameters(exchange, *route)) return;
    if (is_known) exchange.actor = std::move(*actor);
    if (route->caller != Caller::anyone) {
      if (cannot_tell) return exchange.problem(actor.error());
      if (!is_known) return exchange.problem("unauthenticated");
      if (route->caller == Caller::person && exchange.actor.person.empty()) return exchange.problem("forbidden");
    }
    const bool once = route->method == "POST" && (route->kept == Kept::here || route->kept == Kept::unshown);
    if (!once) return route->answer(exchange);
    answer_once(exchange, exchange.actor.id, route->kept, [&] { route->answer(exchange); });
  }

  const Desk desk;
  const Listening listening;
  RateLimit known;
  RateLimit unknown;
  Doorkeeper keeper;
  std::unique_ptr<httplib::Server> http;
  Deepened* deep = nullptr;  // the same
  std::thread thread;
  int port = 0;

 private:
  // By his token, else by the certificate that he has shown.
  Result<Actor> who(const Exchange& exchange) {
    if (const auto token = exchange.bearer()) return desk.accounts.actor_of(*token, exchange.address);
    if (const auto certificate = exchange.certificate())
      return desk.accounts.actor_of(*certificate, exchange.address);
    return fail(Errc::Refused, "neither token nor certificate");
  }

  // Whoever is known is counted by himself; everybody else by his network, so that inventing tokens, or a new address
  // for each try, brings nothing.
  bool may_pass(Exchange& exchange, const Actor* actor) {
    const Instant now = desk.clock.now();
    const Duration wait =
        actor != nullptr ? known.take(actor->sign_in, now) : unknown.take(network_of(exchange.address), now);
    if (wait == Duration{}) return true;
    exchange.problem(Problem{.name = "rate_limited", .retry_after = std::chrono::ceil<std::chrono::seconds>(wait)});
    return false;
  }
};

Server::Server(Desk desk, Listening listening)
    : front_(std::make_unique<Front>(std::move(desk), std::move(listening))) {}

Server::~Server() {
  stop();
}

Result<> Server::start() {
  const Listening& how = front_->listening;
  if (!front_->tls() && !how.behind_proxy && !is_loopback(how.host))
    return fail(Errc::Refused, "plain HTTP on " + how.host +
                                   ": give a certificate, listen on 127.0.0.1, or state that a proxy stands before");
  const auto take = [this](auto server) {
    front_->deep = server.get();
    front_->http = std::move(server);
  };
  if (!front_->tls() && !how.client_ca_path.empty())
    return fail(Errc::Invalid, "client certificates need TLS: give a certificate for the server too");
  if (front_->tls()) {
    auto server = std::make_unique<Deep<httplib::SSLServer>>(how.certificate_path.c_str(), how.key_path.c_str());
    if (server->is_valid() && !how.client_ca_path.empty())
      if (auto asked = ask_for_certificates(*server->ssl_context(), how.client_ca_path); !asked) return asked;
    take(std::move(server));
  } else {
    take(std::make_unique<Deep<httplib::Server>>());
  }
  httplib::Server& http = *front_->http;
  if (!http.is_valid()) return fail(Errc::Invalid, "certificate or key cannot be used: " + how.certificate_path);

  allow_descriptors(descriptors_wanted);
  http.new_task_queue = [front = front_.get()] {
    return front->keeper.threads(clients_max + threads_reserve + streams_max);
  };
  http.set_socket_options(own_port);
  http.set_tcp_nodelay(true);
  http.set_keep_alive_max_count(requests_per_connection_max);
  http.set_keep_alive_timeout(keep_alive.count());
  http.set_read_timeout(read_timeout.count());
  http.set_write_timeout(write_timeout.count());
  http.set_payload_max_length(body_bytes_max);
  http.set_default_headers({{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}});
  if (front_->tls()) {
    auto headers = httplib::Headers{{"Cache-Control", "no-store"},
                                    {"X-Content-Type-Options", "nosniff"},
                                    {"Strict-Transport-Security", "max-age=31536000"}};
    http.set_default_headers(std::move(headers));
  }

  // One pattern for every path: our own table is matched by segments, which is faster than the library's list of
  // regular expressions and can tell 404 from 405.
  const auto answer = [front = front_.get()](const httplib::Request& request, httplib::Response& response) {
    front->answer(request, response);
  };
  http.Get(".*", answer);
  http.Post(".*", answer);
  http.Put(".*", answer);
  http.Patch(".*", answer);
  http.Delete(".*", answer);
  http.Options(".*", answer);

  // What the library itself refuses (too large, no HTTP) gets our form too.
  http.set_error_handler(
      httplib::Server::Handler([front = front_.get()](const httplib::Request& request, httplib::Response& response) {
        if (!response.body.empty()) return;
        Exchange exchange(request, response, front->desk, front->listening.behind_proxy);
        const int status = response.status;
        exchange.problem(status == 413   ? "too_large"
                         : status == 404 ? "not_found"
                         : status >= 500 ? "internal"
                                         : "malformed_request");
      }));
  http.set_exception_handler([front = front_.get()](const httplib::Request& request, httplib::Response& response,
                                                    std::exception_ptr thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      log::http().error("path={} threw {}", request.path, e.what());
    } catch (...) {
      log::http().error("path={} threw", request.path);
    }
    Exchange(request, response, front->desk, front->listening.behind_proxy).problem("internal");
  });

  if (how.port == 0)
    front_->port = http.bind_to_any_port(how.host);
  else
    front_->port = http.bind_to_port(how.host, how.port) ? how.port : -1;
  if (front_->port <= 0) return fail(Errc::Conflict, how.host + ":" + std::to_string(how.port) + " is taken");
  if (!front_->deep->deepen()) return fail(Errc::Transient, "cannot lengthen the queue of connections");
  front_->desk.feed->start();
  front_->keeper.start(front_->port);
  front_->thread = std::thread([&http] { http.listen_after_bind(); });
  return {};
}

void Server::stop() {
  if (!front_->thread.joinable()) return;
  // The library forgets a stop that comes before its loop has begun.
  for (int i = 0; i < 200 && !front_->http->is_running(); ++i)
    std::this_thread::sleep_for(5ms);
  front_->desk.feed->stop();
  front_->http->stop();
  for (const Connection& one : connections_to(front_->port))
    hang_up(one);
  front_->thread.join();
  front_->keeper.stop();
}

void Server::answer(const httplib::Request& request, httplib::Response& response) {
  front_->answer(request, response);
}

int Server::port() const {
  return front_->port;
}

std::string Server::url() const {
  const std::string& host = front_->listening.host;
  return (front_->tls() ? "https://" : "http://") + (host.find(':') == std::string::npos ? host : "[" + host + "]") +
         ":" + std::to_string(front_->port);
}

}  // namespace kintsugi::http

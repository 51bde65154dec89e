#include "adapters/access_point/simulator.h"

#include "adapters/access_point/wire.h"
#include "engine/base/bytes.h"

#include <httplib.h>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace kintsugi::access_point {

namespace {

constexpr const char* host = "127.0.0.1";
constexpr const char* json_type = "application/json";
constexpr std::size_t workers = 16;    // calls answered at a time, silent ones included
constexpr Duration report_limit = 5s;  // for the engine to take a report

std::string_view name_of_cause(SimulatedSite::Report::Cause cause) {
  return cause == SimulatedSite::Report::Cause::button ? "button" : "not_after";
}

std::string report_text(const SimulatedSite::Report& report) {
  Json body = Json::parse(reply_for(report.answer, false).body);
  body["grant"] = report.grant.text();
  body["cause"] = name_of_cause(report.cause);
  body["at"] = to_text(report.at);
  return body.dump();
}

}  // namespace

class Simulator::Server {
 public:
  Server(SimulatedSite& site, Config config) : site_(site), config_(std::move(config)), port_(config_.port) {}
  ~Server() { stop(); }

  Result<> start() {
    stop();
    stopping_ = false;
    http_ = config_.certificate_file.empty()
                ? std::make_unique<httplib::Server>()
                : std::make_unique<httplib::SSLServer>(
                      config_.certificate_file.c_str(), config_.key_file.c_str(),
                      config_.client_ca_file.empty() ? nullptr : config_.client_ca_file.c_str());
    if (!http_->is_valid()) return fail(Errc::Transient, "simulator: certificate or key cannot be read");
    http_->set_payload_max_length(body_max);
    http_->set_keep_alive_max_count(1);  // one call, one connection: stop() waits for nobody
    const auto handler = [this](const httplib::Request& request, httplib::Response& response) {
      take_call(request, response);
    };
    constexpr const char* everything = "/.*";
    http_->Get(everything, handler).Put(everything, handler).Post(everything, handler).Delete(everything, handler);

    const bool bound = port_ == 0 ? (port_ = http_->bind_to_any_port(host)) > 0 : http_->bind_to_port(host, port_);
    if (!bound) return fail(Errc::Transient, "simulator: the port is taken");
    // Whoever calls after start() is answered at once: the threads are there before the loop that owns them.
    http_->new_task_queue = [pool = new httplib::ThreadPool(workers)] { return pool; };
    thread_ = std::thread([this] { http_->listen_after_bind(); });
    // stop() before the loop has begun would not be seen by it.
    while (!http_->is_running())
      std::this_thread::yield();
    return {};
  }

  void stop() {
    if (!thread_.joinable()) return;
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    woken_.notify_all();
    http_->stop();
    thread_.join();
  }

  std::string url() const {
    return std::string(config_.certificate_file.empty() ? "http" : "https") + "://" + host + ":" +
           std::to_string(port_);
  }

  std::mutex& mutex() { return mutex_; }
  const std::vector<Heard>& heard() const { return heard_; }

 private:
  void take_call(const httplib::Request& request, httplib::Response& response) {
    const auto say = [&](int status, const std::string& body) {
      response.status = status;
      response.set_content(body, json_type);
    };
    if (!config_.token.empty() && !equal_in_constant_time(bytes_of(request.get_header_value("Authorization")),
                                                          bytes_of("Bearer " + config_.token)))
      return say(401, R"({"detail":"token required"})");
    const auto order = order_from(request.method, request.path, request.get_param_value("generation"), request.body);
    if (!order) return say(400, Json{{"detail", order.error().what}}.dump());
    std::string key = request.get_header_value(std::string(key_header));
    if (order->order != OrderKind::check && !is_key(key)) return say(400, R"({"detail":"Idempotency-Key required"})");

    std::unique_lock lock(mutex_);
    heard_.push_back({std::move(key), *order});
    const bool fenced = site_.is_fenced(*order);
    const Duration late = site_.faults(order->hop).late;
    const auto answer = site_.obey(*order);
    if (!answer || late > 0s) woken_.wait_for(lock, answer ? late : silence_max, [this] { return stopping_; });
    lock.unlock();
    if (!answer) return say(503, R"({"detail":"no answer"})");
    const Reply reply = reply_for(*answer, fenced);
    say(reply.status, reply.body);
  }

  SimulatedSite& site_;
  std::mutex mutex_;  // over site_, heard_ and stopping_
  std::vector<Heard> heard_;
  const Config config_;
  int port_ = 0;
  bool stopping_ = false;
  std::condition_variable woken_;
  std::unique_ptr<httplib::Server> http_;
  std::thread thread_;
};

Simulator::Simulator(SimulatedSite& site, Config config)
    : site_(site), server_(std::make_unique<Server>(site, std::move(config))) {}
Simulator::~Simulator() = default;

Result<> Simulator::start() {
  return server_->start();
}
void Simulator::stop() {
  server_->stop();
}
std::string Simulator::url() const {
  return server_->url();
}

std::vector<Simulator::Heard> Simulator::heard() {
  const auto held = lock();
  return server_->heard();
}

Result<int> Simulator::deliver_reports(const std::string& report_url, const std::string& token) {
  const std::size_t slash = report_url.find('/', report_url.find("//") + 2);
  if (!report_url.starts_with("http://127.0.0.1") || slash == std::string::npos)
    return fail(Errc::Invalid, "simulator: reports go to http://127.0.0.1:port/path");
  httplib::Client client(report_url.substr(0, slash));
  client.set_connection_timeout(report_limit);
  client.set_read_timeout(report_limit);
  if (!token.empty()) client.set_bearer_token_auth(token.c_str());

  for (int delivered = 0;; ++delivered) {
    const auto next = with([](SimulatedSite& site) {
      return site.reports().empty() ? std::optional<std::string>() : report_text(site.reports().front());
    });
    if (!next) return delivered;
    const auto heard = client.Post(report_url.substr(slash).c_str(), *next, json_type);
    if (!heard || heard->status < 200 || heard->status > 299)
      return fail(Errc::Transient, "simulator: the report was not taken");
    with([](SimulatedSite& site) { site.report_delivered(); });
  }
}

std::unique_lock<std::mutex> Simulator::lock() {
  return std::unique_lock(server_->mutex());
}

}  // namespace kintsugi::access_point

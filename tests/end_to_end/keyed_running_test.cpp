#include "tests/end_to_end/api.h"
#include "tests/end_to_end/patient_client.h"

#include <arpa/inet.h>
#include <fstream>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

// A request that takes its time, and its key meanwhile: the server asks another one, which says nothing.
namespace kintsugi::testing {
namespace {

// Accepts and does not answer.
class Silent {
 public:
  Silent() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof at;
    auto* const address = reinterpret_cast<sockaddr*>(&at);
    REQUIRE(::bind(socket_, address, length) == 0);
    REQUIRE(::listen(socket_, 4) == 0);
    REQUIRE(::getsockname(socket_, address, &length) == 0);
    port_ = ntohs(at.sin_port);
  }
  ~Silent() {
    hang_up();
    ::close(socket_);
  }
  Silent(const Silent&) = delete;
  Silent& operator=(const Silent&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }
  // Until somebody has called.
  void await() {
    pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
    REQUIRE(::poll(&waiting, 1, 60'000) == 1);
    caller_ = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
  }
  void hang_up() {
    if (caller_ >= 0) ::close(caller_);
    caller_ = -1;
  }

 private:
  const int socket_;
  int caller_ = -1;
  int port_ = 0;
};

std::string add_webhook(Api& api, const std::string& url) {
  const auto made = api.post("/api/v1/webhooks", api.token("sato"),
                             Json{{"owner", organisation("midori").text()}, {"url", url}}.dump());
  INFO(made->body);
  REQUIRE(made->status == 201);
  return "/api/v1/webhooks/" + Json::parse(made->body).at("id").get<std::string>();
}

// Posts in a thread of its own, on a connection of its own.
class Posted {
 public:
  Posted(Api& api, const std::string& path, const std::string& key)
      : thread_([this, url = api.url, bearer = api.token("sato"), path, key] {
          httplib::Client client = patient_client(url);
          reply_.emplace(client.Post(path, {{"Authorization", "Bearer " + bearer}, {"Idempotency-Key", key}}, "{}",
                                     "application/json"));
        }) {}
  ~Posted() {
    if (thread_.joinable()) thread_.join();
  }
  const httplib::Result& reply() {
    thread_.join();
    return *reply_;
  }

 private:
  std::optional<httplib::Result> reply_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("while a request is carried out its twin is told so, and afterwards it gets the same answer",
          "[api][keys]") {
  Silent silent;
  Api api([](Config& settings, std::vector<Master>&) { settings.webhooks.private_hosts = {"127.0.0.1"}; });
  const std::string path = add_webhook(api, silent.url()) + "/test";
  const auto again = [&] { return api.post(path, api.token("sato"), "{}", {{"Idempotency-Key", "slow"}}); };
  Posted first(api, path, "slow");
  silent.await();
  const auto twin = again();
  CHECK(twin->status == 409);
  CHECK(problem_of(twin) == "request_running");
  CHECK(twin->has_header("Retry-After"));
  silent.hang_up();
  const auto& done = first.reply();
  REQUIRE(done);
  CHECK(done->status == 200);
  CHECK(Json::parse(done->body).at("taken") == false);
  const auto later = again();
  CHECK(later->status == 200);
  CHECK(later->get_header_value("Idempotency-Replayed") == "true");
  CHECK(later->body == done->body);
}

TEST_CASE("a request whose server was killed is not carried out again, and nobody pretends to know how it ended",
          "[api][keys]") {
  Silent silent;
  Api api;
  api.enrol("sato");
  std::ofstream(api.directory.path("data") + "/kintsugi.toml") << "[webhooks]\nprivate_hosts = [\"127.0.0.1\"]\n";
  api.go_on_outside();
  const std::string path = add_webhook(api, silent.url()) + "/test";
  {
    Posted lost(api, path, "lost");
    silent.await();
    api.program->kill_now();
    CHECK_FALSE(lost.reply());
  }
  silent.hang_up();
  api.go_on_outside();
  const auto again = api.post(path, api.token("sato"), "{}", {{"Idempotency-Key", "lost"}});
  CHECK(again->status == 409);
  CHECK(problem_of(again) == "reply_unknown");
}

}  // namespace kintsugi::testing

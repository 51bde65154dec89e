#include "adapters/http/limits.h"
#include "tests/end_to_end/api.h"
#include "tests/end_to_end/raw_stream.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <arpa/inet.h>
#include <fcntl.h>
#include <fstream>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

// Clients that mean no good, against the program in a process of its own. Whatever they do, others are served within
// `served_within`, and the program grows by no more than `grows_most`.
namespace kintsugi::testing {
namespace {

using namespace std::chrono_literals;

constexpr auto served_within = 5s;
constexpr long grows_most_kib = 192L << 10;
constexpr auto patience = 60s;

// One connection as a plain socket.
class Line {
 public:
  explicit Line(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(port));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) is_open_ = false;
    ::fcntl(socket_, F_SETFL, O_NONBLOCK);
  }
  ~Line() {
    if (socket_ >= 0) ::close(socket_);
  }
  Line(Line&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), is_open_(other.is_open_), heard_(std::move(other.heard_)) {}
  Line& operator=(Line&&) = delete;

  // As much as goes at once; false when the other side has ended it.
  bool send(std::string_view bytes) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) is_open_ = false;
    return is_open_;
  }
  void half_close() const { ::shutdown(socket_, SHUT_WR); }
  // Reads what is there.
  bool is_open() {
    char some[4096];
    for (;;) {
      const auto got = ::recv(socket_, some, sizeof some, 0);
      if (got > 0) {
        heard_.append(some, static_cast<std::size_t>(got));
        continue;
      }
      if (got == 0 || errno != EAGAIN) is_open_ = false;
      return is_open_;
    }
  }
  const std::string& heard() const { return heard_; }

 private:
  int socket_;
  bool is_open_ = true;
  std::string heard_;
};

// Many descriptors: a test of more connections than a shell usually lets a process have.
void allow_many_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 8192);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

class Besieged {
 public:
  Besieged() {
    allow_many_descriptors();
    api.token("sato");
    api.stop();
    std::ofstream(api.directory.path("data/kintsugi.toml")) << "[listen]\nplain_http = true\n";
    api.go_on_outside();
    port = std::stoi(api.url.substr(api.url.rfind(':') + 1));
  }
  std::vector<Line> lines(std::size_t count) const {
    std::vector<Line> out;
    for (std::size_t i = 0; i < count; ++i)
      out.emplace_back(port);
    return out;
  }
  // A newcomer who asks something of the store, and a device: each is answered in time.
  void check_others_are_served() {
    for (int i = 0; i < 3; ++i) {
      httplib::Client client("127.0.0.1", port);
      client.set_connection_timeout(served_within);
      client.set_read_timeout(served_within);
      client.set_bearer_token_auth(api.token("sato").c_str());
      const auto began = std::chrono::steady_clock::now();
      const auto reply = client.Get("/api/v1/cases");
      const auto took = std::chrono::steady_clock::now() - began;
      INFO(httplib::to_string(reply.error()));
      REQUIRE(reply);
      CHECK(reply->status == 200);
      CHECK(took < served_within);
    }
  }
  long resident_kib() const {
    std::ifstream status("/proc/" + std::to_string(api.program->pid()) + "/status");
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
    return 0;
  }

  Api api;
  int port = 0;
};

std::size_t open_of(std::vector<Line>& lines) {
  return static_cast<std::size_t>(std::ranges::count_if(lines, [](Line& one) { return one.is_open(); }));
}

}  // namespace

TEST_CASE("more clients than the limit that send a byte now and then keep nobody from being served", "[hostile]") {
  Besieged server;
  const long before = server.resident_kib();
  std::vector<Line> slow = server.lines(3 * http::clients_max);
  const std::string request = "GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + std::string(200, 'a');
  for (std::size_t at = 0; at < 12; ++at) {
    for (Line& one : slow)
      one.send(request.substr(at, 1));
    server.check_others_are_served();
  }
  CHECK(wait_until([&] { return open_of(slow) <= http::clients_max + http::threads_reserve; }, patience));
  CHECK(server.resident_kib() - before < grows_most_kib);
}

TEST_CASE("of more idle connections than the limit those that have waited longest are ended", "[hostile]") {
  Besieged server;
  std::vector<Line> first = server.lines(http::clients_max);
  for (Line& one : first)
    one.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
  REQUIRE(wait_until(
      [&] {
        return std::ranges::all_of(first,
                                   [](Line& one) { return one.is_open() && one.heard().starts_with("HTTP/1.1 "); });
      },
      patience));
  std::vector<Line> second = server.lines(http::clients_max / 2);
  CHECK(wait_until([&] { return open_of(first) <= http::clients_max / 2 + http::threads_reserve; }, patience));
  CHECK(open_of(second) == second.size());
  server.check_others_are_served();
}

TEST_CASE("whoever never comes to the end of his request is cut off, and a silent stream of events is not",
          "[hostile]") {
  Besieged server;
  RawStream stream(server.port, "/api/v1/events", server.api.token("sato"));
  REQUIRE(stream.begun());
  Line slow(server.port);
  slow.send(
      "POST /api/v1/faults HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Content-Length: 100000\r\n\r\n");
  const auto began = std::chrono::steady_clock::now();
  const auto ended = [&] {
    slow.send("{");
    return !slow.is_open();
  };
  CHECK(wait_until(ended, http::turn_max + patience));
  CHECK(std::chrono::steady_clock::now() - began > http::turn_max / 2);  // not at once: slow lines are no crime
  server.api.report();
  CHECK(stream.until([](const RawStream& one) { return !one.told().empty(); }));
}

TEST_CASE("a flood of headers and a body without an end are cut off and cost little memory", "[hostile]") {
  Besieged server;
  server.check_others_are_served();
  const long before = server.resident_kib();
  std::string headers;
  for (int i = 0; headers.size() < 60'000; ++i)
    headers += "X-Flood-" + std::to_string(i) + ": " + std::string(100, 'a') + "\r\n";
  std::string chunks;
  while (chunks.size() < 60'000)
    chunks += "400\r\n" + std::string(0x400, ' ') + "\r\n";
  std::vector<Line> floods = server.lines(16);
  for (std::size_t i = 0; i < floods.size(); ++i)
    floods[i].send(i % 2 == 0
                       ? "GET /livez HTTP/1.1\r\nHost: localhost\r\n"
                       : "POST /api/v1/faults HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                         "Transfer-Encoding: chunked\r\n\r\n");
  long most = before;
  const auto until = std::chrono::steady_clock::now() + patience;
  while (open_of(floods) > 0 && std::chrono::steady_clock::now() < until) {
    // A line that is cut in the middle of a piece goes on with the rest of it, which is a flood all the same.
    for (std::size_t i = 0; i < floods.size(); ++i)
      floods[i].send(i % 2 == 0 ? headers : chunks);
    most = std::max(most, server.resident_kib());
  }
  CHECK(open_of(floods) == 0);
  CHECK(most - before < grows_most_kib);
  server.check_others_are_served();
}

TEST_CASE("a body that says it is too large is refused before it comes", "[hostile]") {
  Besieged server;
  Line huge(server.port);
  huge.send(
      "POST /api/v1/faults HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Content-Length: 10737418240\r\n\r\n");
  CHECK(wait_until(
      [&] {
        huge.is_open();
        return huge.heard().find(" 413 ") != std::string::npos;
      },
      patience));
  server.check_others_are_served();
}

TEST_CASE("half requests, whether they end or stay, leave the server as it was", "[hostile]") {
  Besieged server;
  const std::string whole =
      "POST /api/v1/faults HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n"
      "Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{\"action\": \"trigger\"";
  std::vector<Line> stay;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    Line gone(server.port);
    gone.send(whole.substr(0, length));
    Line half(server.port);
    half.send(whole.substr(0, length));
    half.half_close();
    stay.push_back(std::move(half));
  }
  server.check_others_are_served();
  CHECK(wait_until([&] { return open_of(stay) == 0; }, patience));
  CHECK(server.api.store()->list_cases({})->empty());
}

}  // namespace kintsugi::testing

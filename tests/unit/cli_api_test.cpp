#include "programs/cli/client/api.h"
#include "programs/cli/client/problem.h"

#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

// The way to a server: which addresses are taken, and what happens when no answer comes.
namespace kintsugi::cli {
namespace {

const Tongue english(Language::en);

// Takes so many requests; the first ones get no answer, the last one does.
class Forgetful {
 public:
  explicit Forgetful(int requests) {
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(listening_, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
    REQUIRE(::listen(listening_, 8) == 0);
    socklen_t length = sizeof at;
    REQUIRE(::getsockname(listening_, reinterpret_cast<sockaddr*>(&at), &length) == 0);
    port_ = ntohs(at.sin_port);
    thread_ = std::thread([this, requests] { serve(requests); });
  }
  ~Forgetful() {
    finish();
    ::close(listening_);
  }
  void finish() {
    if (!thread_.joinable()) return;
    ::shutdown(listening_, SHUT_RDWR);  // whoever still waits for a request waits no more
    thread_.join();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::vector<std::string> seen;  // after finish()

 private:
  void serve(int requests) {
    for (int n = 1; n <= requests; ++n) {
      const int one = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
      if (one < 0) return;
      std::string text;
      std::array<char, 4096> some{};
      while (text.find("}") == std::string::npos) {
        const auto count = ::read(one, some.data(), some.size());
        if (count <= 0) break;
        text.append(some.data(), static_cast<std::size_t>(count));
      }
      seen.push_back(text);
      const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nETag: \"7\"\r\n\r\n{}";
      if (n == requests && ::write(one, answer.data(), answer.size()) < 0) seen.clear();
      ::close(one);
    }
  }

  int listening_ = -1;
  int port_ = 0;
  std::thread thread_;
};

std::string header_of(const std::string& request, const std::string& name) {
  const auto at = request.find(name + ": ");
  return at == std::string::npos ? std::string() : request.substr(at, request.find("\r\n", at) - at);
}

}  // namespace

TEST_CASE("an act without an answer is sent again with the key of the first time", "[cli]") {
  Forgetful server(3);
  Api api({.url = server.url(), .ca_file = {}}, "token", english);
  const Reply reply = api.submit("/api/v1/cases/case_1/events/revoke", {{"reason", "x"}}, {{"If-Match", "\"6\""}});
  server.finish();
  CHECK(reply.status == 200);
  CHECK(reply.etag == "\"7\"");
  REQUIRE(server.seen.size() == 3);
  const std::string key = header_of(server.seen[0], "Idempotency-Key");
  CHECK(key.size() > 30);
  for (const std::string& one : server.seen) {
    CHECK(header_of(one, "Idempotency-Key") == key);
    CHECK(header_of(one, "If-Match") == "If-Match: \"6\"");
    CHECK(header_of(one, "Authorization") == "Authorization: Bearer token");
    CHECK(header_of(one, "Accept-Language") == "Accept-Language: en");
  }
}

TEST_CASE("each act has a key of its own", "[cli]") {
  Forgetful first(1), second(1);
  for (Forgetful* server : {&first, &second}) {
    Api api({.url = server->url(), .ca_file = {}}, "", english);
    CHECK(api.submit("/x", {{"a", 1}}).status == 200);
    server->finish();
  }
  CHECK(header_of(first.seen.at(0), "Idempotency-Key") != header_of(second.seen.at(0), "Idempotency-Key"));
}

TEST_CASE("what may be said only once is sent only once", "[cli]") {
  Forgetful server(2);
  Api api({.url = server.url(), .ca_file = {}}, "", english);
  const Reply reply = api.post("/api/v1/sign-ins", {{"code", "123456"}});
  server.finish();
  CHECK(reply.missing == Reply::Missing::answer);
  CHECK(server.seen.size() == 1);
}

TEST_CASE("what is not UTF-8 is not sent", "[cli]") {
  Forgetful server(1);
  Api api({.url = server.url(), .ca_file = {}}, "", english);
  const Json typed{{"name", "\x95\x61\x89\x40"}};
  for (const Reply& reply : {api.post("/x", typed), api.submit("/x", typed), api.put("/x", typed, {})}) {
    CHECK(reply.missing == Reply::Missing::utf8);
    CHECK(exit_of(reply) == usage);
    CHECK(to_text(reply, {}, english, {}).starts_with("Nothing was sent"));
  }
  server.finish();
  CHECK(server.seen.empty());
}

TEST_CASE("an address is https, or this machine", "[cli]") {
  const auto error = [](const char* url) {
    const auto sound = check({.url = url, .ca_file = {}}, english);
    return sound ? std::optional<Errc>() : sound.error().code;
  };
  for (const char* good : {"https://kintsugi.midori.example:8443", "https://[2001:db8::1]:8443",
                           "http://127.0.0.1:80", "http://[::1]:8443", "http://localhost:8443"})
    CHECK_FALSE(error(good));
  for (const char* open : {"http://kintsugi.midori.example", "http://192.0.2.1:8443", "http://127.evil.example"}) {
    CAPTURE(open);
    CHECK(error(open));
  }
  for (const char* wrong : {"", "kintsugi.midori.example", "ftp://a", "https://", "https://a/path", "https://a b"})
    CHECK(error(wrong) == Errc::Invalid);
}

TEST_CASE("what stands in a path cannot leave its place", "[cli]") {
  CHECK(escaped("case_01JN") == "case_01JN");
  CHECK(escaped("../x?y=1&z") == "..%2Fx%3Fy%3D1%26z");
  CHECK(escaped("病") == "%E7%97%85");
}

}  // namespace kintsugi::cli

#include "tests/bench/client.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace kintsugi::bench {

// A connected socket, with or without TLS around it.
class Client::Wire {
 public:
  explicit Wire(int fd) : fd_(fd) {}
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  ~Wire() {
    if (ssl_ != nullptr) SSL_free(ssl_);
    if (context_ != nullptr) SSL_CTX_free(context_);
    ::close(fd_);
  }

  bool start_tls() {
    context_ = SSL_CTX_new(TLS_client_method());
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, fd_);
    return SSL_connect(ssl_) == 1;
  }
  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ssl_ != nullptr ? SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                                        : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  bool read(std::string& into) {
    char chunk[8192];
    const auto got = ssl_ != nullptr ? SSL_read(ssl_, chunk, sizeof chunk) : ::recv(fd_, chunk, sizeof chunk, 0);
    if (got <= 0) return false;
    into.append(chunk, static_cast<std::size_t>(got));
    return true;
  }

 private:
  int fd_;
  SSL_CTX* context_ = nullptr;
  SSL* ssl_ = nullptr;
};

std::string_view header(std::string_view head, std::string_view name) {
  std::size_t at = 0;
  while (at < head.size()) {
    const auto end = std::min(head.find("\r\n", at), head.size());
    const std::string_view line = head.substr(at, end - at);
    if (line.size() > name.size() && line[name.size()] == ':' &&
        std::ranges::equal(line.substr(0, name.size()), name,
                           [](char a, char b) { return std::tolower(a) == std::tolower(b); })) {
      auto value = line.substr(name.size() + 1);
      while (value.starts_with(' '))
        value.remove_prefix(1);
      return value;
    }
    at = end + 2;
  }
  return {};
}

Client::Client(std::unique_ptr<Wire> wire) : wire_(std::move(wire)) {}
Client::~Client() = default;

Result<std::unique_ptr<Client>> Client::connect(int port, bool tls) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  auto wire = std::make_unique<Wire>(fd);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return fail(Errc::Transient, fmt::format("nobody listens on port {}", port));
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (tls && !wire->start_tls()) return fail(Errc::Transient, "TLS handshake failed");
  return std::unique_ptr<Client>(new Client(std::move(wire)));
}

Result<Reply> Client::post(std::string_view path, std::string_view headers, std::string_view body) {
  return exchange(fmt::format(
      "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{}\r\n{}", path,
      body.size(), headers, body));
}

Result<Reply> Client::get(std::string_view path, std::string_view headers) {
  return exchange(fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n{}\r\n", path, headers));
}

Result<Reply> Client::exchange(std::string_view request) {
  const auto gone = [] { return fail(Errc::Transient, "the server closed the connection"); };
  if (!wire_->write(request)) return gone();
  buffer_.clear();
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
    if (!wire_->read(buffer_)) return gone();

  Reply reply;
  reply.head = buffer_.substr(0, end + 2);
  const std::string& head = reply.head;
  std::from_chars(head.data() + 9, head.data() + 12, reply.status);
  reply.etag = header(head, "ETag");
  std::size_t length = 0;
  const auto stated = header(head, "Content-Length");
  std::from_chars(stated.data(), stated.data() + stated.size(), length);
  while (buffer_.size() < end + 4 + length)
    if (!wire_->read(buffer_)) return gone();
  reply.body = buffer_.substr(end + 4, length);
  return reply;
}

double Latencies::percentile_ms(double share) {
  if (all_.empty()) return 0;
  const auto rank = static_cast<std::ptrdiff_t>(share * static_cast<double>(all_.size() - 1));
  std::ranges::nth_element(all_, all_.begin() + rank);
  return static_cast<double>(all_[static_cast<std::size_t>(rank)]) / 1000.0;
}

}  // namespace kintsugi::bench

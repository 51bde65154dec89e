#include "tests/end_to_end/private_server.h"

#include "tests/end_to_end/process.h"

#include <arpa/inet.h>
#include <array>
#include <fstream>
#include <netinet/in.h>
#include <sstream>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace kintsugi {

namespace {

class Socket {
 public:
  Socket() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~Socket() { ::close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

void make_certificate(const std::filesystem::path& home) {
  const pid_t pid =
      spawn({.words = {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                       "-nodes", "-keyout", (home / "key.pem").string(), "-out", (home / "certificate.pem").string(),
                       "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"},
             .output = (home / "openssl.log").string()});
  if (exit_of(pid) != 0) throw std::runtime_error("openssl makes no certificate");
}

int free_port() {
  constexpr int first = 20000;
  constexpr int count = 10000;
  static int next = static_cast<int>(::getpid()) * 7;
  for (int i = 0; i < count; ++i) {
    const int port = first + next++ % count;
    const Socket probe;
    const sockaddr_in address = loopback(port);
    if (::bind(probe.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return port;
  }
  throw std::runtime_error("no free port");
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string greeting_of(int port) {
  const Socket line;
  const timeval limit{1, 0};
  ::setsockopt(line.fd(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  const sockaddr_in address = loopback(port);
  if (::connect(line.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return "";
  std::array<char, 512> buffer{};
  const ssize_t n = ::recv(line.fd(), buffer.data(), buffer.size(), 0);
  return n > 0 ? std::string(buffer.data(), static_cast<std::size_t>(n)) : "";
}

}  // namespace kintsugi

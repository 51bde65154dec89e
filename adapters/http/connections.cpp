#include "adapters/http/connections.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <linux/tcp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

namespace kintsugi::http {
namespace {

int port_of(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  return 0;
}

std::string text_of(const sockaddr_storage& address, socklen_t length) {
  char host[NI_MAXHOST];
  if (::getnameinfo(reinterpret_cast<const sockaddr*>(&address), length, host, sizeof host, nullptr, 0,
                    NI_NUMERICHOST) != 0)
    return {};
  return host;
}

ino_t socket_of(int descriptor) {
  struct stat about {};
  return ::fstat(descriptor, &about) == 0 && S_ISSOCK(about.st_mode) ? about.st_ino : 0;
}

void shut(const Connection& connection, int how) {
  if (socket_of(connection.descriptor) == connection.socket) ::shutdown(connection.descriptor, how);
}

}  // namespace

std::vector<Connection> connections_to(int port) {
  std::vector<Connection> out;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", error)) {
    const std::string name = entry.path().filename().string();
    Connection one;
    std::from_chars(name.data(), name.data() + name.size(), one.descriptor);
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (::getsockname(one.descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0 ||
        port_of(address) != port)
      continue;
    length = sizeof address;
    if (::getpeername(one.descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0) continue;  // it listens
    one.socket = socket_of(one.descriptor);
    one.peer = peer_name(text_of(address, length), port_of(address));
    tcp_info info{};
    length = sizeof info;
    if (::getsockopt(one.descriptor, IPPROTO_TCP, TCP_INFO, &info, &length) == 0)
      one.received = info.tcpi_bytes_received;
    out.push_back(std::move(one));
  }
  return out;
}

std::string peer_name(const std::string& address, int port) {
  return address + " " + std::to_string(port);
}

void hang_up(const Connection& connection) {
  shut(connection, SHUT_RD);
}
void cut_off(const Connection& connection) {
  shut(connection, SHUT_RDWR);
}

void allow_descriptors(std::size_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
  limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ? wanted : std::min<rlim_t>(wanted, limit.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace kintsugi::http

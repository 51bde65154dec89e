#pragma once

#include "engine/base/fields.h"
#include "programs/cli/client/events.h"

#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <functional>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace kintsugi::testing {

// One request on a connection of its own whose answer does not end: the stream of events as a plain socket sees it.
class RawStream {
 public:
  // `receive_bytes`: how much the system may take in for it before anybody reads; 0: as it likes.
  RawStream(int port, const std::string& path, const std::string& bearer, const std::string& last_id = "",
            int receive_bytes = 0) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval one_second{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &one_second, sizeof one_second);
    if (receive_bytes > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(port));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) return;
    std::string request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept-Language: en\r\n";
    request += "Authorization: Bearer " + bearer + "\r\n";
    if (!last_id.empty()) request += "Last-Event-ID: " + last_id + "\r\n";
    request += "\r\n";
    std::ignore = ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
  }
  ~RawStream() { hang_up(); }
  RawStream(RawStream&& other) noexcept
      : events(std::move(other.events)),
        socket_(std::exchange(other.socket_, -1)),
        got_(std::move(other.got_)),
        taken_(other.taken_),
        in_body_(other.in_body_),
        ended_(other.ended_),
        reader_(std::move(other.reader_)) {}
  RawStream& operator=(RawStream&&) = delete;

  // Reads until this holds; false when it does not in time, or the stream ends before.
  bool until(const std::function<bool(const RawStream&)>& holds,
             std::chrono::seconds most = std::chrono::seconds(20)) {
    const auto begun = std::chrono::steady_clock::now();
    while (!holds(*this)) {
      if (ended_ || std::chrono::steady_clock::now() - begun > most) return false;
      read_some();
    }
    return true;
  }
  bool begun() {
    return until([](const RawStream& one) { return one.in_body_ && !one.events.empty(); });
  }
  // The events with a name, that is without the signs of life.
  std::vector<cli::Happening> told() const {
    std::vector<cli::Happening> out;
    for (const auto& one : events)
      if (!one.event.empty()) out.push_back(one);
    return out;
  }
  std::int64_t position() const {
    return events.empty() || events.back().id.empty() ? -1 : std::stoll(events.back().id);
  }
  bool ended() const { return ended_; }
  int status() const { return got_.size() > 12 ? std::stoi(got_.substr(9, 3)) : 0; }
  const std::string& raw() const { return got_; }
  void hang_up() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }

  std::vector<cli::Happening> events;

 private:
  void read_some() {
    char some[4096];
    const auto count = ::recv(socket_, some, sizeof some, 0);
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) ended_ = true;
    if (count <= 0) return;
    std::string_view bytes(some, static_cast<std::size_t>(count));
    got_ += bytes;
    if (!in_body_) {
      const auto body = got_.find("\r\n\r\n");
      if (body == std::string::npos) return;
      in_body_ = true;
      taken_ = body + 4;
    }
    // Chunks (RFC 9112 7.1): a length, its bytes, an end of line.
    for (;;) {
      const auto end = got_.find("\r\n", taken_);
      if (end == std::string::npos) return;
      const auto length = std::stoul("0" + got_.substr(taken_, end - taken_), nullptr, 16);
      if (got_.size() < end + 2 + length + 2) return;
      if (length == 0) {
        ended_ = true;
        return;
      }
      for (auto& one : reader_.take(std::string_view(got_).substr(end + 2, length)))
        events.push_back(std::move(one));
      taken_ = end + 2 + length + 2;
    }
  }

  int socket_ = -1;
  std::string got_;
  std::size_t taken_ = 0;
  bool in_body_ = false;
  bool ended_ = false;
  cli::EventReader reader_;
};

}  // namespace kintsugi::testing

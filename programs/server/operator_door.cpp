#include "programs/server/operator_door.h"

#include "engine/base/log.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <tuple>
#include <unistd.h>

namespace kintsugi {
namespace {

constexpr std::size_t order_bytes_max = std::size_t{64} << 20;  // a masters file of a large vendor, and more
constexpr int backlog = 4;
constexpr time_t io_timeout_s = 10;       // between two pieces of an order
constexpr time_t answer_timeout_s = 120;  // for the whole of its answer

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }

  void wait_at_most(time_t seconds) const {
    const timeval most{.tv_sec = seconds, .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
  }
  // To the end of what the other side says.
  Result<std::string> read_all() const {
    std::string out;
    std::array<char, 65'536> some{};
    for (;;) {
      const auto count = ::read(fd_, some.data(), some.size());
      if (count == 0) return out;
      if (count < 0) return fail(Errc::Transient, std::string("the other side is silent: ") + std::strerror(errno));
      out.append(some.data(), static_cast<std::size_t>(count));
      if (out.size() > order_bytes_max) return fail(Errc::Invalid, "an order is larger than 64 MiB");
    }
  }
  Result<> write_all(std::string_view text) const {
    while (!text.empty()) {
      const auto count = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (count < 0) return fail(Errc::Transient, std::string("the other side has gone: ") + std::strerror(errno));
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    ::shutdown(fd_, SHUT_WR);
    return {};
  }

 private:
  int fd_;
};

Result<sockaddr_un> address_of(const std::filesystem::path& path) {
  sockaddr_un out{};
  out.sun_family = AF_UNIX;
  const std::string text = path.string();
  if (text.size() >= sizeof out.sun_path)
    return fail(Errc::Transient, text + " is too long for the name of a socket");
  text.copy(&out.sun_path[0], text.size());
  return out;
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

Json in_json(const Result<Json>& done) {
  if (done) return {{"done", *done}};
  return {{"failed", {{"code", static_cast<int>(done.error().code)}, {"what", done.error().what}}}};
}

}  // namespace

class OperatorDoor::Listener {
 public:
  Listener(int fd, int wake, std::filesystem::path path, CarryOut carry_out)
      : socket_(fd), wake_(wake), path_(std::move(path)), carry_out_(std::move(carry_out)) {
    thread_ = std::thread([this] { loop(); });
  }
  ~Listener() {
    ::eventfd_write(wake_.fd(), 1);
    thread_.join();
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }

 private:
  void loop() {
    for (;;) {
      std::array<pollfd, 2> waiting{pollfd{.fd = socket_.fd(), .events = POLLIN, .revents = 0},
                                    pollfd{.fd = wake_.fd(), .events = POLLIN, .revents = 0}};
      if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) return;
      if (waiting[1].revents != 0) return;
      if ((waiting[0].revents & POLLIN) == 0) continue;
      const Socket caller(::accept4(socket_.fd(), nullptr, nullptr, SOCK_CLOEXEC));
      if (caller.fd() >= 0) serve(caller);
    }
  }

  void serve(const Socket& caller) const {
    caller.wait_at_most(io_timeout_s);
    ucred who{};
    socklen_t length = sizeof who;
    const bool known = ::getsockopt(caller.fd(), SOL_SOCKET, SO_PEERCRED, &who, &length) == 0;
    if (!known || (who.uid != ::geteuid() && who.uid != 0)) return;
    const auto text = caller.read_all();
    if (!text) return;
    const Json asked = Json::parse(*text, nullptr, false);
    const bool sound = asked.is_object() && asked.contains("order") && asked.at("order").is_string();
    const std::string order = sound ? asked.at("order").get<std::string>() : std::string();
    const auto done = sound ? carry_out_(order, asked.value("with", Json::object()))
                            : Result<Json>(fail(Errc::Invalid, "no order"));
    log::engine().info("operator order={} {}", order, done ? "done" : done.error().what);
    std::ignore = caller.write_all(in_json(done).dump());
  }

  const Socket socket_;
  const Socket wake_;
  const std::filesystem::path path_;
  const CarryOut carry_out_;
  std::thread thread_;
};

OperatorDoor::OperatorDoor(std::unique_ptr<Listener> listener) : listener_(std::move(listener)) {}
OperatorDoor::~OperatorDoor() = default;

Result<std::unique_ptr<OperatorDoor>> OperatorDoor::open(const std::filesystem::path& socket, CarryOut carry_out) {
  const auto address = address_of(socket);
  if (!address) return pass(address);
  std::error_code ignored;
  std::filesystem::remove(socket, ignored);  // its owner holds the directory's lock, and that is us
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int wake = ::eventfd(0, EFD_CLOEXEC);
  if (fd < 0 || wake < 0 || ::bind(fd, generic(*address), sizeof *address) != 0 ||
      ::chmod(socket.c_str(), 0600) != 0 || ::listen(fd, backlog) != 0) {
    const std::string why = std::strerror(errno);
    for (const int one : {fd, wake})
      if (one >= 0) ::close(one);
    return fail(Errc::Transient, "cannot listen at " + socket.string() + ": " + why);
  }
  return std::unique_ptr<OperatorDoor>(
      new OperatorDoor(std::make_unique<Listener>(fd, wake, socket, std::move(carry_out))));
}

Result<std::optional<Json>> OperatorDoor::order(const std::filesystem::path& socket, const std::string& order,
                                                const Json& with) {
  const auto address = address_of(socket);
  if (!address) return std::nullopt;
  const Socket door(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (door.fd() < 0 || ::connect(door.fd(), generic(*address), sizeof *address) != 0) return std::nullopt;
  door.wait_at_most(answer_timeout_s);
  if (auto sent = door.write_all(Json{{"order", order}, {"with", with}}.dump()); !sent) return pass(sent);
  const auto text = door.read_all();
  if (!text) return pass(text);
  const Json answer = Json::parse(*text, nullptr, false);
  if (answer.is_object() && answer.contains("done")) return answer.at("done");
  if (!answer.is_object() || !answer.contains("failed")) return fail(Errc::Refused, "the server gave no answer");
  return fail(static_cast<Errc>(answer.at("failed").value("code", static_cast<int>(Errc::Corrupt))),
              answer.at("failed").value("what", std::string()));
}

}  // namespace kintsugi

#include "programs/stage/mail_sink.h"

#include "adapters/intake/mail.h"

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <fstream>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <sstream>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace kintsugi::demo {
namespace {

constexpr std::size_t message_bytes_max = std::size_t{4} << 20;
constexpr int poll_ms = 200;                                 // how soon a stop is noticed
constexpr std::string_view delivered_to = "Delivered-To: ";  // a line for each, above the message
constexpr int idle_s = 120;                                  // a connection that says nothing longer is closed

bool starts_with_word(std::string_view line, std::string_view word) {
  if (line.size() < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i)
    if (std::toupper(static_cast<unsigned char>(line[i])) != word[i]) return false;
  return true;
}

std::string address_in(std::string_view line) {
  const auto from = line.find('<');
  const auto to = line.find('>');
  return from == std::string_view::npos || to == std::string_view::npos || to < from
             ? std::string()
             : std::string(line.substr(from + 1, to - from - 1));
}

}  // namespace

class MailSink::Receiver {
 public:
  explicit Receiver(std::filesystem::path to) : directory_(std::move(to)) {}
  ~Receiver() { stop(); }

  Result<> start() {
    intake::start_gmime();
    std::error_code error;
    std::filesystem::create_directories(directory_, error);
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (error || socket_ < 0 || ::bind(socket_, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        ::listen(socket_, 16) != 0 || ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length) != 0)
      return fail(Errc::Transient, "the mail sink cannot listen");
    port = ntohs(address.sin_port);
    thread_ = std::thread([this] { accept_all(); });
    return {};
  }
  void stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }
  std::vector<Mail> take() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(mails_, {});
  }

  int port = 0;

 private:
  bool wait(int file, int seconds) {
    for (int waited_ms = 0; !stopping_ && waited_ms < seconds * 1000; waited_ms += poll_ms) {
      pollfd one{file, POLLIN, 0};
      if (::poll(&one, 1, poll_ms) > 0) return true;
    }
    return false;
  }

  void accept_all() {
    std::vector<std::thread> talks;
    while (!stopping_) {
      if (!wait(socket_, idle_s)) continue;
      const int connection = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) continue;
      talks.emplace_back([this, connection] {
        talk(connection);
        ::close(connection);
      });
    }
    for (std::thread& one : talks)
      one.join();
  }

  // One line without its end; false when the peer is gone.
  bool read_line(int connection, std::string& buffer, std::string& line) {
    for (;;) {
      if (const auto end = buffer.find("\r\n"); end != std::string::npos) {
        line = buffer.substr(0, end);
        buffer.erase(0, end + 2);
        return true;
      }
      if (buffer.size() > message_bytes_max || !wait(connection, idle_s)) return false;
      char some[4096];
      const ssize_t n = ::recv(connection, some, sizeof some, 0);
      if (n <= 0) return false;
      buffer.append(some, static_cast<std::size_t>(n));
    }
  }

  void talk(int connection) {
    const auto say = [&](std::string_view text) {
      return ::send(connection, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
    };
    std::string buffer, line;
    std::vector<std::string> to;
    say("220 kintsugi demo mail sink\r\n");
    while (read_line(connection, buffer, line)) {
      if (starts_with_word(line, "EHLO")) {
        say("250-kintsugi demo\r\n250 8BITMIME\r\n");
      } else if (starts_with_word(line, "RCPT TO")) {
        to.push_back(address_in(line));
        say("250 ok\r\n");
      } else if (starts_with_word(line, "DATA")) {
        say("354 go on\r\n");
        std::string message;
        while (read_line(connection, buffer, line) && line != ".") {
          message += line.starts_with('.') ? line.substr(1) : line;
          message += "\r\n";
        }
        if (line != ".") return;
        keep(std::exchange(to, {}), message);
        say("250 kept\r\n");
      } else if (starts_with_word(line, "QUIT")) {
        say("221 bye\r\n");
        return;
      } else {
        if (starts_with_word(line, "RSET") || starts_with_word(line, "MAIL FROM")) to.clear();
        say("250 ok\r\n");
      }
    }
  }

  void keep(std::vector<std::string> to, const std::string& message) {
    const std::scoped_lock lock(mutex_);
    std::filesystem::path file;
    std::error_code error;
    do {
      const std::string number = std::to_string(++count_);
      file = directory_ / (std::string(5 - std::min<std::size_t>(5, number.size()), '0') + number + ".eml");
    } while (std::filesystem::exists(file, error));
    std::ofstream out(file, std::ios::binary);
    for (const std::string& one : to)
      out << delivered_to << one << "\r\n";
    out << message;
    mails_.push_back({std::move(to), intake::read_mail(message).subject, file});
  }

  const std::filesystem::path directory_;
  int socket_ = -1;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
  std::mutex mutex_;
  std::vector<Mail> mails_;
  int count_ = 0;
};

std::vector<Letter> letters_in(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& one : std::filesystem::directory_iterator(directory, error))
    if (one.path().extension() == ".eml") files.push_back(one.path());
  std::ranges::sort(files);
  std::vector<Letter> out;
  for (const auto& file : files) {
    std::ostringstream bytes;
    bytes << std::ifstream(file, std::ios::binary).rdbuf();
    const std::string message = bytes.str();
    const intake::Mail mail = intake::read_mail(message);
    Letter letter{.to = {}, .subject = mail.subject, .text = mail.text};
    for (std::string_view rest = message; rest.starts_with(delivered_to); rest = rest.substr(rest.find('\n') + 1))
      letter.to.emplace_back(rest.substr(delivered_to.size(), rest.find("\r\n") - delivered_to.size()));
    out.push_back(std::move(letter));
  }
  return out;
}

MailSink::MailSink(std::filesystem::path directory) : receiver_(std::make_unique<Receiver>(std::move(directory))) {}
MailSink::~MailSink() = default;
Result<> MailSink::start() {
  return receiver_->start();
}
void MailSink::stop() {
  receiver_->stop();
}
int MailSink::port() const {
  return receiver_->port;
}
std::vector<MailSink::Mail> MailSink::take() {
  return receiver_->take();
}

}  // namespace kintsugi::demo

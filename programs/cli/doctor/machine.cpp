#include "programs/cli/doctor/machine.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <array>
#include <cerrno>
#include <memory>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <unistd.h>

namespace kintsugi::cli {
namespace {

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;
Addresses addresses_of(const std::string& host, int port, int flags) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = flags;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0) found = nullptr;
  return {found, &::freeaddrinfo};
}

bool waited_for(int descriptor, short what) {
  pollfd waiting{.fd = descriptor, .events = what, .revents = 0};
  const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(reach_limit).count();
  return ::poll(&waiting, 1, static_cast<int>(limit)) == 1;
}

// A connected socket, or -1 and how it failed.
int connect_to(const std::string& host, int port, Reached& how) {
  how = Reached::nobody;
  const Addresses list = addresses_of(host, port, 0);
  for (const addrinfo* one = list.get(); one != nullptr; one = one->ai_next) {
    const int descriptor =
        ::socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, one->ai_protocol);
    if (descriptor < 0) continue;
    int error = ::connect(descriptor, one->ai_addr, one->ai_addrlen) == 0 ? 0 : errno;
    if (error == EINPROGRESS && waited_for(descriptor, POLLOUT)) {
      socklen_t length = sizeof error;
      if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) != 0) error = errno;
    }
    if (error == 0) {
      how = Reached::answered;
      return descriptor;
    }
    if (error == ECONNREFUSED) how = Reached::refused;
    ::close(descriptor);
  }
  return -1;
}

Result<Instant> end_of(const X509* certificate) {
  std::tm end{};
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1)
    return fail(Errc::Invalid, "");
  const std::chrono::year_month_day day{std::chrono::year(end.tm_year + 1900),
                                        std::chrono::month(static_cast<unsigned>(end.tm_mon) + 1),
                                        std::chrono::day(static_cast<unsigned>(end.tm_mday))};
  return Instant(std::chrono::sys_days(day)) + std::chrono::hours(end.tm_hour) + std::chrono::minutes(end.tm_min) +
         std::chrono::seconds(end.tm_sec);
}

}  // namespace

Result<Instant> certificate_end(const std::string& file) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> in(BIO_new_file(file.c_str(), "r"), &BIO_free);
  if (!in) return fail(Errc::NotFound, "");
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr), &X509_free);
  return end_of(certificate.get());
}

Result<Instant> certificate_end(const std::string& host, int port) {
  Reached how{};
  const Socket socket(connect_to(host, port, how));
  if (socket.get() < 0) return fail(Errc::NotFound, "");
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  const std::unique_ptr<SSL, decltype(&SSL_free)> tls(context ? SSL_new(context.get()) : nullptr, &SSL_free);
  if (!tls || SSL_set_fd(tls.get(), socket.get()) != 1) return fail(Errc::Invalid, "");
  std::string name = host;
  SSL_ctrl(tls.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
  for (;;) {
    const int done = SSL_connect(tls.get());
    if (done == 1) break;
    const int wants = SSL_get_error(tls.get(), done);
    if (wants == SSL_ERROR_WANT_READ && waited_for(socket.get(), POLLIN)) continue;
    if (wants == SSL_ERROR_WANT_WRITE && waited_for(socket.get(), POLLOUT)) continue;
    return fail(Errc::Invalid, "");
  }
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(tls.get()), &X509_free);
  return end_of(certificate.get());
}

bool belong_together(const std::string& certificate_file, const std::string& key_file) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  return context && SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) == 1 &&
         SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) == 1;
}

Reached reach(const std::string& host, int port) {
  Reached how{};
  const Socket socket(connect_to(host, port, how));
  return how;
}

std::string greeting(const std::string& host, int port) {
  Reached how{};
  const Socket socket(connect_to(host, port, how));
  if (socket.get() < 0 || !waited_for(socket.get(), POLLIN)) return {};
  std::array<char, 512> text{};
  const auto count = ::read(socket.get(), text.data(), text.size());
  return count > 0 ? std::string(text.data(), static_cast<std::size_t>(count)) : std::string();
}

bool can_listen(const std::string& host, int port) {
  const Addresses list = addresses_of(host, port, AI_PASSIVE);
  if (!list) return false;
  const Socket socket(::socket(list->ai_family, list->ai_socktype | SOCK_CLOEXEC, list->ai_protocol));
  const int yes = 1;
  return socket.get() >= 0 && ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
         ::bind(socket.get(), list->ai_addr, list->ai_addrlen) == 0;
}

bool clock_is_kept() {
  timex clock{};
  const int state = ::adjtimex(&clock);
  return state >= 0 && state != TIME_ERROR && (clock.status & STA_UNSYNC) == 0;
}

}  // namespace kintsugi::cli

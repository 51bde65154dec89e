#pragma once

#include "tests/support/temporary_directory.h"

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace kintsugi {

// A real mailbox of one test's own: Debian's Dovecot with a private configuration and a maildir in a temporary
// directory, on a free port of 127.0.0.1, with STARTTLS and a certificate made for it. One user, one password. Needs
// no system service; started as root it keeps its mails as `mail`.
class ImapServer {
 public:
  ImapServer();  // runs when this returns; throws when it cannot be started
  ~ImapServer();
  ImapServer(const ImapServer&) = delete;
  ImapServer& operator=(const ImapServer&) = delete;

  int port() const { return port_; }
  std::string ca_file() const { return (home_ / "certificate.pem").string(); }
  static constexpr const char* user = "devices";
  static constexpr const char* password = "Mailbox-pass-of-the-test-1";

  // Puts a mail into the inbox, as a delivery would.
  void deliver(const std::string& bytes);
  std::size_t in_inbox() const;
  std::size_t in_folder(const std::string& name) const;
  std::string log() const;

 private:
  void start();
  void stop();
  void write_configuration() const;
  bool answers() const;

  const testing::TemporaryDirectory directory_;
  const std::filesystem::path home_{directory_.path()};
  int port_ = 0;
  pid_t pid_ = -1;
  int delivered_ = 0;
};

}  // namespace kintsugi

#pragma once

#include "tests/support/mail_reader.h"
#include "tests/support/temporary_directory.h"

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace kintsugi {

// A real mail server of one test's own: Debian's Exim with a private configuration, queue and maildir in a temporary
// directory, on a free port of 127.0.0.1. It offers STARTTLS with a certificate made for it and AUTH PLAIN, takes
// mail for hospital.example and vendor.example from whoever has signed in, refuses `nobody@` for good (550) and puts
// off `later@` (451) while put_off is on; while refuse is on it refuses everybody for good. Mail for
// faults@hospital.example goes to `pipe`, if there is one, with an Authentication-Results that says who has signed
// in. Needs no system service, no log daemon and no network; started as root it works as Exim's own user.
class MailServer {
 public:
  explicit MailServer(std::string pipe = "");  // runs when this returns; throws when it cannot be started
  ~MailServer();
  MailServer(const MailServer&) = delete;
  MailServer& operator=(const MailServer&) = delete;

  void start();
  void stop();  // connections are refused until start()

  int port() const { return port_; }
  std::string ca_file() const { return (home_ / "certificate.pem").string(); }
  static constexpr const char* user = "engine";
  static constexpr const char* password = "Mail-pass-of-the-test-1";

  void put_off(bool on);
  void refuse(bool on);
  void run_queue() const;  // tries everything again that waits
  const std::string& name() const { return name_; }
  std::string log() const;

  struct Delivered {
    std::string recipient;  // of the envelope
    ReadMail mail;
  };
  // Every mail in the maildir, one for each recipient, once there are at least `n`; throws with the server's log when
  // there are fewer after ten seconds. In the order of recipients.
  std::vector<Delivered> wait_for(std::size_t n) const;

 private:
  void mark(const char* file, bool on) const;
  void write_configuration() const;
  bool answers() const;
  std::vector<Delivered> delivered() const;

  const testing::TemporaryDirectory directory_;
  const std::filesystem::path home_{directory_.path()};
  std::string pipe_;
  std::string name_;  // in the greeting: whoever answers with it is this server
  int port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace kintsugi

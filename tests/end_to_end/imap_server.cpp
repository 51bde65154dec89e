#include "tests/end_to_end/imap_server.h"

#include "tests/end_to_end/private_server.h"
#include "tests/end_to_end/process.h"
#include "tests/support/wait.h"

#include <chrono>
#include <fstream>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace kintsugi {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* dovecot = "/usr/sbin/dovecot";
constexpr const char* mail_user = "mail";  // of Debian's base system
constexpr auto patience = 20s;

std::size_t files_in(const fs::path& directory) {
  std::size_t out = 0;
  std::error_code none_yet;
  for (fs::directory_iterator at(directory, none_yet), end; !none_yet && at != end; at.increment(none_yet))
    ++out;
  return out;
}

std::string own_name() {
  return ::getpwuid(::geteuid())->pw_name;
}

std::string own_group() {
  const group* found = ::getgrgid(::getegid());
  return found == nullptr ? own_name() : found->gr_name;
}

}  // namespace

ImapServer::ImapServer() {
  try {
    if (!fs::exists(dovecot)) throw std::runtime_error("the package dovecot-imapd is not installed");
    make_certificate(home_);
    fs::permissions(home_, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
    for (const char* one : {"maildir", "maildir/new", "maildir/cur", "maildir/tmp"})
      fs::create_directory(home_ / one);
    if (const passwd* owner = ::getpwnam(mail_user); ::geteuid() == 0)
      for (const char* one : {"maildir", "maildir/new", "maildir/cur", "maildir/tmp"})
        if (owner == nullptr || ::chown((home_ / one).c_str(), owner->pw_uid, owner->pw_gid) != 0)
          throw std::runtime_error("cannot give the mailbox its directory");
    start();
  } catch (...) {
    stop();
    throw;
  }
}

ImapServer::~ImapServer() {
  stop();
}

void ImapServer::start() {
  constexpr int attempts = 5;
  for (int i = 0; i < attempts; ++i) {
    port_ = free_port();
    write_configuration();
    pid_ = spawn({.words = {dovecot, "-F", "-c", (home_ / "dovecot.conf").string()},
                  .output = (home_ / "output.log").string()});
    bool ended = false;
    const bool up = wait_until(
        [&] {
          ended = ended || waitpid(pid_, nullptr, WNOHANG) == pid_;
          return ended || answers();
        },
        patience);
    if (up && !ended) return;
    if (ended) pid_ = -1;
    stop();
  }
  throw std::runtime_error("the IMAP server does not start:\n" + log());
}

void ImapServer::stop() {
  if (pid_ <= 0) return;
  const auto ended = [this] { return waitpid(pid_, nullptr, WNOHANG) != 0; };
  ::kill(pid_, SIGTERM);
  if (!wait_until(ended, patience)) {
    ::kill(-pid_, SIGKILL);
    wait_until(ended, patience);
  }
  pid_ = -1;
}

void ImapServer::write_configuration() const {
  const bool root = ::geteuid() == 0;
  std::string text = R"(base_dir = HOME/run
state_dir = HOME/state
log_path = HOME/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <HOME/certificate.pem
ssl_key = <HOME/key.pem
disable_plaintext_auth = yes
auth_mechanisms = plain
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:HOME/maildir
default_login_user = LOGIN
default_internal_user = INTERNAL
default_internal_group = GROUP
passdb {
  driver = passwd-file
  args = HOME/users
}
userdb {
  driver = static
  args = OWNER home=HOME/maildir
}
service imap-login {
  chroot =
  inet_listener imap {
    port = PORT
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
)";
  const auto put = [&](const std::string& word, const std::string& value) {
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + value.size()))
      text.replace(at, word.size(), value);
  };
  const passwd* owner = root ? ::getpwnam(mail_user) : ::getpwuid(::geteuid());
  if (owner == nullptr) throw std::runtime_error("there is nobody to keep the mails");
  put("OWNER", "uid=" + std::to_string(owner->pw_uid) + " gid=" + std::to_string(owner->pw_gid));
  put("LOGIN", root ? "dovenull" : own_name());
  put("INTERNAL", root ? "dovecot" : own_name());
  put("GROUP", root ? "dovecot" : own_group());
  put("PORT", std::to_string(port_));
  put("HOME", home_.string());
  std::ofstream(home_ / "dovecot.conf") << text;
  std::ofstream(home_ / "users") << user << ":{PLAIN}" << password << "\n";
  fs::permissions(home_ / "users", fs::perms::owner_read | fs::perms::owner_write | fs::perms::others_read);
}

bool ImapServer::answers() const {
  return greeting_of(port_).starts_with("* OK ");
}

void ImapServer::deliver(const std::string& bytes) {
  const std::string name = std::to_string(++delivered_) + ".M1P1.test";
  const fs::path begun = home_ / "maildir" / "tmp" / name;
  std::ofstream(begun, std::ios::binary) << bytes;
  if (const passwd* owner = ::getpwnam(mail_user); ::geteuid() == 0 && owner != nullptr)
    std::ignore = ::chown(begun.c_str(), owner->pw_uid, owner->pw_gid);
  fs::rename(begun, home_ / "maildir" / "new" / name);
}

std::size_t ImapServer::in_inbox() const {
  return files_in(home_ / "maildir" / "new") + files_in(home_ / "maildir" / "cur");
}
std::size_t ImapServer::in_folder(const std::string& name) const {
  return files_in(home_ / "maildir" / ("." + name) / "new") + files_in(home_ / "maildir" / ("." + name) / "cur");
}

std::string ImapServer::log() const {
  return content_of(home_ / "output.log") + content_of(home_ / "dovecot.log");
}

}  // namespace kintsugi

#include "tests/end_to_end/mail_server.h"

#include "tests/end_to_end/private_server.h"
#include "tests/end_to_end/process.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <fstream>
#include <pwd.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace kintsugi {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* exim = "/usr/sbin/exim4";
constexpr const char* exim_user = "Debian-exim";
constexpr auto patience = 10s;

}  // namespace

MailServer::MailServer(std::string pipe) : pipe_(std::move(pipe)) {
  const std::string place = home_.string();
  name_ = "mail-" + std::to_string(::getpid()) + "-" + place.substr(place.size() - 6) + ".example";
  make_certificate(home_);
  fs::create_directory(home_ / "spool");
  fs::create_directory(home_ / "maildir");
  fs::permissions(home_, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
  if (::geteuid() == 0) {
    const passwd* mail_user = ::getpwnam(exim_user);
    if (mail_user == nullptr) throw std::runtime_error("the package exim4-daemon-light is not installed");
    for (const char* one : {"", "spool", "maildir", "key.pem", "certificate.pem"})
      if (::chown((home_ / one).c_str(), mail_user->pw_uid, mail_user->pw_gid) != 0)
        throw std::runtime_error("cannot give the mail server its directory");
  }
  start();
}

MailServer::~MailServer() {
  stop();
}

void MailServer::start() {
  // What the daemon leaves behind when it ends becomes ours and not some init's, so that stop() can wait for it.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  constexpr int attempts = 5;
  for (int i = 0; i < attempts; ++i) {
    // After a stop the same port again: the configuration of whoever sends mail names it.
    if (port_ == 0) port_ = free_port();
    write_configuration();
    pid_ = spawn({.words = {exim, "-C", (home_ / "exim.conf").string(), "-bdf", "-q1h"},
                  .output = (home_ / "output.log").string()});
    bool ended = false;
    const bool up = wait_until(
        [&] {
          int status = 0;
          ended = ended || waitpid(pid_, &status, WNOHANG) == pid_;
          return ended || answers();
        },
        patience);
    if (up && !ended) return;
    stop();
    port_ = 0;
  }
  throw std::runtime_error("the mail server does not start:\n" + log());
}

// The daemon and what it forked for connections and deliveries, so that no kept connection still answers.
void MailServer::stop() {
  if (pid_ <= 0) return;
  const auto all_ended = [this] {
    pid_t one = 0;
    while ((one = waitpid(-pid_, nullptr, WNOHANG)) > 0) {
    }
    return one < 0;
  };
  ::kill(-pid_, SIGTERM);
  if (!wait_until(all_ended, patience)) {
    ::kill(-pid_, SIGKILL);
    wait_until(all_ended, patience);
  }
  pid_ = -1;
}

void MailServer::run_queue() const {
  const pid_t pid = spawn(
      {.words = {exim, "-C", (home_ / "exim.conf").string(), "-qff"}, .output = (home_ / "output.log").string()});
  if (exit_of(pid) != 0) throw std::runtime_error("the queue cannot be run:\n" + log());
}

void MailServer::put_off(bool on) {
  mark("put-off", on);
}

void MailServer::refuse(bool on) {
  mark("refuse", on);
}

void MailServer::mark(const char* file, bool on) const {
  if (on)
    std::ofstream(home_ / file) << "on\n";
  else
    fs::remove(home_ / file);
}

void MailServer::write_configuration() const {
  std::string text = R"(primary_hostname = NAME
spool_directory = HOME/spool
log_file_path = HOME/exim-%slog
pid_file_path = HOME/exim.pid
daemon_smtp_ports = PORT
local_interfaces = 127.0.0.1
deliver_drop_privilege = true
host_lookup =
rfc1413_query_timeout = 0s
keep_environment =
tls_advertise_hosts = *
tls_certificate = HOME/certificate.pem
tls_privatekey = HOME/key.pem
acl_smtp_rcpt = check_recipient
acl_smtp_data = check_data
USER
domainlist ours = hospital.example : vendor.example

begin acl
check_recipient:
  deny   message = moved away
         condition = ${if exists{HOME/refuse}}
  deny   message = no such person here
         local_parts = nobody
  defer  message = come back later
         local_parts = later
         condition = ${if exists{HOME/put-off}}
  accept domains = +ours
         authenticated = *
  deny   message = sign in first

# Whoever has signed in is vouched for under his name; nobody else is.
check_data:
  warn   authenticated = *
         add_header = Authentication-Results: NAME; auth=pass smtp.auth=$authenticated_id@devices.hospital.example
  warn   !authenticated = *
         add_header = Authentication-Results: NAME; auth=none
  accept

begin routers
INTAKE
ours:
  driver = accept
  domains = +ours
  transport = maildir

begin transports
maildir:
  driver = appendfile
  maildir_format
  directory = HOME/maildir
  envelope_to_add

intake:
  driver = pipe
  command = PIPE
  return_path_add
  log_output

begin retry
*  *  F,1d,1m

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_advertise_condition = ${if def:tls_in_cipher}
  server_prompts = :
  server_condition = ${if and{{eq{$auth2}{LOGIN}}{eq{$auth3}{PASSWORD}}}}
  server_set_id = $auth2
)";
  const auto put = [&](const std::string& word, const std::string& value) {
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + value.size()))
      text.replace(at, word.size(), value);
  };
  // Mail for faults@ goes to a program.
  put("INTAKE", pipe_.empty() ? "" : "intake:\n  driver = accept\n  local_parts = faults\n  transport = intake\n");
  put("PIPE", pipe_.empty() ? "/bin/false" : pipe_);
  put("NAME", name_);
  put("HOME", home_.string());
  put("PORT", std::to_string(port_));
  put("LOGIN", user);
  put("PASSWORD", password);
  const std::string as = ::geteuid() == 0 ? exim_user : ::getpwuid(::geteuid())->pw_name;
  put("USER", "exim_user = " + as);
  std::ofstream(home_ / "exim.conf") << text;
}

// The greeting with our own name: another server on this port is not ours.
bool MailServer::answers() const {
  return greeting_of(port_).starts_with("220 " + name_);
}

std::vector<MailServer::Delivered> MailServer::delivered() const {
  std::vector<Delivered> out;
  std::error_code none_yet;
  for (const auto& file : fs::directory_iterator(home_ / "maildir" / "new", none_yet)) {
    Delivered one{"", read_mail(content_of(file.path()))};
    one.recipient = one.mail.header("Envelope-to");
    out.push_back(std::move(one));
  }
  std::ranges::sort(out, {}, &Delivered::recipient);
  return out;
}

std::vector<MailServer::Delivered> MailServer::wait_for(std::size_t n) const {
  std::vector<Delivered> mails;
  const auto enough = [&] {
    mails = delivered();
    return mails.size() >= n;
  };
  if (!wait_until(enough, patience)) throw std::runtime_error("too few mails have arrived:\n" + log());
  return mails;
}

std::string MailServer::log() const {
  return content_of(home_ / "output.log") + content_of(home_ / "exim-mainlog") + content_of(home_ / "exim-paniclog");
}

}  // namespace kintsugi

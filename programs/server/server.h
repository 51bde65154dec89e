#pragma once

#include "adapters/http/server.h"
#include "adapters/intake/intake.h"
#include "adapters/sqlite/directory.h"
#include "engine/run/accounts.h"
#include "engine/run/courier.h"
#include "engine/run/integrator.h"
#include "engine/run/timekeeper.h"
#include "engine/run/watch.h"
#include "programs/server/config.h"
#include "programs/server/controllers.h"
#include "programs/server/home.h"

#include <memory>
#include <string>

namespace kintsugi {

// The whole engine over one directory, wired: a value that `kintsugi serve`, the demo and a test can start on any
// port, in their own process.
//
// open() makes nothing move: it reads the directory, replays the journal, checks log and states. Between open() and
// start() the conductor and the accounts can be used by the caller alone (init, import). start() begins the threads
// and listens. stop() answers what was accepted, delivers nothing more, and is for good; killing the process instead
// loses nothing that was answered.
class Server {
 public:
  // Clock and entropy must outlive it.
  static Result<std::unique_ptr<Server>> open(Home home, Config config, const Clock& clock, Entropy& entropy);
  ~Server();

  Result<> start();
  void stop();

  std::string url() const { return http_->url(); }
  int port() const { return http_->port(); }
  const Home& home() const { return home_; }
  Conductor& conductor() { return *conductor_; }
  Accounts& accounts() { return *accounts_; }
  Store& store() { return *store_; }
  const Signer& signer() const { return *signer_; }

 private:
  Server(Home home, Config config, const Clock& clock, Entropy& entropy);
  Result<> open();
  Result<> open_intake(const std::string& mail_domain);
  http::Desk desk();

  const Home home_;
  const Config config_;
  const Clock& clock_;
  Entropy& entropy_;

  // In the order in which one needs the other.
  std::unique_ptr<sqlite::DirectoryLock> lock_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Vault> vault_;
  std::unique_ptr<Signer> signer_;
  std::unique_ptr<Accounts::Hasher> hasher_;
  std::unique_ptr<Mailer> mailer_;
  std::unique_ptr<Conductor> conductor_;
  std::unique_ptr<Controllers> controllers_;
  std::unique_ptr<Accounts> accounts_;
  std::unique_ptr<Integrator> integrator_;
  std::unique_ptr<Courier> courier_;
  std::unique_ptr<Timekeeper> timekeeper_;
  std::unique_ptr<Watch> watch_;
  std::unique_ptr<intake::Intake> intake_;
  std::unique_ptr<http::Server> http_;
  bool started_ = false;
};

}  // namespace kintsugi

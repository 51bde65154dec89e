#pragma once

#include "adapters/http/server.h"
#include "adapters/intake/intake.h"
#include "adapters/webhook/announcer.h"
#include "programs/server/config.h"
#include "programs/server/controllers.h"
#include "programs/server/engine.h"
#include "programs/server/health_checks.h"
#include "programs/server/operator_door.h"

#include <memory>
#include <string>

namespace kintsugi {

// The whole engine over one directory, with its mail server, its access points and its API: a value that `kintsugi
// serve`, the demo and a test can start on any port, in their own process.
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
  Conductor& conductor() { return *engine_->conductor; }
  Accounts& accounts() { return *engine_->accounts; }
  Integrations& integrations() { return *engine_->integrations; }
  Store& store() { return *engine_->store; }

 private:
  Server(Home home, Config config);
  Result<> open(const Clock& clock, Entropy& entropy);
  Result<> open_intake(const Clock& clock);
  void open_door();
  http::Desk desk();

  const Home home_;
  const Config config_;
  std::unique_ptr<WatchedMailer> mailer_;
  std::unique_ptr<webhook::Keys> webhook_keys_;
  std::unique_ptr<webhook::Announcer> announcer_;
  std::unique_ptr<Controllers> controllers_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<intake::Intake> intake_;
  Seen seen_;
  std::unique_ptr<Health> health_;
  std::unique_ptr<http::Server> http_;
  std::unique_ptr<OperatorDoor> door_;
  bool started_ = false;
};

}  // namespace kintsugi

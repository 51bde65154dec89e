#pragma once

#include "adapters/http/desk.h"
#include "adapters/sqlite/directory.h"
#include "engine/accounts/accounts.h"
#include "engine/ports/controller.h"
#include "engine/ports/mailer.h"
#include "engine/ports/signer.h"
#include "engine/run/courier.h"
#include "engine/run/forgetter.h"
#include "engine/run/integrations.h"
#include "engine/run/integrator.h"
#include "engine/run/timekeeper.h"
#include "engine/run/watch.h"
#include "engine/run/webhooks.h"
#include "engine/run/writer_meter.h"
#include "programs/server/home.h"

#include <functional>
#include <memory>
#include <string>

namespace kintsugi {

// The parts of the engine over one directory, wired to each other: SQLite, vault, signer and accounts below,
// conductor, courier, timekeeper, watch and integrator above. What is outside of it (mail, access points, the API)
// the caller brings; the server does, and so does the benchmark.
//
// wire() takes the directory's lock and opens its files; open() replays the journal and checks log and states;
// start() begins the threads; stop() is for good.
struct Engine {
  struct Outside {
    Mailer* mailer = nullptr;                                     // none: mails wait in the outbox
    std::function<Controller*(const AccessPointId&)> controller;  // asked from open() on; null: nobody answers there
    std::string console_url;
    Announcer* announcer = nullptr;  // none: announcements wait in the outbox
    WebhookKeys* webhook_keys = nullptr;
    Tempo tempo{};
  };
  static Result<std::unique_ptr<Engine>> wire(const Home& home, Outside outside, const Clock& clock,
                                              Entropy& entropy);
  ~Engine();

  Result<> open();
  void start();
  void stop();
  // For the API. The engine must outlive it.
  http::Desk desk();

  const std::string log_base;
  const std::string node;
  const Clock& clock;
  Entropy& entropy;

  WriterMeter meter;

  // In the order in which one needs the other.
  std::unique_ptr<sqlite::DirectoryLock> lock;
  std::unique_ptr<Store> store;
  std::unique_ptr<Vault> vault;
  std::unique_ptr<Signer> signer;
  std::unique_ptr<Accounts::Hasher> hasher;
  std::unique_ptr<Conductor> conductor;
  std::unique_ptr<Accounts> accounts;
  std::unique_ptr<Integrations> integrations;
  std::unique_ptr<Webhooks> webhooks;
  std::unique_ptr<Integrator> integrator;
  std::unique_ptr<Courier> courier;
  std::unique_ptr<Timekeeper> timekeeper;
  std::unique_ptr<Watch> watch;
  std::unique_ptr<Forgetter> forgetter;

 private:
  Engine(const Home& home, const Clock& at, Entropy& chance)
      : log_base(home.log_base), node(home.node), clock(at), entropy(chance) {}
  bool started_ = false;
};

}  // namespace kintsugi

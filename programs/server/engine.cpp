#include "programs/server/engine.h"

#include "adapters/signer/ed25519_signer.h"
#include "adapters/sodium/hasher.h"
#include "adapters/sqlite/store.h"
#include "adapters/vault/vault.h"
#include "programs/server/verification.h"
#include "workflows/fault_response/workflow.h"

namespace kintsugi {

Result<std::unique_ptr<Engine>> Engine::wire(const Home& home, Outside outside, const Clock& clock,
                                             Entropy& entropy) {
  const Workflow& workflow = fault_response::fault_response();
  std::unique_ptr<Engine> made(new Engine(home, clock, entropy));
  Engine& engine = *made;
  auto lock = sqlite::DirectoryLock::take(home.directory.string());
  if (!lock) return pass(lock);
  engine.lock = std::make_unique<sqlite::DirectoryLock>(std::move(*lock));
  auto store = sqlite::Store::open(home.database().string(), clock.now());
  if (!store) return pass(store);
  engine.store = std::move(*store);
  auto vault = vault::Vault::open({home.slots().string(), home.kek().string()}, entropy);
  if (!vault) return pass(vault);
  engine.vault = std::move(*vault);
  auto signer = Ed25519Signer::open(home.signer());
  if (!signer) return pass(signer);
  engine.signer = std::move(*signer);
  if (auto done = goes_on_signing(*engine.store, home, *engine.signer); !done) return pass(done);
  if (auto done = publish_key(home, *engine.signer); !done) return pass(done);
  auto hasher = sodium::Hasher::open(home.secrets_key());
  if (!hasher) return pass(hasher);
  engine.hasher = std::move(*hasher);

  engine.conductor = std::make_unique<Conductor>(Conductor::Parts{
      .workflow = workflow,
      .store = *engine.store,
      .vault = *engine.vault,
      .clock = clock,
      .entropy = entropy,
      .node = home.node,
      .log_base = home.log_base,
      .journal_path = home.journal().string(),
      .hurry = [&engine](const Effect& effect) { engine.courier->hurry(effect); },
      .audit_working = [&engine] { return engine.integrator->working(); },
      .meter = &engine.meter,
  });
  engine.accounts = std::make_unique<Accounts>(*engine.conductor, *engine.store, *engine.hasher, clock, entropy);
  engine.integrations = std::make_unique<Integrations>(*engine.conductor, *engine.store, clock, entropy);
  engine.webhooks = std::make_unique<Webhooks>(Webhooks::Parts{.conductor = *engine.conductor,
                                                               .store = *engine.store,
                                                               .announcer = outside.announcer,
                                                               .keys = outside.webhook_keys,
                                                               .clock = clock,
                                                               .entropy = entropy});
  engine.integrator = std::make_unique<Integrator>(*engine.conductor, *engine.store, *engine.signer, clock);
  engine.courier = std::make_unique<Courier>(Courier::Parts{.conductor = *engine.conductor,
                                                            .store = *engine.store,
                                                            .vault = *engine.vault,
                                                            .workflow = workflow,
                                                            .clock = clock,
                                                            .entropy = entropy,
                                                            .controller = outside.controller,
                                                            .mailer = outside.mailer,
                                                            .announcer = outside.announcer,
                                                            .console_url = std::move(outside.console_url),
                                                            .mail_domain = home.mail_domain(),
                                                            .tempo = outside.tempo});
  engine.timekeeper = std::make_unique<Timekeeper>(*engine.conductor, *engine.store, clock, home.node);
  engine.watch = std::make_unique<Watch>(Watch::Parts{.conductor = *engine.conductor,
                                                      .store = *engine.store,
                                                      .workflow = workflow,
                                                      .clock = clock,
                                                      .node = home.node,
                                                      .controller = std::move(outside.controller)});
  engine.forgetter = std::make_unique<Forgetter>(*engine.conductor, clock);
  return made;
}

Engine::~Engine() {
  stop();
}

Result<> Engine::open() {
  if (auto done = conductor->open(); !done) return done;
  return integrator->open();
}

void Engine::start() {
  started_ = true;
  conductor->on_commit([this](const Conductor::Committed& news) {
    if (news.effects) courier->wake();
    timekeeper->expect(news.next_due);
  });
  conductor->start();
  integrator->start();
  courier->start();
  timekeeper->start();
  watch->start();
  forgetter->start();
}

// First nothing new is sent, then what was accepted is finished.
void Engine::stop() {
  if (!std::exchange(started_, false)) return;
  forgetter->stop();
  watch->stop();
  timekeeper->stop();
  courier->stop();
  integrator->stop();
  conductor->stop();
}

http::Desk Engine::desk() {
  return {.conductor = *conductor,
          .accounts = *accounts,
          .store = *store,
          .vault = *vault,
          .webhooks = *webhooks,
          .integrations = *integrations,
          .workflow = fault_response::fault_response(),
          .clock = clock,
          .registry = std::make_shared<const Registry>(*conductor, *store, clock, entropy),
          .readings = std::make_shared<http::Readings>(*conductor, clock),
          .feed = std::make_shared<http::Feed>(*conductor, *store, fault_response::fault_response()),
          .log_base = log_base,
          .node = node,
          .ready = {{"store", [this] { return store->audit_progress().has_value(); }},
                    {"audit", [this] { return integrator->working(); }},
                    {"writer", [this] { return conductor->chore([](Batch&) { return Result<>{}; }).has_value(); }}},
          .writer_meter = &meter};
}

}  // namespace kintsugi

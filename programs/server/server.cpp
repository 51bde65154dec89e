#include "programs/server/server.h"

#include "adapters/signer/ed25519_signer.h"
#include "adapters/smtp/mailer.h"
#include "adapters/sodium/hasher.h"
#include "adapters/sqlite/store.h"
#include "adapters/vault/vault.h"
#include "engine/base/bytes.h"
#include "engine/base/log.h"
#include "programs/server/verification.h"
#include "workflows/fault_response/workflow.h"

namespace kintsugi {

namespace {

// Where a mail's link leads when nobody said it: to this machine, which is right for a look around and for tests.
std::string own_url(const Config& config) {
  return (config.plain_http ? "http://" : "https://") + config.listening.host + ":" +
         std::to_string(config.listening.port);
}

}  // namespace

Server::Server(Home home, Config config, const Clock& clock, Entropy& entropy)
    : home_(std::move(home)), config_(std::move(config)), clock_(clock), entropy_(entropy) {}

Server::~Server() {
  stop();
}

Result<std::unique_ptr<Server>> Server::open(Home home, Config config, const Clock& clock, Entropy& entropy) {
  std::unique_ptr<Server> server(new Server(std::move(home), std::move(config), clock, entropy));
  if (auto done = server->open(); !done) return pass(done);
  return server;
}

Result<> Server::open() {
  const Workflow& workflow = fault_response::fault_response();
  auto lock = sqlite::DirectoryLock::take(home_.directory.string());
  if (!lock) return pass(lock);
  lock_ = std::make_unique<sqlite::DirectoryLock>(std::move(*lock));
  auto store = sqlite::Store::open(home_.database().string(), clock_.now());
  if (!store) return pass(store);
  store_ = std::move(*store);
  auto vault = vault::Vault::open({home_.slots().string(), home_.kek().string()}, entropy_);
  if (!vault) return pass(vault);
  vault_ = std::move(*vault);
  auto signer = Ed25519Signer::open(home_.signer());
  if (!signer) return pass(signer);
  signer_ = std::move(*signer);
  if (auto done = publish_key(home_, *signer_); !done) return done;
  auto hasher = sodium::Hasher::open(home_.secrets_key());
  if (!hasher) return pass(hasher);
  hasher_ = std::move(*hasher);
  if (config_.mail) mailer_ = std::make_unique<smtp::Mailer>(*config_.mail);

  conductor_ = std::make_unique<Conductor>(Conductor::Parts{
      .workflow = workflow,
      .store = *store_,
      .vault = *vault_,
      .clock = clock_,
      .entropy = entropy_,
      .node = home_.node,
      .log_base = home_.log_base,
      .journal_path = home_.journal().string(),
      .hurry = [this](const Effect& effect) { courier_->hurry(effect); },
      .audit_working = [this] { return integrator_->working(); },
  });
  controllers_ = std::make_unique<Controllers>(*conductor_, config_.controllers);
  const auto controller = [this](const AccessPointId& id) { return controllers_->of(id); };
  accounts_ = std::make_unique<Accounts>(*conductor_, *store_, *hasher_, clock_, entropy_);
  integrator_ = std::make_unique<Integrator>(*conductor_, *store_, *signer_, clock_);
  const std::string domain = home_.log_base.substr(0, home_.log_base.find('/'));
  courier_ = std::make_unique<Courier>(
      Courier::Parts{.conductor = *conductor_,
                     .store = *store_,
                     .vault = *vault_,
                     .workflow = workflow,
                     .clock = clock_,
                     .entropy = entropy_,
                     .controller = controller,
                     .mailer = mailer_.get(),
                     .console_url = config_.console_url.empty() ? own_url(config_) : config_.console_url,
                     .mail_domain = domain});
  timekeeper_ = std::make_unique<Timekeeper>(*conductor_, *store_, clock_, home_.node);
  watch_ = std::make_unique<Watch>(Watch::Parts{.conductor = *conductor_,
                                                .store = *store_,
                                                .workflow = workflow,
                                                .clock = clock_,
                                                .node = home_.node,
                                                .controller = controller});
  if (auto done = conductor_->open(); !done) return done;
  if (auto done = open_intake(domain); !done) return done;
  return integrator_->open();
}

Result<> Server::open_intake(const std::string& mail_domain) {
  if (!config_.intake) return {};
  intake::Config config = *config_.intake;
  config.mail_domain = mail_domain;
  auto made = intake::Intake::open({.conductor = *conductor_,
                                    .clock = clock_,
                                    .config = std::move(config),
                                    .directory = home_.intake(),
                                    .node = home_.node + "-mail"});
  if (!made) return pass(made);
  intake_ = std::move(*made);
  return {};
}

http::Desk Server::desk() {
  return {.conductor = *conductor_,
          .accounts = *accounts_,
          .store = *store_,
          .vault = *vault_,
          .workflow = fault_response::fault_response(),
          .clock = clock_,
          .readings = std::make_shared<http::Readings>(*conductor_, clock_, home_.node + "-api", home_.log_base,
                                                       to_hex(BytesView(entropy_.digest()).first(4))),
          .log_base = home_.log_base,
          .ready = {{"store", [this] { return store_->audit_progress().has_value(); }},
                    {"audit", [this] { return integrator_->working(); }},
                    {"writer", [this] { return conductor_->chore([](Batch&) { return Result<>{}; }).has_value(); }}},
          .wake_courier = [this] { courier_->wake(); }};
}

Result<> Server::start() {
  http::Listening listening = config_.listening;
  if (!config_.plain_http && !listening.behind_proxy && listening.certificate_path.empty()) {
    listening.certificate_path = home_.certificate().string();
    listening.key_path = home_.certificate_key().string();
  }
  http_ = std::make_unique<http::Server>(desk(), listening);
  started_ = true;
  conductor_->on_commit([this](const Conductor::Committed& news) {
    if (news.effects) courier_->wake();
    timekeeper_->expect(news.next_due);
  });
  conductor_->start();
  integrator_->start();
  courier_->start();
  timekeeper_->start();
  watch_->start();
  if (intake_) {
    for (const std::string& mistake : intake::mistakes_in(*config_.intake, *conductor_->directory()))
      log::engine().error("intake: {}", mistake);
    intake_->start();
  }
  if (auto done = http_->start(); !done) return done;
  log::engine().info("listening url={} node={} log={}", http_->url(), home_.node, home_.log_base);
  return {};
}

// From the outside in: first nobody new comes in, then nothing new is sent, then what was accepted is finished.
void Server::stop() {
  if (!std::exchange(started_, false)) return;
  http_->stop();
  if (intake_) intake_->stop();
  watch_->stop();
  timekeeper_->stop();
  courier_->stop();
  integrator_->stop();
  conductor_->stop();
  log::engine().info("stopped node={}", home_.node);
}

}  // namespace kintsugi

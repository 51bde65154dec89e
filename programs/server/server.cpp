#include "programs/server/server.h"

#include "adapters/smtp/mailer.h"
#include "engine/base/digest.h"
#include "engine/base/log.h"
#include "programs/server/operator_orders.h"

namespace kintsugi {

namespace {

// Where a mail's link leads when nobody said it: to this machine, which is right for a look around and for tests.
std::string own_url(const Config& config) {
  return (config.plain_http ? "http://" : "https://") + config.listening.host + ":" +
         std::to_string(config.listening.port);
}

}  // namespace

Server::Server(Home home, Config config) : home_(std::move(home)), config_(std::move(config)) {}

Server::~Server() {
  stop();
}

Result<std::unique_ptr<Server>> Server::open(Home home, Config config, const Clock& clock, Entropy& entropy) {
  std::unique_ptr<Server> server(new Server(std::move(home), std::move(config)));
  if (auto done = server->open(clock, entropy); !done) return pass(done);
  return server;
}

Result<> Server::open(const Clock& clock, Entropy& entropy) {
  if (config_.mail) mailer_ = std::make_unique<WatchedMailer>(std::make_unique<smtp::Mailer>(*config_.mail), clock);
  auto keys = webhook::Keys::open(home_.webhook_keys(), entropy);
  if (!keys) return pass(keys);
  webhook_keys_ = std::move(*keys);
  announcer_ = std::make_unique<webhook::Announcer>(config_.webhooks, *webhook_keys_, home_.log_base);
  auto engine = Engine::wire(home_,
                             {.mailer = mailer_.get(),
                              .controller = [this](const AccessPointId& id) { return controllers_->of(id); },
                              .console_url = config_.console_url.empty() ? own_url(config_) : config_.console_url,
                              .announcer = announcer_.get(),
                              .webhook_keys = webhook_keys_.get(),
                              .tempo = config_.tempo},
                             clock, entropy);
  if (!engine) return pass(engine);
  engine_ = std::move(*engine);
  controllers_ = std::make_unique<Controllers>(*engine_->conductor, config_.controllers);
  if (auto done = engine_->open(); !done) return done;
  return open_intake(clock);
}

Result<> Server::open_intake(const Clock& clock) {
  if (!config_.intake) return {};
  intake::Config config = *config_.intake;
  config.mail_domain = home_.mail_domain();
  auto made = intake::Intake::open({.conductor = *engine_->conductor,
                                    .clock = clock,
                                    .config = std::move(config),
                                    .directory = home_.intake(),
                                    .node = home_.node + "-mail"});
  if (!made) return pass(made);
  intake_ = std::move(*made);
  return {};
}

Result<> Server::start() {
  http::Listening listening = config_.listening;
  if (!config_.plain_http && !listening.behind_proxy && listening.certificate_path.empty()) {
    listening.certificate_path = home_.certificate().string();
    listening.key_path = home_.certificate_key().string();
  }
  health_ =
      std::make_unique<Health>(health_checks(*engine_, home_, mailer_.get(), intake_.get(), seen_), engine_->clock);
  http_ = std::make_unique<http::Server>(desk(), listening);
  started_ = true;
  engine_->start();
  if (intake_) {
    for (const std::string& mistake : intake::mistakes_in(*config_.intake, *engine_->conductor->directory()))
      log::engine().error("intake: {}", mistake);
    intake_->start();
  }
  health_->start();
  if (auto done = http_->start(); !done) return done;
  open_door();
  log::engine().info("listening url={} node={} log={}", http_->url(), home_.node, home_.log_base);
  return {};
}

// Without it everything works but the operator's orders, which then need the server stopped.
void Server::open_door() {
  auto door = OperatorDoor::open(home_.operator_door(), [this](const std::string& order, const Json& with) {
    return carry_out(*this, engine_->clock, engine_->entropy, order, with);
  });
  if (door)
    door_ = std::move(*door);
  else
    log::engine().warn("no door for the operator: {}", door.error().what);
}

http::Desk Server::desk() {
  http::Desk out = engine_->desk();
  out.health = health_.get();
  out.measure = [this](Exposition& to) {
    measure_ages(home_, engine_->clock, seen_, to);
    measure_forgotten(engine_->forgetter->total(), to);
  };
  if (!config_.metrics_token.empty()) out.metrics_token = sha256(config_.metrics_token);
  return out;
}

// From the outside in: nobody new comes in any more, and the engine finishes what it has accepted.
void Server::stop() {
  if (!std::exchange(started_, false)) return;
  door_.reset();
  http_->stop();
  health_->stop();
  if (intake_) intake_->stop();
  engine_->stop();
  log::engine().info("stopped node={}", home_.node);
}

}  // namespace kintsugi

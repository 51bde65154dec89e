#include "programs/stage/stage.h"

#include "engine/base/private_file.h"
#include "engine/run/registry.h"
#include "programs/server/masters_file.h"
#include "programs/stage/say.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cstdlib>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace kintsugi::demo {
namespace {

namespace fs = std::filesystem;

constexpr int monitors_of_a_ward = 240;
constexpr int effects_looked_at = 2000;
constexpr std::chrono::milliseconds look_again{20};

std::string random_text(Entropy& entropy) {
  const Digest chance = entropy.digest();
  return to_crockford(std::span<const std::uint8_t, 32>(chance).first<16>());
}

// A port of 127.0.0.1 that nobody has; 0 if there is none.
int free_port() {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  const bool found = probe >= 0 && ::bind(probe, reinterpret_cast<sockaddr*>(&address), length) == 0 &&
                     ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &length) == 0;
  if (probe >= 0) ::close(probe);
  return found ? ntohs(address.sin_port) : 0;
}

std::vector<RoleAt> roles_of(const Person& person) {
  std::vector<RoleAt> out;
  for (const RoleHeld& held : person.roles)
    out.push_back({held.role, held.at});
  return out;
}

}  // namespace

Stage::Stage(Place place, const Tongue& tongue) : place_(std::move(place)), tongue_(tongue) {}

Stage::~Stage() {
  client_.reset();
  if (server_) server_->stop();
  if (simulator_) simulator_->stop();
  if (sink_) sink_->stop();
  server_.reset();
  std::error_code ignored;
  if (made_here_ && !place_.keep) fs::remove_all(directory_, ignored);
}

Result<> Stage::settle_in() {
  if (place_.directory.empty()) {
    std::string pattern = (fs::temp_directory_path() / "kintsugi-demo-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) return fail(Errc::Transient, "cannot make " + pattern);
    directory_ = pattern;
    made_here_ = true;
  } else {
    directory_ = fs::absolute(place_.directory);
  }
  return {};
}

// As `kintsugi import` does it; the file stays, as an example of one.
Result<> Stage::import(Server& server, const char* name, const Json& file) {
  if (auto kept = write_private_file(directory_ / name, file.dump(2) + "\n"); !kept) return kept;
  const auto before = server.conductor().directory();
  const MastersRead read = read_masters_file(file, *before, clock_.now(), entropy_);
  for (const Mistake& one : read.mistakes)
    return fail(Errc::Invalid, std::string(name) + ": " + to_text(one));
  return server.conductor().put_masters(
      rows_of(*before, changed(*before, read.masters), read.masters, ChangeReason::none).masters);
}

Result<std::string> Stage::new_token(Server& server, const Device& device) {
  auto token = server.accounts().new_token(CredentialKind::device_token, device.id.text());
  if (!token) return token;
  std::error_code error;
  fs::create_directories(directory_ / "devices", error);
  if (auto kept = write_private_file(directory_ / "devices" / (device.serial + ".token"), *token + "\n"); !kept)
    return pass(kept);
  return token;
}

// Everybody gets a password and a telephone, every device its token.
Result<> Stage::enrol(Server& server, const World& world) {
  Script& script = cast_->script;
  script.hospital = world.hospital;
  script.vendor = world.vendor;
  script.device = world.scanner;
  for (const Introduction& one : world.people)
    script.players.push_back({.id = one.person.id,
                              .name = one.person.name,
                              .employer = one.person.employer,
                              .mail = one.person.mail,
                              .roles = roles_of(one.person),
                              .stands_in = {},
                              .may_try = one.may_try,
                              .password = random_text(entropy_).substr(0, 16),
                              .token = {}});
  for (const Introduction& one : world.people)
    for (const Deputy& deputy : one.person.deputies)
      std::ranges::find(script.players, deputy.person, &Player::id)->stands_in.push_back({deputy.role, deputy.at});
  for (const Player& one : script.players) {
    if (auto done = server.accounts().set_password(one.id, one.password); !done) return done;
    const auto otpauth = server.accounts().enrol_code(one.id);
    if (!otpauth) return pass(otpauth);
    if (auto done = cast_->give_phone(one.id, *otpauth); !done) return done;
  }
  for (const auto& [id, device] : server.conductor().directory()->devices()) {
    const auto token = new_token(server, device);
    if (!token) return pass(token);
    if (id == script.device) script.device_token = *token;
  }
  return cast_->save();
}

Result<> Stage::make() {
  const World world = make_world(clock_.now(), entropy_);
  auto server = Server::open(home_, Config{}, clock_, entropy_);
  if (!server) return pass(server);
  if (auto done = import(**server, "world.json", world.file); !done) return done;
  return enrol(**server, world);
}

Result<> Stage::furnish_ward(Server& server) {
  const auto has_monitors = [&] {
    return std::ranges::any_of(server.conductor().directory()->devices(),
                               [](const auto& one) { return one.second.product_line == "monitor"; });
  };
  if (!has_monitors()) {
    const Ward ward =
        make_ward(*server.conductor().directory(), cast_->script.device, monitors_of_a_ward, clock_.now(), entropy_);
    if (auto done = import(server, "ward.json", ward.file); !done) return done;
  }
  for (const auto& [id, device] : server.conductor().directory()->devices()) {
    if (device.product_line != "monitor") continue;
    auto token = server.accounts().new_token(CredentialKind::device_token, id.text());
    if (!token) return pass(token);
    ward_[id] = std::move(*token);
  }
  return {};
}

Result<> Stage::set() {
  if (auto done = settle_in(); !done) return done;
  const fs::path script_file = directory_ / "demo.json";
  auto home = open_home(directory_);
  is_new_ = !home;
  if (is_new_) {
    if (home.error().code != Errc::NotFound) return pass(home);
    home = make_home(directory_, "demo.kintsugi.invalid/" + random_text(entropy_).substr(0, 8), entropy_);
    if (!home) return pass(home);
  }
  home_ = *home;
  Script script;
  if (!is_new_) {
    auto known = Cast::load(script_file);
    if (!known) return fail(Errc::Refused, directory_.string() + " is an installation, but not one of the demo");
    script = std::move(*known);
  }
  cast_ = std::make_unique<Cast>(std::move(script), script_file, clock_);
  return is_new_ ? make() : Result<>{};
}

Result<> Stage::open(bool with_ward) {
  sink_ = std::make_unique<MailSink>(directory_ / "mail");
  if (auto done = sink_->start(); !done) return done;
  simulator_ = std::make_unique<access_point::Simulator>(site_, access_point::Simulator::Config{});
  if (auto done = simulator_->start(); !done) return done;

  Config config;
  // Mails lead to it, so it is known before anybody listens.
  config.listening.port = place_.port != 0 ? place_.port : free_port();
  config.mail.emplace();
  config.mail->host = "127.0.0.1";
  config.mail->port = sink_->port();
  config.mail->starttls = smtp::StartTls::off;
  config.mail->from = "kintsugi@alpha.example";
  config.mail->from_name = "Kintsugi";
  config.tempo.gather = gather;
  // The doors are in the directory of the store; they all lead to the one simulator.
  {
    auto looking = Server::open(home_, config, clock_, entropy_);
    if (!looking) return pass(looking);
    if (with_ward)
      if (auto done = furnish_ward(**looking); !done) return done;
    const auto directory = (*looking)->conductor().directory();
    for (const auto& [id, point] : directory->access_points())
      config.controllers[id].url = simulator_->url();
    for (const auto& [id, device] : directory->devices())
      simulator_->with([&](access_point::SimulatedSite& site) { site.install(id, device.serial); });
  }
  auto server = Server::open(home_, config, clock_, entropy_);
  if (!server) return pass(server);
  server_ = std::move(*server);
  if (auto done = server_->start(); !done) return done;
  client_ = new_client();
  say("{}: {}", tongue_("金継ぎデモ", "Kintsugi demo"),
      is_new_ ? tongue_("新しい世界", "a new world") : tongue_("続きから始めます", "the world of before"));
  say("  {}: {}\n  API: {}", tongue_("データ", "data"), directory_.string(), server_->url());
  return {};
}

std::unique_ptr<Client> Stage::new_client() const {
  return std::make_unique<Client>(server_->url(), home_.certificate().string());
}

// What is to be sent later is not waited for, nor what took too long once: a delivery that was under way when the
// program was killed is tried again when its lease is over.
std::vector<EffectId> Stage::under_way(Instant due_by) {
  std::vector<EffectId> out;
  for (const EffectState state : {EffectState::leased, EffectState::waiting}) {
    const auto rows = server_->store().outbox({.state = state, .case_id = {}, .id = {}, .limit = effects_looked_at});
    if (!rows) continue;
    for (const OutboxRow& row : *rows)
      if ((state == EffectState::leased || row.due <= due_by) && !late_.contains(row.effect.id))
        out.push_back(row.effect.id);
  }
  return out;
}

bool Stage::settle(std::chrono::seconds limit, std::chrono::seconds soon) {
  const auto until = std::chrono::steady_clock::now() + limit;
  const auto left_now = [&] { return under_way(clock_.now() + soon); };
  for (auto left = left_now(); !left.empty(); left = left_now()) {
    if (std::chrono::steady_clock::now() > until) {
      late_.insert(left.begin(), left.end());
      return false;
    }
    std::this_thread::sleep_for(look_again);
  }
  return true;
}

}  // namespace kintsugi::demo

#include "programs/demo/stage.h"

#include "engine/base/private_file.h"
#include "programs/demo/say.h"
#include "programs/server/masters_file.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

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

std::vector<RoleAt> roles_of(const Person& person) {
  std::vector<RoleAt> out;
  for (const RoleHeld& held : person.roles)
    out.push_back({held.role, held.at});
  return out;
}

}  // namespace

Stage::Stage(const Options& options, const Tongue& tongue) : options_(options), tongue_(tongue) {}

Stage::~Stage() {
  client_.reset();
  if (server_) server_->stop();
  if (simulator_) simulator_->stop();
  if (sink_) sink_->stop();
  server_.reset();
  std::error_code ignored;
  if (made_here_ && !options_.keep) fs::remove_all(directory_, ignored);
}

Result<> Stage::settle_in() {
  if (options_.directory.empty()) {
    std::string pattern = (fs::temp_directory_path() / "kintsugi-demo-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) return fail(Errc::Transient, "cannot make " + pattern);
    directory_ = pattern;
    made_here_ = true;
  } else {
    directory_ = fs::absolute(options_.directory);
  }
  return {};
}

// A story that is being told goes on; otherwise the one asked for begins, in a case of its own.
Result<> Stage::choose_story() {
  Script& script = cast_->script;
  const bool told = !script.case_id.empty() && cast_->was(memory_of(script.case_id.text(), "told"));
  const bool another = !options_.story.empty() && (told || options_.story != script.story);
  const std::string wanted =
      options_.story.empty() ? (script.story.empty() ? "straight" : script.story) : options_.story;
  story_ = story_named(wanted);
  if (story_ == nullptr) return fail(Errc::Invalid, "there is no story '" + wanted + "'");
  if (another && !script.case_id.empty() && !told)
    return fail(Errc::Refused, "the story '" + script.story + "' is not over in " + directory_.string());
  if (another) {
    script.case_id = CaseId{};
    script.done.clear();
  }
  script.story = wanted;
  return cast_->save();
}

Result<> Stage::import(Server& server, const fs::path& file) {
  const MastersRead read = read_masters(file, clock_.now(), entropy_);
  if (!read.mistakes.empty())
    return fail(Errc::Invalid, fmt::format("{}: {}", file.string(), fmt::join(read.mistakes, ", ")));
  return server.conductor().put_masters(read.masters);
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

Result<> Stage::make(const Home& home) {
  const World world = make_world(clock_.now(), entropy_);
  const fs::path file = directory_ / "world.json";
  if (auto kept = write_private_file(file, world.file.dump(2) + "\n"); !kept) return kept;
  auto server = Server::open(home, config_, clock_, entropy_);
  if (!server) return pass(server);
  if (auto done = import(**server, file); !done) return done;
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
    const fs::path file = directory_ / "ward.json";
    if (auto kept = write_private_file(file, ward.file.dump(2) + "\n"); !kept) return kept;
    if (auto done = import(server, file); !done) return done;
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
  const bool is_new = !home;
  if (is_new) {
    if (home.error().code != Errc::NotFound) return pass(home);
    home = make_home(directory_, "demo.kintsugi.invalid/" + random_text(entropy_).substr(0, 8), entropy_);
    if (!home) return pass(home);
  }
  sink_ = std::make_unique<MailSink>(directory_ / "mail");
  if (auto done = sink_->start(); !done) return done;
  simulator_ = std::make_unique<access_point::Simulator>(site_, access_point::Simulator::Config{});
  if (auto done = simulator_->start(); !done) return done;

  config_.listening.port = options_.port;
  config_.mail.emplace();
  config_.mail->host = "127.0.0.1";
  config_.mail->port = sink_->port();
  config_.mail->starttls = smtp::StartTls::off;
  config_.mail->from = "kintsugi@alpha.example";
  config_.mail->from_name = "Kintsugi";

  Script script;
  if (!is_new) {
    auto known = Cast::load(script_file);
    if (!known) return fail(Errc::Refused, directory_.string() + " is an installation, but not one of the demo");
    script = std::move(*known);
  }
  cast_ = std::make_unique<Cast>(std::move(script), script_file, clock_);
  if (is_new)
    if (auto done = make(*home); !done) return done;
  if (auto done = choose_story(); !done) return done;

  // The doors are in the directory of the store; they all lead to the one simulator.
  {
    auto looking = Server::open(*home, config_, clock_, entropy_);
    if (!looking) return pass(looking);
    if (story_->storm)
      if (auto done = furnish_ward(**looking); !done) return done;
    const auto directory = (*looking)->conductor().directory();
    for (const auto& [id, point] : directory->access_points())
      config_.controllers[id].url = simulator_->url();
    for (const auto& [id, device] : directory->devices())
      simulator_->with([&](access_point::SimulatedSite& site) { site.install(id, device.serial); });
  }
  auto server = Server::open(*home, config_, clock_, entropy_);
  if (!server) return pass(server);
  server_ = std::move(*server);
  if (auto done = server_->start(); !done) return done;
  certificate_ = home->certificate().string();
  client_ = new_client();
  say("{}: {}", tongue_("金継ぎデモ", "Kintsugi demo"),
      is_new ? tongue_("新しい世界", "a new world") : tongue_("続きから始めます", "the world of before"));
  say("  {}: {}\n  API: {}", tongue_("データ", "data"), directory_.string(), server_->url());
  return {};
}

std::unique_ptr<Client> Stage::new_client() const {
  return std::make_unique<Client>(server_->url(), certificate_);
}

// What is to be sent later is not waited for, nor what took too long once: a delivery that was under way when the
// program was killed is tried again when its lease is over.
std::vector<EffectId> Stage::under_way() {
  std::vector<EffectId> out;
  for (const EffectState state : {EffectState::leased, EffectState::waiting}) {
    const auto rows = server_->store().outbox({.state = state, .case_id = {}, .id = {}, .limit = effects_looked_at});
    if (!rows) continue;
    for (const OutboxRow& row : *rows)
      if ((state == EffectState::leased || row.due <= clock_.now()) && !late_.contains(row.effect.id))
        out.push_back(row.effect.id);
  }
  return out;
}

bool Stage::settle(std::chrono::seconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  for (auto left = under_way(); !left.empty(); left = under_way()) {
    if (std::chrono::steady_clock::now() > until) {
      late_.insert(left.begin(), left.end());
      return false;
    }
    std::this_thread::sleep_for(look_again);
  }
  return true;
}

}  // namespace kintsugi::demo

#include "programs/demo/demo.h"

#include "adapters/access_point/simulator.h"
#include "adapters/sodium/hasher.h"
#include "engine/base/log.h"
#include "programs/demo/mail_sink.h"
#include "programs/demo/play.h"
#include "programs/demo/world.h"
#include "programs/server/server.h"
#include "programs/server/signals.h"
#include "programs/server/verification.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace kintsugi::demo {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes play_max{10};
constexpr std::chrono::seconds standstill_max{200};  // longer than any timer of the play
constexpr std::chrono::milliseconds look_again{100};
constexpr std::chrono::seconds sign_max{10};  // until a checkpoint covers the last record

template <class... Args>
void say(fmt::format_string<Args...> text, Args&&... args) {
  fmt::print(text, std::forward<Args>(args)...);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

std::string random_text(Entropy& entropy) {
  const Digest chance = entropy.digest();
  return to_crockford(std::span<const std::uint8_t, 32>(chance).first<16>());
}

// One play: a directory, its server, and what stands around it.
class Demo {
 public:
  explicit Demo(const Options& options) : options_(options) {}
  ~Demo() {
    if (server_) server_->stop();
    if (simulator_) simulator_->stop();
    if (sink_) sink_->stop();
    server_.reset();
    std::error_code ignored;
    if (made_here_ && !options_.keep) fs::remove_all(directory_, ignored);
  }

  Result<> begin();
  Result<> play();
  Result<bool> verify();
  void show_the_way();

 private:
  Result<> settle_in();
  Result<Script> populate(const Home& home, const Config& config, const World& world);
  Result<> report();
  Result<Json> look(const PersonId& as);
  Result<bool> act(const Json& seen);
  Result<bool> attempt(const Act& one, const Player& who);
  void tell_mails();
  void tell_audit();

  const Options options_;
  fs::path directory_;
  bool made_here_ = false;
  SystemClock clock_;
  SystemEntropy entropy_;
  access_point::SimulatedSite site_{clock_};
  std::unique_ptr<MailSink> sink_;
  std::unique_ptr<access_point::Simulator> simulator_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<Cast> cast_;
  std::unique_ptr<Client> client_;
};

// Everybody gets a password, a secret for his codes, and a place in the script.
Result<Script> Demo::populate(const Home& home, const Config& config, const World& world) {
  auto server = Server::open(home, config, clock_, entropy_);
  if (!server) return pass(server);
  if (auto done = (*server)->conductor().put_masters(world.masters); !done) return pass(done);
  Accounts& accounts = (*server)->accounts();
  Script script;
  for (const Person& person : world.people) {
    Player one;
    one.id = person.id;
    one.name = person.name.en;
    one.mail = person.mail;
    for (const RoleHeld& held : person.roles)
      one.roles.push_back(held.role);
    one.password = random_text(entropy_);
    if (auto done = accounts.set_password(person.id, one.password); !done) return pass(done);
    const auto uri = accounts.enrol_code(person.id);
    if (!uri) return pass(uri);
    const auto secret = sodium::secret_of(*uri);
    if (!secret) return pass(secret);
    one.secret = to_hex(bytes_of(*secret));
    script.players.push_back(std::move(one));
  }
  script.device = world.devices.front().id;
  auto token = accounts.new_token(CredentialKind::device_token, script.device.text());
  if (!token) return pass(token);
  script.device_token = std::move(*token);
  return script;
}

Result<> Demo::settle_in() {
  if (options_.directory.empty()) {
    std::string pattern = (fs::temp_directory_path() / "kintsugi-demo-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) return fail(Errc::Transient, "cannot make " + pattern);
    directory_ = pattern;
    made_here_ = true;
  } else {
    directory_ = options_.directory;
  }
  return {};
}

Result<> Demo::begin() {
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

  Config config;
  config.listening.port = options_.port;
  config.mail.emplace();
  config.mail->host = "127.0.0.1";
  config.mail->port = sink_->port();
  config.mail->starttls = smtp::StartTls::off;
  config.mail->from = "kintsugi@alpha.example";
  config.mail->from_name = "Kintsugi";

  Script script;
  std::vector<Device> devices;
  if (is_new) {
    const World world = make_world(clock_.now(), entropy_);
    auto made = populate(*home, config, world);
    if (!made) return pass(made);
    script = std::move(*made);
  } else {
    auto known = Cast::load(script_file);
    if (!known) return fail(Errc::Refused, directory_.string() + " is an installation, but not one of the demo");
    script = std::move(*known);
  }
  cast_ = std::make_unique<Cast>(std::move(script), script_file, clock_);
  if (auto saved = cast_->save(); !saved) return saved;

  // The doors are in the directory of the store; they all lead to the one simulator.
  {
    auto looking = Server::open(*home, config, clock_, entropy_);
    if (!looking) return pass(looking);
    const auto directory = (*looking)->conductor().directory();
    for (const auto& [id, point] : directory->access_points())
      config.controllers[id].url = simulator_->url();
    for (const auto& [id, device] : directory->devices())
      simulator_->with([&](access_point::SimulatedSite& site) { site.install(id, device.serial); });
  }
  auto server = Server::open(*home, config, clock_, entropy_);
  if (!server) return pass(server);
  server_ = std::move(*server);
  if (auto done = server_->start(); !done) return done;
  client_ = std::make_unique<Client>(server_->url(), home->certificate().string());
  say("Kintsugi demo: {} at {}", is_new ? "a new world" : "the play goes on", server_->url());
  say("  data in {}", directory_.string());
  return {};
}

Result<> Demo::report() {
  Script& script = cast_->script;
  if (!script.case_id.empty()) return {};
  const auto reply = client_->post("/api/v1/faults", script.device_token,
                                   {{"action", "trigger"},
                                    {"dedup_key", "cooling-1"},
                                    {"severity", "error"},
                                    {"code", "E-217"},
                                    {"care", "degraded"},
                                    {"occurred_at", to_text(clock_.now())},
                                    {"details", "cooling pressure below limit, tube locked"}});
  if (!reply.ok()) return fail(Errc::Refused, "the device's notice was refused: " + reply.body.dump());
  script.case_id = CaseId{reply.body.at("case_id").get<std::string>()};
  say("\nthe CT (device)  fault -> {}  case {}", reply.body.value("state", "?"), reply.body.value("number", "?"));
  tell_mails();
  tell_audit();
  return cast_->save();
}

Result<Json> Demo::look(const PersonId& as) {
  const auto token = cast_->token(*client_, as);
  if (!token) return pass(token);
  auto reply = client_->get("/api/v1/cases/" + cast_->script.case_id.text(), *token);
  if (!reply.ok())
    return fail(Errc::Refused, fmt::format("the case cannot be read: {} {}", reply.status, reply.body.dump()));
  return std::move(reply.body);
}

// One act, if the case allows it to this person now. False when it does not, or somebody was faster.
Result<bool> Demo::attempt(const Act& one, const Player& who) {
  const auto seen = look(who.id);
  if (!seen) return pass(seen);
  const Json& actions = seen->at("actions");
  const auto action =
      std::ranges::find_if(actions, [&](const Json& a) { return a.at("event").get<std::string>() == one.event; });
  if (action == actions.end() || !action->at("allowed").get<bool>()) return false;

  Client::Headers headers{{"If-Match", fmt::format("\"{}\"", seen->at("version").get<std::int64_t>())}};
  if (action->value("needs_step_up", false)) {
    const auto step_up =
        cast_->step_up(*client_, who.id, one.event, one.payload.value("request_hash", std::string()));
    if (!step_up) return pass(step_up);
    headers["Step-Up"] = *step_up;
  }
  const auto token = cast_->token(*client_, who.id);
  if (!token) return pass(token);
  const auto reply = client_->post(
      fmt::format("/api/v1/cases/{}/events/{}?as={}", cast_->script.case_id.text(), one.event, name_of(one.role)),
      *token, one.payload, headers);
  if (!reply.ok()) {
    if (reply.status == 409 || reply.status == 412 || reply.status == 503) return false;
    return fail(Errc::Refused, fmt::format("{} {}: {} {}", who.name, one.event, reply.status, reply.body.dump()));
  }
  say("\n{} ({})  {} -> {}  [{}]", who.name, name_of(one.role), one.event, reply.body.value("state", "?"),
      reply.body.value("row", "?"));
  tell_mails();
  tell_audit();
  return true;
}

Result<bool> Demo::act(const Json& seen) {
  for (const Act& one : worth_trying(seen, *cast_, clock_.now())) {
    const Player* who = cast_->with(one.role);
    if (who == nullptr) continue;
    auto done = attempt(one, *who);
    if (!done || *done) return done;
  }
  return false;
}

Result<> Demo::play() {
  using Steady = std::chrono::steady_clock;
  if (auto done = report(); !done) return done;
  const auto begun = Steady::now();
  auto moved = begun;
  std::int64_t version = -1;
  std::string state;
  while (!stop_asked()) {
    const auto seen = look(cast_->with(Role::rsc_svc)->id);
    if (!seen) return pass(seen);
    if (const auto now = seen->at("version").get<std::int64_t>(); now != version) {
      version = now;
      moved = Steady::now();
    }
    if (const auto now = seen->at("state").get<std::string>(); now != state) {
      state = now;
      say("  step {}: {} ({})", seen->value("step", 0), state, seen->value("label", ""));
    }
    if (state == "closed") {
      say("\nclosed after {:.1f} s", std::chrono::duration<double>(Steady::now() - begun).count());
      return {};
    }
    const auto done = act(*seen);
    if (!done) return pass(done);
    if (*done) continue;
    if (Steady::now() - moved > standstill_max || Steady::now() - begun > play_max)
      return fail(Errc::Transient, "the play stands still in " + state + ": " + seen->at("actions").dump());
    std::this_thread::sleep_for(look_again);
  }
  return fail(Errc::Transient, "interrupted");
}

void Demo::tell_mails() {
  for (const MailSink::Mail& mail : sink_->take())
    say("    mail to {}: {}", mail.to.size() == 1 ? mail.to.front() : fmt::format("{} people", mail.to.size()),
        mail.subject);
}

void Demo::tell_audit() {
  const auto token = cast_->token(*client_, cast_->with(Role::hcf_sysadm)->id);
  if (!token) return;
  const auto reply = client_->get("/api/v1/audit/checkpoint", *token);
  if (!reply.ok()) return;
  for (const Json& log : reply.body.at("logs")) {
    const std::string note = log.value("note", "");
    const auto checkpoint = audit::parse_checkpoint(std::string_view(note).substr(0, note.find("\n\n") + 1));
    say("    audit: {} records, signed {}{}", log.value("records", 0), log.value("signed_size", 0),
        checkpoint ? ", root " + to_base64(checkpoint->root) : std::string());
  }
}

Result<bool> Demo::verify() {
  using Steady = std::chrono::steady_clock;
  const auto until = Steady::now() + sign_max;
  for (;;) {
    const auto reports = verify_store(server_->store(), server_->home());
    if (!reports) return pass(reports);
    const bool all_signed =
        std::ranges::all_of(*reports, [](const audit::Report& one) { return one.not_yet_signed == 0; });
    const bool sound = std::ranges::all_of(*reports, [](const audit::Report& one) { return one.sound(); });
    if (all_signed || Steady::now() > until) {
      for (const audit::Report& one : *reports)
        say("{}", to_text(one));
      return sound && all_signed;
    }
    std::this_thread::sleep_for(look_again);
  }
}

void Demo::show_the_way() {
  say("\nThe server goes on until Ctrl-C. API: {}", server_->url());
  say("Sign in with: POST {}/api/v1/sign-ins", server_->url());
  for (const Player& one : cast_->script.players)
    say("  {:<22} password {}  {}", one.mail, one.password, one.name);
  say("Codes come from the secrets in {}", (directory_ / "demo.json").string());
  say("Mails: {}", (directory_ / "mail").string());
  say("Check the log yourself: kintsugi audit verify {}", directory_.string());
}

}  // namespace

int run(const Options& options) {
  log::set_level("warn");
  catch_signals();
  Demo demo(options);
  auto done = demo.begin();
  if (done) done = demo.play();
  if (!done) {
    fmt::print(stderr, "demo: {}\n", done.error().what);
    return 1;
  }
  const auto sound = demo.verify();
  if (!sound || !*sound) {
    fmt::print(stderr, "demo: {}\n", sound ? "the log does not verify" : sound.error().what);
    return 7;
  }
  if (options.play_only) return 0;
  demo.show_the_way();
  wait_for_stop();
  return 0;
}

}  // namespace kintsugi::demo

#include "programs/demo/demo.h"

#include "adapters/access_point/simulator.h"
#include "adapters/sodium/hasher.h"
#include "engine/base/log.h"
#include "programs/demo/guide.h"
#include "programs/demo/mail_sink.h"
#include "programs/demo/play.h"
#include "programs/demo/say.h"
#include "programs/demo/tongue.h"
#include "programs/demo/world.h"
#include "programs/server/server.h"
#include "programs/server/signals.h"
#include "programs/server/verification.h"
#include "workflows/fault_response/workflow.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

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
constexpr std::chrono::seconds sign_max{10};   // until a checkpoint covers the last record
constexpr std::chrono::seconds settle_max{3};  // for the mails and the checkpoint of one act, before telling of it

std::string random_text(Entropy& entropy) {
  const Digest chance = entropy.digest();
  return to_crockford(std::span<const std::uint8_t, 32>(chance).first<16>());
}

// One play: a directory, its server, and what stands around it.
class Demo {
 public:
  explicit Demo(const Options& options) : options_(options) {}
  ~Demo() {
    client_.reset();
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
  void show_the_way() { demo::show_the_way({*cast_, *client_, tongue_, directory_, server_->url()}); }

 private:
  Result<> settle_in();
  Result<Script> populate(const Home& home, const Config& config, const World& world);
  Result<> report();
  Result<Json> look(const PersonId& as);
  Result<bool> act(const Json& seen);
  Result<bool> attempt(const Act& one, const Player& who);
  Text word(std::string_view name) const { return fault_response::fault_response().text(name); }
  Text state_word(const std::string& name) const;
  void tell_act(const Text& who, const Text& as, const Text& what, const std::string& state, const std::string& row);
  bool all_mailed();
  std::vector<Json> logs();
  void tell_world();

  const Options options_;
  fs::path directory_;
  bool made_here_ = false;
  SystemClock clock_;
  SystemEntropy entropy_;
  const Tongue tongue_;
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
    one.name = person.name;
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
  say("{}: {}", tongue_("金継ぎデモ", "Kintsugi demo"),
      is_new ? tongue_("新しい世界", "a new world") : tongue_("続きから始めます", "the play goes on"));
  say("  {}: {}\n  API: {}", tongue_("データ", "data"), directory_.string(), server_->url());
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
  if (auto saved = cast_->save(); !saved) return saved;
  tell_act({"CT 2号機", "CT no. 2"}, word("device"), word("notify"), reply.body.value("state", "?"), "F01");
  tell_world();
  return {};
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
    return fail(Errc::Refused, fmt::format("{} {}: {} {}", who.name.en, one.event, reply.status, reply.body.dump()));
  }
  tell_act(who.name, word(name_of(one.role)), word(one.event), reply.body.value("state", "?"),
           reply.body.value("row", "?"));
  tell_world();
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
      // Only the guideline's five have a number.
      if (const int step = seen->value("step", 0); step > 0)
        say("  {} {}: {} ({})", tongue_("段階", "step"), step, state, tongue_(state_word(state)));
    }
    if (state == "closed") {
      say("\n{} {:.1f} s", tongue_("終結しました", "closed"),
          std::chrono::duration<double>(Steady::now() - begun).count());
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

Text Demo::state_word(const std::string& name) const {
  const StateInfo* state = fault_response::fault_response().state(name);
  return state == nullptr ? Text{name, name} : state->label;
}

// `approve -> conn_approved` stands in every telling as it is, whatever the language: names are for searching.
void Demo::tell_act(const Text& who, const Text& as, const Text& what, const std::string& state,
                    const std::string& row) {
  say("\n[{}] {} ({}): {}", row, tongue_(who), tongue_(as), tongue_(what));
  say("    -> {} ({})", state, tongue_(state_word(state)));
}

// Has every letter written so far reached the mail server?
bool Demo::all_mailed() {
  for (const EffectState state : {EffectState::waiting, EffectState::leased}) {
    const auto rows = server_->store().outbox({.state = state, .case_id = cast_->script.case_id, .id = {}});
    if (!rows) return false;
    for (const OutboxRow& row : *rows)
      if (row.effect.mail) return false;
  }
  return true;
}

// The logs of the hospital, as its administrator is shown them.
std::vector<Json> Demo::logs() {
  const auto token = cast_->token(*client_, cast_->with(Role::hcf_sysadm)->id);
  if (!token) return {};
  const auto reply = client_->get("/api/v1/audit/checkpoint", *token);
  return reply.ok() ? reply.body.at("logs").get<std::vector<Json>>() : std::vector<Json>{};
}

// What came of an act: who was written to, how long the log is now, and the root that was signed over it.
void Demo::tell_world() {
  const auto until = std::chrono::steady_clock::now() + settle_max;
  std::vector<Json> found = logs();
  const auto is_signed = [](const Json& log) { return log.value("signed_size", 0) == log.value("records", 0); };
  while ((!std::ranges::all_of(found, is_signed) || !all_mailed()) && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(look_again);
    found = logs();
  }
  for (const MailSink::Mail& mail : sink_->take())
    say("    {} {}: {}", tongue_("メール", "mail"), fmt::join(mail.to, ", "), mail.subject);
  for (const Json& log : found) {
    const std::string note = log.value("note", "");
    const auto checkpoint = audit::parse_checkpoint(std::string_view(note).substr(0, note.find("\n\n") + 1));
    say("    {} {}{}", tongue_("証跡", "audit"), log.value("records", 0),
        checkpoint ? ", root " + to_base64(checkpoint->root) : std::string());
  }
}

Result<bool> Demo::verify() {
  const auto until = std::chrono::steady_clock::now() + sign_max;
  for (;;) {
    const auto reports = verify_store(server_->store(), server_->home());
    if (!reports) return pass(reports);
    const bool all_signed =
        std::ranges::all_of(*reports, [](const audit::Report& one) { return one.not_yet_signed == 0; });
    const bool sound = std::ranges::all_of(*reports, [](const audit::Report& one) { return one.sound(); });
    if (all_signed || std::chrono::steady_clock::now() > until) {
      for (const audit::Report& one : *reports)
        say("{}", to_text(one));
      return sound && all_signed;
    }
    std::this_thread::sleep_for(look_again);
  }
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

#include "tests/bench/engine.h"

#include "adapters/signer/ed25519_signer.h"
#include "adapters/sodium/hasher.h"
#include "adapters/sqlite/store.h"
#include "adapters/vault/vault.h"
#include "engine/base/digest.h"
#include "engine/base/ensure.h"
#include "programs/server/home.h"
#include "programs/server/store_log.h"
#include "tests/bench/straight_run.h"
#include "workflows/fault_response/workflow.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace kintsugi::bench {
namespace {

constexpr const char* log_base = "bench.kintsugi.invalid";
constexpr const char* node = "engine-bench";
constexpr int sizes_taken_of = 512;  // rows
constexpr int batch_max = 256;       // step-ups or credentials in one chore

const Workflow& workflow() {
  return fault_response::fault_response();
}

template <class T>
T must(Result<T> result, const char* what) {
  ensure(result.has_value(), result ? std::string() : fmt::format("{}: {}", what, result.error().what));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

template <class Rows, class Put>
void put_all(Conductor& conductor, const Rows& rows, Put put) {
  for (std::size_t from = 0; from < rows.size(); from += batch_max)
    must(conductor.chore([&](Batch& batch) -> Result<> {
      for (std::size_t i = from; i < std::min(rows.size(), from + batch_max); ++i)
        if (auto done = put(batch, rows[i]); !done) return done;
      return {};
    }),
         "the world cannot be stored");
}

}  // namespace

class Engine::Mailer final : public kintsugi::Mailer {
 public:
  Result<Posted> post(const Letter& letter, Instant) override {
    ++taken;
    return Posted{.sent = sha256(letter.body), .refused = {}};
  }
  std::atomic<std::int64_t> taken{0};
};

Engine::Engine(std::filesystem::path directory)
    : directory_(std::move(directory)), mailer_(std::make_unique<Mailer>()) {
  std::filesystem::create_directories(directory_);
  const auto path = [&](const char* name) { return (directory_ / name).string(); };
  store_ = must<std::unique_ptr<sqlite::Store>>(sqlite::Store::open(path("kintsugi.db"), clock_.now()), "store");
  vault_ = must<std::unique_ptr<vault::Vault>>(vault::Vault::open({path("slots"), path("kek")}, entropy_), "vault");
  signer_ = must<std::unique_ptr<Ed25519Signer>>(Ed25519Signer::open(directory_ / "signer"), "signer");
  hasher_ = must<std::unique_ptr<sodium::Hasher>>(sodium::Hasher::open(directory_ / "secrets.key"), "hasher");
  conductor_ = std::make_unique<Conductor>(Conductor::Parts{
      .workflow = workflow(),
      .store = *store_,
      .vault = *vault_,
      .clock = clock_,
      .entropy = entropy_,
      .node = node,
      .log_base = log_base,
      .journal_path = path("journal"),
      .hurry = [this](const Effect& effect) { courier_->hurry(effect); },
      .audit_working = [this] { return integrator_->working(); },
  });
  accounts_ = std::make_unique<Accounts>(*conductor_, *store_, *hasher_, clock_, entropy_);
  integrator_ = std::make_unique<Integrator>(*conductor_, *store_, *signer_, clock_);
  courier_ = std::make_unique<Courier>(Courier::Parts{.conductor = *conductor_,
                                                      .store = *store_,
                                                      .vault = *vault_,
                                                      .workflow = workflow(),
                                                      .clock = clock_,
                                                      .entropy = entropy_,
                                                      .controller = [](const AccessPointId&) { return nullptr; },
                                                      .mailer = mailer_.get(),
                                                      .console_url = "https://kintsugi.example",
                                                      .mail_domain = "kintsugi.example"});
  timekeeper_ = std::make_unique<Timekeeper>(*conductor_, *store_, clock_, node);
  must(conductor_->open(), "conductor");
  must(integrator_->open(), "integrator");

  const Instant now = clock_.now();
  must(conductor_->put_masters(world(now)), "masters");
  put_all(*conductor_, sign_ins(now), [](Batch& batch, const SignIn& one) { return batch.put_sign_in(one); });
  put_all(*conductor_, credentials(now),
          [](Batch& batch, const Credential& one) { return batch.put_credential(one); });
}

Engine::~Engine() {
  stop();
}

void Engine::start() {
  all_ = true;
  conductor_->on_commit([this](const Conductor::Committed& news) {
    if (news.effects) courier_->wake();
    timekeeper_->expect(news.next_due);
  });
  conductor_->start();
  integrator_->start();
  courier_->start();
  timekeeper_->start();
}

void Engine::start_conductor_only() {
  conductor_->start();
}

void Engine::stop() {
  if (http_) http_->stop();
  if (all_) {
    timekeeper_->stop();
    courier_->stop();
    integrator_->stop();
  }
  conductor_->stop();
}

int Engine::listen(bool tls) {
  http::Listening listening;
  listening.port = 0;
  listening.signed_in_rate_per_s = listening.signed_in_burst = 1e9;  // a few people do the work of hundreds
  if (tls) {
    listening.certificate_path = directory_ / "certificate.pem";
    listening.key_path = directory_ / "key.pem";
    must(make_certificate(listening.certificate_path, listening.key_path), "certificate");
  }
  http_ = std::make_unique<http::Server>(
      http::Desk{
          .conductor = *conductor_,
          .accounts = *accounts_,
          .store = *store_,
          .vault = *vault_,
          .workflow = workflow(),
          .clock = clock_,
          .readings = std::make_shared<http::Readings>(*conductor_, clock_, "engine-bench-api", log_base, "00000000"),
          .log_base = log_base,
          .ready = {}},
      listening);
  must(http_->start(), "API");
  return http_->port();
}

int Engine::prepare() {
  std::vector<StoredStepUp> rows;
  int cases = 0;
  CaseFilter filter;
  filter.tenant = hospital();
  filter.state = "conn_requested";
  for (;;) {
    const auto some = must(store_->list_cases(filter), "cases");
    if (some.empty()) break;
    for (const CaseBrief& brief : some) {
      const CaseFile file = must(store_->read_case(brief.id), "case");
      std::ranges::move(step_ups_of(file.id, file.request->hash, clock_.now()), std::back_inserter(rows));
      ++cases;
    }
    filter.after = some.back().id;
  }
  put_all(*conductor_, rows, [](Batch& batch, const StoredStepUp& one) { return batch.put_step_up(one); });
  return cases;
}

int Engine::drain(std::chrono::seconds most) {
  const auto until = std::chrono::steady_clock::now() + most;
  for (;;) {
    const Instant next = must(store_->next_effect(), "outbox");
    if (next == Instant{}) return 0;
    if (std::chrono::steady_clock::now() >= until) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  constexpr int counted_max = 1'000'000;
  int left = 0;
  for (const EffectState state : {EffectState::waiting, EffectState::leased})
    left += static_cast<int>(
        must(store_->outbox({.state = state, .case_id = {}, .limit = counted_max}), "outbox").size());
  return left;
}

std::int64_t Engine::mails() const {
  return mailer_->taken;
}

Engine::Verified Engine::verify() {
  integrator_->step();
  Verified out;
  for (const std::string& origin : must(store_->audit_logs(), "logs")) {
    StoreLog log(*store_, origin);
    audit::VerifyOptions options;
    options.trust.log = must(audit::parse_vkey(signer_->verifier_key(origin)), "key");
    options.events = audit::event_members(workflow());
    const auto start = std::chrono::steady_clock::now();
    const audit::Report report = audit::verify_log(log, options);
    out.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    out.records += report.records;
    out.sound = out.sound && report.sound();
    if (!report.sound()) out.defects += audit::to_text(report);
  }
  for (const auto& [state, count] : must(store_->open_states(), "states"))
    out.open_cases += static_cast<int>(count);
  return out;
}

std::pair<std::size_t, std::size_t> Engine::row_sizes() {
  CaseFilter filter;
  filter.tenant = hospital();
  filter.limit = sizes_taken_of;
  std::size_t cases = 0;
  const auto briefs = must(store_->list_cases(filter), "cases");
  for (const CaseBrief& one : briefs)
    cases += to_json_text(must(store_->read_case(one.id), "case")).size();
  std::size_t records = 0;
  std::size_t count = 0;
  for (const std::string& origin : must(store_->audit_logs(), "logs")) {
    if (origin.find("/hcf/") == std::string::npos) continue;
    const auto rows = must(store_->audit_rows(origin, 0, sizes_taken_of), "audit rows");
    for (const AuditRow& one : rows)
      records += one.body.size();
    count += rows.size();
  }
  return {cases / std::max<std::size_t>(briefs.size(), 1), records / std::max<std::size_t>(count, 1)};
}

}  // namespace kintsugi::bench

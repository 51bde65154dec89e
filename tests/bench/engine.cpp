#include "tests/bench/engine.h"

#include "engine/base/digest.h"
#include "engine/base/ensure.h"
#include "programs/server/store_log.h"
#include "tests/bench/straight_run.h"
#include "workflows/fault_response/workflow.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace kintsugi::bench {
namespace {

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

Engine::Engine(std::filesystem::path directory, Controller* doors)
    : home_{.directory = std::move(directory), .node = "engine-bench", .log_base = "bench.kintsugi.invalid"},
      mailer_(std::make_unique<Mailer>()) {
  std::filesystem::create_directories(home_.directory);
  kintsugi::Engine::Outside outside;
  outside.mailer = mailer_.get();
  outside.controller = [doors](const AccessPointId&) { return doors; };
  outside.console_url = "https://kintsugi.example";
  outside.tempo.alone = 0;  // every mail is measured
  it_ = must(kintsugi::Engine::wire(home_, std::move(outside), clock_, entropy_), "engine");
  must(it_->open(), "engine");

  if (!must(store().masters(), "masters").empty()) return;
  const Instant now = clock_.now();
  must(conductor().put_masters(world(now)), "masters");
  put_all(conductor(), sign_ins(now), [](Batch& batch, const SignIn& one) { return batch.put_sign_in(one); });
  put_all(conductor(), credentials(now),
          [](Batch& batch, const Credential& one) { return batch.put_credential(one); });
}

Engine::~Engine() {
  stop();
}

void Engine::start() {
  it_->start();
}

void Engine::start_conductor_only() {
  conductor().start();
}

void Engine::stop() {
  if (http_) http_->stop();
  it_->stop();
  conductor().stop();
}

int Engine::listen(bool tls) {
  http::Listening listening;
  listening.port = 0;
  listening.signed_in_rate_per_s = listening.signed_in_burst = 1e9;  // a few people do the work of hundreds
  if (tls) {
    listening.certificate_path = home_.directory / "certificate.pem";
    listening.key_path = home_.directory / "key.pem";
    must(make_certificate(listening.certificate_path, listening.key_path), "certificate");
  }
  http_ = std::make_unique<http::Server>(it_->desk(), listening);
  must(http_->start(), "API");
  return http_->port();
}

int Engine::prepare() {
  std::vector<StoredStepUp> rows;
  int cases = 0;
  CaseFilter filter;
  filter.tenant = hospital();
  filter.states = {"conn_requested"};
  for (;;) {
    const auto some = must(store().list_cases(filter), "cases");
    if (some.empty()) break;
    for (const CaseBrief& brief : some) {
      const CaseFile file = must(store().read_case(brief.id), "case");
      std::ranges::move(step_ups_of(file.id, file.request->hash, clock_.now()), std::back_inserter(rows));
      ++cases;
    }
    filter.after = some.back().id;
  }
  put_all(conductor(), rows, [](Batch& batch, const StoredStepUp& one) { return batch.put_step_up(one); });
  return cases;
}

int Engine::drain(std::chrono::seconds most) {
  const auto until = std::chrono::steady_clock::now() + most;
  for (;;) {
    const Instant next = must(store().next_effect(), "outbox");
    if (next == Instant{}) return 0;
    if (std::chrono::steady_clock::now() >= until) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  constexpr int counted_max = 1'000'000;
  int left = 0;
  for (const EffectState state : {EffectState::waiting, EffectState::leased})
    left += static_cast<int>(
        must(store().outbox({.state = state, .case_id = {}, .limit = counted_max}), "outbox").size());
  return left;
}

std::int64_t Engine::mails() const {
  return mailer_->taken;
}

Engine::Verified Engine::verify() {
  it_->integrator->step();
  Verified out;
  for (const std::string& origin : must(store().audit_logs(), "logs")) {
    StoreLog log(store(), origin);
    audit::VerifyOptions options;
    options.trust.log = must(audit::parse_vkey(it_->signer->verifier_key(origin)), "key");
    options.events = audit::event_members(workflow());
    const auto start = std::chrono::steady_clock::now();
    const audit::Report report = audit::verify_log(log, options);
    out.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    out.records += report.records;
    out.sound = out.sound && report.sound();
    if (!report.sound()) out.defects += audit::to_text(report);
  }
  for (const auto& [state, count] : must(store().open_states(), "states"))
    out.open_cases += static_cast<int>(count);
  return out;
}

std::pair<std::size_t, std::size_t> Engine::row_sizes() {
  CaseFilter filter;
  filter.tenant = hospital();
  filter.limit = sizes_taken_of;
  std::size_t cases = 0;
  const auto briefs = must(store().list_cases(filter), "cases");
  for (const CaseBrief& one : briefs)
    cases += to_json_text(must(store().read_case(one.id), "case")).size();
  std::size_t records = 0;
  std::size_t count = 0;
  for (const std::string& origin : must(store().audit_logs(), "logs")) {
    if (origin.find("/hcf/") == std::string::npos) continue;
    const auto rows = must(store().audit_rows(origin, 0, sizes_taken_of), "audit rows");
    for (const AuditRow& one : rows)
      records += one.body.size();
    count += rows.size();
  }
  return {cases / std::max<std::size_t>(briefs.size(), 1), records / std::max<std::size_t>(count, 1)};
}

}  // namespace kintsugi::bench

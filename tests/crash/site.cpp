#include "tests/crash/site.h"

#include "adapters/sqlite/store.h"
#include "engine/base/bytes.h"
#include "engine/base/ensure.h"
#include "programs/server/server.h"
#include "tests/bench/straight_run.h"

#include <fmt/format.h>

#include <csignal>
#include <fstream>

namespace kintsugi::crash {
namespace {

constexpr std::chrono::seconds start_max{60};
constexpr std::size_t batch_max = 256;  // rows in one chore

template <class T>
T must(Result<T> result, const char* what) {
  ensure(result.has_value(), result ? std::string() : fmt::format("{}: {}", what, result.error().what));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// The benchmark's world with doors that are spoken to over HTTP, and a hospital whose ladders are quick.
std::vector<Master> world(Instant now) {
  std::vector<Master> out = bench::world(now);
  Policy policy;
  policy.tenant = bench::hospital();
  policy.version = 1;
  const Term pace{.wall = ladder_pace, .business_days = 0};
  policy.terms = {{TimerName::t_ack, pace, pace, pace}, {TimerName::t_remind, pace, pace, pace}};
  for (Master& one : out) {
    if (one.kind == "access_point") {
      auto door = must(from_json_text<AccessPoint>(one.body), "access point");
      door.kind = AccessPointKind::http;
      one.body = to_json_text(door);
    }
    if (one.kind == "organisation" && one.id == policy.tenant.text()) {
      auto hospital = must(from_json_text<Organisation>(one.body), "hospital");
      hospital.policy_version = policy.version;
      one.body = to_json_text(hospital);
    }
  }
  out.push_back({.kind = "policy",
                 .id = policy.tenant.text() + "/1",
                 .tenant = policy.tenant.text(),
                 .body = to_json_text(policy)});
  return out;
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

Site::Site(std::string directory, int port) : port_(port), sink_(directory + ".mail") {
  must(sink_.start(), "mail sink");
  must(simulator_.start(), "simulator");
  for (int i = 0; i < bench::devices_max; ++i)
    doors_.install(bench::device_at(i), "CT-" + std::to_string(i));
  make(directory);
}

Site::~Site() {
  if (program_) program_->kill_now();
  simulator_.stop();
  sink_.stop();
}

void Site::make(const std::string& directory) {
  home_ = must(make_home(directory, "crash.kintsugi.invalid", entropy_), "installation");
  std::ofstream settings(home_.config());
  settings << "[listen]\nplain_http = true\nrequests_per_s = 1000000\nburst = 1000000\n"
           << "[mail]\nhost = \"127.0.0.1\"\nport = " << sink_.port()
           << "\nstarttls = \"off\"\nfrom = \"kintsugi@alpha.example\"\n"
           << "[mail.storm]\nalone = 0\n";  // one letter for each effect, so that letters can be counted
  for (const AccessPointId& id : {bench::access_point(), bench::vendor_exit()})
    settings << "[controller." << id.text() << "]\nurl = \"" << simulator_.url() << "\"\n";
  settings.close();
  auto server = must(Server::open(home_, Config{}, clock_, entropy_), "server");
  const Instant now = clock_.now();
  must(server->conductor().put_masters(world(now)), "masters");
  put_all(server->conductor(), bench::sign_ins(now),
          [](Batch& batch, const SignIn& one) { return batch.put_sign_in(one); });
  put_all(server->conductor(), bench::credentials(now),
          [](Batch& batch, const Credential& one) { return batch.put_credential(one); });
}

void Site::spawn() {
  program_ =
      std::make_unique<testing::Run>(std::vector<std::string>{"serve", "--data", home_.directory.string(), "--listen",
                                                              "127.0.0.1:" + std::to_string(port_)},
                                     start_max, log_file());
}

bool Site::comes_up() {
  const bool listens = program_->says("listening on ");
  up_ = listens;
  return listens;
}

void Site::kill() {
  const std::scoped_lock lock(proving_);
  up_ = false;
  program_->kill_now();
}

int Site::stop() {
  const std::scoped_lock lock(proving_);
  up_ = false;
  program_->signal(SIGTERM);
  return program_->wait();
}

bool Site::prove(const std::string& case_id, const std::string& request_hash) {
  const std::scoped_lock lock(proving_);
  if (!up_) return false;
  const auto bytes = from_base64(request_hash);
  Digest hash{};
  if (!bytes || bytes->size() != hash.size()) return false;
  std::ranges::copy(*bytes, hash.begin());
  auto store = sqlite::Store::open(home_.database().string(), clock_.now());
  auto batch = store ? (*store)->begin() : Result<std::unique_ptr<Batch>>(pass(store));
  if (!batch) return false;
  for (const StoredStepUp& one : bench::step_ups_of(CaseId{case_id}, hash, clock_.now()))
    if (!(*batch)->put_step_up(one)) return false;
  return (*batch)->commit().has_value();
}

}  // namespace kintsugi::crash

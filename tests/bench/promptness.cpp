#include "tests/bench/promptness.h"

#include "adapters/access_point/simulated_site.h"
#include "engine/base/digest.h"
#include "engine/base/ensure.h"
#include "tests/bench/inside.h"
#include "tests/bench/straight_run.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

namespace kintsugi::bench {
namespace {

using Stopwatch = std::chrono::steady_clock;

constexpr std::chrono::microseconds look_again{100};
constexpr std::chrono::seconds given_up{20};

template <class Holds>
void wait_for(const char* what, Holds holds) {
  const auto until = Stopwatch::now() + given_up;
  while (!holds()) {
    ensure(Stopwatch::now() < until, std::string("in vain: ") + what);
    std::this_thread::sleep_for(look_again);
  }
}

std::int64_t micros_since(Stopwatch::time_point begin) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Stopwatch::now() - begin).count();
}

class Watched {
 public:
  explicit Watched(Engine& engine) : engine_(engine) {}

  void perform(Subject& about, const Act& act) {
    Submission wanted;
    wanted.event = act.event;
    wanted.case_id = CaseId{about.id};
    wanted.actor = actor_of(act.who, about.device);
    wanted.payload = Json::parse(act.body(about));
    if (act.step_up) wanted.step_up = sha256(step_up_token(about.id, act));
    const Outcome outcome = engine_.conductor().submit(std::move(wanted));
    ensure(outcome.kind == Outcome::Kind::moved, fmt::format("{} ended {}", act.event, to_json_text(outcome)));
    about.id = outcome.case_id.text();
    about.number = outcome.number;
  }

  CaseFile file(const Subject& about) {
    auto file = engine_.store().read_case(CaseId{about.id});
    ensure(file.has_value(), "a case cannot be read");
    return *std::move(file);
  }

  void connect(Subject& about) {
    for (const Act& act : opening())
      perform(about, act);
    about.request_hash = to_base64(file(about).request->hash);
    engine_.prepare();
    for (const Act& act : the_rest()) {
      perform(about, act);
      if (std::string_view(act.event) == "start_connection") break;
    }
    wait_for("connected", [&] { return file(about).state == "connected"; });
  }

 private:
  Engine& engine_;
};

constexpr Act revocation{Who::sato, "revoke", [](const Subject&) { return std::string("{}"); }, "disconnecting"};

}  // namespace

Promptness promptness(const std::filesystem::path& directory, int faults, int cuts) {
  const SystemClock clock;
  access_point::SimulatedSite site(clock);
  for (int i = 0; i < devices_max; ++i)
    site.install(device_at(i), "CT-" + std::to_string(i));
  access_point::SimulatedController doors(site);
  Engine engine(directory, &doors);
  engine.start();
  Watched watched(engine);
  Promptness out;
  for (int i = 0; i < faults; ++i) {
    Subject about{.device = i, .id = {}, .number = {}, .version = {}, .request_hash = {}};
    const auto before = engine.mails();
    watched.perform(about, opening().front());
    const auto durable = Stopwatch::now();
    wait_for("a mail", [&] { return engine.mails() > before; });
    out.mailed.add(micros_since(durable));
    ensure(engine.drain(given_up) == 0, "mails are left");
  }
  for (int i = 0; i < cuts; ++i) {
    Subject about{.device = faults + i, .id = {}, .number = {}, .version = {}, .request_hash = {}};
    watched.connect(about);
    const auto begin = Stopwatch::now();
    watched.perform(about, revocation);
    wait_for("every hop proved closed", [&] { return watched.file(about).grant()->proved_closed(); });
    out.cut.add(micros_since(begin));
  }
  engine.stop();
  return out;
}

}  // namespace kintsugi::bench

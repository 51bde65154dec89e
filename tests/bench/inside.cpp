#include "tests/bench/inside.h"

#include "engine/base/digest.h"
#include "engine/base/ensure.h"
#include "tests/bench/straight_run.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <thread>

namespace kintsugi::bench {
namespace {

using Stopwatch = std::chrono::steady_clock;

constexpr int callers = 2;

// One caller's cases, all at the same act.
class Rank {
 public:
  Rank(Engine& engine, int first_device, int size) : engine_(engine), cases_(static_cast<std::size_t>(size)) {
    for (Subject& one : cases_)
      one.device = first_device++;
  }

  void perform(const Act& act) {
    std::vector<Submission> all;
    for (const Subject& one : cases_) {
      Submission wanted;
      wanted.event = act.event;
      wanted.case_id = CaseId{one.id};
      wanted.actor = actor_of(act.who, one.device);
      wanted.payload = Json::parse(act.body(one));
      if (!one.id.empty()) wanted.expected_version = std::stoll(one.version);
      if (act.step_up) wanted.step_up = sha256(step_up_token(one.id, act));
      all.push_back(std::move(wanted));
    }
    const auto start = Stopwatch::now();
    const auto outcomes = engine_.conductor().submit_all(std::move(all));
    seconds += std::chrono::duration<double>(Stopwatch::now() - start).count();
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      const Outcome& outcome = outcomes[i];
      ensure(outcome.kind == Outcome::Kind::moved && outcome.state == act.state,
             fmt::format("{} ended {}", act.event, to_json_text(outcome)));
      cases_[i].id = outcome.case_id.text();
      cases_[i].number = outcome.number;
      cases_[i].version = std::to_string(outcome.version);
      laps += 1;
      followed += static_cast<std::int64_t>(outcome.followed_by.size());
    }
  }

  void look_up_hashes() {
    for (Subject& one : cases_) {
      const auto file = engine_.store().read_case(CaseId{one.id});
      ensure(file.has_value() && file->request.has_value(), "a case without its request");
      one.request_hash = to_base64(file->request->hash);
    }
  }

  double seconds = 0;
  std::int64_t laps = 0;
  std::int64_t followed = 0;

 private:
  Engine& engine_;
  std::vector<Subject> cases_;
};

}  // namespace

Inside laps_inside(const std::filesystem::path& directory, int batch, double seconds, bool whole) {
  Engine engine(directory);
  if (whole)
    engine.start();
  else
    engine.start_conductor_only();
  const int size = batch / callers;
  Inside out;
  double spent = 0;
  std::int64_t followed = 0;
  while (spent < seconds) {
    std::vector<Rank> ranks;
    for (int i = 0; i < callers; ++i)
      ranks.emplace_back(engine, i * size, size);
    const auto all = [&](std::span<const Act> acts) {
      std::vector<std::thread> threads;
      for (Rank& one : ranks)
        threads.emplace_back([&one, acts] {
          for (const Act& act : acts)
            one.perform(act);
        });
      for (auto& one : threads)
        one.join();
    };
    all(opening());
    for (Rank& one : ranks)
      one.look_up_hashes();
    ensure(engine.prepare() == batch, "not every case waits for its approvals");
    all(the_rest());
    double longest = 0;
    for (const Rank& one : ranks) {
      out.laps += one.laps;
      followed += one.followed;
      longest = std::max(longest, one.seconds);
    }
    spent += longest;
  }
  out.per_second = static_cast<double>(out.laps) / spent;
  out.followed = static_cast<double>(followed) / spent;
  out.verified = engine.verify();
  engine.stop();
  return out;
}

}  // namespace kintsugi::bench

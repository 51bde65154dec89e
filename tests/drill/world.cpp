#include "tests/drill/world.h"

#include "engine/base/ensure.h"
#include "engine/base/log.h"
#include "engine/run/schemas.h"
#include "tests/drill/mutants.h"
#include "tests/drill/told.h"
#include "tests/support/world.h"
#include "workflows/fault_response/workflow.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace kintsugi::drill {
namespace {

constexpr int rounds_to_rest = 300;  // of deliveries and what they cause, until there must be rest
constexpr int stops_max = 12;        // on the way through a time that passes
constexpr int swallowed = 40;        // one lap in so many loses its record, of the mutant that forgets

// Where days are odd: summer time begins and ends, holidays, a leap day, a year's end.
constexpr std::array mornings = {"2026-03-04T01:00:00Z", "2026-03-28T22:00:00Z", "2026-10-24T22:00:00Z",
                                 "2026-12-30T05:00:00Z", "2027-05-02T23:00:00Z", "2028-02-28T12:00:00Z",
                                 "2026-03-08T05:00:00Z", "2026-11-01T04:00:00Z"};

Instant first_morning(std::uint64_t seed) {
  return *instant_from(mornings[Dice(seed, 1'000'000).next() % mornings.size()]);
}

// A start compiles them, and here there are a dozen starts in a story.
std::shared_ptr<const Schemas> compiled_once() {
  static const auto all = std::make_shared<const Schemas>(fault_response::fault_response());
  return all;
}

}  // namespace

World::World(const Options& options, Totals& totals, std::unique_ptr<Depot> depot)
    : options_(options),
      totals_(totals),
      clock_(first_morning(options.seed)),
      door_clock_(first_morning(options.seed)),
      entropy_(options.seed),
      doors_(sky_, door_clock_),
      post_(sky_),
      workflow_(fault_response::fault_response()),
      depot_(std::move(depot)) {
  log::set_level("off");  // what it says is in the trail
  sky_.totals = &totals;
  Dice dice(options.seed, 1'000'001);
  drift_ = std::chrono::milliseconds(dice.between(-3000, 3000));
  workflow_.decide = [this](const Situation& situation) {
    const Workflow& real = fault_response::fault_response();
    Verdict verdict =
        options_.mutant == "skipped_check" ? without_requester_check(real, situation) : real.decide(situation);
    inspector_->decided(situation, verdict);
    return verdict;
  };
  for (const char* nick : {"ct-1", "mr-2", "us-9"})
    doors_.site().install(testing::device(nick), std::string("SN-") + nick);
  if (options.mutant == "ignored_fence")
    for (const Hop hop : {Hop::exit, Hop::access_point, Hop::route})
      doors_.site().faults(hop).forgets = true;
  {
    // A key that is a function of the seed, as everything here.
    std::filesystem::create_directory(place_.path("signer"));
    std::ofstream seed(place_.path("signer/seed"), std::ios::binary);
    const Digest bytes = sha256("signer " + std::to_string(options.seed));
    seed.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
  inspector_ = std::make_unique<Inspector>(*this);
  open();
  ensure(engine_.conductor->put_masters(testing::world()).has_value(), "the world can be put");
  start();
}

World::~World() {
  close();
}

FlakyStore::Fate World::fate() {
  return {.begun =
              [this] {
                inspector_->batch_begun();
                depot_->follow(sky_.weather, sky_.still ? nullptr : &sky_.dice);
              },
          .instead =
              [this](const LapWrites& lap) {
                const bool loses = options_.mutant == "forgotten_record" && !sky_.still && !lap.files.empty() &&
                                   sky_.dice.one_in(swallowed);
                return loses ? without_a_record(lap) : lap;
              },
          .written = [this](const LapWrites& lap) { inspector_->lap_written(lap); },
          .before_commit = [this] { return before_commit(); },
          .after_commit = [this]() -> Result<> {
            inspector_->committed();
            sky_.perhaps_kill();
            return {};
          }};
}

Result<> World::before_commit() {
  if (sky_.still) return {};
  // Whoever carries out closings at once may be faster than the disk.
  const auto hurried = std::exchange(hurried_, {});
  if (!hurried.empty() && sky_.dice.one_in(2))
    for (const Effect& one : hurried)
      if (one.order) std::ignore = doors_.carry_out(*one.order, one.id.text());
  sky_.perhaps_kill();
  const bool disk_below = options_.store == "sqlite";  // that fails by itself
  if (!sky_.weather.disk_full && (disk_below || !sky_.comes(sky_.weather.commit_fails))) return {};
  ++totals_.commits_failed;
  return fail(Errc::Transient, "the disk is full");
}

// ---- lives of the engine -------------------------------------------------------------------------------------

void World::open() {
  auto store = depot_->open(clock_.now());
  ensure(store.has_value(), "the store opens again: " + (store ? std::string() : store.error().what));
  flaky_ = std::make_unique<FlakyStore>(**store);
  inspector_->take_doubtful();
  flaky_->fate = fate();
  auto vault = vault::Vault::open({place_.path("slots"), place_.path("kek")}, entropy_);
  ensure(vault.has_value(), "the vault opens");
  vault_ = std::move(*vault);
  auto key = Ed25519Signer::open(place_.path("signer"));
  ensure(key.has_value(), "the signer opens");
  key_ = std::move(*key);
  signer_ = std::make_unique<Pen>(sky_, *key_);
  engine_ = testing::WholeEngine::on({
      .workflow = workflow_,
      .store = *flaky_,
      .vault = *vault_,
      .signer = *signer_,
      .clock = clock_,
      .entropy = entropy_,
      .mailer = post_,
      .controller = [this](const AccessPointId&) -> Controller* { return &doors_; },
      .node = "drill",
      .log_base = log_base,
      .journal_path = place_.path("journal"),
      .hurry =
          [this](const Effect& effect) {
            hurried_.push_back(effect);
            if (engine_.courier) engine_.courier->hurry(effect);  // it goes before the writer
          },
      .audit_working = [this] { return audit_works(); },
      .schemas = compiled_once(),
  });
  const auto opened = engine_.conductor->open();
  inspector_->demand(opened.has_value(), "starts", opened ? "" : opened.error().what);
}

void World::start() {
  const auto built = engine_.integrator->open();
  inspector_->demand(built.has_value(), "starts", built ? "" : built.error().what);
  engine_.courier->take_over();
  sky_.still = false;
}

void World::close() {
  sky_.still = true;
  hurried_.clear();
  engine_.close();
  signer_.reset();
  key_.reset();
  vault_.reset();
  flaky_.reset();
}

void World::die(Duration away) {
  ++totals_.crashes;
  flaky_->away = true;  // nothing of what is in hand gets anywhere
  depot_->dies();
  close();
  if (depot_->closed(true, sky_.dice)) {
    ++totals_.power_cuts;
    trail_.tell("  with its machine: what was not synced is in doubt");
  }
  advance(away);
  open();
  start();
  inspector_->look_from_the_start();
}

void World::kill(Duration away) {
  trail_.tell("  the engine is killed");
  die(away);
}

void World::stop_and_start(Duration away) {
  trail_.tell("  the engine is stopped and started");
  close();
  depot_->closed(false, sky_.dice);
  advance(away);
  open();
  start();
  inspector_->look_from_the_start();
}

template <class F>
bool World::guarded(F&& act) {
  try {
    act();
    return true;
  } catch (const Killed&) {
    trail_.tell("  the engine is killed in the middle of it");
    die(std::chrono::seconds(sky_.dice.between(0, 90)));
    return false;
  }
}

// ---- acting --------------------------------------------------------------------------------------------------

void World::heard(const Submission& asked, const std::optional<Outcome>& outcome) {
  trail_.tell("  " + told(asked, *directory()) + " -> " + (outcome ? told(*outcome) : "no answer"));
  if (!outcome) return;
  if (outcome->kind == Outcome::Kind::moved) ++totals_.laps;
  inspector_->answered(asked, *outcome);
}

std::optional<Outcome> World::submit(Submission submission) {
  return submit_at_once({std::move(submission)}).front();
}

std::vector<std::optional<Outcome>> World::submit_at_once(std::vector<Submission> submissions) {
  const std::vector<Submission> asked = submissions;
  std::vector<std::optional<Outcome>> out(asked.size());
  guarded([&] {
    auto outcomes = engine_.conductor->submit_all(std::move(submissions));
    for (std::size_t i = 0; i < outcomes.size(); ++i)
      out[i] = std::move(outcomes[i]);
  });
  for (std::size_t i = 0; i < asked.size(); ++i)
    heard(asked[i], out[i]);
  return out;
}

bool World::put_masters(std::vector<Master> masters) {
  bool done = false;
  guarded([&] { done = engine_.conductor->put_masters(std::move(masters)).has_value(); });
  return done;
}

bool World::redrive(const EffectId& id, const Actor& actor, Role as) {
  bool done = false;
  guarded([&] { done = engine_.conductor->redrive(id, actor, as).has_value(); });
  return done;
}

std::optional<Digest> World::step_up(const PersonId& person, const CaseId& id, const std::string& event,
                                     const Digest& request_hash) {
  const StoredStepUp proof{.token = entropy_.digest(),
                           .person = person,
                           .case_id = id,
                           .event = event,
                           .request_hash = request_hash,
                           .created = now(),
                           .expires = now() + 120s};
  bool done = false;
  guarded(
      [&] { done = engine_.conductor->chore([&](Batch& batch) { return batch.put_step_up(proof); }).has_value(); });
  return done ? std::optional(proof.token) : std::nullopt;
}

// ---- time ----------------------------------------------------------------------------------------------------

void World::advance(Duration time) {
  door_clock_.advance(time);
  clock_.advance(time + Duration{drift_.count() * (time / 1s) / 3600});
}

void World::jump(Duration by) {
  ++totals_.clock_jumps;
  clock_.advance(by);
}

// What arrives beside the orders: late answers, as the doors report them, and what happened there without an order.
void World::tell_arrived() {
  const auto report = [&](const GrantId& grant, const CaseId& id, const HopAnswer& answer) {
    Submission out;
    out.event = "report_hop";
    out.case_id = id;
    out.actor = {.id = testing::access_point_of("midori").text(),
                 .kind = Role::sys,
                 .person = {},
                 .org = testing::organisation("midori"),
                 .auth = "token",
                 .sign_in = {},
                 .address = {}};
    out.as = Role::sys;
    out.payload = {{"hop", name_of(answer.hop)},
                   {"state", name_of(answer.state)},
                   {"generation", answer.generation},
                   {"sessions", answer.sessions},
                   {"grant", grant.text()}};
    if (!answer.identity.empty()) out.payload["identity"] = answer.identity;
    submit(std::move(out));
  };
  for (const Doors::Late& one : doors_.arrived())
    if (sky_.dice.one_in(2)) report(one.order.grant, one.order.case_id, one.answer);
  if (sky_.weather.doors_away) return;
  while (!doors_.site().reports().empty()) {
    const auto one = doors_.site().reports().front();
    doors_.site().report_delivered();
    if (sky_.comes(sky_.weather.answer_lost)) continue;
    for (const auto& [id, file] : cases())
      if (std::ranges::count(file.grants, one.grant, &Grant::id) > 0) {
        report(one.grant, CaseId{id}, one.answer);
        break;
      }
  }
}

void World::settle() {
  for (int round = 0; round < rounds_to_rest; ++round) {
    tell_arrived();
    int done = 0;
    const bool lives = guarded([&] {
      done = engine_.timekeeper->step();
      done += engine_.courier->step();
      done += engine_.watch->step();
      done += engine_.conductor->step();
    });
    if (lives && done == 0) return;
  }
  inspector_->demand(false, "comes to rest", "timers and deliveries go on without time passing");
}

void World::fire() {
  while (!guarded([&] { engine_.timekeeper->step(); })) {
  }
}

void World::pass(Duration time) {
  Duration left = time;
  settle();
  for (int stops = 0; left > Duration{} && stops < stops_max; ++stops) {
    Duration next = left;
    const auto sooner = [&](const Result<Instant>& at) {
      if (at && *at > now()) next = std::min(next, *at - now());
    };
    sooner(flaky_->next_timer());
    sooner(flaky_->next_effect());
    next = std::max(next, Duration{1ms});
    advance(next);
    left -= next;
    settle();
  }
  if (left <= Duration{}) return;
  advance(left);
  settle();
}

void World::integrate() {
  advance(2s);
  guarded([&] { engine_.integrator->step(); });
}

void World::clear_up() {
  sky_.weather = {};
  for (const Hop hop : {Hop::exit, Hop::access_point, Hop::route, Hop::probe}) {
    const bool forgets = doors_.site().faults(hop).forgets;
    doors_.site().faults(hop) = {.forgets = forgets};
  }
  integrate();
}

}  // namespace kintsugi::drill

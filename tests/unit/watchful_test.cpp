#include "engine/base/exposition.h"
#include "engine/run/health.h"
#include "engine/run/writer_meter.h"
#include "programs/server/backup_note.h"
#include "programs/server/clock_watch.h"
#include "programs/server/watched_mailer.h"
#include "tests/support/temporary_directory.h"

#include <catch2/catch.hpp>

namespace kintsugi {
namespace {

const Instant noon = *instant_from("2026-03-04T12:00:00Z");

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

Outcome moved(const std::string& event, const std::string& state) {
  Outcome out;
  out.kind = Outcome::Kind::moved;
  out.event = event;
  out.state = state;
  return out;
}

}  // namespace

TEST_CASE("measurements are written as Prometheus reads them", "[metrics]") {
  Exposition out;
  out.gauge("things", "How many.");
  out.sample(3);
  out.sample(2.5, {{"kind", "a\"b\\c\nd"}, {"side", "hcf"}});
  Histogram took;
  took.observe(400);
  took.observe(3'000'000);
  took.observe(60'000'000);
  out.histogram("wait_seconds", "How long.");
  out.sample(took, {{"route", "/livez"}});
  const std::string& text = out.text();
  CHECK(has(text, "# HELP things How many.\n# TYPE things gauge\nthings 3\n"));
  CHECK(has(text, "things{kind=\"a\\\"b\\\\c\\nd\",side=\"hcf\"} 2.5\n"));
  CHECK(has(text, "wait_seconds_bucket{route=\"/livez\",le=\"0.0005\"} 1\n"));
  CHECK(has(text, "wait_seconds_bucket{route=\"/livez\",le=\"10\"} 2\n"));
  CHECK(has(text, "wait_seconds_bucket{route=\"/livez\",le=\"+Inf\"} 3\n"));
  CHECK(has(text, "wait_seconds_sum{route=\"/livez\"} 63.0004\n"));
  CHECK(has(text, "wait_seconds_count{route=\"/livez\"} 3\n"));
}

TEST_CASE("a value at a bucket's bound is in that bucket", "[metrics]") {
  Histogram took;
  took.observe(500);
  CHECK(took.upto(0) == 1);
  took.observe(501);
  CHECK(took.upto(0) == 1);
  CHECK(took.upto(1) == 2);
}

TEST_CASE("the writer's laps are counted by event and state, and its refusals by check", "[metrics]") {
  WriterMeter meter;
  meter.decided(moved("notify", "notified"));
  meter.decided(moved("notify", "notified"));
  Outcome replayed = moved("notify", "notified");
  replayed.replayed = true;
  meter.decided(replayed);
  Outcome refused;
  refused.kind = Outcome::Kind::refused;
  refused.failed = {{.name = "step_up_missing", .lifted_by = {}, .since = {}}};
  meter.decided(refused);
  meter.committed(4, 3ms, true);
  meter.committed(1, 3ms, false);
  Exposition out;
  meter.write(out);
  CHECK(has(out.text(), "kintsugi_transitions_total{event=\"notify\",state=\"notified\"} 2\n"));
  CHECK(has(out.text(), "kintsugi_refusals_total{check=\"step_up_missing\"} 1\n"));
  CHECK(has(out.text(), "kintsugi_submissions_total{outcome=\"moved\"} 3\n"));
  CHECK(has(out.text(), "kintsugi_batch_items_total 5\n"));
  CHECK(has(out.text(), "kintsugi_batches_failed_total 1\n"));
  CHECK(has(out.text(), "kintsugi_batch_seconds_count 2\n"));
}

TEST_CASE("a check says since when it is as it is", "[health]") {
  ManualClock clock(noon);
  Condition now = Condition::good;
  Health health({{"disk",
                  [&] {
                    return Found{.condition = now, .found = {"空き", "room"}, .todo = {}};
                  },
                  true},
                 {"store", [] { return Found{}; }}},
                clock);
  CHECK(health.states().at(0).looked == Instant{});
  health.step();
  CHECK(health.condition() == Condition::good);
  CHECK(health.states().at(0).since == noon);
  clock.advance(1min);
  now = Condition::wrong;
  health.step();
  clock.advance(1min);
  health.step();
  const auto disk = health.states().at(0);
  CHECK(disk.found.condition == Condition::wrong);
  CHECK(disk.since == noon + 1min);
  CHECK(disk.looked == noon + 2min);
  CHECK(disk.blocks);
  CHECK(health.condition() == Condition::wrong);
}

TEST_CASE("a check that throws is wrong, and the others are looked at all the same", "[health]") {
  ManualClock clock(noon);
  Health health({{"store", []() -> Found { throw std::runtime_error("away"); }},
                 {"disk", [] { return Found{.condition = Condition::attention, .found = {}, .todo = {}}; }}},
                clock);
  health.step();
  CHECK(health.states().at(0).found.condition == Condition::wrong);
  CHECK_FALSE(health.states().at(0).found.todo.ja.empty());
  CHECK(health.states().at(1).found.condition == Condition::attention);
}

TEST_CASE("a clock that jumps is told from one that runs", "[health]") {
  ManualClock wall(noon);
  Duration steady{};
  ClockWatch watch(wall, [&] { return steady; });
  const auto pass_time = [&](Duration on_wall, Duration in_truth) {
    wall.advance(on_wall);
    steady += in_truth;
    return watch.look();
  };
  CHECK(watch.look().seen == Instant{});
  CHECK(pass_time(5s, 5s).seen == Instant{});
  CHECK(pass_time(5s + 500ms, 5s).seen == Instant{});  // being steered
  const auto back = pass_time(-1h, 5s);
  CHECK(back.seen == wall.now());
  CHECK(back.by == -1h - 5s);
  CHECK(pass_time(5s, 5s).by == back.by);  // remembered
  CHECK(pass_time(1min, 5s).by == 55s);
}

TEST_CASE("the mail server's health is what happens to real letters", "[health]") {
  struct Moody final : Mailer {
    explicit Moody(std::optional<Errc>& error) : mood(error) {}
    std::optional<Errc>& mood;
    Result<Posted> post(const Letter&, Instant) override {
      if (mood) return fail(*mood, "no");
      return Posted{};
    }
  };
  ManualClock clock(noon);
  std::optional<Errc> mood;
  WatchedMailer mailer(std::make_unique<Moody>(mood), clock);
  CHECK(mailer.seen().taken == Instant{});
  mood = Errc::Transient;
  CHECK_FALSE(mailer.post({}, noon));
  clock.advance(1min);
  CHECK_FALSE(mailer.post({}, noon));
  CHECK(mailer.seen().failing_since == noon);
  mood = Errc::Refused;  // of the letter, and no fault of the server
  CHECK_FALSE(mailer.post({}, noon));
  CHECK(mailer.seen().failing_since == Instant{});
  mood.reset();
  CHECK(mailer.post({}, noon));
  CHECK(mailer.seen().taken == noon + 1min);
}

TEST_CASE("the note of a backup keeps the newer one, and what is no note is none", "[health]") {
  testing::TemporaryDirectory place;
  const std::filesystem::path file = place.path("backup.json");
  CHECK_FALSE(read_backup_note(file));
  REQUIRE(write_backup_note(file, {.taken_at = noon, .verified_at = noon + 1h}));
  REQUIRE(write_backup_note(file, {.taken_at = noon - 24h, .verified_at = noon + 2h}));
  const auto note = read_backup_note(file);
  REQUIRE(note);
  CHECK(note->taken_at == noon);
  CHECK(note->verified_at == noon + 1h);
}

}  // namespace kintsugi

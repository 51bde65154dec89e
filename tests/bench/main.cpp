#include "engine/base/ensure.h"
#include "engine/base/log.h"
#include "tests/bench/growth.h"
#include "tests/bench/inside.h"
#include "tests/bench/limits.h"
#include "tests/bench/load.h"
#include "tests/bench/promptness.h"
#include "tests/bench/straight_run.h"
#include "tests/support/temporary_directory.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <map>
#include <span>
#include <thread>

// make bench: what the engine does a second, beside what the machine and the libraries do without it, in one run.
//
//   bench            everything, some minutes
//   bench --short    the same with shorter points, less than a minute
//   bench --only N   HTTP without TLS at N in flight, and nothing else: for a profiler
//   bench --growth [CLOSED]  with 10,000 open cases and 10,000, 100,000 and 1,000,000 closed ones, or so many
//   bench --prompt   fault to mail, revocation to proved closed, and nothing else
//   bench --inside   laps in process at batch 256, and nothing else
namespace kintsugi::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::array in_flight_of_points = {1, 16, 64, 256};
constexpr std::array sqlite_batches = {1, 16, 128, 256};
constexpr int batch_inside = 256;

// How long things are measured, in seconds.
struct Lengths {
  double point, bare_http, bare_store, inside;
  int prompt;  // faults, and as many revocations; no seconds
};
constexpr Lengths full = {.point = 5, .bare_http = 3, .bare_store = 3, .inside = 6, .prompt = 300};
constexpr Lengths brief = {.point = 1, .bare_http = 1, .bare_store = 1, .inside = 2, .prompt = 30};

template <class... Args>
void say(fmt::format_string<Args...> text, Args&&... args) {
  fmt::print(text, std::forward<Args>(args)...);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

struct Checked {
  std::int64_t records = 0;
  double seconds = 0;
};

Checked must_verify(bool sound, std::int64_t records, double seconds, int open_cases) {
  ensure(sound, "the log does not verify");
  ensure(open_cases == 0, fmt::format("{} cases are not closed", open_cases));
  return {records, seconds};
}

Checked verify(ServerProcess& server) {
  const auto said = server.ask("verify");
  return must_verify(said.at(0) == "1", std::stoll(said.at(1)), std::stod(said.at(2)), std::stoi(said.at(3)));
}

void table_head() {
  say("{:>5} {:>9} {:>13} {:>9} {:>9} {:>9} {:>12} {:>7} {:>11} {:>11} {:>10}", "TLS", "in flight", "transitions/s",
      "p50 ms", "p99 ms", "followed", "httplib/s", "share", "server CPU", "client CPU", "mails late");
}

void table_row(Point& point, double bare) {
  say("{:>5} {:>9} {:>13.0f} {:>9.2f} {:>9.2f} {:>9.0f} {:>12} {:>7} {:>11.2f} {:>11.2f} {:>10}",
      point.tls ? "on" : "off", point.in_flight, point.per_second(), point.latencies.percentile_ms(0.50),
      point.latencies.percentile_ms(0.99), static_cast<double>(point.followed) / point.seconds,
      bare > 0 ? fmt::format("{:.0f}", bare) : "-", bare > 0 ? fmt::format("{:.2f}", point.per_second() / bare) : "-",
      point.server_cpu, point.client_cpu, point.mails_late);
}

void goal(const char* what, double value, const char* unit, double must, double aim, bool less_is_better = false) {
  const auto reached = [&](double wanted) { return less_is_better ? value <= wanted : value >= wanted; };
  say("  {:<66} {:>12.2f} {:<5} {:>12.2f} {:>12.2f}   {}", what, value, unit, must, aim,
      reached(aim)    ? "aim"
      : reached(must) ? "must"
                      : "below");
}

void everything(const Lengths& lengths) {
  const testing::TemporaryDirectory room;
  std::map<std::pair<int, bool>, Point> points;
  std::map<std::pair<int, bool>, double> bare;
  std::size_t case_bytes = 0;
  std::size_t record_bytes = 0;
  std::int64_t idle_kib = 0;
  Checked checked;

  say("One straight run is {} requests, each a transition that is durable before its reply, with audit record and",
      opening().size() + the_rest().size());
  say("outbox in the same commit; authentication and authorisation on. Reports of the access point come over HTTP "
      "with");
  say("the access point's token. Mails are rendered and taken by a mailer that accepts at once; step-ups are made");
  say("outside of the timed stretches. {} cores, shared by server, load generator and everything else.",
      std::thread::hardware_concurrency());
  say("");
  table_head();
  for (const bool tls : {false, true}) {
    ServerProcess server(room.path(tls ? "tls" : "plain"), tls);
    if (!tls) idle_kib = server.resident_kib();
    for (const int in_flight : in_flight_of_points) {
      Point point = load(server, in_flight, tls, lengths.point);
      const Rate limit = bare_http(in_flight, tls, lengths.bare_http, std::string(point.request_bytes, 'q'),
                                   std::string(point.reply_bytes, 'a'));
      bare[{in_flight, tls}] = limit.per_second;
      table_row(point, limit.per_second);
      points[{in_flight, tls}] = std::move(point);
    }
    const Checked one = verify(server);
    checked = {checked.records + one.records, checked.seconds + one.seconds};
    const auto sizes = server.ask("sizes");
    case_bytes = std::stoul(sizes.at(0));
    record_bytes = std::stoul(sizes.at(1));
  }

  say("\nSQLite alone, the same rows (case {} bytes, record {} bytes, one effect), synchronous=FULL:", case_bytes,
      record_bytes);
  std::map<int, double> sqlite;
  for (const int batch : sqlite_batches) {
    sqlite[batch] = bare_sqlite(room.path(), batch, lengths.bare_store, case_bytes, record_bytes);
    say("  {:>4} to a commit {:>12.0f} transitions/s", batch, sqlite[batch]);
  }
  say("  fdatasync of 4 KiB {:>8.0f} /s", bare_fdatasync(room.path(), lengths.bare_store / 2));

  const Inside alone = laps_inside(room.path("alone"), batch_inside, lengths.inside, false);
  const Inside whole = laps_inside(room.path("whole"), batch_inside, lengths.inside, true);
  for (const Inside* one : {&alone, &whole}) {
    const Checked more =
        must_verify(one->verified.sound, one->verified.records, one->verified.seconds, one->verified.open_cases);
    checked = {checked.records + more.records, checked.seconds + more.seconds};
  }
  say("\nIn process, batch {}: {:.0f} laps/s alone (and {:.0f}/s that followed), {:.0f} laps/s with courier and "
      "integrator beside it",
      batch_inside, alone.per_second, alone.followed, whole.per_second);

  Promptness prompt = promptness(room.path("prompt"), lengths.prompt, lengths.prompt);
  say("Nothing else to do: fault to mail {:.2f} ms at p50; revocation to every hop proved closed {:.2f} ms at p50",
      prompt.mailed.percentile_ms(0.5), prompt.cut.percentile_ms(0.5));

  say("\n  {:<66} {:>12} {:<5} {:>12} {:>12}", "", "measured", "", "must", "aim");
  const auto share = [&](int in_flight) {
    return points.at({in_flight, false}).per_second() / bare.at({in_flight, false});
  };
  goal("transitions/s over HTTP at 64 in flight, share of cpp-httplib", share(64), "", 0.27, 0.45);
  goal("the same at 256 in flight", share(256), "", 0.45, 0.70);
  goal("one client in turn, share of SQLite one by one", points.at({1, false}).per_second() / sqlite.at(1), "", 0.40,
       0.75);
  goal("p99 of a transition at 64 in flight", points.at({64, false}).latencies.percentile_ms(0.99), "ms", 20, 8,
       true);
  goal("in process, batch 256, share of SQLite in batches of 256", alone.per_second / sqlite.at(256), "", 0.50, 0.75);
  goal("resident memory idle", static_cast<double>(idle_kib) / 1024, "MiB", 64, 32, true);
  goal("fault accepted to mail handed over, p99", prompt.mailed.percentile_ms(0.99), "ms", 250, 100, true);
  goal("revoke to cut and proved, p99", prompt.cut.percentile_ms(0.99), "ms", 2000, 500, true);
  goal("verify the audit log, thousand records/s on one core",
       static_cast<double>(checked.records) / checked.seconds / 1000, "k/s", 300, 1000);
  say("\nEvery reply was the table's, every case was closed, and the logs ({} records) verified.", checked.records);
}

void growth(const fs::path& room, std::span<const std::int64_t> sizes) {
  constexpr std::int64_t open = 10'000;
  say("{:>9} {:>7} {:>11} {:>8} {:>8} {:>19} {:>19} {:>19} {:>19} {:>13}", "closed", "open", "bytes/case", "start s",
      "MiB", "open list p50/p99", "number p50/p99", "device p50/p99", "one case p50/p99", "transitions/s");
  for (const std::int64_t closed : sizes) {
    const fs::path place = room / std::to_string(closed);
    Growth one = grown(place, closed, open, full.point);
    const auto both = [](Latencies& of) {
      return fmt::format("{:.2f}/{:.2f} ms", of.percentile_ms(0.5), of.percentile_ms(0.99));
    };
    say("{:>9} {:>7} {:>11.0f} {:>8.2f} {:>8.0f} {:>19} {:>19} {:>19} {:>19} {:>13.0f}", closed, open,
        one.bytes_per_case, one.start_seconds, static_cast<double>(one.resident_kib) / 1024, both(one.open_list),
        both(one.by_number), both(one.by_device), both(one.one_case), one.per_second);
    if (closed == 1'000'000) {
      goal("resident memory with 1,000,000 closed and 10,000 open cases",
           static_cast<double>(one.resident_kib) / 1024, "MiB", 300, 150, true);
      goal("start with 1,000,000 cases to first reply", one.start_seconds, "s", 3, 1, true);
    }
    fs::remove_all(place);
  }
}

int run(int argc, char** argv) {
  log::set_level("warn");
  const std::string first = argc > 1 ? argv[1] : "";
  if (first == "--serve" && argc == 4) return serve(argv[2], std::strcmp(argv[3], "tls") == 0);
  if (first.empty() || first == "--short") {
    everything(first.empty() ? full : brief);
    return 0;
  }
  const testing::TemporaryDirectory room;
  if (first == "--only" && argc >= 3) {
    ServerProcess server(room.path("plain"), false);
    table_head();
    Point point = load(server, std::atoi(argv[2]), false, argc > 3 ? std::atof(argv[3]) : full.point);
    table_row(point, 0);
    verify(server);
    return 0;
  }
  if (first == "--growth") {
    if (argc > 2)
      growth(room.path(), std::array<std::int64_t, 1>{std::atoll(argv[2])});
    else
      growth(room.path(), std::array<std::int64_t, 3>{10'000, 100'000, 1'000'000});
    return 0;
  }
  if (first == "--prompt") {
    Promptness seen = promptness(room.path("prompt"), full.prompt, full.prompt);
    for (const auto& [what, of] : {std::pair("fault to mail", &seen.mailed), {"revoke to proved closed", &seen.cut}})
      say("{}: p50 {:.2f} ms, p99 {:.2f} ms", what, of->percentile_ms(0.5), of->percentile_ms(0.99));
    return 0;
  }
  if (first == "--inside") {
    for (const bool whole : {false, true}) {
      const Inside seen = laps_inside(room.path(whole ? "whole" : "alone"), batch_inside, full.inside, whole);
      must_verify(seen.verified.sound, seen.verified.records, seen.verified.seconds, seen.verified.open_cases);
      say("{}: {:.0f} laps/s and {:.0f} that followed; verified {:.0f} records/s", whole ? "whole" : "alone",
          seen.per_second, seen.followed, static_cast<double>(seen.verified.records) / seen.verified.seconds);
    }
    return 0;
  }
  say("bench [--short | --only IN_FLIGHT [SECONDS] | --inside | --prompt | --growth [CLOSED]]");
  return 2;
}

}  // namespace
}  // namespace kintsugi::bench

int main(int argc, char** argv) {
  return kintsugi::bench::run(argc, argv);
}

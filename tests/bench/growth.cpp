#include "tests/bench/growth.h"

#include "engine/base/ensure.h"
#include "tests/bench/inside.h"
#include "tests/bench/load.h"
#include "tests/bench/straight_run.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>

namespace kintsugi::bench {
namespace {

using Stopwatch = std::chrono::steady_clock;

constexpr std::int64_t rows_of_commit = 1000;
constexpr int in_flight = 64;
constexpr int first_device = 512;  // the load generator works with those before it
constexpr int asked = 300;
constexpr int year = 25;  // of the pasted numbers; the engine's own are later
constexpr Duration apart = std::chrono::minutes(5);

double since(Stopwatch::time_point begin) {
  return std::chrono::duration<double>(Stopwatch::now() - begin).count();
}

struct Templates {
  CaseFile closed, opened;
};

Templates play(const std::filesystem::path& directory) {
  laps_inside(directory, 2, 0.01, false);
  Engine engine(directory);
  engine.start_conductor_only();
  const Act& notice = opening().front();
  Submission wanted;
  wanted.event = notice.event;
  wanted.actor = actor_of(notice.who, first_device);
  wanted.payload = Json::parse(
      notice.body(Subject{.device = first_device, .id = {}, .number = {}, .version = {}, .request_hash = {}}));
  const Outcome told = engine.conductor().submit(std::move(wanted));
  ensure(told.kind == Outcome::Kind::moved, "the notice was refused: " + to_json_text(told));
  Templates out;
  CaseFilter closed;
  closed.tenant = hospital();
  closed.states = {"closed"};
  const auto briefs = engine.store().list_cases(closed);
  ensure(briefs && !briefs->empty(), "no case was closed");
  out.closed = *engine.store().read_case(briefs->front().id);
  out.opened = *engine.store().read_case(told.case_id);
  engine.stop();
  return out;
}

// The newest of them is as old as this.
void paste(Engine& engine, const CaseFile& like, bool is_open, std::int64_t first, std::int64_t count, Duration age) {
  const Instant end = like.opened_at - age;
  const Digest chance = sha256("growth");
  for (std::int64_t done = 0; done < count;) {
    const std::int64_t some = std::min(rows_of_commit, count - done);
    std::vector<CaseFile> files(static_cast<std::size_t>(some), like);
    for (std::int64_t i = 0; i < some; ++i) {
      CaseFile& one = files[static_cast<std::size_t>(i)];
      const std::int64_t nth = first + done + i;
      one.id = CaseId{new_id_text("case", end - apart * (count - done - i), chance, static_cast<unsigned>(nth))};
      one.number = case_number(year, nth);
      if (is_open) one.device = device_at(first_device + static_cast<int>(nth % (devices_max - first_device)));
    }
    const auto written = engine.conductor().chore([&](Batch& batch) -> Result<> {
      for (const CaseFile& one : files) {
        LapWrites lap;
        lap.files.push_back({.file = &one, .is_new = true, .open = is_open});
        if (auto put = batch.write(lap); !put) return put;
      }
      return {};
    });
    ensure(written.has_value(), "the cases cannot be pasted");
    done += some;
  }
}

}  // namespace

Growth grown(const std::filesystem::path& directory, std::int64_t closed, std::int64_t open, double load_seconds) {
  Growth out{.closed = closed, .open = open};
  const Templates like = play(directory);
  const auto database = directory / "kintsugi.db";
  const auto before = std::filesystem::file_size(database);
  {
    Engine engine(directory);
    engine.start_conductor_only();
    paste(engine, like.closed, false, 1, closed, std::chrono::hours(24));
    paste(engine, like.opened, true, closed + 1, open, {});
    engine.stop();
  }
  out.bytes_per_case =
      static_cast<double>(std::filesystem::file_size(database) - before) / static_cast<double>(closed + open);

  const auto begin = Stopwatch::now();
  ServerProcess server(directory, false);
  auto client = Client::connect(server.port(), false);
  ensure(client.has_value(), "no connection");
  const std::string headers = "Authorization: Bearer " + token_of(Who::sato) + "\r\n";
  const auto ask = [&](const std::string& path) {
    const auto reply = (*client)->get(path, headers);
    ensure(reply && reply->status == 200, path + ": " + (reply ? reply->body : "no answer"));
    return reply->body;
  };
  ask("/api/v1/cases?open=true&page_size=1");
  out.start_seconds = since(begin);
  out.resident_kib = server.resident_kib();

  const auto timed = [&](Latencies& into, const std::string& path) {
    const auto from = Stopwatch::now();
    const std::string body = ask(path);
    into.add(std::chrono::duration_cast<std::chrono::microseconds>(Stopwatch::now() - from).count());
    return body;
  };
  for (int i = 0; i < asked; ++i) {
    timed(out.open_list, "/api/v1/cases?open=true");
    const std::string number = case_number(year, 1 + i * std::max<std::int64_t>(closed / asked, 1));
    const std::string found = timed(out.by_number, "/api/v1/cases?filter=number%3D" + number);
    const Json cases = Json::parse(found).at("cases");
    ensure(cases.size() == 1, "no case has the number " + number);
    timed(out.one_case, "/api/v1/cases/" + cases.front().at("id").get<std::string>());
    timed(out.by_device, "/api/v1/cases?filter=device%3D" + device_at(first_device + i).text());
  }
  out.per_second = load(server, in_flight, false, load_seconds).per_second();
  return out;
}

}  // namespace kintsugi::bench

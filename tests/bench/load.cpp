#include "tests/bench/load.h"

#include "engine/base/ensure.h"
#include "engine/base/fields.h"
#include "tests/bench/straight_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <sys/resource.h>
#include <thread>

namespace kintsugi::bench {
namespace {

using Stopwatch = std::chrono::steady_clock;

constexpr int cases_of_a_client = 8;  // in one round, as far as there are devices
constexpr int cases_least = 32;

double own_cpu() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// The text of a string member of our own server's reply. Parsing all of it would be the load generator's work.
std::string_view member(std::string_view body, std::string_view quoted_name) {
  const auto at = body.find(quoted_name);
  if (at == std::string_view::npos) return {};
  const auto from = at + quoted_name.size() + 2;
  return body.substr(from, body.find('"', from) - from);
}

// Computed once: the load generator is to cost little.
const std::string& authorization(Who who, int device_number) {
  const auto line = [](Who one, int number) {
    return fmt::format("Authorization: Bearer {}\r\n", token_of(one, number));
  };
  static const auto people = [&] {
    std::vector<std::string> out;
    for (int i = 0; i <= static_cast<int>(Who::tanaka); ++i)
      out.push_back(line(static_cast<Who>(i), 0));
    return out;
  }();
  static const auto devices = [&] {
    std::vector<std::string> out;
    for (int i = 0; i < devices_max; ++i)
      out.push_back(line(Who::device, i));
    return out;
  }();
  return who == Who::device ? devices[static_cast<std::size_t>(device_number)]
                            : people[static_cast<std::size_t>(who)];
}

class Crew {
 public:
  Crew(int port, bool tls, int size) : clients_(static_cast<std::size_t>(size)), latencies_(clients_.size()) {
    for (auto& one : clients_) {
      auto client = Client::connect(port, tls);
      ensure(client.has_value(), client ? "" : client.error().what);
      one = std::move(*client);
    }
  }

  // Every client takes one case after another through the acts. Adds to `point`.
  void stretch(std::vector<Subject>& cases, std::span<const Act> acts, ServerProcess& server, Point& point) {
    next_ = 0;
    over_ = false;
    std::atomic<bool> go{false};
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < clients_.size(); ++i)
      threads.emplace_back([&, i] {
        go.wait(false);
        for (;;) {
          const std::size_t mine = next_++;
          if (mine >= cases.size()) {
            finish();
            return;
          }
          for (const Act& act : acts)
            perform(*clients_[i], act, cases[mine], latencies_[i]);
        }
      });
    const double own_before = own_cpu();
    const double server_before = server.cpu_seconds();
    const auto start = Stopwatch::now();
    go = true;
    go.notify_all();
    {
      std::unique_lock lock(mutex_);
      done_.wait(lock, [&] { return over_.load(); });
    }
    point.seconds += std::chrono::duration<double>(ended_ - start).count();
    point.client_cpu += own_cpu() - own_before;
    point.server_cpu += server.cpu_seconds() - server_before;
    for (auto& one : threads)
      one.join();
    point.transitions += counted_.exchange(0);
    point.followed += followed_.exchange(0);
    bytes_out_ += asked_.exchange(0);
    bytes_in_ += answered_.exchange(0);
    all_ += made_.exchange(0);
    for (Latencies& one : latencies_) {
      point.latencies.add(one);
      one = {};
    }
    point.request_bytes = static_cast<std::size_t>(bytes_out_ / std::max<std::int64_t>(all_, 1));
    point.reply_bytes = static_cast<std::size_t>(bytes_in_ / std::max<std::int64_t>(all_, 1));
  }

  // What the approvers must name. Not timed.
  void look_up_hashes(std::vector<Subject>& cases) {
    const std::string& headers = authorization(Who::abe, 0);
    for (Subject& one : cases) {
      const auto reply = clients_.front()->get("/api/v1/cases/" + one.id, headers);
      ensure(reply && reply->status == 200, "a case cannot be read");
      const Json json = Json::parse(reply->body);
      one.request_hash = json.at("request").at("hash").get<std::string>();
      one.number = json.at("number").get<std::string>();
    }
  }

 private:
  void perform(Client& client, const Act& act, Subject& subject, Latencies& latencies) {
    const bool notice = subject.id.empty();
    static thread_local std::string path;
    static thread_local std::string headers;
    path = notice ? "/api/v1/faults" : fmt::format("/api/v1/cases/{}/events/{}", subject.id, act.event);
    headers = authorization(act.who, subject.device);
    if (!notice) headers += fmt::format("If-Match: \"{}\"\r\n", subject.version);
    if (act.step_up) headers += fmt::format("Step-Up: {}\r\n", step_up_token(subject.id, act));
    const std::string body = act.body(subject);

    const auto start = Stopwatch::now();
    const auto reply = client.post(path, headers, body);
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Stopwatch::now() - start).count();

    ensure(reply.has_value(), reply ? "" : reply.error().what);
    const std::string_view state = member(reply->body, R"("state")");
    const bool followed = reply->body.find(R"("followed_by":[")") != std::string::npos;
    ensure(reply->status == (notice ? 201 : 200) && state == act.state && followed == (act.follow_ups > 0),
           fmt::format("{} answered {}: {}", act.event, reply->status, reply->body));
    if (notice) {
      subject.id = member(reply->body, R"("case_id")");
      subject.version = "1";
    } else {
      subject.version = reply->etag.substr(1, reply->etag.size() - 2);
    }
    ++made_;
    asked_ += static_cast<std::int64_t>(body.size());
    answered_ += static_cast<std::int64_t>(reply->body.size());
    if (over_) return;
    ++counted_;
    followed_ += act.follow_ups;
    latencies.add(took);
  }

  void finish() {
    const std::scoped_lock lock(mutex_);
    if (over_.exchange(true)) return;
    ended_ = Stopwatch::now();
    done_.notify_all();
  }

  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<Latencies> latencies_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> over_{false};
  std::atomic<std::int64_t> counted_{0}, followed_{0}, asked_{0}, answered_{0}, made_{0};
  std::int64_t bytes_out_ = 0, bytes_in_ = 0, all_ = 0;
  std::mutex mutex_;
  std::condition_variable done_;
  Stopwatch::time_point ended_;
};

}  // namespace

Point load(ServerProcess& server, int in_flight, bool tls, double seconds) {
  Point point;
  point.in_flight = in_flight;
  point.tls = tls;
  Crew crew(server.port(), tls, in_flight);
  const int count = std::clamp(in_flight * cases_of_a_client, cases_least, devices_max);
  while (point.seconds < seconds) {
    std::vector<Subject> cases(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
      cases[static_cast<std::size_t>(i)].device = i;
    crew.stretch(cases, opening(), server, point);
    crew.look_up_hashes(cases);
    ensure(server.ask("prepare").front() == std::to_string(count), "not every case waits for its approvals");
    crew.stretch(cases, the_rest(), server, point);
    point.cases += count;
    point.mails_late = std::max<std::int64_t>(point.mails_late, std::stoll(server.ask("backlog").front()));
    ensure(server.ask("drain").front() == "0", "the outbox does not become empty");
  }
  point.client_cpu /= point.seconds;
  point.server_cpu /= point.seconds;
  return point;
}

}  // namespace kintsugi::bench

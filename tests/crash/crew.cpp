#include "tests/crash/crew.h"

#include "engine/base/fields.h"
#include "tests/bench/client.h"
#include "tests/bench/straight_run.h"

#include <fmt/format.h>

#include <optional>

namespace kintsugi::crash {
namespace {

using namespace std::chrono_literals;

constexpr auto look_again = 5ms;
constexpr auto give_up = 60s;        // without an answer, or without the state that a case must come to
constexpr int sleepers_max = 12;     // cases that are left to their timers
constexpr int sleeper_every = 3;     // cases of one client
constexpr int sleepers_from = 1000;  // devices from here on report them
constexpr int devices_of_a_client = 64;

}  // namespace

class Crew::Hand {
 public:
  Hand(Site& site, Ledger& ledger, std::atomic<bool>& over, std::atomic<int>& sleepers, int number)
      : site_(site), ledger_(ledger), over_(over), sleepers_(sleepers), number_(number) {}

  void work() {
    for (int n = 0; !over_; ++n) {
      play(number_ * devices_of_a_client + n % devices_of_a_client);
      if (n % sleeper_every == 0 && !over_) leave_one_alone();
    }
  }

 private:
  using Moment = std::chrono::steady_clock::time_point;

  // What was asked last and answered, to be asked again after a kill.
  struct Asked {
    std::string path, headers, body, answer;
    int status = 0;
  };

  void play(int device) {
    bench::Subject subject{.device = device, .id = {}, .number = {}, .version = {}, .request_hash = {}};
    for (const bench::Act& act : bench::opening())
      if (!perform(act, subject)) return;
    if (!learn(subject)) return;
    const auto acts = bench::the_rest();
    for (std::size_t i = 0; i < acts.size(); ++i) {
      const bench::Act& act = acts[i];
      // What the benchmark reports for the doors, the doors say themselves here.
      if (std::string_view(act.event) == "report_hop") {
        const bool last = i + 1 == acts.size() || std::string_view(acts[i + 1].event) != "report_hop";
        if (last && !comes_to(subject, act.state)) return;
      } else if (!perform(act, subject)) {
        return;
      }
    }
    ledger_.closed(subject.id);
  }

  void leave_one_alone() {
    const int mine = sleepers_++;
    if (mine >= sleepers_max) return;
    bench::Subject subject{.device = sleepers_from + mine, .id = {}, .number = {}, .version = {}, .request_hash = {}};
    if (perform(bench::opening().front(), subject)) ledger_.left_alone(subject.id);
  }

  // One act until it is done. False when there is nothing more to be done: the crew has finished, or it went wrong.
  bool perform(const bench::Act& act, bench::Subject& subject) {
    const bool notice = subject.id.empty();
    const std::string body = act.body(subject);
    for (int tries = 0; tries < 100; ++tries) {
      if (over_) return false;
      std::string headers = authorization(act.who, subject.device);
      headers += fmt::format("Idempotency-Key: c{}-{}\r\n", number_, ++keys_);
      if (!notice) {
        const auto seen = look(subject);
        if (!seen) return false;
        headers += fmt::format("If-Match: \"{}\"\r\n", seen->at("version").get<std::int64_t>());
      }
      if (act.step_up) headers += fmt::format("Step-Up: {}\r\n", bench::step_up_token(subject.id, act));
      const std::string path =
          notice ? "/api/v1/faults" : fmt::format("/api/v1/cases/{}/events/{}", subject.id, act.event);
      const auto reply = ask(path, headers, body);
      if (!reply) return false;
      if (reply->status == 200 || reply->status == 201) {
        take(act, subject, reply->body);
        return true;
      }
      // A timer or a door has moved the case since it was looked at.
      if (reply->status == 409 || reply->status == 412) {
        std::this_thread::sleep_for(look_again);
        continue;
      }
      ledger_.complain(
          fmt::format("{} of {} was answered {}: {}", act.event, subject.id, reply->status, reply->body));
      return false;
    }
    ledger_.complain(fmt::format("{} of {} always comes too late", act.event, subject.id));
    return false;
  }

  void take(const bench::Act& act, bench::Subject& subject, const std::string& body) {
    const Json said = Json::parse(body);
    if (subject.id.empty()) subject.id = said.at("case_id").get<std::string>();
    ledger_.add({.case_id = subject.id,
                 .event = subject.number.empty() && std::string_view(act.event) == "fault" ? "notify" : act.event,
                 .version = said.at("version").get<std::int64_t>(),
                 .followed = static_cast<int>(said.value("followed_by", Json::array()).size())});
  }

  // A request with a key, as often as it takes. Whatever was in flight when the server died is counted.
  std::optional<bench::Reply> ask(const std::string& path, const std::string& headers, const std::string& body) {
    const Moment until = std::chrono::steady_clock::now() + give_up;
    bool cut = false;
    while (std::chrono::steady_clock::now() < until) {
      if (!connect(until)) break;
      auto reply = client_->post(path, headers, body);
      if (!reply) {
        client_.reset();
        cut = true;
        continue;
      }
      if (reply->status == 503) {
        std::this_thread::sleep_for(look_again);
        continue;
      }
      if (cut && reply->status < 300) ledger_.cut(is_replay(*reply));
      last_ = {path, headers, body, reply->body, reply->status};
      return std::move(*reply);
    }
    ledger_.complain(fmt::format("{}: no answer", path));
    return std::nullopt;
  }

  static bool is_replay(const bench::Reply& reply) {
    return bench::header(reply.head, "Idempotency-Replayed") == "true";
  }

  // A new line after a kill begins with the last thing that was answered: the answer must be the stored one.
  bool connect(Moment until) {
    while (!client_ && std::chrono::steady_clock::now() < until) {
      auto fresh = bench::Client::connect(site_.port(), false);
      if (!fresh) {
        std::this_thread::sleep_for(look_again);
        continue;
      }
      client_ = std::move(*fresh);
      if (last_.path.empty()) break;
      const auto reply = client_->post(last_.path, last_.headers, last_.body);
      if (!reply || reply->status == 503) {
        client_.reset();
        std::this_thread::sleep_for(look_again);
        continue;
      }
      if (!is_as_before(last_, *reply))
        ledger_.complain(fmt::format("{} was answered {} {} and, asked again, {} {}", last_.path, last_.status,
                                     last_.answer, reply->status, reply->body));
      else if (reply->status < 300)
        ledger_.asked_again();
    }
    return client_ != nullptr;
  }

  // Of a request that came too late nothing is kept: it comes too late for ever. Every other answer is the stored
  // one.
  static bool is_as_before(const Asked& before, const bench::Reply& now) {
    if (before.status == 412) return now.status == 412;
    return now.status == before.status && is_replay(now) && now.body == before.answer;
  }

  std::optional<Json> look(const bench::Subject& subject) {
    const Moment until = std::chrono::steady_clock::now() + give_up;
    while (std::chrono::steady_clock::now() < until) {
      if (!connect(until)) break;
      const auto reply = client_->get("/api/v1/cases/" + subject.id, authorization(bench::Who::abe, 0));
      if (reply && reply->status == 200) return Json::parse(reply->body);
      if (!reply)
        client_.reset();
      else if (reply->status == 404)
        break;
      std::this_thread::sleep_for(look_again);
    }
    ledger_.complain(fmt::format("{} cannot be seen", subject.id));
    return std::nullopt;
  }

  // What the approvers must name, and their proofs of identity.
  bool learn(bench::Subject& subject) {
    const auto seen = look(subject);
    if (!seen) return false;
    subject.request_hash = seen->at("request").at("hash").get<std::string>();
    subject.number = seen->at("number").get<std::string>();
    const Moment until = std::chrono::steady_clock::now() + give_up;
    while (!site_.prove(subject.id, subject.request_hash)) {
      if (over_ || std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(look_again);
    }
    return true;
  }

  bool comes_to(const bench::Subject& subject, std::string_view state) {
    const Moment until = std::chrono::steady_clock::now() + give_up;
    std::string is;
    while (std::chrono::steady_clock::now() < until) {
      if (over_) return false;
      const auto seen = look(subject);
      if (!seen) return false;
      is = seen->at("state").get<std::string>();
      if (is == state) return true;
      std::this_thread::sleep_for(look_again);
    }
    ledger_.complain(fmt::format("{} stays in {} and does not come to {}", subject.id, is, state));
    return false;
  }

  static std::string authorization(bench::Who who, int device) {
    return fmt::format("Authorization: Bearer {}\r\n", bench::token_of(who, device));
  }

  Site& site_;
  Ledger& ledger_;
  std::atomic<bool>& over_;
  std::atomic<int>& sleepers_;
  const int number_;
  int keys_ = 0;
  std::unique_ptr<bench::Client> client_;
  Asked last_;
};

Crew::Crew(Site& site, Ledger& ledger, int size) {
  for (int i = 0; i < size; ++i)
    threads_.emplace_back([this, &site, &ledger, i] { Hand(site, ledger, over_, sleepers_, i).work(); });
}

Crew::~Crew() {
  finish();
}

void Crew::finish() {
  over_ = true;
  for (std::thread& one : threads_)
    one.join();
  threads_.clear();
}

}  // namespace kintsugi::crash

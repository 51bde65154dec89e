#include "programs/cli/patience.h"

#include "programs/cli/client/reading.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <thread>

namespace kintsugi::cli {
namespace {

using Steady = std::chrono::steady_clock;

// One wait for one case. It looks at the case whenever the server says that something happened to it, and goes on
// from there when the server was away.
class Following {
 public:
  Following(Visit& visit, const std::string& id, const Wish& wish) : visit_(visit), id_(id), wish_(wish) {}

  int run(const Reply* first) {
    judge(first == nullptr ? visit_.api.get("/api/v1/cases/" + id_) : *first);
    while (!answer_) {
      const Reply ended = visit_.api.listen("/api/v1/events?case_id=" + id_, last_, silence(),
                                            [this](const Happening& one) { return take(one); });
      if (answer_) break;
      if (is_late()) {
        answer_ = late();
      } else if (ended.status >= 400 && ended.status != 429 && ended.status != 503) {
        answer_ = visit_.refuse(ended);
      } else if (ended.missing == Reply::Missing::certificate || Steady::now() - heard_ >= away_max) {
        answer_ = visit_.refuse(ended);
      } else {
        std::this_thread::sleep_for(look_again);
        listening_ = false;
      }
    }
    return *answer_;
  }

 private:
  // True: go on listening.
  bool take(const Happening& one) {
    heard_ = Steady::now();
    if (!one.id.empty()) last_ = one.id;
    if (one.event == "end") {
      std::fprintf(stderr, "kintsugi: %s\n", visit_.say("case.signed_out").c_str());
      answer_ = denied;
      return false;
    }
    // With the stream open nothing is missed any more, so what happened before is looked at once.
    if (!std::exchange(listening_, true) || !one.event.empty()) judge(visit_.api.get("/api/v1/cases/" + id_));
    if (!answer_ && is_late()) answer_ = late();
    return !answer_;
  }

  void judge(const Reply& seen) {
    if (!seen.good()) {
      // A server that goes away between an event and the look at it comes back with the stream.
      if (seen.status == 0 && listening_) return;
      answer_ = visit_.refuse(seen);
      return;
    }
    state_ = text_of(seen.json, "state");
    const bool there = !wish_.state.empty() && state_ == wish_.state;
    const bool over = flag_of(seen.json, "end");
    const auto now = number_of(seen.json, "version");
    if (now != version_ && (wish_.tell || ((there || over) && visit_.plain()))) {
      fmt::print("{}", visit_.plain() ? state_text(seen.json, visit_.page()) : seen.json.dump() + "\n");
      std::fflush(stdout);
    }
    version_ = now;
    if (there || (over && wish_.state.empty())) {
      answer_ = ok;
    } else if (over) {
      fmt::print(stderr, "kintsugi: {}\n", visit_.say("case.ended", state_, wish_.state));
      answer_ = conflict;
    } else if (is_late()) {
      answer_ = late();
    }
  }

  bool is_late() const { return wish_.limit > Duration{} && Steady::now() - begun_ >= wish_.limit; }
  int late() const {
    fmt::print(stderr, "kintsugi: {}\n",
               wish_.state.empty() ? visit_.say("case.still", to_text(wish_.limit), state_)
                                   : visit_.say("case.late", to_text(wish_.limit), wish_.state, state_));
    return timed_out;
  }
  std::chrono::milliseconds silence() const {
    if (wish_.limit == Duration{}) return silence_max;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(wish_.limit - (Steady::now() - begun_));
    return std::clamp(left, std::chrono::milliseconds(1), std::chrono::milliseconds(silence_max));
  }

  Visit& visit_;
  const std::string& id_;
  const Wish& wish_;
  const Steady::time_point begun_ = Steady::now();
  Steady::time_point heard_ = begun_;
  std::string last_;  // id of the last event
  std::string state_;
  std::int64_t version_ = -1;
  bool listening_ = false;
  std::optional<int> answer_;
};

}  // namespace

int follow(Visit& visit, const std::string& id, const Wish& wish, const Reply* first) {
  return Following(visit, id, wish).run(first);
}

int check_state(Visit& visit, const std::string& state) {
  if (state.empty() || visit.by_machine) return ok;
  const Reply reply = visit.api.get("/api/v1/cases?page_size=1&state=" + escaped(state));
  return reply.status == 422 ? visit.refuse(reply) : static_cast<int>(ok);
}

Result<Duration> limit_from(const std::string& text, const Tongue& say) {
  if (text.empty()) return Duration{};
  auto limit = span_from(text);
  if (!limit) return fail(Errc::Invalid, say("data.time", text));
  return limit;
}

}  // namespace kintsugi::cli

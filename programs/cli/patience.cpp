#include "programs/cli/patience.h"

#include "programs/cli/client/reading.h"

#include <cstdio>
#include <thread>

namespace kintsugi::cli {

int follow(Visit& visit, const std::string& id, const Wish& wish, const Reply* first) {
  const auto begun = std::chrono::steady_clock::now();
  Reply seen = first == nullptr ? visit.api.get("/api/v1/cases/" + id) : *first;
  std::int64_t version = -1;
  for (;;) {
    if (!seen.good()) return visit.refuse(seen);
    const std::string state = text_of(seen.json, "state");
    const bool there = !wish.state.empty() && state == wish.state;
    const bool over = flag_of(seen.json, "end");
    const auto now = number_of(seen.json, "version");
    if (now != version && (wish.tell || ((there || over) && visit.plain()))) {
      fmt::print("{}", visit.plain() ? state_text(seen.json, visit.page()) : seen.json.dump() + "\n");
      std::fflush(stdout);
    }
    version = now;
    if (there || (over && wish.state.empty())) return ok;
    if (over) {
      fmt::print(stderr, "kintsugi: {}\n", visit.say("case.ended", state, wish.state));
      return conflict;
    }
    if (wish.limit > Duration{} && std::chrono::steady_clock::now() - begun >= wish.limit) {
      fmt::print(stderr, "kintsugi: {}\n", visit.say("case.late", to_text(wish.limit), wish.state, state));
      return timed_out;
    }
    std::this_thread::sleep_for(look_again);
    seen = visit.api.get("/api/v1/cases/" + id);
  }
}

Result<Duration> limit_from(const std::string& text, const Tongue& say) {
  if (text.empty()) return Duration{};
  auto limit = span_from(text);
  if (!limit) return fail(Errc::Invalid, say("data.time", text));
  return limit;
}

}  // namespace kintsugi::cli

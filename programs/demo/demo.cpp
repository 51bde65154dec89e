#include "programs/demo/demo.h"

#include "engine/base/log.h"
#include "programs/demo/director.h"
#include "programs/demo/guide.h"
#include "programs/demo/say.h"
#include "programs/demo/storm.h"
#include "programs/server/signals.h"
#include "programs/server/verification.h"

#include <algorithm>
#include <thread>

namespace kintsugi::demo {
namespace {

constexpr std::chrono::seconds sign_max{10};  // until a checkpoint covers the last record
constexpr std::chrono::milliseconds look_again{50};

Result<> play(Stage& stage, const Tongue& tongue) {
  const auto begun = std::chrono::steady_clock::now();
  Teller teller(stage, tongue);
  Director director(stage, teller);
  auto done = stage.story().storm ? play_storm(stage, teller, director) : director.play_story();
  if (!done) return done;
  say("\n{} {:.1f} s", tongue("終結しました", "closed"),
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
  return {};
}

// Whether every log is sound and signed to its end.
Result<bool> verify(Server& server) {
  const auto until = std::chrono::steady_clock::now() + sign_max;
  for (;;) {
    const auto reports = verify_store(server.store(), server.home());
    if (!reports) return pass(reports);
    const bool all_signed =
        std::ranges::all_of(*reports, [](const audit::Report& one) { return one.not_yet_signed == 0; });
    const bool sound = std::ranges::all_of(*reports, [](const audit::Report& one) { return one.sound(); });
    if (all_signed || std::chrono::steady_clock::now() > until) {
      for (const audit::Report& one : *reports)
        say("{}", to_text(one));
      return sound && all_signed;
    }
    std::this_thread::sleep_for(look_again);
  }
}

}  // namespace

int run(const Options& options) {
  log::set_level("warn");
  catch_signals();
  const Tongue tongue(options.language);
  Stage stage(options, tongue);
  auto done = stage.set();
  if (done) done = play(stage, tongue);
  if (!done) {
    fmt::print(stderr, "demo: {}\n", done.error().what);
    return 1;
  }
  const auto sound = verify(stage.server());
  if (!sound || !*sound) {
    fmt::print(stderr, "demo: {}\n", sound ? "the log does not verify" : sound.error().what);
    return 7;
  }
  if (options.play_only) return 0;
  show_the_way(stage, tongue);
  wait_for_stop();
  return 0;
}

int list_stories(const std::string& language) {
  const Tongue tongue(language);
  for (const Story& one : stories())
    say("{:<12} {}", one.name, tongue(one.title));
  return 0;
}

bool has_story(const std::string& name) {
  return story_named(name) != nullptr;
}

}  // namespace kintsugi::demo

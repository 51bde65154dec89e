#include "programs/demo/demo.h"

#include "engine/base/log.h"
#include "programs/demo/director.h"
#include "programs/demo/guide.h"
#include "programs/demo/storm.h"
#include "programs/server/signals.h"
#include "programs/server/verification.h"
#include "programs/stage/say.h"

#include <algorithm>
#include <thread>

namespace kintsugi::demo {
namespace {

constexpr std::chrono::seconds sign_max{10};  // until a checkpoint covers the last record
constexpr std::chrono::milliseconds look_again{50};

// A story that is being told goes on; otherwise the one asked for begins, in a case of its own.
Result<const Story*> choose_story(Cast& cast, const std::string& asked) {
  Script& script = cast.script;
  const bool told = !script.case_id.empty() && cast.was(memory_of(script.case_id.text(), "told"));
  const bool another = !asked.empty() && (told || asked != script.story);
  if (another && !script.case_id.empty() && !told)
    return fail(Errc::Refused, "the story '" + script.story + "' is not over there");
  if (another) {
    script.case_id = CaseId{};
    script.done.clear();
  }
  if (script.story.empty() || another) script.story = asked.empty() ? "straight" : asked;
  const Story* story = story_named(script.story);
  if (story == nullptr) return fail(Errc::Invalid, "there is no story '" + script.story + "'");
  if (auto saved = cast.save(); !saved) return pass(saved);
  return story;
}

Result<> play(Stage& stage, const std::string& asked, const Tongue& tongue) {
  if (auto done = stage.set(); !done) return done;
  const auto story = choose_story(stage.cast(), asked);
  if (!story) return pass(story);
  if (auto done = stage.open((*story)->storm); !done) return done;
  const auto begun = std::chrono::steady_clock::now();
  Teller teller(stage, tongue);
  Director director(stage, teller, **story);
  auto done = (*story)->storm ? play_storm(stage, teller, director) : director.play_story();
  if (!done) return done;
  say("\n{} {:.1f} s", tongue("終結しました", "closed"),
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
  return {};
}

// Whether every log is sound and signed to its end.
Result<bool> verify(Server& server, const Options& options) {
  const auto until = std::chrono::steady_clock::now() + sign_max;
  for (;;) {
    const auto reports = verify_store(server.store(), server.home());
    if (!reports) return pass(reports);
    const bool all_signed =
        std::ranges::all_of(*reports, [](const audit::Report& one) { return one.not_yet_signed == 0; });
    const bool sound = std::ranges::all_of(*reports, [](const audit::Report& one) { return one.sound(); });
    if (all_signed || std::chrono::steady_clock::now() > until) {
      for (const audit::Report& one : *reports)
        say("{}", options.verified(one));
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
  Stage stage({.directory = options.directory, .port = options.port, .keep = options.keep}, tongue);
  if (const auto done = play(stage, options.story, tongue); !done) {
    fmt::print(stderr, "demo: {}\n", options.in_words(done.error()));
    if (!options.directory.empty() && std::filesystem::exists(options.directory / "demo.json"))
      fmt::print(stderr, "demo: {}: kintsugi demo --data {} --resume\n", tongue("続きから始めるには", "to go on"),
                 options.directory.string());
    return 1;
  }
  const auto sound = verify(stage.server(), options);
  if (!sound || !*sound) {
    fmt::print(
        stderr, "demo: {}\n",
        sound ? tongue("監査ログを検証できません", "the log does not verify") : options.in_words(sound.error()));
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

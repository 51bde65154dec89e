#include "programs/demo/demo.h"

#include "programs/cli/client/words.h"
#include "programs/cli/commands.h"
#include "programs/cli/report.h"

#include <memory>

namespace kintsugi::cli {

void add_demo(CLI::App& app, int& exit, const std::string& language, const Tongue& say) {
  auto options = std::make_shared<demo::Options>();
  auto data = std::make_shared<std::string>();
  auto resume = std::make_shared<bool>(false);
  auto list = std::make_shared<bool>(false);
  options->language = language;
  options->verified = [say](const audit::Report& one) { return in_words(one, say); };
  options->in_words = [say](const Error& error) { return in_words(error, say); };
  CLI::App* one = app.add_subcommand("demo", "a small world, and one fault played to its end");
  one->add_option("--data", *data, "directory; one in which a play was interrupted is taken up");
  one->add_option("--port", options->port, "of the API; 0 takes any free one")->check(CLI::Range(0, 65'535));
  one->add_option("--story", options->story, "which story to play; straight if none is named (see --list-stories)");
  one->add_flag("--list-stories", *list, "the stories with a line each");
  one->add_flag("--play-only", options->play_only, "leave when the case is closed and its log verified");
  one->add_flag("--keep", options->keep, "leave the directory behind");
  one->add_flag("--resume", *resume, "take up the play in --data; it must be there");
  one->callback([options, data, resume, list, &exit, say] {
    options->directory = *data;
    if (*list) {
      exit = demo::list_stories(options->language);
    } else if (!options->story.empty() && !demo::has_story(options->story)) {
      exit = report({Errc::Invalid, say("demo.no_story", options->story)});
    } else if (*resume && !std::filesystem::exists(options->directory / "demo.json")) {
      exit = report({Errc::NotFound, say("demo.no_play", *data)});
    } else {
      exit = demo::run(*options);
    }
  });
}

}  // namespace kintsugi::cli

#include "programs/demo/demo.h"

#include "programs/cli/commands.h"

#include <memory>

namespace kintsugi::cli {

void add_demo(CLI::App& app, int& exit) {
  auto options = std::make_shared<demo::Options>();
  auto data = std::make_shared<std::string>();
  auto resume = std::make_shared<bool>(false);
  CLI::App* one = app.add_subcommand("demo", "a small world, and one fault played to its end");
  one->add_option("--data", *data, "directory; one in which a play was interrupted is taken up");
  one->add_option("--port", options->port, "of the API; 0 takes any free one")->check(CLI::Range(0, 65'535));
  one->add_flag("--play-only", options->play_only, "leave when the case is closed and its log verified");
  one->add_flag("--keep", options->keep, "leave the directory behind");
  one->add_flag("--resume", *resume, "take up the play in --data; it must be there");
  one->callback([options, data, resume, &exit] {
    options->directory = *data;
    if (*resume && !std::filesystem::exists(options->directory / "demo.json")) {
      exit = report({Errc::NotFound, "no play to take up in '" + *data + "'"});
      return;
    }
    exit = demo::run(*options);
  });
}

}  // namespace kintsugi::cli

#pragma once

#include "engine/audit/verify.h"
#include "engine/base/result.h"

#include <filesystem>
#include <functional>
#include <string>

namespace kintsugi::demo {

struct Options {
  std::filesystem::path directory;  // empty: a new one under the system's temporary directory
  int port = 0;                     // of the API; 0: any free one
  std::string story;                // empty: the one that was interrupted in the directory, else `straight`
  bool play_only = false;           // tell to the end, verify, leave
  bool keep = false;                // leave the directory behind
  std::string language;             // `ja` or `en`; empty: as the locale says
  // How the failures and what was verified are said.
  std::function<std::string(const Error&)> in_words = [](const Error& error) { return error.what; };
  std::function<std::string(const audit::Report&)> verified = [](const audit::Report& one) { return to_text(one); };
};

// Starts the whole program in a small world, plays one story from the automatic notice to its end over the API, as
// many different people, and tells what happens. A directory in which a story was interrupted is taken up where it
// stands; one in which it was over gets the next fault. Returns the exit code: 0 only if every case was closed and
// every log verified; 7 if a log did not.
int run(const Options& options);

// The stories with a line each.
int list_stories(const std::string& language);
bool has_story(const std::string& name);

}  // namespace kintsugi::demo

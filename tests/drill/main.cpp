#include "tests/drill/mutants.h"
#include "tests/drill/story.h"
#include "tests/drill/told.h"
#include "workflows/fault_response/workflow.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string_view>

// make drill: stories of a hospital, a vendor and everything that can go wrong between them, each a function of its
// seed, on the whole engine in one thread (docs/drill.md).
//
//   drill [--seeds N] [--from K] [--store memory|sqlite] [--mutant NAME] [--story] [--shrink PLAYS] [--all]
//
// It stops at the first promise that is broken, prints seed and shortened story, and ends with 1; with --all it goes
// on and counts. --story prints the story of every seed.
namespace kintsugi::drill {
namespace {

constexpr int often = 10;  // times

struct Wanted {
  std::uint64_t seeds = 200;
  std::uint64_t from = 1;
  Options options;
  bool story = false;
  bool all = false;
  int plays = 400;
};

template <class... Args>
void say(fmt::format_string<Args...> text, Args&&... args) {
  fmt::print(text, std::forward<Args>(args)...);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

void tell_coverage(const Totals& totals) {
  std::set<std::string> rows;
  std::set<std::string> checks{"not_a_participant", "role_not_allowed", "not_applicable"};
  for (const ArcInfo& arc : fault_response::fault_response().arcs) {
    rows.insert(arc.row);
    checks.insert(arc.checks.begin(), arc.checks.end());
  }
  // Those that hang on a thread: the next change of the dice may lose them.
  const auto seldom = [](const std::set<std::string>& all, const std::map<std::string, std::int64_t>& seen) {
    std::string out;
    for (const std::string& one : all)
      if (const auto found = seen.find(one); found != seen.end() && found->second < often)
        out += fmt::format(" {} {}", one, found->second);
    return out.empty() ? std::string(" none") : out;
  };
  const auto missing = [](const std::set<std::string>& all, const std::map<std::string, std::int64_t>& seen) {
    std::string out;
    for (const std::string& one : all)
      if (!seen.contains(one)) out += " " + one;
    return out.empty() ? std::string(" none") : out;
  };
  std::size_t taken = 0;
  for (const std::string& one : rows)
    taken += totals.rows.contains(one) ? 1U : 0U;
  std::size_t refused = 0;
  for (const std::string& one : checks)
    refused += totals.refused.contains(one) ? 1U : 0U;
  say("rows and notes taken {} of {}; not taken:{}; seldom:{}", taken, rows.size(), missing(rows, totals.rows),
      seldom(rows, totals.rows));
  say("named checks refused {} of {}; never:{}; seldom:{}", refused, checks.size(), missing(checks, totals.refused),
      seldom(checks, totals.refused));
}

void tell(const Totals& totals, double seconds) {
  say("{} stories in {:.1f} s, {:.1f} a second; {} steps, {} cases, {} laps, {} records, {} letters", totals.stories,
      seconds, static_cast<double>(totals.stories) / seconds, totals.steps, totals.cases, totals.laps, totals.records,
      totals.letters);
  say("{} crashes, {} commits failed, {} disk faults, {} power cuts, {} clock jumps; messages: {} lost, {} repeated, "
      "{} delayed, {} "
      "wrong",
      totals.crashes, totals.commits_failed, totals.disk_faults, totals.power_cuts, totals.clock_jumps, totals.lost,
      totals.repeated, totals.delayed, totals.wrong);
  tell_coverage(totals);
  std::string held;
  for (const auto& [name, count] : totals.held)
    held += fmt::format(" {} {}", name, count);
  say("seen to hold:{}", held);
}

void tell_broken(const Wanted& wanted, const Options& options, const Ending& ending) {
  say("seed {}: BROKEN {}: {}", options.seed, ending.broken->check, ending.broken->what);
  const auto steps = shortened_story(options, ending, wanted.plays);
  Totals unused;
  const auto shortest = play(options, steps, unused);
  say("the shortest story found, {} of {} steps:", steps.size(), length_of(options.seed));
  for (const std::string& line : shortest.trail)
    say("  {}", line);
  say("again: drill --from {} --seeds 1 --store {}{}", options.seed, options.store,
      options.mutant.empty() ? "" : " --mutant " + options.mutant);
}

int run(const Wanted& wanted) {
  const auto began = std::chrono::steady_clock::now();
  Totals totals;
  std::map<std::string, std::vector<std::uint64_t>> broken;
  for (std::uint64_t i = 0; i < wanted.seeds; ++i) {
    Options options = wanted.options;
    options.seed = wanted.from + i;
    const Ending ending = play(options, totals);
    if (wanted.story)
      for (const std::string& line : ending.trail)
        say("{}", line);
    if (wanted.story) say("seed {} trail {} logs {}", options.seed, to_hex(ending.digest), to_hex(ending.root));
    if (!ending.broken) continue;
    broken[ending.broken->check].push_back(options.seed);
    if (wanted.all) {
      say("seed {}: BROKEN {}: {}", options.seed, ending.broken->check, ending.broken->what);
      continue;
    }
    tell_broken(wanted, options, ending);
    break;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  tell(totals, took.count());
  for (const auto& [check, seeds] : broken)
    say("BROKEN {} in {} of {} stories, first in seed {}", check, seeds.size(), totals.stories, seeds.front());
  return broken.empty() ? 0 : 1;
}

std::optional<Wanted> read(int count, char** words) {
  Wanted out;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    if (word == "--story") {
      out.story = true;
    } else if (word == "--all") {
      out.all = true;
    } else if (i + 1 < count && word == "--seeds") {
      out.seeds = std::strtoull(words[++i], nullptr, 10);
    } else if (i + 1 < count && word == "--from") {
      out.from = std::strtoull(words[++i], nullptr, 10);
    } else if (i + 1 < count && word == "--store") {
      out.options.store = words[++i];
    } else if (i + 1 < count && word == "--mutant") {
      out.options.mutant = words[++i];
    } else if (i + 1 < count && word == "--shrink") {
      out.plays = std::atoi(words[++i]);
    } else {
      return std::nullopt;
    }
  }
  return out;
}

}  // namespace
}  // namespace kintsugi::drill

int main(int count, char** words) {
  using namespace kintsugi::drill;
  const auto wanted = read(count, words);
  if (!wanted) {
    say("drill [--seeds N] [--from K] [--store memory|sqlite] [--mutant NAME] [--story] [--shrink PLAYS] [--all]");
    for (const Mutant& one : mutants())
      say("  --mutant {:17} {}; found by the check {}", one.name, one.what, one.check);
    return 2;
  }
  // Vault and signer are files; in memory a story does not wait for a disk.
  if (std::error_code error; std::filesystem::is_directory("/dev/shm", error)) ::setenv("TMPDIR", "/dev/shm", 0);
  return run(*wanted);
}

#include "tests/drill/story.h"

#include "engine/audit/tree.h"
#include "tests/drill/steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace kintsugi::drill {
namespace {

constexpr int shortest = 100;
constexpr int longest = 300;
constexpr std::uint64_t of_the_end = 2'000'000;
constexpr std::uint64_t of_the_world = 2'000'001;

Digest root_of(World& world) {
  std::string all;
  const auto logs = world.store().audit_logs();
  if (!logs) return {};
  for (const std::string& log : *logs) {
    audit::Frontier tree;
    const auto rows = world.store().audit_rows(log, 0, 1'000'000);
    if (rows)
      for (const AuditRow& row : *rows)
        tree.append(row.leaf);
    all += log + to_hex(tree.root());
  }
  return sha256(all);
}

}  // namespace

int length_of(std::uint64_t seed) {
  return Dice(seed, of_the_world).between(shortest, longest);
}

Ending play(const Options& options, const std::vector<int>& steps, Totals& totals) {
  Ending out;
  World world(options, totals, depot_of(options.store));
  ++totals.stories;
  Memory memory;
  try {
    for (const int number : steps) {
      out.step = number;
      Dice dice(options.seed, static_cast<std::uint64_t>(number));
      world.trail().tell(fmt::format("{} {}", number, to_text(world.now())));
      world.begin_step(Dice(options.seed + 1, static_cast<std::uint64_t>(number)));
      step(world, memory, dice);
      ++totals.steps;
      world.inspector().look(dice.one_in(8) && world.store_works());
    }
    out.step = length_of(options.seed);
    Dice dice(options.seed, of_the_end);
    world.begin_step(Dice(options.seed + 1, of_the_end));
    bring_to_an_end(world, dice);
  } catch (const Broken& broken) {
    out.broken = broken;
    world.trail().tell("BROKEN " + broken.check + ": " + broken.what);
  }
  totals.disk_faults += world.disk_faults();
  totals.cases += static_cast<std::int64_t>(world.cases().size());
  out.trail = world.trail().lines();
  out.digest = world.trail().digest();
  out.root = root_of(world);
  return out;
}

Ending play(const Options& options, Totals& totals) {
  std::vector<int> steps(static_cast<std::size_t>(length_of(options.seed)));
  std::iota(steps.begin(), steps.end(), 0);
  return play(options, steps, totals);
}

// Nothing after the step that broke is needed. Then chunks go, large ones first, as long as the same check breaks.
std::vector<int> shortened_story(const Options& options, const Ending& ending, int plays_max) {
  std::vector<int> steps(static_cast<std::size_t>(std::min(ending.step + 1, length_of(options.seed))));
  std::iota(steps.begin(), steps.end(), 0);
  int plays = 0;
  const auto breaks = [&](const std::vector<int>& some) {
    Totals unused;
    ++plays;
    const auto again = play(options, some, unused);
    return again.broken && again.broken->check == ending.broken->check;
  };
  for (std::size_t chunk = steps.size() / 2; chunk > 0; chunk /= 2)
    for (std::size_t at = 0; at < steps.size() && plays < plays_max;) {
      std::vector<int> fewer = steps;
      const auto from = fewer.begin() + static_cast<std::ptrdiff_t>(at);
      fewer.erase(from, from + static_cast<std::ptrdiff_t>(std::min(chunk, fewer.size() - at)));
      if (breaks(fewer))
        steps = std::move(fewer);
      else
        at += chunk;
    }
  return steps;
}

}  // namespace kintsugi::drill

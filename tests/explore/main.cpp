#include "tests/explore/search.h"
#include "workflows/fault_response/workflow.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <span>

// make explore: every state that a case can come to inside each bound (bounds.h), and on the way there every rule
// that a step or a state can be held against. Ends with 1 if one is broken, after the shortest story that does it.
//
//   explore [--bound NAME]… [--states N] [--short] [--list]
//
// The same program gives the same states, stories and figures every time, except the seconds.
namespace kintsugi::explore {
namespace {

struct Options {
  std::vector<std::string> bounds;  // empty: all
  std::size_t states = 0;           // 0: each bound's own
  bool quick = false;
  bool list = false;
};

template <class... Args>
void say(fmt::format_string<Args...> text, Args&&... args) {
  fmt::print(text, std::forward<Args>(args)...);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

std::optional<Options> options_of(std::span<char*> arguments) {
  Options out;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string_view word = arguments[i];
    const bool more = i + 1 < arguments.size();
    if (word == "--short")
      out.quick = true;
    else if (word == "--list")
      out.list = true;
    else if (word == "--bound" && more)
      out.bounds.emplace_back(arguments[++i]);
    else if (word == "--states" && more)
      out.states = std::strtoull(arguments[++i], nullptr, 10);
    else
      return {};
  }
  for (const std::string& name : out.bounds)
    if (std::ranges::count(bounds(), name, &Bound::name) == 0) return {};
  return out;
}

void list() {
  for (const Bound& one : bounds())
    say("{}\n  explores   {}\n  leaves out {}\n  states at most {}, in the short form {}", one.name, one.about,
        one.fixed, one.states_max, one.states_short);
}

void tell(const Result& result, double seconds) {
  say("{:<11} {:>7} states {:>8} edges {:>9} asked {:>8} decided  longest {:>3}  {:<13} {:>6.1f} s", result.bound,
      result.states, result.edges, result.tally.asked, result.tally.decided, result.longest,
      result.exhausted ? "exhausted" : fmt::format("{} open", result.unexpanded), seconds);
  for (const Finding& one : result.findings) {
    say("\n  BROKEN {} {}, {} time{}; the shortest story:", one.rule, one.found, one.times,
        one.times == 1 ? "" : "s");
    for (const std::string& line : one.story)
      say("    {}", line);
    say("");
  }
}

std::string in_one_line(const std::set<std::string>& words) {
  return words.empty() ? "none" : fmt::format("{}", fmt::join(words, " "));
}

void tell_all(const Tally& total, const std::set<std::string>& stood_in) {
  std::set<std::string> rows;
  std::set<std::string> checks;
  std::set<std::string> missed_states;
  for (const ArcInfo& arc : fault_response::fault_response().arcs) {
    rows.insert(arc.row);
    checks.insert(arc.checks.begin(), arc.checks.end());
  }
  for (const StateInfo& one : fault_response::fault_response().states)
    if (!stood_in.contains(one.name)) missed_states.insert(one.name);
  std::set<std::string> missed_rows;
  std::ranges::set_difference(rows, total.rows, std::inserter(missed_rows, missed_rows.end()));
  std::set<std::string> silent;
  for (const std::string& one : checks)
    if (!total.blocked.contains(one)) silent.insert(one);
  say("\nstates of the workflow  {} of {}; never: {}", stood_in.size() - (stood_in.contains("") ? 1 : 0),
      fault_response::fault_response().states.size(), in_one_line(missed_states));
  say("rows and notes taken    {} of {}; never: {}", rows.size() - missed_rows.size(), rows.size(),
      in_one_line(missed_rows));
  say("checks that refused     {} of {}; never: {}", checks.size() - silent.size(), checks.size(),
      in_one_line(silent));
}

int run(const Options& options) {
  Tally total;
  std::set<std::string> stood_in;
  std::size_t states = 0;
  std::size_t broken = 0;
  std::size_t walked = 0;
  std::size_t exhausted = 0;
  const auto clock = [] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  };
  const double begun = clock();
  for (const Bound& bound : bounds()) {
    if (!options.bounds.empty() && std::ranges::count(options.bounds, bound.name) == 0) continue;
    const double since = clock();
    const std::size_t most = options.states > 0 ? options.states
                             : options.quick    ? bound.states_short
                                                : bound.states_max;
    const Result result = explore(bound, most);
    tell(result, clock() - since);
    states += result.states;
    broken += result.findings.size();
    ++walked;
    exhausted += result.exhausted ? 1 : 0;
    total.asked += result.tally.asked;
    total.decided += result.tally.decided;
    total.rows.insert(result.tally.rows.begin(), result.tally.rows.end());
    for (const auto& [check, times] : result.tally.blocked)
      total.blocked[check] += times;
    stood_in.insert(result.stood_in.begin(), result.stood_in.end());
  }
  tell_all(total, stood_in);
  say("{} states, {} events decided or refused, {} of {} bounds exhausted, {} rules broken, {:.1f} s", states,
      total.asked, exhausted, walked, broken, clock() - begun);
  return broken == 0 ? 0 : 1;
}

}  // namespace
}  // namespace kintsugi::explore

int main(int argc, char** argv) {
  using namespace kintsugi::explore;
  const auto options = options_of({argv, static_cast<std::size_t>(argc)});
  if (!options) {
    say("usage: explore [--bound NAME]... [--states N] [--short] [--list]");
    return 2;
  }
  if (options->list) {
    list();
    return 0;
  }
  return run(*options);
}

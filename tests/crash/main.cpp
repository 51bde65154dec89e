#include "adapters/sqlite/store.h"
#include "engine/base/entropy.h"
#include "engine/base/log.h"
#include "tests/crash/crew.h"
#include "tests/crash/inquiry.h"
#include "tests/end_to_end/private_server.h"
#include "tests/support/temporary_directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <thread>

// make crash: `kintsugi serve` is killed with SIGKILL again and again while clients play straight runs, and after
// each kill nothing that was acknowledged may be missing and nothing may be there twice.
//
//   crash [--rounds N] [--seed N] [--clients N]
//
// The seed decides when the kills come. How far the clients are then is the machine's, so that a seed gives the same
// plan and not the same story.
namespace kintsugi::crash {
namespace {

using namespace std::chrono_literals;

constexpr int rounds_of_a_site = 25;  // then a new installation, so that a round costs the same from first to last
constexpr auto run_least = 50ms;
constexpr auto run_most = 900ms;
constexpr auto start_most = 120ms;        // of a kill that comes while the program starts
constexpr int killed_while_starting = 8;  // one round in so many
constexpr auto calm_max = 60s;
constexpr auto young = 2s;  // an effect that is not delivered yet, and need not be

template <class... Args>
void say(fmt::format_string<Args...> text, Args&&... args) {
  fmt::print(text, std::forward<Args>(args)...);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

struct Options {
  int rounds = 8;
  unsigned seed = 1;
  int clients = 8;
};

struct Totals {
  int kills = 0;
  int kills_while_starting = 0;
  Ledger::Counts counts;
  Inquiry::Deliveries deliveries;
  Findings findings;
};

// Nothing has waited long for its delivery. The timers of the cases that are left alone go on writing letters.
bool is_calm(const Site& site) {
  const auto store = sqlite::Store::look_at(site.home().database().string());
  const auto waiting = store ? (*store)->outbox_summary() : Result<OutboxSummary>(pass(store));
  return waiting && (waiting->oldest == Instant{} || SystemClock().now() - waiting->oldest < young);
}

class Rounds {
 public:
  Rounds(const Options& options, Totals& totals) : options_(options), totals_(totals), chance_(options.seed) {}

  // One installation, from its first start to its last stop; false when it makes no sense to go on.
  bool play(const std::string& directory, int rounds) {
    Site site(directory, free_port());
    Ledger ledger;
    Inquiry inquiry(site);
    site.spawn();
    if (!site.comes_up()) return ends_badly(site, "does not start");
    {
      Crew crew(site, ledger, options_.clients);
      for (int i = 0; i < rounds; ++i) {
        std::this_thread::sleep_for(between(run_least, run_most));
        const auto acknowledged = ledger.all();
        site.kill();
        ++totals_.kills;
        while (chance(killed_while_starting) == 0) {
          site.spawn();
          std::this_thread::sleep_for(between(0ms, start_most));
          site.kill();
          ++totals_.kills;
          ++totals_.kills_while_starting;
        }
        site.spawn();
        if (!site.comes_up()) return ends_badly(site, "does not start again");
        inquiry.after_restart(acknowledged, totals_.findings);
      }
      crew.finish();
    }
    calm_down(site);
    const int exit = site.stop();
    if (exit != 0) totals_.findings.wrong.push_back(fmt::format("the program ended with {}", exit));
    const auto delivered = inquiry.at_the_end(ledger, site.sink(), site.simulator(), totals_.findings);
    add(ledger, delivered);
    return true;
  }

 private:
  // A number from 0 to below `end`.
  int chance(int end) {
    std::array<std::uint8_t, 2> drawn{};
    chance_.fill(drawn);
    return (drawn[0] * 256 + drawn[1]) % end;
  }
  std::chrono::milliseconds between(std::chrono::milliseconds least, std::chrono::milliseconds most) {
    return least + std::chrono::milliseconds(chance(static_cast<int>((most - least).count() + 1)));
  }

  void calm_down(const Site& site) {
    const auto until = std::chrono::steady_clock::now() + calm_max;
    while (!is_calm(site)) {
      if (std::chrono::steady_clock::now() > until) {
        totals_.findings.wrong.emplace_back("effects wait although nothing is in their way");
        return;
      }
      std::this_thread::sleep_for(20ms);
    }
  }

  bool ends_badly(const Site& site, const char* what) {
    totals_.findings.wrong.push_back(
        fmt::format("the program {}: {}{}", what, site.output(), content_of(site.log_file())));
    return false;
  }

  void add(const Ledger& ledger, const Inquiry::Deliveries& delivered) {
    const auto more = ledger.counts();
    Ledger::Counts& all = totals_.counts;
    all.acknowledged += more.acknowledged;
    all.cut_after += more.cut_after;
    all.cut_before += more.cut_before;
    all.asked_again += more.asked_again;
    all.closed_cases += more.closed_cases;
    totals_.deliveries.effects += delivered.effects;
    totals_.deliveries.redelivered += delivered.redelivered;
    std::ranges::copy(ledger.complaints(), std::back_inserter(totals_.findings.wrong));
  }

  const Options& options_;
  Totals& totals_;
  SeededEntropy chance_;
};

int run(const Options& options) {
  log::set_level("warn");
  say("crash: {} rounds, seed {}, {} clients", options.rounds, options.seed, options.clients);
  const auto began = std::chrono::steady_clock::now();
  const testing::TemporaryDirectory room;
  Totals totals;
  Rounds rounds(options, totals);
  for (int done = 0; done < options.rounds; done += rounds_of_a_site) {
    const int now = std::min(rounds_of_a_site, options.rounds - done);
    if (!rounds.play(room.path("site-" + std::to_string(done)), now)) break;
    say("  {} of {} rounds: {} acknowledged, {} wrong", done + now, options.rounds, totals.counts.acknowledged,
        totals.findings.wrong.size());
    if (!totals.findings.wrong.empty()) break;
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  const Ledger::Counts& counts = totals.counts;
  say("");
  say("{:>8} kills, {} of them while the program was starting; {:.0f} s", totals.kills, totals.kills_while_starting,
      seconds);
  say("{:>8} transitions acknowledged, {} straight runs closed", counts.acknowledged, counts.closed_cases);
  say("{:>8} requests cut off after their commit: asked again, they got the stored reply", counts.cut_after);
  say("{:>8} requests cut off before their commit: asked again, they were done once", counts.cut_before);
  say("{:>8} acknowledged requests asked again after a kill: each got its stored reply", counts.asked_again);
  say("{:>8} effects delivered, {} of them more than once, each time with the same key", totals.deliveries.effects,
      totals.deliveries.redelivered);
  say("{:>8} lost, {} doubled", totals.findings.lost, totals.findings.doubled);
  constexpr std::size_t shown_max = 20;
  for (std::size_t i = 0; i < std::min(totals.findings.wrong.size(), shown_max); ++i)
    say("  {}", totals.findings.wrong[i]);
  return totals.findings.wrong.empty() && counts.acknowledged > 0 ? 0 : 1;
}

}  // namespace
}  // namespace kintsugi::crash

int main(int count, char** given) {
  kintsugi::crash::Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = given[i];
    const int value = std::atoi(given[i + 1]);
    if (name == "--rounds")
      options.rounds = value;
    else if (name == "--seed")
      options.seed = static_cast<unsigned>(value);
    else if (name == "--clients")
      options.clients = value;
    else
      options.rounds = 0;
  }
  if (count % 2 == 0 || options.rounds <= 0 || options.clients <= 0) {
    fmt::print("crash [--rounds N] [--seed N] [--clients N]\n");
    return 2;
  }
  return kintsugi::crash::run(options);
}

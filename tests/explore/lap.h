#pragma once

#include "tests/explore/moves.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

// One move carried out as the engine would: the decision, what follows by itself, and, when the masters have changed,
// what the engine owes the case. Every step of it is held against the invariants, and the case that comes to rest
// against what must be true between two laps.
namespace kintsugi::explore {

// A rule that was broken: its name and sentence, and what was found this time.
struct Broken {
  std::string rule;
  std::string found;
};

struct Tally {
  std::uint64_t asked = 0;
  std::uint64_t decided = 0;
  std::uint64_t refused = 0;
  std::set<std::string> rows;                    // F01 …, and notes by their names
  std::map<std::string, std::uint64_t> blocked;  // checks, by how often they refused
};

class Laps {
 public:
  Laps();
  ~Laps();

  // The moment after the move; nothing if it was refused. `broken` is what was found on the way.
  std::optional<Moment> make(const Moment& moment, const Move& move, std::vector<Broken>& broken);
  // The same, decided and checked, and forgotten.
  void try_out(const Moment& moment, const Move& move, std::vector<Broken>& broken);

  const Tally& tally() const { return tally_; }

 private:
  std::optional<Moment> step(const Moment& moment, const Move& move, std::vector<Broken>& broken);
  std::optional<Moment> follow(Moment moment, std::vector<Broken>& broken);
  Moment ring(Moment moment, std::vector<Broken>& broken);
  Moment forward(Moment moment, std::vector<Broken>& broken);
  Moment in_the_world(const Moment& moment, const Move& move, std::vector<Broken>& broken);
  void check_refusal(const Moment& moment, const Move& move, const Refusal& refusal, std::vector<Broken>& broken);
  void check_record(const Event& event, const Decision& decision, std::vector<Broken>& broken);

  struct Records;
  std::unique_ptr<Records> records_;
  Tally tally_;
};

// The sentences of the rules that are not I1 to I14.
inline constexpr std::string_view rule_refusal = "P1: a refusal leaves the case as it was, and says why";
inline constexpr std::string_view rule_record = "P2: every change of a case can be recorded";
inline constexpr std::string_view rule_follow =
    "P3: what a case asks for by itself is not refused, and comes to an end";
inline constexpr std::string_view rule_clock = "P4: a clock that runs out is never refused";
inline constexpr std::string_view rule_rest = "P5: between two laps a case keeps its invariants";
inline constexpr std::string_view rule_watch =
    "P6: while closing is not proved a clock looks again or calls somebody";
inline constexpr std::string_view rule_alive = "P7: an open case has a clock that runs or a person who can move it";
inline constexpr std::string_view rule_end = "P8: from every state the case can still end";
inline constexpr std::string_view rule_again = "P9: the same question gets the same answer in the same state";

}  // namespace kintsugi::explore

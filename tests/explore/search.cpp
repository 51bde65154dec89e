#include "tests/explore/search.h"

#include "workflows/fault_response/workflow.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <sstream>
#include <unordered_map>

namespace kintsugi::explore {
namespace {

using fault_response::fault_response;

constexpr int visits_with_everything = 2;  // of each state of the workflow, all events by everybody are tried
constexpr std::uint32_t nobody = 0xffffffff;
constexpr std::uint32_t twins_every = 4;  // of so many states one is asked a second time, as it was met again

struct KeyHash {
  std::size_t operator()(const std::array<std::uint64_t, 2>& key) const noexcept { return key[0]; }
};
using Key = std::array<std::uint64_t, 2>;

Key key_of(const Moment& moment) {
  const Digest digest = sha256(canonical(moment));
  Key out{};
  std::memcpy(out.data(), digest.data(), sizeof(out));
  return out;
}

// Words that are stored once and known by number.
class Words {
 public:
  std::uint32_t number(const std::string& word) {
    const auto [found, fresh] = known_.try_emplace(word, static_cast<std::uint32_t>(all_.size()));
    if (fresh) all_.push_back(word);
    return found->second;
  }
  const std::string& word(std::uint32_t number) const { return all_[number]; }

 private:
  std::unordered_map<std::string, std::uint32_t> known_;
  std::vector<std::string> all_;
};

class Search {
 public:
  Search(const Bound& bound, std::size_t states_max) : bound_(bound), states_max_(states_max) {
    out_.bound = bound.name;
  }

  Result run() {
    for (const std::string& story : bound_.starts)
      begin(story);
    while (!frontier_.empty() && nodes_.size() < states_max_) {
      auto [at, moment] = std::move(frontier_.front());
      frontier_.pop_front();
      expand(at, moment);
      twins_.erase(at);
    }
    out_.unexpanded = frontier_.size();
    out_.exhausted = frontier_.empty() && !cut_short_;
    out_.states = nodes_.size();
    out_.edges = edges_.size();
    out_.tally = laps_.tally();
    can_end();
    return std::move(out_);
  }

 private:
  struct Node {
    std::uint32_t parent = nobody;
    std::uint32_t move = 0;  // how it was reached: a word
    std::uint32_t state = 0;
    std::uint32_t depth = 0;
    bool expanded = false;
    bool ended = false;
  };

  // ---- the stories -------------------------------------------------------------------------------------------

  std::vector<std::string> story_to(std::uint32_t at) const {
    std::vector<std::string> out;
    for (std::uint32_t i = at; i != nobody; i = nodes_[i].parent)
      if (nodes_[i].move != 0) out.push_back(words_.word(nodes_[i].move) + " -> " + words_.word(nodes_[i].state));
    std::ranges::reverse(out);
    return out;
  }

  void note(const std::vector<Broken>& broken, std::uint32_t at, const std::string& move, const std::string& state) {
    for (const Broken& one : broken) {
      const auto known = std::ranges::find_if(
          out_.findings, [&](const Finding& other) { return other.rule == one.rule && other.found == one.found; });
      if (known != out_.findings.end()) {
        ++known->times;
        continue;
      }
      auto story = story_to(at);
      if (!move.empty()) story.push_back(move + (state.empty() ? "" : " -> " + state));
      out_.findings.push_back({.rule = one.rule, .found = one.found, .story = std::move(story), .times = 1});
    }
  }

  // ---- nodes and edges ---------------------------------------------------------------------------------------

  std::uint32_t reach(Moment moment, std::uint32_t from, const std::string& move) {
    const auto [known, fresh] = index_.try_emplace(key_of(moment), static_cast<std::uint32_t>(nodes_.size()));
    if (from != nobody) edges_.emplace_back(from, known->second);
    if (!fresh) {
      keep_twin(known->second, from, std::move(moment));
      return known->second;
    }
    if (nodes_.size() >= states_max_) {
      index_.erase(known);
      if (from != nobody) edges_.pop_back();
      cut_short_ = true;
      return nobody;
    }
    const StateInfo* info = fault_response().state(moment.file.state);
    nodes_.push_back({.parent = from,
                      .move = words_.number(move),
                      .state = words_.number(moment.file.state),
                      .depth = from == nobody ? 0 : nodes_[from].depth + 1,
                      .expanded = false,
                      .ended = info != nullptr && info->end});
    out_.longest = std::max<std::size_t>(out_.longest, nodes_.back().depth);
    out_.stood_in.insert(moment.file.state);
    const auto number = known->second;
    frontier_.emplace_back(number, std::move(moment));
    return number;
  }

  // The moves of a start are played one after another and are states like all others.
  void begin(const std::string& story) {
    Moment moment;
    std::uint32_t at = reach(moment, nobody, "");
    std::istringstream lines(story);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string who;
      std::string event;
      std::string with;
      words >> who >> event;
      std::getline(words >> std::ws, with);
      const auto moves = said(moment, event, who);
      const auto move = std::ranges::find_if(moves, [&](const Move& one) { return one.with == with && one.step_up; });
      std::vector<Broken> broken;
      std::optional<Moment> after;
      if (move != moves.end()) after = laps_.make(moment, *move, broken);
      if (!after) {
        note({{"the story of a start can be played", line}}, at, line, "");
        return;
      }
      note(broken, at, move->text(), after->file.state);
      moment = std::move(*after);
      at = reach(moment, at, move->text());
      if (at == nobody) return;
    }
  }

  // The same state, met by another way before it was expanded.
  void keep_twin(std::uint32_t at, std::uint32_t from, Moment moment) {
    if (at % twins_every == 0 && !nodes_[at].expanded && nodes_[at].parent != from)
      twins_.try_emplace(at, std::move(moment));
  }

  // What may happen next: of alternatives the first that is taken.
  std::vector<std::vector<Move>> questions(const Moment& moment) const {
    std::vector<std::vector<Move>> out = homewards(bound_, moment);
    if (!bound_.focus.contains(moment.file.state)) return out;
    const auto add = [&](std::vector<Move> some) {
      for (Move& one : some)
        out.push_back({std::move(one)});
    };
    if (bound_.by_one)
      add_alternatives(out, offered(bound_, moment));
    else
      add(offered(bound_, moment));
    add(due_clocks(moment));
    add(world_moves(bound_, moment));
    return out;
  }

  // The same, said by another person, is another try of it.
  static void add_alternatives(std::vector<std::vector<Move>>& out, std::vector<Move> moves) {
    std::map<std::pair<std::string, std::string>, std::size_t> known;
    for (Move& one : moves) {
      const auto [found, fresh] = known.try_emplace({one.event, one.with}, out.size());
      if (fresh) out.emplace_back();
      out[found->second].push_back(std::move(one));
    }
  }

  static std::vector<Move> due_clocks(const Moment& moment) {
    std::vector<Move> out = due_timers(moment);
    std::erase_if(out, [&](const Move& move) {
      return std::ranges::none_of(moment.file.timers, [&](const Timer& one) {
        return one.event == move.event && one.about == move.timer_about && acts(moment, one);
      });
    });
    return out;
  }

  // Of a refusal it matters that it is one; by which of several checks it is known may hang on what else was said.
  static std::string answer(const std::optional<Moment>& after) { return after ? canonical(*after) : "a refusal"; }

  void expand(std::uint32_t at, const Moment& moment) {
    nodes_[at].expanded = true;
    const std::string& state = moment.file.state;
    if (!moment.file.id.empty() && ++visits_[state] <= visits_with_everything) try_everything(at, moment);
    const auto twin = twins_.find(at);
    bool somebody_moves = false;
    for (const auto& alternatives : questions(moment))
      for (const Move& move : alternatives) {
        std::vector<Broken> broken;
        auto after = laps_.make(moment, move, broken);
        if (twin != twins_.end()) ask_again(twin->second, move, answer(after), broken);
        note(broken, at, move.text(), after ? after->file.state : "");
        if (!after) continue;
        somebody_moves = somebody_moves || (move.who != "sys" && move.who != "world");
        if (reach(std::move(*after), at, move.text()) == nobody)
          nodes_[at].expanded = false;  // not all of it is known
        break;
      }
    if (moment.file.id.empty() || nodes_[at].ended) return;
    if (moment.file.timers.empty() && !somebody_moves) note({{std::string(rule_alive), "in " + state}}, at, "", "");
  }

  // P9. Of the clock no question is asked: how far it is to its next instant is what a state leaves out.
  void ask_again(const Moment& twin, const Move& asked, const std::string& expected, std::vector<Broken>& broken) {
    if (asked.event == "the clock moves on") return;
    std::vector<Move> moves{asked};
    if (!asked.timer_about.empty())
      moves = due_clocks(twin);  // whose ids are others
    else if (!asked.payload.empty())
      moves = said(twin, asked.event, asked.who);
    const auto move = std::ranges::find_if(moves, [&](const Move& one) { return one.text() == asked.text(); });
    if (move == moves.end()) {
      broken.push_back({std::string(rule_again), asked.text() + ": cannot be asked"});
      return;
    }
    if (const std::string given = answer(laps_.make(twin, *move, broken)); given != expected)
      broken.push_back({std::string(rule_again), asked.event + ":\n" + expected + "\nand\n" + given});
  }

  // Whatever the bound offers: every event of the workflow, by everybody.
  void try_everything(std::uint32_t at, const Moment& moment) {
    for (const EventInfo& info : fault_response().events)
      for (const std::string& who : everybody()) {
        if (masters(moment.masters).person(testing::person(who)) == nullptr && who != "mr" && who != "sys") continue;
        for (const Move& move : said(moment, info.name, who)) {
          std::vector<Broken> broken;
          laps_.try_out(moment, move, broken);
          note(broken, at, move.text(), "");
        }
      }
  }

  // Backwards from the ends, and from what was not expanded, of which nothing is known.
  void can_end() {
    std::vector<std::vector<std::uint32_t>> into(nodes_.size());
    for (const auto& [from, to] : edges_)
      into[to].push_back(from);
    std::vector<bool> reaches(nodes_.size());
    std::deque<std::uint32_t> next;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
      if (nodes_[i].ended || !nodes_[i].expanded) {
        reaches[i] = true;
        next.push_back(i);
      }
    while (!next.empty()) {
      const std::uint32_t i = next.front();
      next.pop_front();
      for (const std::uint32_t from : into[i])
        if (!reaches[from]) {
          reaches[from] = true;
          next.push_back(from);
        }
    }
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
      if (!reaches[i]) note({{std::string(rule_end), "in " + words_.word(nodes_[i].state)}}, i, "", "");
  }

  const Bound& bound_;
  std::size_t states_max_;
  Laps laps_;
  Words words_;
  std::unordered_map<Key, std::uint32_t, KeyHash> index_;
  std::vector<Node> nodes_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges_;
  std::deque<std::pair<std::uint32_t, Moment>> frontier_;
  std::unordered_map<std::uint32_t, Moment> twins_;
  std::map<std::string, int> visits_;
  bool cut_short_ = false;
  Result out_;
};

}  // namespace

Result explore(const Bound& bound, std::size_t states_max) {
  return Search(bound, states_max).run();
}

}  // namespace kintsugi::explore

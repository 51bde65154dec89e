#include "tests/support/play.h"
#include "workflows/fault_response/fault_flow.h"
#include "workflows/fault_response/notes.h"

#include <algorithm>
#include <set>

// Twins: rows that share a state and an event. Whatever the case looks like, the table must say which one is taken.
namespace kintsugi::testing {
namespace {

using machine::RowSpec;

constexpr int files_to_try = 300;
constexpr int walks = 40;
constexpr int steps_of_a_walk = 60;

// Numbers from a seed: a failing file can be made again.
class Dice {
 public:
  explicit Dice(std::string seed) : seed_(std::move(seed)) {}
  std::size_t below(std::size_t n) {
    const Digest drop = sha256(seed_ + std::to_string(thrown_++));
    return n == 0 ? 0 : ((std::size_t{drop[0]} << 16) + (std::size_t{drop[1]} << 8) + drop[2]) % n;
  }
  bool yes() { return below(2) == 0; }
  template <class T>
  const T& of(const std::vector<T>& list) {
    return list[below(list.size())];
  }

 private:
  std::string seed_;
  int thrown_ = 0;
};

const std::vector<std::string> people = {"clin", "psm", "sysadm", "netadm", "priv", "sec", "duty", "svc",
                                         "svc2", "l2",  "mgr",    "net",    "net2", "sys", "mr1"};

bool stands_at(const RowSpec& row, const std::string& state) {
  const StateInfo* info = fault_response::fault_response().state(state);
  return row.from.empty() ? info != nullptr && !info->end : std::ranges::count(row.from, state) > 0;
}

// The rows that may fire now for this event and this person.
std::vector<std::string> ready(const Play& p, const Event& event) {
  std::vector<std::string> out;
  for (const RowSpec* row : fault_response::flow_rows()) {
    if (row->event != event.name || !stands_at(*row, p.file.state)) continue;
    Event asking = event;
    const Situation bare{.file = p.file,
                         .event = asking,
                         .directory = p.directory,
                         .policy = p.policy(),
                         .same_device = p.same_device,
                         .audit_working = true,
                         .target = nullptr};
    asking.as = machine::role_for(bare, row->by);
    if (asking.as == Role::none) continue;
    if (machine::judge(*row, bare, false).failed.empty()) out.emplace_back(row->row);
  }
  return out;
}

// A file as no walk would make it: every part thrown by itself.
void throw_file(Play& p, Dice& dice) {
  const Workflow& flow = fault_response::fault_response();
  // Half of the files stand where twins are.
  static const std::vector<std::string> twin_states = {"conn_requested", "disconnecting", "connect_failed"};
  p.file.state = dice.yes() ? dice.of(twin_states) : flow.states[dice.below(flow.states.size())].name;
  p.file.next = dice.of(std::vector<std::string>{"", "acknowledged", "onsite", "data_deletion", "check_offline",
                                                 "conn_approved", "conn_approved"});
  p.file.priority = dice.yes() ? Priority::p1 : Priority::p2;
  if (p.file.request) {
    auto& approvals = p.file.request->approvals;
    while (!approvals.empty() && dice.yes())
      approvals.pop_back();
    p.file.request->dead = dice.below(4) == 0;
  }
  if (Grant* grant = p.file.grant()) {
    grant->sessions_used = static_cast<int>(dice.below(4));
    grant->attempts = static_cast<int>(dice.below(5));
    grant->end = dice.yes() ? GrantEnd::none : GrantEnd::expired;
    const bool closed = dice.yes();
    grant->accounts_disabled = closed || dice.yes();
    grant->proved_closed_at = dice.yes() ? p.now : Instant{};
    grant->hops.clear();
    for (const Hop hop : {Hop::exit, Hop::access_point, Hop::route, Hop::probe})
      if (closed || dice.below(4) != 0)
        grant->hops.push_back({.hop = hop,
                               .state = !closed && dice.yes() ? HopState::open : HopState::closed,
                               .at = p.now,
                               .generation = grant->generation,
                               .sessions = 0,
                               .by_hand = false});
    if (dice.below(3) == 0) p.now = grant->window.closes + 1min;
  }
  if (dice.below(4) == 0) p.file.grants.clear();
  for (Timer& one : p.file.timers)
    if (dice.yes()) one.due = p.now;
}

std::string all_of(const std::vector<std::string>& rows) {
  std::string out;
  for (const std::string& one : rows)
    out += one + " ";
  return out;
}

}  // namespace

TEST_CASE("whatever a file looks like at most one row takes an event", "[fault_response]") {
  std::set<std::string> events;
  for (const RowSpec* row : fault_response::flow_rows())
    if (!row->from.empty() && !row->from.front().empty()) events.emplace(row->event);
  std::set<std::string> fired;
  for (int n = 0; n < files_to_try; ++n) {
    Dice dice("file " + std::to_string(n));
    Play p;
    bring_to(p, dice.of(std::vector<std::string>{"acknowledged", "conn_requested", "conn_approved", "connected",
                                                 "check_online", "data_deletion", "sign_off"}));
    throw_file(p, dice);
    for (const std::string& who : people)
      for (const std::string& event : events) {
        const auto rows = ready(p, p.event_of(who, event, Json::object()));
        INFO("file " << n << " in " << p.file.state << ", next " << p.file.next << ": " << who << " " << event << " "
                     << all_of(rows));
        if (rows.size() > 1) CHECK(rows.size() == 1);
        fired.insert(rows.begin(), rows.end());
      }
  }
  for (const char* twin : {"F15", "F16", "F54", "F55", "F56", "F91", "F93", "F29", "F30"}) {
    INFO(twin);
    CHECK(fired.contains(twin));
  }
}

TEST_CASE("walks at random keep every invariant, and at most one row takes an event", "[fault_response]") {
  std::set<std::string> states;
  for (int n = 0; n < walks; ++n) {
    Dice dice("walk " + std::to_string(n));
    Play p;
    bring_to(p, n % 2 == 0 ? "acknowledged" : "connected");
    p.probe_gets_through = n % 7 == 0;
    for (int step = 0; step < steps_of_a_walk; ++step) {
      std::vector<const RowSpec*> possible;
      for (const RowSpec* row : fault_response::flow_rows())
        if (stands_at(*row, p.file.state) && row->by.front() != Role::sys) possible.push_back(row);
      for (const RowSpec& note : fault_response::notes())
        if (stands_at(note, p.file.state) && note.event != "report_hop") possible.push_back(&note);
      if (possible.empty()) break;
      const std::string event(dice.of(possible)->event);
      static const std::set<std::string> short_cuts = {"cancel", "revoke", "emergency_disconnect", "abort"};
      if (short_cuts.contains(event) && dice.below(4) != 0) continue;
      // Whoever may; often nobody.
      std::string who = dice.of(people);
      for (std::size_t i = dice.below(people.size()), n_people = 0; n_people < people.size(); ++i, ++n_people)
        if (std::holds_alternative<Decision>(p.ask(people[i % people.size()], event)))
          who = people[i % people.size()];
      INFO("walk " << n << " step " << step << ": " << who << " " << event << " in " << p.file.state);
      const auto rows = ready(p, p.event_of(who, event, Json::object()));
      CHECK(rows.size() <= 1);
      const Verdict verdict = p.send(who, event);
      if (const auto* decision = std::get_if<Decision>(&verdict); decision != nullptr && !rows.empty())
        CHECK(decision->row == rows.front());
      p.advance_to(p.now + std::chrono::minutes{1 + static_cast<int>(dice.below(12))});
      states.insert(p.file.state);
    }
  }
  INFO("only " << all_of({states.begin(), states.end()}));
  CHECK(states.size() >= 12);
}

}  // namespace kintsugi::testing

#include "tests/end_to_end/patient_client.h"
#include "tests/end_to_end/still.h"

#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

// Who may do what, tried from outside: every event of people, in every state, by every role of every organisation,
// over HTTP, against what the workflow's table says. The table is data (`kintsugi workflow table`), the engine that
// answers is the whole one.
namespace kintsugi::testing {
namespace {

// What the table says of one event in one state.
struct Entry {
  std::set<Role> by;
  std::set<std::string> rows;
  std::set<std::string> checks;
};
using Table = std::map<std::pair<std::string, std::string>, Entry>;

Table table_of(const Workflow& workflow) {
  Table out;
  for (const ArcInfo& arc : workflow.arcs) {
    Entry& entry = out[{arc.from, arc.event}];
    entry.by.insert(arc.by.begin(), arc.by.end());
    entry.rows.insert(arc.row);
    entry.checks.insert(arc.checks.begin(), arc.checks.end());
  }
  return out;
}

// One thread's way through one state.
class Trial {
 public:
  Trial(Still& still, const Table& table, const std::string& state)
      : still_(still), table_(table), play_(in_state(state)), client_(patient_client(still.url())) {
    play_.directory = still.directory;
    file_ = still_.paste(play_);
  }

  void run() {
    for (const Stranger& who : still_.people)
      look(who);
    for (const EventInfo& event : still_.workflow.events)
      if (event.by_people)
        for (const Stranger& who : still_.people)
          attempt(who, event);
    still_.take_away(file_);
  }

  std::vector<std::string> wrong;
  int attempts = 0;
  int moves = 0;
  int refusals = 0;

 private:
  std::string path() const { return "/api/v1/cases/" + file_.id.text(); }

  void complain(const Stranger& who, const std::string& what, const std::string& why) {
    wrong.push_back(play_.file.state + ": " + who.nick + " " + what + ": " + why);
  }

  // The case as he sees it, and what it offers him.
  void look(const Stranger& who) {
    const auto seen = client_.Get(path(), httplib::Headers{{"Authorization", "Bearer " + Still::token_of(who)}});
    if (!seen) return complain(who, "looks", "no answer");
    if (seen->status != (who.takes_part ? 200 : 404))
      return complain(who, "looks", "answered " + std::to_string(seen->status));
    if (!who.takes_part) return;
    const Json view = Json::parse(seen->body);
    for (const Json& action : view.at("actions"))
      if (action.at("allowed") == true) offered_[who.nick].insert(action.at("event").get<std::string>());
  }

  void attempt(const Stranger& who, const EventInfo& event) {
    const auto entry = table_.find({play_.file.state, event.name});
    const bool named = entry != table_.end() && entry->second.by.contains(who.role);
    const Json payload = written(play_, event, who.nick);
    const bool proves = who.takes_part && named && event.needs_step_up;
    if (proves) {
      const auto without = post(who, event, payload, "");
      if (without && without->status == 200) complain(who, event.name, "moved without a second proof of identity");
      if (without && without->status != 200) ++refusals;
    }
    const auto reply = post(who, event, payload, proves ? still_.step_up(who, file_.id, event.name, payload) : "");
    if (!reply) return complain(who, event.name, "no answer");
    judge(who, event, entry == table_.end() ? nullptr : &entry->second, *reply);
  }

  httplib::Result post(const Stranger& who, const EventInfo& event, const Json& payload, const std::string& proof) {
    httplib::Headers headers{{"Authorization", "Bearer " + Still::token_of(who)},
                             {"If-Match", "\"" + std::to_string(file_.version) + "\""}};
    if (!proof.empty()) headers.emplace("Step-Up", proof);
    ++attempts;
    return client_.Post(path() + "/events/" + event.name, headers, payload.dump(), "application/json");
  }

  void judge(const Stranger& who, const EventInfo& event, const Entry* entry, const httplib::Response& reply) {
    const Json body = Json::parse(reply.body);
    const std::string code = body.value("code", "");
    const bool offered = offered_[who.nick].contains(event.name);
    const auto unexpected = [&] {
      complain(who, event.name, "answered " + std::to_string(reply.status) + " " + body.dump());
    };
    if (reply.status == 200) {
      ++moves;
      if (!who.takes_part || entry == nullptr || !entry->by.contains(who.role) ||
          !entry->rows.contains(body.at("row").get<std::string>()))
        unexpected();
      if (!offered) complain(who, event.name, "moved, though the case did not offer it");
      still_.take_away(file_);
      file_ = still_.paste(play_);
      return;
    }
    if (!who.takes_part) {
      if (reply.status != 404 || (!code.starts_with("no_case_") && !event.opens_case)) unexpected();
      return;
    }
    if (event.opens_case) {
      if (reply.status != 404) unexpected();
      return;
    }
    ++refusals;
    if (entry == nullptr) {
      if (reply.status != 409 || code != "illegal_transition") unexpected();
    } else if (!entry->by.contains(who.role)) {
      if (reply.status != 403) unexpected();
    } else if (reply.status != 403 && reply.status != 409) {
      unexpected();
    } else {
      for (const Json& check : body.value("failed", Json::array()))
        if (!entry->checks.contains(check.at("name").get<std::string>())) unexpected();
      if (!body.contains("failed")) unexpected();
    }
  }

  Still& still_;
  const Table& table_;
  Play play_;
  httplib::Client client_;
  CaseFile file_;
  std::map<std::string, std::set<std::string>> offered_;
};

}  // namespace

TEST_CASE("every event in every state by every role of every organisation goes as the table says", "[authority]") {
  Still still;
  const Table table = table_of(still.workflow);
  std::vector<std::unique_ptr<Trial>> trials;
  for (const StateInfo& state : still.workflow.states)
    trials.push_back(std::make_unique<Trial>(still, table, state.name));

  constexpr int threads = 4;
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> workers;
  for (int i = 0; i < threads; ++i)
    workers.emplace_back([&] {
      for (std::size_t mine = next++; mine < trials.size(); mine = next++)
        try {
          trials[mine]->run();
        } catch (const std::exception& failure) {
          trials[mine]->wrong.emplace_back(failure.what());
        }
    });
  for (std::thread& one : workers)
    one.join();

  int attempts = 0;
  int refusals = 0;
  std::size_t shown = 0;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const Trial& trial = *trials[i];
    const StateInfo& state = still.workflow.states[i];
    INFO(state.name << ": " << trial.attempts << " attempts, " << trial.moves << " moved");
    CHECK(trial.wrong.empty());
    const bool can_move = std::ranges::any_of(table, [&](const auto& row) {
      return row.first.first == state.name &&
             std::ranges::any_of(row.second.by, [](Role role) { return side_of(role) != Side::system; });
    });
    CHECK(can_move == (trial.moves > 0));
    for (const std::string& one : trial.wrong)
      if (shown++ < 60) UNSCOPED_INFO(one);
    attempts += trial.attempts;
    refusals += trial.refusals;
  }
  CHECK(shown == 0);

  // Each refusal of somebody who takes part is in his hospital's log.
  const std::string log = Still::log_of(hospital);
  const auto size = still.store().audit_size(log);
  REQUIRE(size);
  int recorded = 0;
  for (std::int64_t first = 0; first < *size; first += 10'000) {
    const auto rows = still.store().audit_rows(log, first, 10'000);
    REQUIRE(rows);
    for (const AuditRow& row : *rows)
      if (row.body.find("\"ev\":\"refused\"") != std::string::npos) ++recorded;
  }
  CHECK(recorded == refusals);
  const auto events = std::ranges::count_if(still.workflow.events, &EventInfo::by_people);
  CHECK(attempts >= std::ssize(trials) * events * std::ssize(still.people));
}

}  // namespace kintsugi::testing

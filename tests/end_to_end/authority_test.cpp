#include "adapters/http/server.h"
#include "programs/server/engine.h"
#include "tests/support/stages.h"
#include "tests/support/temporary_directory.h"

#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

// Who may do what, tried from outside: every event of people, in every state, by every role of every organisation,
// over HTTP, against what the workflow's table says. The table is data (`kintsugi workflow table`), the engine that
// answers is the whole one.
namespace kintsugi::testing {
namespace {

// Somebody who holds one role and has had no part in any case.
struct Stranger {
  std::string nick;
  Role role = Role::none;
  std::string at;
  bool takes_part = false;  // his hospital's or his service centre's case
};

constexpr std::string_view hospital = "sakura";
constexpr std::string_view centre = "hikari";

std::vector<Stranger> strangers() {
  using enum Role;
  std::vector<Stranger> out;
  const auto add = [&](std::string at, Role role) {
    const std::string nick = "new_" + at + "_" + std::string(name_of(role));
    out.push_back({nick, role, at, at == hospital || at == centre});
  };
  for (const char* at : {"sakura", "fuji"})
    for (const Role role : {hcf_clin, hcf_psm, hcf_sysadm, hcf_netadm, hcf_priv, hcf_sec, hcf_duty, auditor})
      add(at, role);
  for (const char* at : {"hikari", "kumo"})
    for (const Role role : {rsc_svc, rsc_l2, rsc_mgr, rsc_netadm})
      add(at, role);
  return out;
}

Directory world_with(const std::vector<Stranger>& people, const Workflow& workflow) {
  Directory out = small_world();
  for (const Stranger& one : people) {
    Person who = *out.person(person("sysadm"));
    who.id = person(one.nick);
    who.name = {one.nick, one.nick};
    who.mail = one.nick + "@" + one.at + ".example";
    who.employer = organisation(one.at);
    who.roles.front().role = one.role;
    who.roles.front().at = who.employer;
    out.put(std::move(who));
  }
  // One device for each state, so that no two cases are twins.
  Contract contract = *out.contract(id_of<ContractId>("contract", "mr1"));
  for (const StateInfo& state : workflow.states) {
    Device one = *out.device(device("mr1"));
    one.id = device("mr_" + state.name);
    one.serial = "SN-" + state.name;
    contract.devices.push_back(one.id);
    out.put(std::move(one));
  }
  out.put(std::move(contract));
  return out;
}

template <class Id, class T>
void add(std::vector<Master>& out, const char* kind, const std::map<Id, T>& all, OrganisationId T::*owner) {
  for (const auto& [id, one] : all)
    out.push_back({.kind = kind, .id = id.text(), .tenant = (one.*owner).text(), .body = to_json_text(one)});
}

std::vector<Master> masters_of(const Directory& directory) {
  std::vector<Master> out;
  add(out, "organisation", directory.organisations(), &Organisation::id);
  add(out, "person", directory.people(), &Person::employer);
  add(out, "access_point", directory.access_points(), &AccessPoint::owner);
  add(out, "device", directory.devices(), &Device::tenant);
  add(out, "contract", directory.contracts(), &Contract::tenant);
  return out;
}

// Catch's own demands are for one thread.
void demand(const Result<>& done) {
  if (!done) throw std::runtime_error(done.error().what);
}

// The whole engine with its API, and nothing that moves by itself: no clock that runs, no timers, no deliveries.
class Still {
 public:
  Still() {
    const auto home = make_home(place_.path("data"), "test.kintsugi.invalid", entropy_);
    REQUIRE(home);
    auto wired = Engine::wire(*home, {}, clock, entropy_);
    REQUIRE(wired);
    engine_ = std::move(*wired);
    REQUIRE(engine_->open());
    engine_->conductor->start();
    REQUIRE(engine_->conductor->put_masters(masters_of(directory)));
    for (const Stranger& one : people)
      sign_in(one);
    http::Listening listening;
    listening.port = 0;
    server_ = std::make_unique<http::Server>(engine_->desk(), listening);
    REQUIRE(server_->start());
  }
  ~Still() {
    server_->stop();
    engine_->conductor->stop();
  }

  std::string url() const { return server_->url(); }
  Conductor& conductor() { return *engine_->conductor; }
  Store& store() { return *engine_->store; }

  // The play's case under a number of its own, as if it had always been there.
  CaseFile paste(const Play& play) {
    CaseFile file = play.file;
    file.id = CaseId{new_id_text("case", clock.now(), entropy_.digest(), 0)};
    file.number = case_number(2026, ++number_);
    file.device = device("mr_" + file.state);
    keep(file, true);
    return file;
  }
  void take_away(CaseFile file) {
    file.state = "closed";
    file.grants.clear();  // the device is free for the next one
    keep(file, false);
  }
  std::string step_up(const Stranger& who, const CaseId& id, const std::string& event, const Json& payload) {
    const std::string token = to_base64(entropy_.digest());
    StoredStepUp proof;
    proof.token = sha256(token);
    proof.person = person(who.nick);
    proof.case_id = id;
    proof.event = event;
    if (const auto named = payload.find("request_hash"); named != payload.end())
      demand(read_json(*named, proof.request_hash));
    proof.created = clock.now();
    proof.expires = clock.now() + 2min;
    demand(conductor().chore([&](Batch& batch) { return batch.put_step_up(proof); }));
    return token;
  }
  static std::string token_of(const Stranger& who) { return "token of " + who.nick; }

  const Workflow& workflow = fault_response::fault_response();
  const std::vector<Stranger> people = strangers();
  const Directory directory = world_with(people, workflow);
  ManualClock clock{tokyo(0, 9, 40)};

 private:
  void sign_in(const Stranger& who) {
    SignIn row;
    row.id = SignInId{new_id_text("signin", clock.now(), entropy_.digest(), 0)};
    row.person = person(who.nick);
    row.token = sha256(token_of(who));
    row.created = clock.now();
    row.expires = clock.now() + 8h;
    row.with_code = true;
    demand(conductor().chore([&](Batch& batch) { return batch.put_sign_in(row); }));
  }
  void keep(const CaseFile& file, bool is_new) {
    const bool open = workflow.is_open(file.state);
    demand(engine_->vault->create_keys(file.id));
    const auto kept = conductor().chore([&](Batch& batch) -> Result<> {
      LapWrites lap;
      lap.files.push_back({.file = &file, .is_new = is_new, .open = open});
      return batch.write(lap);
    });
    demand(kept);
  }

  TemporaryDirectory place_;
  SeededEntropy entropy_{17};
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<http::Server> server_;
  std::atomic<std::int64_t> number_{0};
};

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
      : still_(still), table_(table), play_(in_state(state)), client_(still.url()) {
    play_.directory = still.directory;
    client_.set_keep_alive(true);
    client_.set_tcp_nodelay(true);
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
  const std::string log = "test.kintsugi.invalid/hcf/" + organisation(hospital).text();
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

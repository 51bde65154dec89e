#include "tests/end_to_end/disk.h"
#include "tests/end_to_end/visit.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

// What a machine does to a server: a full disk, one that can only be read, an older copy of the database in its
// place, a second server, a clock that goes back. Each is said in both languages with what to do, and when it has
// passed everything that was answered is there.
namespace kintsugi::testing {
namespace {

namespace fs = std::filesystem;

constexpr auto trouble_patience = std::chrono::seconds(60);
constexpr std::size_t disk_mib = 160;  // a server wants 100 MiB free

httplib::Result fault_in(Api& api, const std::string& key, const char* language) {
  Json one = api.fault();
  one["dedup_key"] = one["code"] = key;
  one["details"] = std::string(4000, 'x');
  return api.post("/api/v1/faults", api.device_token, one.dump(), {{"Accept-Language", language}});
}

// Reports until one is not taken; the paths of those that were.
std::vector<std::string> reports_until_refused(Api& api, const std::string& prefix) {
  std::vector<std::string> taken;
  for (int i = 0; i < 20'000; ++i) {
    const auto reply = fault_in(api, prefix + std::to_string(i), "en");
    if (reply->status == 503) return taken;
    REQUIRE(reply->status == 201);
    taken.push_back(reply->get_header_value("Location"));
  }
  FAIL("a full disk takes everything");
  return taken;
}

void check_all_there(Api& api, const std::vector<std::string>& paths) {
  const auto store = api.store();
  for (const std::string& path : paths)
    CHECK(store->read_case(CaseId{path.substr(14)}));
}

void check_log_verifies(const Api& api) {
  const Ran verified = run("audit verify " + api.served);
  INFO(verified.output);
  CHECK(verified.exit == 0);
}

// A start that must fail: what it says in both languages, and its exit code.
void check_start_refused(const Api& api, int exit, const std::string& ja, const std::string& en) {
  for (const auto& [language, text] : {std::pair{"ja", ja}, {"en", en}}) {
    const Ran ran = run(std::string("--lang ") + language + " serve --data " + api.served + " --listen 127.0.0.1:0");
    INFO(ran.output);
    CHECK(ran.exit == exit);
    CHECK(ran.output.find(text) != std::string::npos);
  }
}

void stop_program(Api& api) {
  api.http.reset();
  api.program->signal(SIGTERM);
  CHECK(api.program->wait() == 0);
}

// A check of the server's health as it reads in one language.
Json health_check(Api& api, const std::string& name, const char* language) {
  const auto reply = api.http->Get("/api/v1/health",
                                   {{"Authorization", "Bearer " + api.token("sato")}, {"Accept-Language", language}});
  REQUIRE(reply);
  const Json health = Json::parse(reply->body);
  for (const Json& one : health.at("checks"))
    if (one.at("name") == name) return one;
  return {};
}

bool says(const Json& check, const std::string& text) {
  return check.dump().find(text) != std::string::npos;
}

// What was waited for in the meantime is due at once when the clock jumps forward, and moves the case between a look
// and an act; whoever acts looks again.
void acts(Api& api, const std::string& path, const std::string& nick, const std::string& event, const Json& payload) {
  int status = 0;
  std::string said;
  CHECK(wait_until(
      [&] {
        const auto reply = api.act(path, nick, event, payload);
        status = reply->status;
        said = reply->body;
        return status != 412;
      },
      trouble_patience));
  INFO(said);
  CHECK(status == 200);
}

// The program under a clock that the test sets: `-1d` in the file is yesterday, now or at the next start.
class OwnClock {
 public:
  explicit OwnClock(const Api& api) : file_(api.directory.path("clock")) { set("+0"); }
  void set(const std::string& offset) const {
    std::ofstream(file_ + ".new") << offset << "\n";
    fs::rename(file_ + ".new", file_);
  }
  std::vector<std::string> environment() const {
    return {"LD_PRELOAD=/usr/$LIB/faketime/libfaketimeMT.so.1", "FAKETIME_TIMESTAMP_FILE=" + file_,
            "FAKETIME_NO_CACHE=1", "DONT_FAKE_MONOTONIC=1", "ASAN_OPTIONS=verify_asan_link_order=0"};
  }

 private:
  const std::string file_;
};

}  // namespace

TEST_CASE("on a full disk nothing is taken and everybody is told, cutting goes on, and room is all that it needs",
          "[trouble]") {
  Disk disk(disk_mib);
  Visit visit({"abe", "sato", "suzuki", "ono", "tanaka"});
  Api& api = visit.api;
  visit.reports();
  visit.to_connected();
  const std::int64_t version = visit.file().version;
  disk.fill();
  const auto before = reports_until_refused(api, "FULL-");

  const auto en = fault_in(api, "MORE", "en");
  CHECK(en->status == 503);
  CHECK(problem_of(en) == "not_writable");
  CHECK(Json::parse(en->body).at("detail").get<std::string>().find("Tell the operator") != std::string::npos);
  const auto ja = fault_in(api, "MORE", "ja");
  CHECK(Json::parse(ja->body).at("detail").get<std::string>().find("運用担当者に知らせ") != std::string::npos);
  CHECK(wait_until([&] { return health_check(api, "disk", "en").at("status") == "wrong"; }, trouble_patience));
  CHECK(says(health_check(api, "disk", "en"), "Make room"));
  CHECK(says(health_check(api, "disk", "ja"), "ディスクを空ける"));

  const auto cut = api.act(visit.path, "suzuki", "revoke", Json::object());
  INFO(cut->body);
  CHECK(cut->status == 503);
  const std::string answered = problem_of(cut);
  CHECK((answered == "closing_under_way" || answered == "not_writable"));  // is there room for a line in the journal?
  CHECK(wait_until([&] { return visit.ask(Hop::access_point).state == HopState::closed; }, trouble_patience));
  CHECK(visit.file().version == version);

  disk.make_room();
  if (answered == "not_writable") CHECK(api.act(visit.path, "suzuki", "revoke", Json::object())->status == 200);
  CHECK(wait_until([&] { return visit.file().state == "acknowledged"; }, trouble_patience));
  const auto records = api.records("midori");
  CHECK(std::ranges::count_if(records, [](const Json& one) { return one.at("ev") == "revoke"; }) == 1);
  CHECK(fault_in(api, "AFTER", "en")->status == 201);
  check_all_there(api, before);
  check_log_verifies(api);
}

TEST_CASE("a server that finds its disk full does not start, says so, and starts when there is room", "[trouble]") {
  Disk disk(disk_mib);
  Api api;
  api.go_on_outside();
  const std::string path = api.report();
  stop_program(api);
  disk.fill();
  check_start_refused(api, 6, "空きを作って", "Make room");
  disk.make_room();
  api.go_on_outside();
  check_all_there(api, {path});
  CHECK(fault_in(api, "AFTER", "en")->status == 201);
  check_log_verifies(api);
}

TEST_CASE("a server that finds its disk read-only does not start, says so, and starts when it can write",
          "[trouble]") {
  Disk disk(disk_mib);
  Api api;
  api.go_on_outside();
  const std::string path = api.report();
  stop_program(api);
  api.program.reset();
  disk.be_read_only(true);
  check_start_refused(api, 4, "読み取り専用", "is read-only");
  disk.be_read_only(false);
  api.go_on_outside();
  check_all_there(api, {path});
  check_log_verifies(api);
}

TEST_CASE("an older copy of the database is not served, and the newer one is when it is back", "[trouble]") {
  Api api;
  const std::string database = api.served + "/kintsugi.db";
  const std::string older = api.directory.path("older.db");
  const std::string newer = api.directory.path("newer.db");
  const std::string first = api.report();
  api.stop();
  fs::copy_file(database, older);
  api.go_on_outside();
  const auto second = fault_in(api, "SECOND", "en");
  REQUIRE(second->status == 201);
  REQUIRE(wait_until([&] { return api.store()->last_checkpoint(Api::log_of("midori")).value().has_value(); },
                     trouble_patience));
  stop_program(api);
  fs::rename(database, newer);
  fs::copy_file(older, database);
  check_start_refused(api, 4, "古い控え", "an older copy");
  fs::remove(database);
  fs::rename(newer, database);
  api.go_on_outside();
  check_all_there(api, {first, second->get_header_value("Location")});
  CHECK(fault_in(api, "THIRD", "en")->status == 201);
  check_log_verifies(api);
}

TEST_CASE("a database that is replaced under the running server takes nothing until it is put back", "[trouble]") {
  Api api;
  const std::string database = api.served + "/kintsugi.db";
  const std::string older = api.directory.path("older.db");
  const std::string own = api.directory.path("own.db");
  api.token("sato");
  api.stop();
  fs::copy_file(database, older);
  api.go_on_outside();
  const std::string first = api.report();
  fs::rename(database, own);
  fs::copy_file(older, database);

  const auto refused = fault_in(api, "SECOND", "en");
  CHECK(refused->status == 503);
  CHECK(problem_of(refused) == "not_writable");
  fs::rename(own, database);
  CHECK(fault_in(api, "SECOND", "en")->status == 201);
  check_all_there(api, {first});
  check_log_verifies(api);
}

TEST_CASE("a second server on a directory is turned away and the first goes on", "[trouble]") {
  Api api;
  api.go_on_outside();
  const std::string path = api.report();
  check_start_refused(api, 4, "別の kintsugi が使っています", "Another kintsugi uses");
  CHECK(fault_in(api, "AFTER", "en")->status == 201);
  check_all_there(api, {path});
  check_log_verifies(api);
}

TEST_CASE("a second server does not share a port, and whoever asks is answered by the first", "[trouble]") {
  Api first;
  first.go_on_outside();
  const TemporaryDirectory place;
  REQUIRE(run("init --data " + place.path("other")).exit == 0);
  const std::string address = first.url.substr(first.url.find("//") + 2);
  for (const auto& [language, text] : {std::pair{"ja", "--listen で別のポート"}, {"en", "name another port"}}) {
    const Ran ran =
        run(std::string("--lang ") + language + " serve --data " + place.path("other") + " --listen " + address);
    INFO(ran.output);
    CHECK(ran.exit == 5);
    CHECK(ran.output.find(text) != std::string::npos);
  }
  CHECK(fault_in(first, "AFTER", "en")->status == 201);
}

TEST_CASE("a clock that goes back a day under the running server is said, and costs nothing", "[trouble]") {
  Api api;
  const OwnClock clock(api);
  api.token("sato");
  api.token("abe");
  api.go_on_outside("", clock.environment());
  const std::string path = api.report();
  clock.set("-1d");
  REQUIRE(wait_until([&] { return health_check(api, "clock", "en").at("status") == "wrong"; }, trouble_patience));
  CHECK(says(health_check(api, "clock", "en"), "Mend the time service"));
  CHECK(says(health_check(api, "clock", "ja"), "時刻同期"));
  acts(api, path, "abe", "acknowledge", Json::object());
  clock.set("+0");
  acts(api, path, "abe", "add_note", {{"note", "the clock is right again"}});
  CHECK(api.file(path).version >= 3);
  check_log_verifies(api);
}

TEST_CASE("a server that starts with yesterday's clock says so, and what was answered is there", "[trouble]") {
  Api api;
  const OwnClock clock(api);
  api.token("sato");
  api.token("abe");
  api.go_on_outside("", clock.environment());
  const std::string path = api.report();
  stop_program(api);
  clock.set("-1d");
  auto yesterday = clock.environment();
  for (const auto& [language, text] :
       {std::pair{"ja_JP.UTF-8", "最後の記録"}, {"C.UTF-8", "behind the newest record"}}) {
    auto environment = yesterday;
    environment.push_back(std::string("LC_ALL=") + language);
    api.go_on_outside("", environment);
    std::ifstream log(api.directory.path("serve.log"));
    CHECK(std::string(std::istreambuf_iterator<char>(log), {}).find(text) != std::string::npos);
    CHECK(says(health_check(api, "clock", "en"), "behind the newest record"));
    stop_program(api);
  }
  api.go_on_outside("", yesterday);
  acts(api, path, "abe", "acknowledge", Json::object());
  stop_program(api);
  clock.set("+0");
  api.go_on_outside("", clock.environment());
  CHECK(api.file(path).state == "acknowledged");
  CHECK(fault_in(api, "AFTER", "en")->status == 201);
  check_log_verifies(api);
}

}  // namespace kintsugi::testing

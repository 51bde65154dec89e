#include "tests/end_to_end/api.h"
#include "tests/end_to_end/run.h"
#include "tests/support/wait.h"

#include <sqlite3.h>

#include <fstream>
#include <sstream>

// `kintsugi audit` and `kintsugi db` as an operator runs them, on a directory that a server has written.
namespace kintsugi::testing {
namespace {

void spoil(const std::string& database) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(database.c_str(), &db) == SQLITE_OK);
  char* error = nullptr;
  sqlite3_exec(db,
               "DROP TRIGGER audit_no_update; UPDATE audit SET body = CAST(replace(CAST(body AS TEXT), '\"notify\"', "
               "'\"notifz\"') AS BLOB) "
               "WHERE CAST(body AS TEXT) LIKE '%\"notify\"%'",
               nullptr, nullptr, &error);
  INFO((error == nullptr ? "" : error));
  CHECK(error == nullptr);
  CHECK(sqlite3_changes(db) == 1);
  sqlite3_close(db);
}

}  // namespace

TEST_CASE("the log verifies beside a running server, can be exported and copied, and one changed byte is named",
          "[audit]") {
  Api api;
  api.report();
  const std::string data = api.directory.path("data");
  const std::string log = "test.kintsugi.invalid/hcf/" + organisation("midori").text();
  REQUIRE(wait_until(
      [&] {
        const auto signed_upto = api.server->store().last_checkpoint(log);
        const auto size = api.server->store().audit_size(log);
        return signed_upto && *signed_upto && size && (*signed_upto)->size == *size;
      },
      std::chrono::seconds(10)));

  const Ran live = run("audit verify " + data);
  INFO(live.output);
  CHECK(live.exit == 0);
  const std::string exported = api.directory.path("export");
  CHECK(run("audit export " + data + " --log " + log + " --to " + exported).exit == 0);
  CHECK(run("audit verify " + exported + " --vkey " + exported + "/vkey").exit == 0);
  CHECK(run("audit verify " + exported + " --vkey " + data + "/log.vkey").exit == 0);  // of the whole installation
  CHECK(run("audit prove " + data + " --log " + log + " --index 0").exit == 0);
  const Ran no_log = run("audit export " + data + " --log nobody --to " + exported + "2");
  CHECK(no_log.exit == 3);
  CHECK(no_log.output.find(log) != std::string::npos);
  const std::string copy = api.directory.path("backup");
  const Ran copied = run("db backup --data " + data + " --into " + copy);
  INFO(copied.output);
  CHECK(copied.exit == 0);
  CHECK(run("db check --data " + data).exit == 0);
  CHECK(run("db migrate --data " + data).exit == 4);  // the server has the directory
  CHECK(run("db restore --from " + copy + " --data " + api.directory.path("again")).exit == 0);
  CHECK(run("outbox list --data " + data + " --state waiting").exit == 0);

  const Ran in_use = run("--lang ja db migrate --data " + data);
  CHECK(in_use.output.find("別の kintsugi が使っています") != std::string::npos);
  const Ran nowhere = run("--lang ja db check --data " + api.directory.path("nowhere"));
  CHECK(nowhere.exit == 3);
  CHECK(nowhere.output.find("に環境がありません") != std::string::npos);

  api.stop();
  spoil(data + "/kintsugi.db");
  const Ran spoilt = run("audit verify " + data);
  INFO(spoilt.output);
  CHECK(spoilt.exit == 7);
  CHECK(spoilt.output.find(log) != std::string::npos);
  CHECK(spoilt.output.find("record") != std::string::npos);
  CHECK(run("db check --data " + data).exit == 7);
  const Ran in_japanese = run("--lang ja db check --data " + data);
  INFO(in_japanese.output);
  CHECK(in_japanese.output.find("書き換えられています") != std::string::npos);
  CHECK(in_japanese.output.find("was changed") == std::string::npos);
  CHECK(run("--lang ja audit verify " + data).output.find("NOT VERIFIED 検証できません") != std::string::npos);

  const std::string bundle = exported + "/tile/entries/000.p/" + [&] {
    for (const auto& one : std::filesystem::directory_iterator(exported + "/tile/entries/000.p"))
      return one.path().filename().string();
    return std::string();
  }();
  std::fstream file(bundle, std::ios::in | std::ios::out | std::ios::binary);
  REQUIRE(file);
  file.seekp(20);
  file.put('#');
  file.close();
  const Ran broken = run("audit verify " + exported + " --vkey " + exported + "/vkey");
  INFO(broken.output);
  CHECK(broken.exit == 7);
  CHECK(broken.output.find("record") != std::string::npos);
}

}  // namespace kintsugi::testing

#include "tests/end_to_end/desk.h"

#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>

// The command line as a client: the real binary against a real server.
namespace kintsugi::testing {
namespace {

std::string id_in(const std::string& path) {
  return path.substr(14);
}
bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("who signs in is remembered until he signs out, and his secrets are shown nowhere", "[cli]") {
  Api api;
  Desk desk(api);
  CHECK(desk.run("whoami --profile abe").exit == 4);
  const Answer in = desk.sign_in("abe");
  INFO(in.err);
  REQUIRE(in.exit == 0);
  const Json profile = Json::parse(desk.read("kintsugi/abe.json"));
  const std::string token = profile.at("token");
  CHECK_FALSE(token.empty());
  CHECK_FALSE(holds(in.out + in.err, token));
  CHECK_FALSE(holds(in.out + in.err, api.password));

  const Answer who = desk.run("whoami --profile abe -o json");
  CHECK(who.exit == 0);
  CHECK(Json::parse(who.out).at("person").at("id") == person("abe").text());
  CHECK(desk.run("logout --profile abe").exit == 0);
  CHECK(api.get("/api/v1/sign-ins/current", token)->status == 401);
  CHECK_FALSE(holds(desk.read("kintsugi/abe.json"), token));
  CHECK(desk.run("whoami --profile abe").exit == 4);
}

TEST_CASE("a wrong password signs nobody in and says so in both languages", "[cli]") {
  Api api;
  Desk desk(api);
  api.enrol("abe");
  const std::string words =
      "login --server " + api.server->url() + " --mail " + mail_of(api, "abe") + " --password-stdin";
  const Answer english = desk.run(words, "wrong\n000000\n");
  CHECK(english.exit == 4);
  CHECK(holds(english.err, "Sign-in refused (sign_in_refused)"));
  CHECK(holds(desk.run(words + " --lang ja", "wrong\n000000\n").err, "サインインできません"));
  CHECK(desk.run("case list").exit == 4);
}

TEST_CASE("an act is done on what was seen, and asks who it is only when it must", "[cli]") {
  Api api;
  Desk desk(api);
  const std::string path = api.report();
  const std::string id = id_in(path);
  const std::string number = api.file(path).number;
  REQUIRE(desk.sign_in("abe").exit == 0);
  const Answer stale = desk.run("case act " + number + " acknowledge --profile abe --version 0");
  CHECK(stale.exit == 5);
  CHECK(holds(stale.err, "kintsugi case show " + number));
  CHECK(desk.run("case act " + number + " acknowledge --profile abe").exit == 0);
  CHECK(api.file(path).state == "acknowledged");

  desk.write("request.json", api.request("abe").dump());
  CHECK(desk.run("case act " + id + " request_connection --profile abe --json request.json").exit == 0);
  REQUIRE(desk.sign_in("sato").exit == 0);
  const Answer whole = desk.run("case request " + number + " --profile sato");
  CHECK(whole.exit == 0);
  CHECK(holds(whole.out, "Work plan"));
  CHECK(holds(whole.out, ": the log has to be read\n"));
  const Answer silent = desk.run("case act " + id + " approve --profile sato -d slot=hcf_sysadm --code-stdin");
  CHECK(silent.exit == 2);
  CHECK(api.file(path).request->approvals.empty());
  const Answer approved = desk.run(
      "case act " + id + " approve --profile sato -d slot=hcf_sysadm --code-stdin -o json", desk.proof("sato"));
  INFO(approved.err);
  CHECK(approved.exit == 0);
  CHECK(Json::parse(approved.out).at("event") == "approve");
  CHECK(api.file(path).request->approvals.size() == 1);
}

TEST_CASE("a refusal names what failed and who can lift it", "[cli]") {
  Api api;
  Desk desk(api);
  const std::string id = id_in(api.report());
  REQUIRE(desk.sign_in("tanaka").exit == 0);
  const Answer refused = desk.run("case act " + id + " acknowledge --profile tanaka");
  CHECK(refused.exit == 4);
  CHECK(holds(refused.err, "role_not_allowed"));
  CHECK(holds(refused.err, "who can lift it:"));
  CHECK(holds(refused.err, "(rsc_svc)"));
  const Answer as_json = desk.run("case act " + id + " acknowledge --profile tanaka -o json");
  CHECK(Json::parse(as_json.err).at("code") == "forbidden");
  const Answer mistyped = desk.run("case act " + id + " add_note --profile tanaka -d nonsense=1");
  CHECK(mistyped.exit == 2);
  CHECK(holds(mistyped.err, "has no field nonsense"));
  const Answer unknown = desk.run("case act " + id + " no_such_event --profile tanaka");
  CHECK(unknown.exit == 3);
  CHECK(holds(unknown.err, "There is no event no_such_event. kintsugi case show " + id));
  CHECK(holds(desk.run("case act " + id + " acknowlege --profile tanaka").err, "did you mean acknowledge?"));
  const Answer nothing_asked = desk.run("case act " + id + " approve --profile tanaka");
  CHECK(nothing_asked.exit == 5);
  CHECK(holds(nothing_asked.err, "Nothing is requested in this case."));
  CHECK(desk.run("case inside --profile tanaka").out == "No connection is open.\n");
  CHECK(desk.run("case form no_such_event --profile tanaka").exit == 3);
  CHECK(desk.run("case request " + id + " --profile tanaka").exit == 3);
  CHECK(desk.run("case show K26-9999999-9 --profile tanaka").exit == 3);
}

TEST_CASE("json is the body of the API unchanged and jsonl has a line for each case", "[cli]") {
  Api api;
  Desk desk(api);
  const std::string path = api.report();
  REQUIRE(desk.sign_in("sato").exit == 0);
  const std::string token = Json::parse(desk.read("kintsugi/sato.json")).at("token");
  CHECK(desk.run("case list --profile sato -o json").out ==
        api.get("/api/v1/cases?page_size=50", token)->body + "\n");
  const Answer lines = desk.run("case list --profile sato -o jsonl --state notified");
  CHECK(std::count(lines.out.begin(), lines.out.end(), '\n') == 1);
  CHECK(Json::parse(lines.out).at("id") == id_in(path));
  CHECK(desk.run("case list --profile sato --device " + device("ct-1").text() + " -o jsonl").out == lines.out);
  CHECK(desk.run("case list --profile sato --state closed").out == "No such cases.\n");
  CHECK_FALSE(holds(desk.run("case show " + id_in(path) + " --profile sato").out, "\x1b["));
  CHECK(holds(desk.run("case show " + id_in(path) + " --profile sato --lang ja").out, "今できること"));
  const std::string document =
      Json::parse(desk.run("case documents " + id_in(path) + " --profile sato -o jsonl").out).at("id");
  CHECK(holds(desk.run("case read " + id_in(path) + " " + document + " --profile sato").out, "pressure low"));
}

TEST_CASE("waiting for a state that does not come ends in time with its own exit code", "[cli]") {
  Api api;
  Desk desk(api);
  const std::string id = id_in(api.report());
  REQUIRE(desk.sign_in("abe").exit == 0);
  const Answer late = desk.run("case act " + id + " acknowledge --profile abe --wait closed --timeout 1s");
  CHECK(late.exit == 8);
  CHECK(holds(late.err, "it is in acknowledged"));
  CHECK(desk.run("case watch " + id + " --profile abe --wait acknowledged").exit == 0);
  CHECK(desk.run("case watch " + id + " --profile abe --timeout soon").exit == 2);
  // Nobody waits for what cannot come, and nothing is done before he is told.
  CHECK(desk.run("case watch " + id + " --profile abe --wait nonsense").exit == 2);
  CHECK(desk.run("case act " + id + " add_note --profile abe -d note=x --wait nonsense").exit == 2);
  CHECK(desk.run("case act " + id + " add_note --profile abe -d note=x --version 2").exit == 0);
}

TEST_CASE("a device reports a fault with the token in its file, and twice is once", "[cli]") {
  Api api;
  Desk desk(api);
  desk.write("ct.token", api.device_token + "\n");
  const std::string words = "fault send --token-file ct.token --server " + api.server->url() + " --code E-217";
  const Answer first = desk.run(words + " -o json");
  INFO(first.err);
  REQUIRE(first.exit == 0);
  CHECK(Json::parse(first.out).at("deduplicated") == false);
  CHECK(Json::parse(desk.run(words + " -o json").out).at("deduplicated") == true);
  CHECK(holds(desk.run(words).out, "(3 times)"));
  CHECK(desk.run("fault send --token-file none --server " + api.server->url() + " --code E-217").exit == 2);
  const Answer nothing = desk.run("fault send --token-file ct.token --server " + api.server->url());
  CHECK(nothing.exit == 2);
  CHECK(holds(nothing.err, "--code"));
}

TEST_CASE("nothing is sent in the open, and a server that is not there is an exit code", "[cli]") {
  Api api;
  Desk desk(api);
  desk.write("token", "secret\n");
  const Answer plain = desk.run("fault send --token-file token --server http://kintsugi.invalid:80 --code E-1");
  CHECK(plain.exit == 4);
  CHECK(holds(plain.err, "without TLS"));
  CHECK(desk.run("fault send --token-file token --server nowhere --code E-1").exit == 2);
  CHECK(desk.run("fault send --token-file token --server http://127.0.0.1:1 --code E-1").exit == 6);
  CHECK(desk.run("--lang fr version").exit == 2);
  CHECK(desk.run("case act").exit == 2);
}

TEST_CASE("a server is believed by its certificate, and a pinned one is the only one", "[cli]") {
  Api api([](Config& config, std::vector<Master>&) { config.plain_http = false; });
  Desk desk(api);
  api.enrol("abe");
  const std::string words =
      "login --server " + api.server->url() + " --mail " + mail_of(api, "abe") + " --password-stdin";
  REQUIRE(api.server->url().starts_with("https://"));
  const Answer stranger = desk.run(words, desk.proof("abe"));
  CHECK(stranger.exit == 4);
  CHECK(holds(stranger.err, "does not hold"));
  const std::string ca = " --ca " + api.directory.path("data/tls/certificate.pem");
  REQUIRE(desk.run(words + ca, desk.proof("abe")).exit == 0);
  CHECK(desk.run("whoami").exit == 0);
  const Answer sound = desk.run("doctor");
  CHECK(sound.exit == 0);
  CHECK(holds(sound.out, "certificate"));

  REQUIRE(make_certificate(desk.path("other.pem"), desk.path("other.key")));
  std::filesystem::copy_file(desk.path("other.pem"), desk.path("kintsugi/default.pem"),
                             std::filesystem::copy_options::overwrite_existing);
  CHECK(desk.run("whoami").exit == 4);
  CHECK(desk.run("doctor").exit == 1);
}

TEST_CASE("bash completes commands and options with what the program printed", "[cli]") {
  Api api;
  Desk desk(api);
  desk.write("kintsugi.bash", desk.run("completion bash").out);
  const auto completed = [&](const std::string& words) {
    desk.write("ask.sh",
               "source ./kintsugi.bash\nCOMP_WORDS=(" + words +
                   ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_kintsugi\necho ${COMPREPLY[@]} > completed\n");
    CHECK(exit_of(spawn({.words = {"bash", "ask.sh"}, .directory = desk.path(""), .output = desk.path("said")})) ==
          0);
    return desk.read("completed");
  };
  CHECK(completed("kintsugi whoa") == "whoami\n");
  CHECK(completed("kintsugi case a") == "act\n");
  CHECK(completed("kintsugi case act K26 approve --code") == "--code-stdin\n");
}

TEST_CASE("zsh completes commands and options with what the program printed", "[cli]") {
  Api api;
  Desk desk(api);
  desk.write("_kintsugi", desk.run("completion zsh").out);
  const auto offered = [&](const std::string& words) {
    desk.write("ask.zsh",
               "compdef() { :; }\ncompadd() { shift; print -r -- \" $* \" > offered; }\nsource ./_kintsugi\n"
               "words=(" +
                   words + ")\nCURRENT=$#words\n_kintsugi\n");
    CHECK(exit_of(spawn(
              {.words = {"zsh", "-f", "ask.zsh"}, .directory = desk.path(""), .output = desk.path("said")})) == 0);
    return desk.read("offered");
  };
  CHECK_THAT(offered("kintsugi x"), Catch::Contains(" whoami "));
  CHECK_THAT(offered("kintsugi case x"), Catch::Contains(" act ") && Catch::Contains(" inside "));
  CHECK_THAT(offered("kintsugi case act K26 approve x"), Catch::Contains(" --code-stdin "));

  // Where `cmake --install` puts it, the first use counts too.
  desk.write("first.zsh",
             "fpath=(. $fpath)\nautoload -Uz _kintsugi\n"
             "compadd() { shift; print -r -- \" $* \" > offered; }\nwords=(kintsugi case x)\nCURRENT=3\n_kintsugi\n");
  desk.write("offered", "");
  CHECK(exit_of(spawn(
            {.words = {"zsh", "-f", "first.zsh"}, .directory = desk.path(""), .output = desk.path("said")})) == 0);
  CHECK_THAT(desk.read("offered"), Catch::Contains(" act "));
}

TEST_CASE("the doctor finds a sound installation sound and names what is wrong with a spoilt one", "[cli]") {
  Api api;
  api.report();
  Desk desk(api);
  const std::string data = api.directory.path("data");
  const auto verdicts = [&] {
    std::map<std::string, std::string> out;
    const Answer ran = desk.run("doctor -o jsonl --data " + data);
    std::istringstream lines(ran.out);
    for (std::string line; std::getline(lines, line);) {
      const Json one = Json::parse(line);
      out[one.at("name")] = one.at("verdict");
      CHECK((one.at("verdict") == "ok" || one.contains("do")));
    }
    out["exit"] = std::to_string(ran.exit);
    return out;
  };
  auto sound = verdicts();
  for (const char* name : {"directory", "configuration", "certificate", "schema", "effects", "audit"}) {
    CAPTURE(name);
    CHECK(sound[name] == "ok");
  }
  CHECK(sound["mail"] == "attention");

  REQUIRE(::chmod((data + "/kek").c_str(), 0644) == 0);
  std::ofstream(data + "/kintsugi.toml") << "[listen]\naddress = \"nowhere\"\n";
  auto spoilt = verdicts();
  CHECK(spoilt["directory"] == "wrong");
  CHECK(spoilt["configuration"] == "wrong");
  CHECK(spoilt["exit"] == "1");
  CHECK(holds(desk.run("doctor --lang ja --data " + data).out, "すべきこと"));
  CHECK(sound["keys"] == "ok");
  std::filesystem::remove(data + "/kek");
  std::filesystem::remove(data + "/tls/key.pem");
  auto without_keys = verdicts();
  CHECK(without_keys["keys"] == "wrong");
  CHECK(without_keys["certificate"] == "wrong");
  CHECK(desk.run("doctor --data " + desk.path("nothing")).exit == 1);
}

TEST_CASE("the doctor notices a changed byte in the newest records", "[cli]") {
  Api api;
  api.report();
  Desk desk(api);
  const std::string data = api.directory.path("data");
  const std::string log = "test.kintsugi.invalid/hcf/" + organisation("midori").text();
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open((data + "/kintsugi.db").c_str(), &db) == SQLITE_OK);
  sqlite3_busy_timeout(db, 10'000);  // the server is at work
  CHECK(sqlite3_exec(db,
                     "DROP TRIGGER audit_no_update; UPDATE audit SET body = CAST(replace(CAST(body AS TEXT), "
                     "'\"notify\"', '\"notifz\"') AS BLOB) WHERE CAST(body AS TEXT) LIKE '%\"notify\"%'",
                     nullptr, nullptr, nullptr) == SQLITE_OK);
  CHECK(sqlite3_changes(db) == 1);
  sqlite3_close(db);
  const Answer ran = desk.run("doctor --data " + data);
  CHECK(ran.exit == 1);
  CHECK(holds(ran.out, log + ": record "));
  CHECK(holds(ran.out, "kintsugi audit verify"));
}

TEST_CASE("the doctor asks a server what it can know from outside", "[cli]") {
  Api api;
  Desk desk(api);
  REQUIRE(desk.sign_in("sato").exit == 0);
  const Answer sound = desk.run("doctor --profile sato");
  INFO(sound.out);
  CHECK(sound.exit == 0);
  CHECK(holds(sound.out, "sign_in"));
  const Answer nobody = desk.run("doctor --server http://127.0.0.1:1");
  CHECK(nobody.exit == 1);
  CHECK(holds(nobody.out, "refuses connections"));
}

TEST_CASE("a webhook is added, tried, given a new key and stopped at the command line", "[cli]") {
  Api api([](Config& config, std::vector<Master>&) { config.webhooks.private_hosts = {"127.0.0.1"}; });
  Desk desk(api);
  REQUIRE(desk.sign_in("sato").exit == 0);
  const std::string owner = organisation("midori").text();
  const Answer added = desk.run("webhook add --profile sato --owner " + owner +
                                " --url http://127.0.0.1:1/in --change opened --change closed -o json");
  INFO(added.err);
  REQUIRE(added.exit == 0);
  const Json made = Json::parse(added.out);
  const std::string id = made.at("id");
  CHECK(made.at("changes") == Json{"opened", "closed"});
  CHECK(made.at("key").at("secret").get<std::string>().starts_with("whsec_"));
  CHECK(desk.run("webhook add --profile sato --owner " + owner + " --url http://desk.example/in").exit == 2);

  const Answer tried = desk.run("webhook test --profile sato " + id);
  CHECK(tried.exit == 1);  // nobody listens there
  CHECK(holds(tried.out, "it cannot be reached"));
  CHECK(holds(desk.run("webhook deliveries --profile sato " + id).out, "it cannot be reached"));
  const Answer renewed = desk.run("webhook rotate --profile sato " + id);
  CHECK(renewed.exit == 0);
  CHECK(holds(renewed.out, "whsec_"));
  const Answer shown = desk.run("webhook show --profile sato --lang ja " + id);
  CHECK(holds(shown.out, "公開鍵: whpk_"));
  CHECK_FALSE(holds(shown.out, "whsec_"));
  CHECK(desk.run("webhook change --profile sato --disable " + id).exit == 0);
  const Answer listed = desk.run("webhook list --profile sato");
  CHECK(holds(listed.out, "disabled"));
  CHECK(holds(listed.out, "opened,closed"));

  REQUIRE(desk.sign_in("abe").exit == 0);
  CHECK(desk.run("webhook show --profile abe " + id).exit == 3);
  CHECK_FALSE(holds(desk.run("webhook list --profile abe").out, id));
}

}  // namespace kintsugi::testing

#include "adapters/sqlite/maintenance.h"
#include "tests/end_to_end/api.h"
#include "tests/end_to_end/private_server.h"
#include "tests/support/wait.h"

#include <atomic>
#include <filesystem>
#include <thread>

namespace kintsugi::testing {
namespace {

namespace fs = std::filesystem;

// What a backup leaves out on purpose (docs/operating.md), copied once to another place.
constexpr std::array kept_elsewhere = {"identity.json", "kek", "secrets.key", "tls", "signer"};

void copy(const std::string& from, const std::string& to) {
  fs::create_directories(to);
  for (const char* name : kept_elsewhere)
    fs::copy(fs::path(from) / name, fs::path(to) / name,
             fs::copy_options::recursive | fs::copy_options::overwrite_existing);
}

// Devices and people that do not stop: each thread repeats its own fault until it is told to end.
class Load {
 public:
  Load(const std::string& url, const std::string& token, const Json& fault, int threads) {
    for (int i = 0; i < threads; ++i)
      workers_.emplace_back([this, url, token, fault, i] {
        httplib::Client client = patient_client(url);
        Json mine = fault;
        mine["dedup_key"] = mine["code"] = "LOAD-" + std::to_string(i);
        while (!ended_) {
          const auto reply =
              client.Post("/api/v1/faults", {{"Authorization", "Bearer " + token}}, mine.dump(), "application/json");
          if (reply && (reply->status == 200 || reply->status == 201))
            ++accepted;
          else
            ++failed;
        }
      });
  }
  ~Load() { end(); }
  void end() {
    ended_ = true;
    for (std::thread& one : workers_)
      one.join();
    workers_.clear();
  }
  std::atomic<int> accepted{0};
  std::atomic<int> failed{0};

 private:
  std::atomic<bool> ended_{false};
  std::vector<std::thread> workers_;
};

std::string head_of(const std::string& told, const std::string& log) {
  const auto at = told.find(log + "  ");
  return at == std::string::npos ? "" : told.substr(at, told.find('\n', at) - at);
}

}  // namespace

TEST_CASE("a backup made under load restores elsewhere to the same audit root and its cases go on", "[backup]") {
  Api api;
  for (const char* nick : {"abe", "sato", "suzuki", "ono"})
    api.enrol(nick);
  const std::string path = api.report();
  REQUIRE(api.act(path, "abe", "acknowledge", Json::object())->status == 200);
  REQUIRE(api.act(path, "abe", "request_connection", api.request("abe"))->status == 200);
  const std::string data = api.directory.path("data");
  const std::string elsewhere = api.directory.path("elsewhere");
  copy(data, elsewhere);
  api.go_on_outside();

  const std::string first = api.directory.path("first");
  const std::string second = api.directory.path("second");
  const std::string log = Api::log_of("midori");
  {
    Load load(api.url, api.device_token, api.fault(), 3);
    REQUIRE(wait_until([&] { return load.accepted > 100; }, std::chrono::seconds(20)));
    const Ran one = run("db backup --data " + data + " --into " + first);
    INFO(one.output);
    REQUIRE(one.exit == 0);
    const int between = load.accepted;
    REQUIRE(wait_until([&] { return load.accepted > between + 100; }, std::chrono::seconds(20)));
    const Ran two = run("db backup --data " + data + " --into " + second);
    REQUIRE(two.exit == 0);
    CHECK(head_of(one.output, log) != head_of(two.output, log));
    const int after = load.accepted;
    REQUIRE(wait_until([&] { return load.accepted > after + 100; }, std::chrono::seconds(20)));
    load.end();
    CHECK(load.failed == 0);
  }
  api.http.reset();
  api.program->signal(SIGTERM);
  CHECK(api.program->wait() == 0);

  const std::string here = api.directory.path("here");
  const Ran restored = run("db restore --from " + second + " --data " + here);
  INFO(restored.output);
  REQUIRE(restored.exit == 0);
  copy(elsewhere, here);
  const Ran checked = run("db check --data " + here);
  INFO(checked.output);
  CHECK(checked.exit == 0);
  const Json manifest = Json::parse(content_of(second + "/manifest.json"));
  for (const Json& head : manifest.at("heads"))
    CHECK(checked.output.find(head.at("log").get<std::string>() + "  " + std::to_string(head.at("size").get<int>()) +
                              " records  root " + head.at("root").get<std::string>()) != std::string::npos);

  SECTION("its cases go on, and its log still verifies") {
    api.go_on_outside(here);
    for (const auto& [nick, slot] :
         {std::pair("sato", "hcf_sysadm"), {"suzuki", "hcf_netadm"}, {"ono", "rsc_netadm"}}) {
      const Json seen = Json::parse(api.get(path, api.token(nick))->body);
      const std::string hash = seen.at("request").at("hash");
      const auto reply = api.act(path, nick, "approve", {{"slot", slot}, {"request_hash", hash}}, true);
      INFO(reply->body);
      REQUIRE(reply->status == 200);
    }
    CHECK(Json::parse(api.get(path, api.token("abe"))->body).at("state") == "conn_approved");
    const Ran verified = run("audit verify " + here);
    INFO(verified.output);
    CHECK(verified.exit == 0);
  }
  SECTION("beside the memory of a signer that has gone further it is refused with the reason") {
    fs::remove_all(here + "/signer");
    fs::copy(data + "/signer", here + "/signer", fs::copy_options::recursive);
    Run refused({"serve", "--data", here, "--listen", "127.0.0.1:0"});
    CHECK(refused.wait() > 0);
    INFO(refused.output());
    CHECK(refused.output().find("older") != std::string::npos);
    CHECK(refused.output().find(log) != std::string::npos);
  }
}

TEST_CASE("a restored installation whose webhooks have no keys says so, and what to do", "[backup][webhook]") {
  Api api([](Config& config, std::vector<Master>&) { config.webhooks.private_hosts = {"127.0.0.1"}; });
  const auto made = api.post("/api/v1/webhooks", api.token("sato"),
                             Json{{"owner", organisation("midori").text()}, {"url", "http://127.0.0.1:9/"}}.dump());
  REQUIRE(made->status == 201);
  const std::string id = Json::parse(made->body).at("id");
  const std::string data = api.directory.path("data");
  const std::string kept = api.directory.path("kept");
  const std::string here = api.directory.path("here");
  REQUIRE(run("db backup --data " + data + " --into " + kept).exit == 0);
  CHECK_FALSE(fs::exists(kept + "/webhooks"));
  const Ran restored = run("db restore --from " + kept + " --data " + here);
  INFO(restored.output);
  REQUIRE(restored.exit == 0);
  CHECK(restored.output.find("kek") != std::string::npos);
  CHECK(restored.output.find(id) != std::string::npos);
  api.stop();
  copy(data, here);
  const Ran looked = run("--lang en doctor --data " + here);
  INFO(looked.output);
  CHECK(looked.exit != 0);
  CHECK(looked.output.find("webhooks without a key to sign with: " + id) != std::string::npos);
  fs::copy(data + "/webhooks", here + "/webhooks", fs::copy_options::recursive);
  CHECK(run("--lang en doctor --data " + here).output.find("every webhook has a key") != std::string::npos);
}

}  // namespace kintsugi::testing

#include "engine/base/digest.h"
#include "engine/run/bundling.h"
#include "tests/end_to_end/mail_world.h"
#include "tests/end_to_end/patient_client.h"
#include "tests/end_to_end/private_server.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>

// A storm: a power cut, a switch that fails, and every device of a hospital reports within a minute. The program in a
// process of its own, a real mail server, one connection and one token for each device. `make storm` plays it whole,
// with 10,000 devices; the tests play the same rate for a shorter time.
namespace kintsugi::testing {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int devices_a_minute = 10'000;
constexpr int connections = 32;
constexpr int one_in_stops_care = 50;  // P1: patient care has stopped
constexpr int resident_mib_max = 300;  // of the server, at its largest
constexpr std::chrono::seconds mails_limit{120};

int devices_of_this_run() {
  const char* wanted = std::getenv("KINTSUGI_STORM_DEVICES");
  return wanted == nullptr ? 1'000 : std::stoi(wanted);
}

DeviceId nth_device(int n) {
  return device("storm-" + std::to_string(n));
}
std::string nth_token(int n) {
  return "token of storm device " + std::to_string(n);
}

// As many devices more as there are to be, all like ct-1.
void add_devices(std::vector<Master>& masters, int count) {
  const std::string like = device("ct-1").text();
  const auto pattern =
      std::ranges::find_if(masters, [&](const Master& one) { return one.kind == "device" && one.id == like; });
  REQUIRE(pattern != masters.end());
  const Master device_master = *pattern;
  for (Master& one : masters) {
    Json body = Json::parse(one.body);
    if (one.kind != "contract" || body.at("devices").dump().find(like) == std::string::npos) continue;
    for (int i = 0; i < count; ++i)
      body["devices"].push_back(nth_device(i).text());
    one.body = body.dump();
  }
  for (int i = 0; i < count; ++i) {
    Json body = Json::parse(device_master.body);
    body["id"] = nth_device(i).text();
    body["serial"] = "STORM-" + std::to_string(i);
    Master one = device_master;
    one.id = nth_device(i).text();
    one.body = body.dump();
    masters.push_back(std::move(one));
  }
}

void give_tokens(Api& api, int count) {
  for (int from = 0; from < count; from += 1'000)
    REQUIRE(api.server->conductor().chore([&](Batch& batch) -> Result<> {
      for (int i = from; i < std::min(count, from + 1'000); ++i) {
        Credential one;
        one.kind = CredentialKind::device_token;
        one.owner = nth_device(i).text();
        one.secret = sha256(nth_token(i));
        one.created = api.clock.now();
        if (auto done = batch.put_credential(one); !done) return done;
      }
      return {};
    }));
}

struct Sent {
  std::vector<double> took_ms;
  std::vector<std::string> cases;
  std::vector<std::string> stopped;  // numbers of the P1 cases
  std::vector<std::string> wrong;
};

// Each device reports once, at its moment of the minute; whoever is late sends at once.
Sent report_all(const std::string& url, const Json& fault, int count) {
  Sent out;
  std::mutex mutex;
  std::atomic<int> next{0};
  const auto begin = Clock::now();
  std::vector<std::thread> senders;
  for (int t = 0; t < connections; ++t)
    senders.emplace_back([&] {
      httplib::Client client = patient_client(url);
      for (int i = next++; i < count; i = next++) {
        const auto moment = begin + std::chrono::milliseconds(60'000LL * i / devices_a_minute);
        wait_until([&] { return Clock::now() >= moment; }, std::chrono::minutes(2));
        Json mine = fault;
        mine["care"] = i % one_in_stops_care == 0 ? "stopped" : "degraded";
        const auto at = Clock::now();
        const auto reply = client.Post("/api/v1/faults", {{"Authorization", "Bearer " + nth_token(i)}}, mine.dump(),
                                       "application/json");
        const std::chrono::duration<double, std::milli> took = Clock::now() - at;
        const std::scoped_lock lock(mutex);
        if (!reply || reply->status != 201) {
          out.wrong.push_back(reply ? reply->body : "no answer");
          continue;
        }
        const Json body = Json::parse(reply->body);
        out.took_ms.push_back(took.count());
        out.cases.push_back(body.at("case_id"));
        if (i % one_in_stops_care == 0) out.stopped.push_back(body.at("number"));
      }
    });
  for (std::thread& one : senders)
    one.join();
  std::ranges::sort(out.took_ms);
  return out;
}

double percentile(const std::vector<double>& sorted, double share) {
  return sorted.empty() ? 0 : sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

// The largest the process has been, in MiB (VmHWM of proc(5)).
int resident_mib(pid_t process) {
  const std::string status = content_of("/proc/" + std::to_string(process) + "/status");
  const auto at = status.find("VmHWM:");
  return at == std::string::npos ? -1 : std::stoi(status.substr(at + 6)) / 1024;
}

}  // namespace

TEST_CASE("when every device reports within a minute, each fault is kept, letters are few, and P1 comes first",
          "[storm]") {
  const int count = devices_of_this_run();
  MailServer mails;
  Api api([&](Config& config, std::vector<Master>& masters) {
    use_mail_server(mails, config, masters);
    add_devices(masters, count);
  });
  give_tokens(api, count);
  std::ofstream(api.served + "/kintsugi.toml") << configuration_of(mails);
  api.go_on_outside();

  const Sent sent = report_all(api.url, api.fault(), count);
  for (const std::string& one : sent.wrong)
    FAIL_CHECK(one);
  REQUIRE(sent.cases.size() == static_cast<std::size_t>(count));

  // Every letter has left, alone or with others.
  CHECK(wait_until(
      [&] {
        OutboxFilter waiting;
        waiting.limit = 1;
        waiting.state = EffectState::waiting;
        const auto store = api.store();
        const auto some = store->outbox(waiting);
        waiting.state = EffectState::leased;
        const auto leased = store->outbox(waiting);
        return some && leased && some->empty() && leased->empty();
      },
      mails_limit));
  const int resident = resident_mib(api.program->pid());
  const auto letters = mails.wait_for(1);

  // What was answered is there, whatever happens to the process.
  api.program->kill_now();
  const auto store = api.store();
  int kept = 0;
  for (const std::string& id : sent.cases)
    if (store->read_case(CaseId{id})) ++kept;
  CHECK(kept == count);

  // A P1 case has letters of its own; the others share theirs.
  int alone = 0;
  for (const std::string& number : sent.stopped)
    if (std::ranges::any_of(letters,
                            [&](const auto& one) { return one.mail.subject.find(number) != std::string::npos; }))
      ++alone;
  CHECK(alone == static_cast<int>(sent.stopped.size()));
  std::set<std::string> recipients;
  for (const auto& one : letters)
    recipients.insert(one.recipient);
  const std::size_t own = sent.stopped.size() * recipients.size();
  const std::size_t shared = (Tempo{}.alone + 2 + sent.cases.size() / Tempo{}.letter_max) * recipients.size();
  CHECK(letters.size() <= own + shared);
  CHECK(resident <= resident_mib_max);
  WARN(count << " devices at " << devices_a_minute << " a minute: p50 " << percentile(sent.took_ms, 0.5)
             << " ms, p99 " << percentile(sent.took_ms, 0.99) << " ms, slowest " << percentile(sent.took_ms, 1)
             << " ms; " << letters.size() << " letters to " << recipients.size() << " people, " << sent.stopped.size()
             << " P1 cases; server at most " << resident << " MiB");
}

}  // namespace kintsugi::testing

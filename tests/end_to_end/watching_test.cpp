#include "adapters/http/limits.h"
#include "engine/base/digest.h"
#include "tests/end_to_end/api.h"
#include "tests/end_to_end/raw_stream.h"
#include "tests/support/places.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <thread>

// Server-sent events of the running server, read from a plain socket.
namespace kintsugi::testing {
namespace {

constexpr const char* path_of_all = "/api/v1/events";

RawStream watch(Api& api, const std::string& nick, const std::string& last_id = "",
                const std::string& path = path_of_all) {
  return {api.server->port(), path, api.token(nick), last_id};
}

std::function<bool(const RawStream&)> heard(std::size_t events) {
  return [events](const RawStream& one) { return one.told().size() >= events; };
}
std::function<bool(const RawStream&)> has_reached(std::int64_t position) {
  return [position](const RawStream& one) { return one.position() >= position; };
}

}  // namespace

TEST_CASE("whoever may see a case hears each of its steps once, in their order, and others hear nothing", "[watch]") {
  Api api;
  RawStream hospital = watch(api, "sato"), vendor = watch(api, "abe"), other_hospital = watch(api, "endo"),
            other_vendor = watch(api, "watanabe");
  for (RawStream* one : {&hospital, &vendor, &other_hospital, &other_vendor})
    REQUIRE(one->begun());
  const std::string path = api.report();
  REQUIRE(api.act(path, "abe", "acknowledge", Json::object())->status == 200);
  REQUIRE(api.act(path, "tanaka", "add_note", {{"note", "patient Yamada was moved"}})->status == 200);

  for (RawStream* one : {&hospital, &vendor}) {
    REQUIRE(one->until(heard(3)));
    const auto told = one->told();
    CHECK(told[0].data.at("event") == "notify");
    CHECK(told[0].data.at("from") == "");
    CHECK(told[1].data.at("state") == "acknowledged");
    CHECK(told[2].data.at("event") == "add_note");
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(told[i].event == "case");
      CHECK(told[i].id == std::to_string(told[i].data.at("position").get<std::int64_t>()));
      CHECK(told[i].data.at("case_id") == path.substr(14));
      CHECK(told[i].data.at("version") == i + 1);
      CHECK(told[i].data.at("number") == api.file(path).number);
    }
    CHECK(one->raw().find("Yamada") == std::string::npos);
    CHECK(one->raw().find("text/event-stream") != std::string::npos);
  }
  // They have come past it, and there was nothing for them.
  const auto last = std::stoll(hospital.told().back().id);
  for (RawStream* one : {&other_hospital, &other_vendor}) {
    CHECK(one->until(has_reached(last)));
    CHECK(one->told().empty());
  }
}

TEST_CASE("who comes back with the last id he has misses nothing and hears nothing twice", "[watch]") {
  Api api;
  std::vector<std::string> once;
  {
    RawStream all = watch(api, "sato");
    REQUIRE(all.begun());
    const std::string path = api.report();
    for (const char* event : {"acknowledge"})
      REQUIRE(api.act(path, "abe", event, Json::object())->status == 200);
    for (int i = 0; i < 5; ++i)
      REQUIRE(api.act(path, "abe", "add_note", {{"note", "x"}})->status == 200);
    REQUIRE(all.until(heard(7)));
    for (const auto& one : all.told())
      once.push_back(one.id);
  }
  for (std::size_t cut = 0; cut < once.size(); ++cut) {
    RawStream rest = watch(api, "sato", once[cut]);
    REQUIRE(rest.begun());
    REQUIRE(rest.until(has_reached(std::stoll(once.back()))));
    std::vector<std::string> ids;
    for (const auto& one : rest.told())
      ids.push_back(one.id);
    CHECK(ids == std::vector<std::string>(once.begin() + static_cast<std::ptrdiff_t>(cut) + 1, once.end()));
  }
  RawStream from_the_start = watch(api, "sato", "", "/api/v1/events?after=0");
  CHECK(from_the_start.until(heard(7)));
}

TEST_CASE("a stream of one case is silent about others, and what one may not see has none", "[watch]") {
  Api api;
  const std::string one = api.report();
  Json other = api.fault();
  other["device"] = device("mr-2").text();
  other["dedup_key"] = "mr";
  const auto reported = api.post("/api/v1/faults", api.token("tanaka"), other.dump());
  REQUIRE(reported->status == 201);
  RawStream about = watch(api, "sato", "0", "/api/v1/events?case_id=" + one.substr(14));
  REQUIRE(about.begun());
  REQUIRE(about.until(has_reached(*api.server->store().audit_end())));
  CHECK(about.told().size() == 1);
  const auto refused = api.get("/api/v1/events?case_id=" + one.substr(14), api.token("endo"));
  CHECK(refused->status == 404);
  CHECK(api.get("/api/v1/events?after=x", api.token("endo"))->status == 422);
}

TEST_CASE("a resume that cannot be served says so and begins with what is new", "[watch]") {
  Api api;
  api.report();
  RawStream ahead = watch(api, "sato", "999999");
  REQUIRE(ahead.until(heard(1)));
  CHECK(ahead.told()[0].event == "reset");
  CHECK(ahead.told()[0].data.at("reason") == "unknown");

  const std::string body = "not a record that anybody watches";
  REQUIRE(api.server->conductor().chore([&](Batch& batch) -> Result<> {
    for (std::int64_t i = 0; i <= http::resume_rows_max; ++i)
      if (auto done = batch.append_audit({Api::log_of(""), body, sha256(body)}); !done) return done;
    return {};
  }));
  RawStream behind = watch(api, "sato", "1");
  REQUIRE(behind.until(heard(1)));
  CHECK(behind.told()[0].event == "reset");
  CHECK(behind.told()[0].data.at("reason") == "too_old");
  const std::string path = "/api/v1/cases/" + api.server->store().list_cases({})->front().id.text();
  REQUIRE(api.act(path, "abe", "acknowledge", Json::object())->status == 200);
  REQUIRE(behind.until(heard(2)));
  CHECK(behind.told()[1].data.at("case_id") == path.substr(14));
}

TEST_CASE("a sign-in that ends takes its streams with it", "[watch]") {
  Api api;
  RawStream mine = watch(api, "sato");
  REQUIRE(mine.begun());
  REQUIRE(api.server->accounts().sign_out(api.token("sato")));
  CHECK(mine.until([](const RawStream& one) { return one.ended(); }));
  REQUIRE(mine.told().size() == 1);
  CHECK(mine.told()[0].event == "end");
}

TEST_CASE("two hundred streams starve nobody, and the next one is told so", "[watch]") {
  constexpr std::size_t people = 26;  // enough for all streams, at so many each
  const auto nick = [](std::size_t n) { return "watcher" + std::to_string(n); };
  Api api([&](Config&, std::vector<Master>& masters) {
    const auto model = std::ranges::find(masters, person("sato").text(), &Master::id);
    REQUIRE(model != masters.end());
    Master copy = *model;
    Json body = Json::parse(copy.body);
    for (std::size_t n = 0; n < people; ++n) {
      copy.id = body["id"] = person(nick(n)).text();
      body["mail"] = nick(n) + "@midori.example";
      copy.body = body.dump();
      masters.push_back(copy);
    }
  });
  const auto bearer = [&](std::size_t n) { return "token of " + nick(n); };
  REQUIRE(api.server->conductor().chore([&](Batch& batch) -> Result<> {
    for (std::size_t n = 0; n < people; ++n)
      if (auto done = batch.put_sign_in({.id = SignInId{"signin_" + std::to_string(n)},
                                         .person = person(nick(n)),
                                         .token = sha256(bearer(n)),
                                         .created = api.clock.now(),
                                         .expires = api.clock.now() + std::chrono::hours(1)});
          !done)
        return done;
    return {};
  }));
  const int port = api.server->port();
  std::vector<RawStream> streams;
  for (std::size_t i = 0; i < http::streams_max; ++i)
    streams.emplace_back(port, path_of_all, bearer(i / http::streams_of_person_max));
  for (RawStream& one : streams)
    REQUIRE(one.begun());

  const auto refused = [&](std::size_t who, const char* why) {
    RawStream more(port, path_of_all, bearer(who));
    REQUIRE(more.until([&](const RawStream& one) { return one.raw().find(why) != std::string::npos; }));
    CHECK(more.raw().find("Retry-After: 10") != std::string::npos);
    return more.status();
  };
  CHECK(refused(people - 1, "streams_full") == 503);
  CHECK(refused(0, "streams_full") == 503);

  // With every stream open, more clients than there were threads for them come at once, and all are served.
  constexpr int clients = 64;
  std::atomic<int> served = 0;
  std::vector<std::thread> crowd;
  for (int i = 0; i < clients; ++i)
    crowd.emplace_back([&] {
      httplib::Client client("127.0.0.1", port);
      client.set_read_timeout(std::chrono::seconds(20));
      client.set_bearer_token_auth(bearer(0).c_str());
      for (int n = 0; n < 10; ++n)
        if (const auto reply = client.Get("/api/v1/cases"); reply && reply->status == 200) ++served;
    });
  for (std::thread& one : crowd)
    one.join();
  CHECK(served == clients * 10);

  api.report();
  for (RawStream& one : streams)
    CHECK(one.until(heard(1)));

  // Who hangs up is noticed, and his place is free again.
  streams.clear();
  CHECK(wait_until(
      [&] {
        RawStream again(port, path_of_all, bearer(0));
        return again.begun() && again.status() == 200;
      },
      std::chrono::seconds(30)));
}

TEST_CASE("a person has eight streams and no more", "[watch]") {
  Api api;
  std::vector<RawStream> streams;
  for (int i = 0; i < http::streams_of_person_max; ++i)
    streams.push_back(watch(api, "sato"));
  for (RawStream& one : streams)
    REQUIRE(one.begun());
  const auto ninth = api.get(path_of_all, api.token("sato"));
  CHECK(ninth->status == 429);
  CHECK(problem_of(ninth) == "too_many_streams");
  CHECK(watch(api, "suzuki").begun());
}

TEST_CASE("a server that stops ends its streams at once", "[watch]") {
  Api api;
  RawStream one = watch(api, "sato");
  REQUIRE(one.begun());
  const auto begun = std::chrono::steady_clock::now();
  api.stop();
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(5));
  CHECK(one.until([](const RawStream& it) { return it.ended(); }));
}

TEST_CASE("the command line watches a case through a restart of the server", "[watch][cli]") {
  Api api;
  const TemporaryDirectory place;
  const std::string path = api.report();
  api.enrol("abe");
  ::setenv("XDG_CONFIG_HOME", place.path().c_str(), 1);
  std::ofstream(place.path("proof")) << api.password << "\n" << api.code("abe") << "\n";
  REQUIRE(std::system((std::string(kintsugi_program) + " login --server " + api.url + " --mail " + api.mails["abe"] +
                       " --password-stdin < " + place.path("proof") + " > /dev/null")
                          .c_str()) == 0);
  Run watching({"case", "watch", api.file(path).number, "--wait", "acknowledged", "--timeout", "60s", "-o", "jsonl"});
  REQUIRE(watching.rest_after("\"state\":\"") != "");

  api.config.listening.port = api.server->port();
  api.stop();
  api.open();
  api.listen();
  REQUIRE(api.act(path, "abe", "acknowledge", Json::object())->status == 200);
  CHECK(watching.wait() == 0);
  INFO(watching.output());
  CHECK(watching.output().find("\"state\":\"acknowledged\"") != std::string::npos);
}

}  // namespace kintsugi::testing

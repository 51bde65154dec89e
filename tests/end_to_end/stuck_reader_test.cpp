#include "adapters/http/limits.h"
#include "tests/end_to_end/api.h"
#include "tests/end_to_end/raw_stream.h"
#include "tests/support/wait.h"

// A reader of the stream of events who has stopped reading, and does not go.
namespace kintsugi::testing {
namespace {

constexpr int occurrences = 15'000;  // more than the system takes in for a socket that nobody reads
constexpr int at_once = 1'000;
constexpr auto patience = std::chrono::seconds(180);

// Says the same fault again and again, past the API: each time is a change that whoever may see the case hears of.
void fill(Api& api) {
  const Json payload = [&] {
    Json out = api.fault();
    out["device"] = device("ct-1").text();
    out["channel"] = "http";
    return out;
  }();
  for (int done = 0; done < occurrences; done += at_once) {
    std::vector<Submission> some(at_once);
    for (Submission& one : some) {
      one.event = "fault";
      one.actor.id = device("ct-1").text();
      one.actor.kind = Role::device;
      one.actor.org = organisation("midori");
      one.actor.auth = "token";
      one.payload = payload;
    }
    for (const Outcome& one : api.server->conductor().submit_all(std::move(some)))
      REQUIRE(one.kind == Outcome::Kind::moved);
  }
}

}  // namespace

TEST_CASE("a reader who has stopped reading is let go of by the write timeout, and holds up nobody meanwhile",
          "[watch]") {
  Api api;
  const std::string sato = api.token("sato"), abe = api.token("abe");
  fill(api);
  const auto knock = [&] {
    RawStream one(api.server->port(), "/api/v1/events", sato);
    one.until([](const RawStream& stream) { return stream.status() != 0; });
    return one.status();
  };

  std::vector<RawStream> stuck;
  for (int i = 0; i < http::streams_of_person_max; ++i) {
    stuck.emplace_back(api.server->port(), "/api/v1/events?after=0", sato, "", 4096);
    // Its answer has begun, so it has its seat; from here on it reads nothing.
    REQUIRE(stuck.back().until([](const RawStream& one) { return one.status() == 200; }));
  }
  CHECK(knock() == 429);

  // Somebody else hears what happens while they are stuck.
  RawStream other(api.server->port(), "/api/v1/events", abe);
  REQUIRE(other.begun());
  Json second = api.fault();
  second["device"] = device("mr-2").text();
  second["dedup_key"] = "mr";
  REQUIRE(api.post("/api/v1/faults", api.token("tanaka"), second.dump())->status == 201);
  CHECK(other.until([](const RawStream& one) { return !one.told().empty(); }));

  // The clients are still there and have said nothing: it is the server that ends them, and then there is room again.
  const auto streams = [&] {
    const auto reply = api.http->Get("/metrics");
    REQUIRE(reply);
    const auto at = reply->body.find("\nkintsugi_streams ");
    REQUIRE(at != std::string::npos);
    return std::stoi(reply->body.substr(at + std::string("\nkintsugi_streams ").size()));
  };
  CHECK(wait_until([&] { return streams() == 1; }, patience));
  CHECK(knock() == 200);
  CHECK_FALSE(other.ended());
}

}  // namespace kintsugi::testing

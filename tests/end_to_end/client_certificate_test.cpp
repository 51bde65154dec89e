#include "adapters/http/certificate.h"
#include "tests/end_to_end/api.h"
#include "tests/support/authority.h"

#include <fstream>
#include <sstream>

// Machines that prove themselves with certificates, at the program itself.
namespace kintsugi::testing {
namespace {

constexpr std::chrono::hours ended{-1};

std::string text_in(const std::string& file) {
  std::ifstream in(file);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

struct House {
  Api api;
  Authority hospital{api.directory.path("authority"), "hospital"};
  Authority stranger{api.directory.path("stranger"), "stranger"};
  std::string admin;

  House() {
    for (const char* nick : {"suzuki", "endo"})
      api.enrol(nick);
    std::ofstream(api.directory.path("data") + "/kintsugi.toml")
        << "[listen]\nclient_ca = \"" << hospital.file() << "\"\n";
    api.go_on_outside();
    admin = api.token("suzuki");
  }
  // Who it is that knocks with this certificate: the status of a notice, 0 when the handshake failed.
  int notice(const Authority::Issued* own, const Json& fault) {
    const std::string url = api.url;
    auto client = own == nullptr ? httplib::Client(url) : httplib::Client(url, own->certificate, own->key);
    client.enable_server_certificate_verification(false);
    const auto reply = client.Post("/api/v1/faults", fault.dump(), "application/json");
    return reply ? reply->status : 0;
  }
  int notice(const Authority::Issued* own) { return notice(own, api.fault()); }
  httplib::Result bind(const std::string& nick, const Authority::Issued& own, Json more = Json::object()) {
    more["certificate"] = text_in(own.certificate);
    return api.post("/api/v1/devices/" + device(nick).text() + "/certificates", admin, more.dump());
  }
};

}  // namespace

TEST_CASE("a device speaks with the certificate that is bound to it, and for no other device", "[api][mtls]") {
  House house;
  const auto own = house.hospital.issue("ct-1");
  CHECK(house.notice(nullptr) == 401);
  CHECK(house.notice(&own) == 401);  // of the right authority, and bound to nothing
  const auto bound = house.bind("ct-1", own);
  INFO(bound->body);
  REQUIRE(bound->status == 201);
  CHECK(Json::parse(bound->body).at("subject") == "CN=ct-1");
  CHECK(house.notice(&own) == 201);
  Json foreign = house.api.fault();
  foreign["device"] = device("mr-2").text();
  CHECK(house.notice(&own, foreign) == 403);
  CHECK(house.notice(nullptr) == 401);

  SECTION("not with one of another authority, nor with one that is over") {
    const auto forged = house.stranger.issue("ct-1");
    CHECK(house.notice(&forged) == 0);
    const auto over = house.hospital.issue("ct-1-old", "IP:127.0.0.1", ended);
    CHECK(house.notice(&over) == 0);
    CHECK(house.bind("ct-1", over)->status == 422);
  }
  SECTION("not for two machines, and bound by none but its hospital's administrators") {
    CHECK(house.bind("mr-2", own)->status == 422);
    const auto other = house.api.post("/api/v1/devices/" + device("ct-1").text() + "/certificates",
                                      house.api.token("endo"), Json{{"certificate", "x"}}.dump());
    CHECK(other->status == 404);
  }
  SECTION("until it is ended") {
    const std::string path = "/api/v1/devices/" + device("ct-1").text() + "/credentials";
    const Json list = Json::parse(house.api.get(path, house.admin)->body).at("credentials");
    const auto row =
        std::find_if(list.begin(), list.end(), [](const Json& one) { return one.at("kind") == "certificate_key"; });
    REQUIRE(row != list.end());
    CHECK(row->contains("last_used_at"));
    CHECK(row->at("expires_soon") == true);  // the test's authority issues for a day
    const auto ended_now = house.api.http->Delete(path + "/" + row->at("mark").get<std::string>(),
                                                  {{"Authorization", "Bearer " + house.admin}});
    REQUIRE(ended_now);
    CHECK(ended_now->status == 204);
    CHECK(house.notice(&own) == 401);
  }
  SECTION("beside its successor for the overlap") {
    const auto next = house.hospital.issue("ct-1-next");
    REQUIRE(house.bind("ct-1", next, {{"overlap_hours", 1}})->status == 201);
    CHECK(house.notice(&own) == 200);
    CHECK(house.notice(&next) == 200);
    const auto last = house.hospital.issue("ct-1-last");
    REQUIRE(house.bind("ct-1", last, {{"overlap_hours", 0}})->status == 201);
    CHECK(house.notice(&own) == 401);
    CHECK(house.notice(&next) == 401);
    CHECK(house.notice(&last) == 200);
  }
  SECTION("by its subject, when the authority renews it") {
    const auto first = house.hospital.issue("mr-2");
    const Json by_subject = {{"bound_by", "subject"},
                             {"until", to_text(house.api.clock.now() + std::chrono::hours(24))}};
    REQUIRE(house.bind("mr-2", first, by_subject)->status == 201);
    const auto renewed = house.hospital.issue("mr-2");
    CHECK(house.notice(&first) == 201);
    CHECK(house.notice(&renewed) == 200);
    CHECK(house.bind("mr-2", first, {{"bound_by", "name"}})->status == 422);
  }
}

TEST_CASE("people sign in without a certificate where machines show theirs", "[api][mtls]") {
  House house;
  CHECK(house.api.get("/api/v1/cases", house.admin)->status == 200);
  const auto records = house.api.records("midori");
  CHECK(std::ranges::any_of(records, [](const Json& one) { return one["ev"] == "user.login"; }));
}

}  // namespace kintsugi::testing

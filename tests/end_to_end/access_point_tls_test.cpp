#include "adapters/access_point/http_controller.h"
#include "adapters/access_point/simulator.h"
#include "tests/end_to_end/run.h"
#include "tests/support/authority.h"
#include "tests/support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <fstream>

// The line to an access point: both ends show certificates, and an order goes to nobody else.
namespace kintsugi::access_point {
namespace {

using testing::Authority;
using testing::TemporaryDirectory;

const Instant nine = *instant_from("2026-03-04T09:00:00Z");
constexpr std::chrono::hours ended{-1};

struct Line {
  TemporaryDirectory directory;
  Authority hospital{directory.path("hospital"), "hospital"};
  Authority stranger{directory.path("stranger"), "stranger"};
  ManualClock clock{nine};
  SimulatedSite site{clock};
  std::unique_ptr<Simulator> simulator;
  HttpController::Config ours;  // as it should be

  Line() {
    site.install(DeviceId{"device_ct1"}, "SN-1");
    const auto engine = hospital.issue("engine");
    ours.ca_file = hospital.file();
    ours.certificate_file = engine.certificate;
    ours.key_file = engine.key;
    ours.token = "token-of-the-door";
    ours.limit = 2s;
  }
  // The access point shows `own` and asks for a certificate of the hospital's authority.
  void serve(const Authority::Issued& own) {
    Simulator::Config config;
    config.certificate_file = own.certificate;
    config.key_file = own.key;
    config.client_ca_file = hospital.file();
    config.token = ours.token;
    simulator = std::make_unique<Simulator>(site, config);
    const auto started = simulator->start();
    INFO((started ? std::string() : started.error().what));
    REQUIRE(started);
    ours.url = simulator->url();
    REQUIRE(ours.url.starts_with("https://"));
  }
  Result<std::vector<HopAnswer>> open(const HttpController::Config& config) {
    Order order;
    order.order = OrderKind::open;
    order.hop = Hop::access_point;
    order.grant = GrantId{"grant_one"};
    order.generation = 1;
    order.at = AccessPointId{"ap_ward"};
    order.device = DeviceId{"device_ct1"};
    order.window = {nine, nine + 2h};
    return HttpController(config).carry_out(order, "effect_1");
  }
  // What the operator is told. The access point has heard nothing, and is not open.
  std::string refused(const HttpController::Config& config) {
    const auto answers = open(config);
    REQUIRE_FALSE(answers);
    CHECK(answers.error().code == Errc::Transient);
    CHECK(answers.error().what.find("token-of-the-door") == std::string::npos);
    CHECK(simulator->with([](SimulatedSite& one) { return one.log().empty(); }));
    CHECK_FALSE(
        simulator->with([](SimulatedSite& one) { return one.is_open(Hop::access_point, GrantId{"grant_one"}); }));
    return answers.error().what;
  }
};

}  // namespace

TEST_CASE("orders are carried out when both ends show the certificates that were agreed", "[access_point][tls]") {
  Line line;
  line.serve(line.hospital.issue("switch"));
  const auto answers = line.open(line.ours);
  INFO((answers ? std::string() : answers.error().what));
  REQUIRE(answers);
  CHECK(answers->at(0).state == HopState::open);
}

TEST_CASE("an order is not given to an access point whose certificate does not hold", "[access_point][tls]") {
  Line line;
  std::string said;
  SECTION("of another authority") {
    line.serve(line.stranger.issue("switch"));
    said =
        "access_point: its certificate does not hold (unable to get local issuer certificate); its state is unknown";
  }
  SECTION("of an authority, when none was agreed on") {
    line.serve(line.hospital.issue("switch"));
    line.ours.ca_file.clear();  // then the machine's own
    said =
        "access_point: its certificate does not hold (self-signed certificate in certificate chain); its state is "
        "unknown";
  }
  SECTION("for another machine") {
    line.serve(line.hospital.issue("switch", "IP:192.0.2.7"));
    said = "access_point: its certificate is for another name; its state is unknown";
  }
  SECTION("that has expired") {
    line.serve(line.hospital.issue("switch", "IP:127.0.0.1", ended));
    said = "access_point: its certificate does not hold (certificate has expired); its state is unknown";
  }
  CHECK(line.refused(line.ours) == said);
}

TEST_CASE("an access point that asks for our certificate takes no order without one that holds",
          "[access_point][tls]") {
  Line line;
  line.serve(line.hospital.issue("switch"));
  std::string why;
  SECTION("none") {
    line.ours.certificate_file.clear();
    line.ours.key_file.clear();
    why = "tlsv13 alert certificate required";
  }
  SECTION("of another authority") {
    const auto theirs = line.stranger.issue("engine");
    line.ours.certificate_file = theirs.certificate;
    line.ours.key_file = theirs.key;
    why = "tlsv1 alert unknown ca";
  }
  SECTION("that has expired") {
    const auto old = line.hospital.issue("old", "DNS:engine", ended);
    line.ours.certificate_file = old.certificate;
    line.ours.key_file = old.key;
    why = "sslv3 alert certificate expired";
  }
  // It may hang up before the order is written, and then the reason is not heard.
  const std::string said = line.refused(line.ours);
  const bool refusal = said == "access_point: it refuses our certificate (" + why + "); its state is unknown" ||
                       said ==
                           "access_point: the line broke off at once, as it does when our certificate is "
                           "refused; its state is unknown";
  CAPTURE(said);
  CHECK(refusal);
}

TEST_CASE("files that cannot be used are named before anything is sent", "[access_point][tls]") {
  Line line;
  line.serve(line.hospital.issue("switch"));
  std::string said;
  SECTION("an authority that is not there") {
    line.ours.ca_file = line.directory.path("nothing.pem");
    said = "access_point: 'ca_file' cannot be read; its state is unknown";
  }
  SECTION("a key that belongs to another certificate") {
    line.ours.key_file = line.hospital.issue("other").key;
    said = "our certificate or key for the controller cannot be read";
  }
  SECTION("a certificate that is none") {
    line.ours.certificate_file = line.directory.path("text.pem");
    std::ofstream(line.ours.certificate_file) << "no certificate\n";
    said = "our certificate or key for the controller cannot be read";
  }
  CHECK(line.refused(line.ours) == said);
}

TEST_CASE("a server does not start with an access point that it could not speak to, and says everything at once",
          "[access_point][tls]") {
  const TemporaryDirectory directory;
  const std::string data = directory.path("data");
  REQUIRE(testing::run("init --log-base audit.test.invalid --data " + data).exit == 0);
  std::ofstream(data + "/kintsugi.toml") << "[controller.\"ap_ward\"]\n"
                                            "url = \"http://switch.hospital.example\"\n"
                                            "ca_file = \"/nowhere.pem\"\n"
                                            "key = \"/nowhere.key\"\n"
                                            "pin = 1\n";
  const auto refused = testing::run("serve --data " + data);
  INFO(refused.output);
  CHECK(refused.exit == 2);
  for (const char* mistake :
       {"controller.ap_ward: plain http:// is only for this machine",
        "controller.ap_ward: certificate and key belong together", "controller.ap_ward: /nowhere.pem cannot be read",
        "controller.ap_ward: /nowhere.key cannot be read", "controller.ap_ward.pin is not known"})
    CHECK(refused.output.find(mistake) != std::string::npos);
}

TEST_CASE("an access point that is away is said to be away", "[access_point][tls]") {
  Line line;
  line.serve(line.hospital.issue("switch"));
  line.simulator->stop();
  CHECK(line.refused(line.ours) == "access_point: it cannot be reached; its state is unknown");
}

}  // namespace kintsugi::access_point

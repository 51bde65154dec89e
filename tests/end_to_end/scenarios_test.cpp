#include "tests/end_to_end/visit.h"

#include <algorithm>
#include <set>

// The acceptance scenarios of docs/rules.md that are about people and doors, against the running program. Numbers 2,
// 3 and 4 are in approval_test.cpp, 19 and 20 in scenarios_mail_test.cpp; on the manual clock, all of them in
// tests/scenario/.
namespace kintsugi::testing {
namespace {

constexpr Duration set_time = 5s;  // T_CLOSE of the hospital in these scenarios

void closing_time(Config&, std::vector<Master>& masters) {
  set_closing_time(masters, set_time);
}

bool failed_on(const httplib::Result& reply, const std::string& check) {
  for (const Json& one : Json::parse(reply->body).value("failed", Json::array()))
    if (one.at("name") == check) return true;
  return false;
}

}  // namespace

TEST_CASE("scenario 1: a straight run goes from notice to closed, and its exported log verifies offline",
          "[scenario][demo]") {
  const TemporaryDirectory directory;
  const std::string data = directory.path("data");
  Run demo({"--lang", "en", "demo", "--play-only", "--story", "straight", "--data", data}, std::chrono::minutes(4));
  const int exit = demo.wait();
  INFO(demo.output());
  REQUIRE(exit == 0);
  for (const char* row : {"[F01]", "[F05]", "[F14]", "[F16]", "[F26]", "[F37]", "[F50]", "[F67]", "[F81]"}) {
    CAPTURE(row);
    CHECK(demo.output().find(row) != std::string::npos);
  }
  // Away from the installation: a directory and a public key are all that an auditor needs.
  const Ran logs = run("audit list " + data);
  REQUIRE(logs.exit == 0);
  const auto words = words_of(logs.output);
  const auto log = std::ranges::find_if(words, [](const std::string& one) {
    return one.find("/hcf/") != std::string::npos && one.find('+') == std::string::npos;
  });
  INFO(logs.output);
  REQUIRE(log != words.end());
  const std::string pack = directory.path("pack");
  REQUIRE(run("audit export " + data + " --log " + *log + " --to " + pack).exit == 0);
  std::filesystem::remove_all(data);
  const Ran verified = run("audit verify " + pack + " --vkey " + pack + "/vkey");
  INFO(verified.output);
  CHECK(verified.exit == 0);
}

TEST_CASE("scenario 8: a revoke during a live session ends it at the door within the set seconds",
          "[scenario][access_point]") {
  Visit visit({"abe", "sato", "suzuki", "ono", "tanaka"}, closing_time);
  visit.reports();
  visit.to_connected();
  const GrantId grant = visit.file().grant()->id;
  REQUIRE(visit.simulator.with([&](access_point::SimulatedSite& site) { return site.connect(grant); }));
  REQUIRE(visit.ask(Hop::access_point).sessions == 1);
  REQUIRE(visit.ask(Hop::probe).state == HopState::reachable);

  const auto pressed = std::chrono::steady_clock::now();
  CHECK(visit.does("suzuki", "revoke").at("row") == "F24");
  REQUIRE(visit.comes_to("acknowledged", std::chrono::duration_cast<std::chrono::seconds>(set_time)));
  CHECK(std::chrono::steady_clock::now() - pressed < set_time);

  for (const Hop hop : {Hop::exit, Hop::access_point, Hop::route, Hop::probe}) {
    CAPTURE(name_of(hop));
    CHECK(visit.ask(hop).state == HopState::closed);
    CHECK(visit.ask(hop).sessions == 0);
  }
  CHECK_FALSE(visit.simulator.with([&](access_point::SimulatedSite& site) { return site.connect(grant); }));
  const CaseFile file = visit.file();
  CHECK(file.grant()->proved_closed_at != Instant{});
  CHECK(visit.mails("M15") == 1);
  CHECK(visit.mails("M24") == 1);
  visit.finish();
}

TEST_CASE("scenario 10: 'closed' with a probe that gets through is not believed, and only the hospital ends it",
          "[scenario][access_point]") {
  Visit visit({"abe", "sato", "suzuki", "ono", "tanaka"}, closing_time);
  visit.reports();
  visit.to_connected();
  visit.simulator.with([](access_point::SimulatedSite& site) {
    for (const Hop hop : {Hop::exit, Hop::access_point, Hop::route})
      site.faults(hop).closes_in_words = true;
  });
  visit.does("sato", "revoke");
  REQUIRE(visit.comes_to("disc_unverified", std::chrono::seconds(20)));
  CHECK(visit.ask(Hop::access_point).state == HopState::closed);  // it says
  CHECK(visit.ask(Hop::probe).state == HopState::reachable);
  CHECK(visit.mails("M20") >= 1);

  const Json evidence = {{"hops", {"exit", "access_point", "route", "probe"}},
                         {"closed_at", to_text(visit.api.clock.now())},
                         {"accounts_disabled", true},
                         {"evidence", "unplugged port 3 of the firewall, photo in the folder"}};
  for (const char* vendor : {"ono", "abe"}) {
    CAPTURE(vendor);
    CHECK(visit.tries(vendor, "manual_close", evidence)->status == 403);
  }
  CHECK(visit.state() == "disc_unverified");
  visit.does("suzuki", "manual_close", evidence);
  REQUIRE(visit.comes_to("acknowledged", std::chrono::seconds(20)));
  CHECK(std::ranges::count(visit.file().obligations, ObligationKind::nonconformity, &Obligation::kind) == 1);
  visit.finish();
}

TEST_CASE("scenario 16: after break-glass at night nobody signs before the later approvals exist",
          "[scenario][approval]") {
  Visit visit({"abe", "sato", "suzuki", "ono", "tanaka", "yamada"});
  visit.reports({{"care", "stopped"}});
  visit.does("abe", "acknowledge");
  CHECK(visit.file().priority == Priority::p1);
  const Json asked = visit.api.request("abe");
  Json window = asked.at("window");
  window["closes"] = to_text(visit.api.clock.now() + std::chrono::minutes(30));
  const Json emergency = {{"purpose", "fault"},
                          {"reason", "only scanner of the emergency department"},
                          {"level", "control"},
                          {"window", window},
                          {"workers", asked.at("workers")},
                          {"attendant", asked.at("attendant")}};
  // One person of the hospital alone is not enough, and the vendor cannot do it at all.
  CHECK(failed_on(visit.tries("yamada", "break_glass", emergency), "rsc_consent_missing"));
  CHECK(visit.tries("abe", "break_glass", emergency)->status == 403);
  visit.does("ono", "consent_break_glass");
  CHECK(visit.does("yamada", "break_glass", emergency).at("row") == "F21");
  CHECK(visit.mails("M13") == 1);
  visit.to_connected();
  visit.to_sign_off();
  visit.hand_in_papers();

  // Without a second proof of identity, which is not what it fails for.
  const auto early = visit.api.act(visit.path, "sato", "sign_off", Json::object());
  CHECK(early->status == 409);
  CHECK(failed_on(early, "post_approval_missing"));
  CHECK(visit.state() == "sign_off");
  const std::string hash = to_base64(visit.file().request->hash);
  visit.does("suzuki", "post_approve", {{"slot", "hcf_netadm"}, {"request_hash", hash}});
  visit.does("sato", "post_approve", {{"slot", "hcf_sysadm"}, {"request_hash", hash}});
  CHECK(visit.does("sato", "sign_off").at("state") == "closed");
  visit.finish();
}

}  // namespace kintsugi::testing

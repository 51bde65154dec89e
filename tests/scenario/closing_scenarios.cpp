#include "tests/scenario/theatre.h"

#include <catch2/catch.hpp>

#include <algorithm>

// How the door closes: by its own clock, by a button, by proof, and never on trust.
namespace kintsugi::testing {

TEST_CASE("scenario 6: when the engine dies while connected the access point closes by its own clock", "[scenario]") {
  Theatre t;
  t.reports("E-1042");
  t.to_connected();
  const Instant not_after = t.file().grant()->window.closes;
  t.kill_and_restart(not_after - t.clock().now() + 1min);
  CHECK_FALSE(t.door_open());  // closed while nobody watched
  CHECK_FALSE(t.site().reports().empty());
  t.pass(1min);
  CHECK(t.state() != "connected");
  CHECK(t.verify().defects.empty());
}

TEST_CASE("scenario 6b: after a short death the case is not believed to be connected", "[scenario]") {
  Theatre t;
  t.reports("E-1042");
  t.to_connected();
  t.link_to_access_point = false;
  t.kill_and_restart(5min);
  t.pass(2min);
  const std::string state = t.state();
  CHECK((state == "conn_lost" || state == "disconnecting" || state == "disc_unverified"));
}

TEST_CASE("a connection through a switch worked by hand is not lost for want of a heartbeat", "[scenario]") {
  Theatre t;
  t.reports("E-1042");
  t.to_connected();
  t.worked_by_hand = true;
  t.pass(5min);
  CHECK(t.state() == "connected");
  t.kill_and_restart(10s);
  t.pass(2min);
  CHECK(t.state() == "connected");
}

TEST_CASE("scenario 7: an open that arrives after the close is refused by its generation", "[scenario]") {
  Theatre t;
  t.reports("E-1042");
  t.to_connected();
  const Grant grant = *t.file().grant();
  REQUIRE(t.does("sato", "revoke").kind == Outcome::Kind::moved);
  t.settle();
  REQUIRE_FALSE(t.door_open());

  Order late;
  late.order = OrderKind::open;
  late.hop = Hop::access_point;
  late.grant = grant.id;
  late.generation = grant.generation;
  late.window = grant.window;
  late.device = t.file().device;
  const auto answer = t.site().obey(late);
  REQUIRE(answer);
  CHECK(answer->state == HopState::refused);
  CHECK_FALSE(t.door_open());
  CHECK(t.site().violations().empty());
}

TEST_CASE("scenario 8: a revoke during a live session kills the socket and the probe finds nothing", "[scenario]") {
  Theatre t;
  t.reports("E-1042");
  t.to_connected();
  const Instant before = t.clock().now();
  REQUIRE(t.does("suzuki", "revoke").row == "F24");
  t.settle();
  CHECK_FALSE(t.door_open());
  CHECK(t.state() == "acknowledged");
  CHECK(t.file().grant()->proved_closed_at - before < 2s);
  CHECK(t.mails_sent("M15") == 1);
  CHECK(t.mails_sent("M24") == 1);
}

TEST_CASE("scenario 9: the red button works with every line down, and the record follows in order", "[scenario]") {
  Theatre t;
  t.reports("E-1042");
  t.to_connected();
  t.link_to_access_point = false;
  t.site().press_button();  // the local switch
  CHECK_FALSE(t.door_open());
  const auto halted = t.does("tanaka", "emergency_disconnect");
  REQUIRE(halted.kind == Outcome::Kind::moved);
  CHECK(halted.state == "halted");
  t.pass(3min);
  CHECK(t.state() == "halted");

  t.link_to_access_point = true;
  t.pass(5min);
  const auto grant = *t.file().grant();
  CHECK(std::ranges::all_of(grant.hops, [](const HopReport& hop) { return hop.state == HopState::closed; }));
  // Only the hospital releases.
  CHECK(t.does("abe", "release", {{"cause", "we would like to go on"}}).kind == Outcome::Kind::refused);
  CHECK(t.does("sato", "release", {{"cause", "smell of burning in the room"}}).state == "acknowledged");
  CHECK(t.verify().defects.empty());
}

TEST_CASE("scenario 10: 'closed' with a probe that still gets through is not believed", "[scenario]") {
  Theatre t;
  t.reports("E-1042");
  t.to_connected();
  t.site().faults(Hop::access_point).closes_in_words = true;
  t.site().faults(Hop::route).closes_in_words = true;
  t.site().faults(Hop::exit).closes_in_words = true;
  REQUIRE(t.does("sato", "revoke").kind == Outcome::Kind::moved);
  t.pass(2min);
  CHECK(t.state() == "disc_unverified");
  CHECK(t.mails_sent("M20") >= 1);

  const Json evidence = {{"hops", {"exit", "access_point", "route", "probe"}},
                         {"closed_at", to_text(t.clock().now())},
                         {"accounts_disabled", true},
                         {"evidence", "unplugged port 3 of the firewall, photo in the folder"}};
  CHECK(t.does("ono", "manual_close", evidence).kind == Outcome::Kind::refused);
  CHECK(t.does("suzuki", "manual_close", evidence).kind == Outcome::Kind::moved);
  CHECK(t.state() == "acknowledged");
  CHECK(std::ranges::count(t.file().obligations, ObligationKind::nonconformity, &Obligation::kind) == 1);
}

TEST_CASE("scenario 13: a firmware write may finish only with the clinician's consent, then it is cut",
          "[scenario]") {
  Theatre t;
  t.reports("E-1042");
  t.to_connected();
  const Instant closes = t.file().grant()->window.closes;
  REQUIRE(t.does("abe", "write_started").kind == Outcome::Kind::moved);

  SECTION("without consent the end of the window cuts it") {
    t.pass(closes - t.clock().now() + 1s);
    CHECK(t.state() != "connected");
    CHECK_FALSE(t.door_open());
  }
  SECTION("with consent it has ten minutes, not more") {
    t.pass(closes - t.clock().now() - 1min);
    REQUIRE(t.does("tanaka", "consent_grace").kind == Outcome::Kind::moved);
    t.pass(5min);
    CHECK(t.state() == "connected");
    t.pass(10min);
    CHECK(t.state() != "connected");
    CHECK_FALSE(t.door_open());
  }
  SECTION("after a loss the room must say that the device is safe before anyone reconnects") {
    t.site().faults(Hop::access_point).dead = true;
    t.pass(1min);
    REQUIRE(t.state() == "conn_lost");
    CHECK(t.mails_sent("M19") == 1);
    t.site().faults(Hop::access_point).dead = false;
    CHECK(t.does("abe", "reconnect").kind == Outcome::Kind::refused);
    REQUIRE(t.does("tanaka", "confirm_device_safe", {{"safe", true}}).kind == Outcome::Kind::moved);
    CHECK(t.does("abe", "reconnect").kind == Outcome::Kind::moved);
    t.settle();
    CHECK(t.state() == "connected");
  }
}

}  // namespace kintsugi::testing

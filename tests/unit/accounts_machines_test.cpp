#include "tests/support/door.h"

// Tokens and certificates of devices and access points.
namespace kintsugi::toy {

TEST_CASE("a new token of a device leaves all older ones good for the overlap and no longer", "[run][accounts]") {
  Door door;
  const auto token = [&](Duration overlap) {
    return *door.accounts.new_token(CredentialKind::device_token, device(1).text(), overlap);
  };
  const std::string first = token(0s);
  CHECK(door.accounts.actor_of(first, "")->kind == Role::device);
  const std::string second = token(24h);
  const std::string third = token(1h);
  for (const std::string& one : {first, second, third})
    CHECK(door.accounts.actor_of(one, ""));
  CHECK(door.accounts.actor_of(third, "")->org == hospital);
  SECTION("an hour later only the newest is left") {
    door.world.clock.advance(1h);
    CHECK_FALSE(door.accounts.actor_of(first, ""));
    CHECK_FALSE(door.accounts.actor_of(second, ""));
  }
  SECTION("without an overlap they end at once") {
    const std::string fourth = token(0s);
    for (const std::string& one : {first, second, third})
      CHECK_FALSE(door.accounts.actor_of(one, ""));
    CHECK(door.accounts.actor_of(fourth, ""));
    return;
  }
  SECTION("one of them can be ended by its mark") {
    const auto all = door.accounts.machine_credentials(device(1).text());
    REQUIRE(all);
    REQUIRE(all->size() == 3);
    CHECK(all->front().used == door.world.clock.now());
    for (const Credential& one : *all)
      if (one.secret == sha256(first))
        REQUIRE(door.accounts.end_credential(device(1).text(), Accounts::mark_of(one), operator_actor()));
    CHECK_FALSE(door.accounts.actor_of(first, ""));
    CHECK(door.accounts.actor_of(second, ""));
    CHECK(door.accounts.end_credential(device(1).text(), "0", operator_actor()).error().code == Errc::NotFound);
  }
  CHECK(door.accounts.actor_of(third, ""));
}

TEST_CASE("a certificate speaks for the machine it is bound to, by key or by subject", "[run][accounts]") {
  Door door;
  const Instant now = door.world.clock.now();
  const ClientCertificate one{.key = sha256("one"), .subject = "CN=ct-1,O=Midori", .expires = now + 24h};
  const ClientCertificate renewed{.key = sha256("two"), .subject = one.subject, .expires = now + 48h};
  const auto bind = [&](const ClientCertificate& which, unsigned n, bool by_subject, Duration overlap = 0s) {
    return door.accounts.bind_certificate(device(n).text(), which, by_subject, now + 36h, overlap, operator_actor());
  };
  CHECK_FALSE(door.accounts.actor_of(one, ""));
  SECTION("by key") {
    REQUIRE(bind(one, 1, false));
    const auto actor = door.accounts.actor_of(one, "");
    REQUIRE(actor);
    CHECK(actor->kind == Role::device);
    CHECK(actor->id == device(1).text());
    CHECK(actor->auth == "mtls");
    CHECK(door.accounts.still_holds(*actor));
    CHECK_FALSE(door.accounts.actor_of(renewed, ""));
    CHECK(bind(one, 2, false).error().code == Errc::Conflict);
    REQUIRE(bind(renewed, 1, false, 1h));
    CHECK(door.accounts.actor_of(one, ""));
    CHECK(door.accounts.actor_of(renewed, ""));
    door.world.clock.advance(1h);
    CHECK_FALSE(door.accounts.actor_of(one, ""));
    CHECK(door.accounts.actor_of(renewed, ""));
    door.world.clock.advance(47h);
    CHECK_FALSE(door.accounts.actor_of(renewed, ""));
  }
  SECTION("by subject, until the binding ends") {
    REQUIRE(bind(one, 1, true));
    CHECK(door.accounts.actor_of(renewed, "")->id == device(1).text());
    door.world.clock.advance(36h);
    CHECK_FALSE(door.accounts.actor_of(renewed, ""));
  }
  SECTION("not after it was ended") {
    REQUIRE(bind(one, 1, false));
    const auto all = door.accounts.machine_credentials(device(1).text());
    REQUIRE(door.accounts.end_credential(device(1).text(), Accounts::mark_of(all->front()), operator_actor()));
    CHECK_FALSE(door.accounts.actor_of(one, ""));
  }
  SECTION("and not without a subject, or when it is over already") {
    CHECK_FALSE(bind({.key = one.key, .subject = "", .expires = one.expires}, 1, false));
    CHECK_FALSE(bind({.key = one.key, .subject = one.subject, .expires = now}, 1, false));
  }
}

}  // namespace kintsugi::toy

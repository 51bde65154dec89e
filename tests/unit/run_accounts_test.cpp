#include "engine/base/digest.h"
#include "engine/run/accounts.h"
#include "engine/run/queries.h"
#include "tests/support/toy_engine.h"

namespace kintsugi::toy {
namespace {

constexpr std::string_view password = "correct horse battery";

// Fast and no secret at all; a code is right when it is the number of the time step.
struct FakeHasher final : Accounts::Hasher {
  int verified = 0;
  std::string hash(std::string_view text) override { return "h:" + to_hex(sha256(text)); }
  bool verify(const std::string& stored, std::string_view text) override {
    ++verified;
    return stored == "h:" + to_hex(sha256(text));
  }
  bool code_matches(const std::string&, std::string_view code, Instant at, std::int64_t& counter) override {
    counter = at.time_since_epoch() / 30s;
    return code == std::to_string(counter);
  }
  Bytes seal(BytesView secret) override { return {secret.begin(), secret.end()}; }
  Result<Bytes> open(BytesView sealed) override { return Bytes(sealed.begin(), sealed.end()); }
};

struct Door {
  World world;
  FakeHasher hasher;
  Accounts accounts{*world.conductor, world.store, hasher, world.clock, world.entropy};
  Door() { REQUIRE(accounts.set_password(sato, password)); }
  auto in(std::string_view secret = password, std::string_view code = "", const std::string& from = "192.0.2.1") {
    return accounts.sign_in("sato@hospital.example", secret, code, from);
  }
};

}  // namespace

TEST_CASE("a sign-in gives a token that names its person until it ends", "[run][accounts]") {
  Door door;
  const auto signed_in = door.in();
  REQUIRE(signed_in);
  CHECK(signed_in->actor.person == sato);
  CHECK(signed_in->actor.org == hospital);
  CHECK(signed_in->token.size() == 43);
  CHECK(door.accounts.actor_of(signed_in->token, "")->id == sato.text());
  CHECK_FALSE(door.accounts.actor_of("another", ""));
  SECTION("by signing out") {
    REQUIRE(door.accounts.sign_out(signed_in->token));
  }
  SECTION("by time") {
    door.world.clock.advance(13h);
  }
  SECTION("by a new password") {
    REQUIRE(door.accounts.set_password(sato, "another long password"));
  }
  CHECK_FALSE(door.accounts.actor_of(signed_in->token, ""));
}

TEST_CASE("an unknown person costs as much as a wrong password, and reads the same", "[run][accounts]") {
  Door door;
  const auto wrong = door.in("wrong");
  const int before = door.hasher.verified;
  const auto unknown = door.accounts.sign_in("nobody@example", "wrong", "", "192.0.2.1");
  CHECK(door.hasher.verified == before + 1);
  REQUIRE_FALSE(wrong);
  REQUIRE_FALSE(unknown);
  CHECK(wrong.error().what == unknown.error().what);
}

TEST_CASE("after five wrong passwords the account waits, longer each time", "[run][accounts]") {
  Door door;
  for (int i = 0; i < 5; ++i)
    CHECK_FALSE(door.in("wrong"));
  CHECK_FALSE(door.in());
  door.world.clock.advance(30s);
  CHECK_FALSE(door.in("wrong"));
  door.world.clock.advance(30s);
  CHECK_FALSE(door.in());
  door.world.clock.advance(30s);
  CHECK(door.in());
  CHECK_FALSE(door.in("wrong"));
  CHECK(door.in());  // counted anew after a success
}

TEST_CASE("an address that fails on many accounts is refused for a while", "[run][accounts]") {
  Door door;
  for (int i = 0; i < 50; ++i)
    door.accounts.sign_in("nobody" + std::to_string(i) + "@example", "x", "", "198.51.100.9");
  CHECK_FALSE(door.in(password, "", "198.51.100.9"));
  CHECK(door.in());
  door.world.clock.advance(10min);
  CHECK(door.in(password, "", "198.51.100.9"));
}

TEST_CASE("a code is demanded once enrolled, and good for one use", "[run][accounts]") {
  Door door;
  const auto uri = door.accounts.enrol_code(sato);
  REQUIRE(uri);
  CHECK(has(*uri, "otpauth://totp/Kintsugi:sato%40hospital.example?secret="));
  CHECK_FALSE(door.in());
  const auto code = [&] { return std::to_string(door.world.clock.now().time_since_epoch() / 30s); };
  const auto signed_in = door.in(password, code());
  REQUIRE(signed_in);
  CHECK(signed_in->actor.auth == "pwd+otp");
  CHECK_FALSE(door.in(password, code()));
  door.world.clock.advance(30s);
  CHECK(door.in(password, code()));
}

TEST_CASE("a step-up from the door is good for the act it was asked for", "[run][accounts]") {
  Door door;
  const CaseId opened = door.world.open_case();
  const auto token = door.accounts.step_up(person(), password, "", opened, "approve", Digest{});
  REQUIRE(token);
  Submission approve = door.world.on(opened, "approve");
  approve.step_up = sha256(*token);
  CHECK(door.world.conductor->submit(approve).kind == Outcome::Kind::moved);
  CHECK_FALSE(door.accounts.step_up(person(), "wrong", "", opened, "approve", Digest{}));
}

TEST_CASE("a new token of a device leaves the old one good for the overlap", "[run][accounts]") {
  Door door;
  const auto old = door.accounts.new_token(CredentialKind::device_token, device(1).text());
  REQUIRE(old);
  CHECK(door.accounts.actor_of(*old, "")->kind == Role::device);
  const auto next = door.accounts.new_token(CredentialKind::device_token, device(1).text(), 1h);
  REQUIRE(next);
  CHECK(door.accounts.actor_of(*old, ""));
  CHECK(door.accounts.actor_of(*next, "")->org == hospital);
  door.world.clock.advance(1h);
  CHECK_FALSE(door.accounts.actor_of(*old, ""));
  CHECK(door.accounts.actor_of(*next, ""));
}

TEST_CASE("an invitation sets the first password once, within 72 hours", "[run][accounts]") {
  Door door;
  const auto code = door.accounts.invite(tanaka);
  REQUIRE(code);
  SECTION("in time, once, for its own person") {
    CHECK_FALSE(door.accounts.accept_invitation("sato@hospital.example", *code, password));
    CHECK(door.accounts.accept_invitation("tanaka@centre.example", *code, password));
    CHECK(door.accounts.sign_in("tanaka@centre.example", password, "", "192.0.2.1"));
    CHECK_FALSE(door.accounts.accept_invitation("tanaka@centre.example", *code, "yet another password"));
  }
  SECTION("too late") {
    door.world.clock.advance(72h);
    CHECK_FALSE(door.accounts.accept_invitation("tanaka@centre.example", *code, password));
  }
}

TEST_CASE("people see the cases of their own side, and others do not exist for them", "[run][queries]") {
  World world;
  const CaseId opened = world.open_case();
  Queries queries(*world.conductor, world.store, world.workflow, world.clock);
  const auto view = queries.case_of(person(), opened);
  REQUIRE(view);
  CHECK(view->file->state == "waiting");
  CHECK(view->actions.size() == 1);
  CHECK(queries.cases_of(person(), {})->size() == 1);
  CHECK(queries.cases_of(person(tanaka, centre), {})->size() == 1);
  const Actor stranger = person(sato, other_hospital);
  CHECK(queries.case_of(stranger, opened).error().code == Errc::NotFound);
  CHECK(queries.cases_of(stranger, {})->empty());
  CaseFilter wide;
  wide.tenant = hospital;
  CHECK(queries.cases_of(stranger, wide)->empty());
}

}  // namespace kintsugi::toy

#include "tests/support/door.h"

#include <algorithm>

// How people prove who they are, and whom an attacker cannot shut out.
namespace kintsugi::toy {

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
  SECTION("by its longest life, however busy it was") {
    for (int i = 0; i < 12; ++i) {
      CHECK(door.accounts.actor_of(signed_in->token, ""));
      door.world.clock.advance(1h);
    }
  }
  SECTION("by two hours without a request") {
    door.world.clock.advance(1h);
    CHECK(door.accounts.actor_of(signed_in->token, ""));
    door.world.clock.advance(accounts::sign_in_idle - 1s);
    CHECK(door.accounts.actor_of(signed_in->token, ""));
    door.world.clock.advance(accounts::sign_in_idle);
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
  const auto unknown = door.accounts.sign_in("nobody@example", "wrong", "", Door::at("192.0.2.1"));
  CHECK(door.hasher.verified == before + 1);
  REQUIRE_FALSE(wrong);
  REQUIRE_FALSE(unknown);
  CHECK(wrong.error().what == unknown.error().what);
}

TEST_CASE("after five wrong passwords from one place the person waits there, longer each time", "[run][accounts]") {
  Door door;
  for (int i = 0; i < 5; ++i)
    CHECK_FALSE(door.in("wrong"));
  CHECK_FALSE(door.in());
  CHECK(door.in(password, "", "192.0.2.2"));
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
  for (int i = 0; i < 50; ++i) {
    door.accounts.sign_in("nobody" + std::to_string(i) + "@example", "x", "", Door::at("198.51.100.9"));
    door.world.clock.advance(1s);
  }
  CHECK_FALSE(door.in(password, "", "198.51.100.9"));
  CHECK(door.in());
  door.world.clock.advance(10min);
  CHECK(door.in(password, "", "198.51.100.9"));
}

TEST_CASE("ten thousand addresses that know a mail address cannot shut its owner out", "[run][accounts]") {
  Door door;
  const bool with_generator = GENERATE(true, false);
  CAPTURE(with_generator);
  if (with_generator) door.with_generator();
  const auto code = [&] { return with_generator ? door.code() : std::string(); };
  const Accounts::Client desk{.address = "192.0.2.1", .name = {}, .key = {}, .remember = with_generator};
  const auto before = door.accounts.sign_in("sato@hospital.example", password, code(), desk);
  REQUIRE(before);
  const auto attack = [&](int from, int to) {
    for (int i = from; i < to; ++i) {
      CHECK_FALSE(door.in("guess", "000000",
                          "198." + std::to_string(18 + i / 65536) + "." + std::to_string(i / 256 % 256) + "." +
                              std::to_string(i % 256)));
      door.world.clock.advance(100ms);
    }
  };
  attack(0, 10'000);
  door.world.clock.advance(1h);
  attack(0, 200);
  door.world.clock.advance(30s);
  // From the desk where he was before.
  CHECK(door.in(password, code()));
  door.world.clock.advance(30s);
  if (with_generator) {
    // With the client that he has used, wherever he is now; and with a code from anywhere.
    Accounts::Client laptop = Door::at("203.0.113.77");
    laptop.key = before->client_key;
    CHECK(door.accounts.sign_in("sato@hospital.example", password, code(), laptop));
    door.world.clock.advance(30s);
    CHECK(door.in(password, code(), "203.0.113.78"));
  } else {
    // Nothing but a password keeps strangers out, so they are kept out for an hour.
    CHECK_FALSE(door.in(password, "", "203.0.113.78"));
    door.world.clock.advance(1h);
    CHECK(door.in(password, "", "203.0.113.78"));
  }
}

TEST_CASE("who is where the attacker is comes in with the client that is known", "[run][accounts]") {
  Door door;
  door.with_generator();
  Accounts::Client laptop = Door::at("192.0.2.1");
  laptop.remember = true;
  const auto before = door.accounts.sign_in("sato@hospital.example", password, door.code(), laptop);
  REQUIRE(before);
  REQUIRE(before->client_key.size() == 43);
  laptop.key = before->client_key;
  door.world.clock.advance(30s);
  for (int i = 0; i < 20; ++i)
    CHECK_FALSE(door.in("guess"));
  CHECK_FALSE(door.in(password, door.code()));
  CHECK(door.accounts.sign_in("sato@hospital.example", password, door.code(), laptop));
  door.world.clock.advance(30s);
  REQUIRE(door.accounts.end_sign_ins(sato, {}, true, operator_actor()));
  CHECK_FALSE(door.in("guess"));
  CHECK_FALSE(door.accounts.sign_in("sato@hospital.example", password, door.code(), laptop));
}

TEST_CASE("wrong codes with the right password close codes to strangers, across a restart, and not to him",
          "[run][accounts]") {
  Door door;
  door.with_generator();
  for (int i = 0; i < accounts::stranger_codes_free; ++i) {
    CHECK_FALSE(door.in(password, "000000", "198.51.100." + std::to_string(i)));
    door.world.clock.advance(1s);
  }
  door.world.clock.advance(30s);
  Accounts restarted{*door.world.conductor, door.world.store, door.hasher, door.world.clock, door.world.entropy};
  CHECK_FALSE(restarted.sign_in("sato@hospital.example", password, door.code(), Door::at("203.0.113.1")));
  CHECK(restarted.sign_in("sato@hospital.example", password, door.code(), Door::at("192.0.2.1")));
  const auto records = door.world.records(door.world.hospital_log());
  CHECK(std::ranges::any_of(records, [](const std::string& one) { return has(one, "user.locked"); }));
}

TEST_CASE("a secret holds from its first code on, and the one before it until then", "[run][accounts]") {
  Door door;
  const auto uri = door.accounts.enrol_code(sato);
  REQUIRE(uri);
  CHECK(has(*uri, "otpauth://totp/Kintsugi:sato%40hospital.example?secret="));
  CHECK_FALSE(door.in());
  const auto signed_in = door.in(password, door.code());
  REQUIRE(signed_in);
  CHECK(signed_in->actor.auth == "pwd+otp");
  CHECK_FALSE(door.in(password, door.code()));
  door.world.clock.advance(30s);
  CHECK(door.in(password, door.code()));
  SECTION("a waiting one takes nothing from it") {
    REQUIRE(door.accounts.enrol_code(sato, signed_in->actor));
    door.world.clock.advance(30s);
    CHECK(door.in(password, door.code()));
    CHECK_FALSE(door.accounts.confirm_code(signed_in->actor, "1"));
    CHECK(door.accounts.confirm_code(signed_in->actor, door.code()));
    CHECK_FALSE(door.accounts.confirm_code(signed_in->actor, door.code()));
    CHECK_FALSE(door.in(password, door.code()));  // that step was used to confirm it
    door.world.clock.advance(30s);
    CHECK(door.in(password, door.code()));
  }
  SECTION("one that waited too long lets nobody in") {
    REQUIRE(door.accounts.enrol_code(tanaka));
    REQUIRE(door.accounts.set_password(tanaka, password));
    door.world.clock.advance(accounts::enrolment_life);
    CHECK_FALSE(door.accounts.sign_in("tanaka@centre.example", password, door.code(), Door::at("192.0.2.9")));
    CHECK_FALSE(door.accounts.sign_in("tanaka@centre.example", password, "", Door::at("192.0.2.9")));
  }
}

TEST_CASE("a recovery code is good once in place of a code, and new ones end the old ones", "[run][accounts]") {
  Door door;
  door.with_generator();
  const auto codes = door.accounts.new_recovery_codes(sato, operator_actor());
  REQUIRE(codes);
  REQUIRE(codes->size() == accounts::recovery_codes);
  const auto signed_in = door.in(password, codes->front());
  REQUIRE(signed_in);
  CHECK(signed_in->actor.auth == "pwd+otp");
  CHECK(signed_in->recovery_codes_left == static_cast<int>(accounts::recovery_codes) - 1);
  CHECK_FALSE(door.in(password, codes->front()));
  CHECK_FALSE(door.in("wrong", codes->at(1)));
  const auto fresh = door.accounts.new_recovery_codes(sato, operator_actor());
  REQUIRE(fresh);
  CHECK_FALSE(door.in(password, codes->at(1)));
  CHECK(door.in(password, fresh->at(1)));
  for (const Credential& one : *door.world.store.credentials_of(CredentialKind::recovery_code, sato.text()))
    CHECK(one.verifier.empty());
}

TEST_CASE("sign-ins are seen with where they came from, and ended one by one or all but one", "[run][accounts]") {
  Door door;
  const auto first = door.in();
  door.world.clock.advance(1min);
  const auto second = door.in(password, "", "192.0.2.2");
  door.world.clock.advance(1min);
  const auto third = door.in(password, "", "192.0.2.3");
  REQUIRE((first && second && third));
  door.world.clock.advance(5min);
  REQUIRE(door.accounts.actor_of(first->token, ""));
  const auto seen = door.accounts.sign_ins_of(sato);
  REQUIRE(seen);
  REQUIRE(seen->size() == 3);
  CHECK(seen->front().address == "192.0.2.3");
  CHECK(seen->front().client == "test/1");
  CHECK(seen->back().used == door.world.clock.now());
  CHECK_FALSE(seen->back().with_code);
  const Actor stranger = person(tanaka, centre);
  CHECK(door.accounts.end_sign_in(tanaka, seen->front().id, stranger).error().code == Errc::NotFound);
  REQUIRE(door.accounts.end_sign_in(sato, seen->front().id, first->actor));
  CHECK_FALSE(door.accounts.still_holds(third->actor));
  CHECK_FALSE(door.accounts.actor_of(third->token, ""));
  CHECK(door.accounts.still_holds(second->actor));
  REQUIRE(door.accounts.end_sign_ins(sato, seen->back().id, false, first->actor));
  CHECK_FALSE(door.accounts.actor_of(second->token, ""));
  CHECK(door.accounts.actor_of(first->token, ""));
  const auto records = door.world.records(door.world.hospital_log());
  CHECK(std::ranges::count_if(records, [](const std::string& one) { return has(one, "ended_by_himself"); }) == 2);
}

TEST_CASE("whoever leaves is out in the same commit", "[run][accounts]") {
  Door door;
  door.with_generator();
  const auto signed_in = door.in(password, door.code());
  REQUIRE(signed_in);
  const CaseId opened = door.world.open_case();
  door.world.clock.advance(30s);
  const auto step_up = door.accounts.step_up(signed_in->actor, password, door.code(), opened, "approve", Digest{});
  REQUIRE(step_up);
  door.world.store.commits = 0;
  REQUIRE(door.accounts.leave(sato, operator_actor()));
  CHECK(door.world.store.commits == 1);
  CHECK_FALSE(door.accounts.actor_of(signed_in->token, ""));
  CHECK_FALSE(door.accounts.still_holds(signed_in->actor));
  CHECK_FALSE((*door.world.store.begin())->step_up_of(sha256(*step_up)).value());
  CHECK((*door.world.store.credential_of(CredentialKind::password, sato.text()))->ended != Instant{});
  door.world.clock.advance(30s);
  CHECK_FALSE(door.in(password, door.code()));
  CHECK(has(door.world.records(door.world.hospital_log()).back(), R"("why":"left")"));
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

TEST_CASE("an invitation sets password and secret once, within 72 hours, and ends what was before",
          "[run][accounts]") {
  Door door;
  const auto code = door.accounts.invite(tanaka);
  REQUIRE(code);
  const auto tanaka_in = [&](std::string_view secret) {
    return door.accounts.sign_in("tanaka@centre.example", secret, door.code(), Door::at("192.0.2.1"));
  };
  SECTION("in time, once, for its own person") {
    CHECK_FALSE(door.accounts.accept_invitation("sato@hospital.example", *code, password));
    CHECK(door.accounts.accept_invitation("tanaka@centre.example", *code, "short").error().code == Errc::Invalid);
    CHECK(door.accounts.accept_invitation("tanaka@centre.example", *code, password));
    const auto signed_in = tanaka_in(password);
    REQUIRE(signed_in);
    CHECK_FALSE(door.accounts.accept_invitation("tanaka@centre.example", *code, "yet another password"));
    const auto spare = door.accounts.new_recovery_codes(tanaka, operator_actor());
    REQUIRE(spare);
    const auto again = door.accounts.invite(tanaka, signed_in->actor);
    REQUIRE(again);
    CHECK(door.accounts.actor_of(signed_in->token, ""));
    CHECK(door.accounts.accept_invitation("tanaka@centre.example", *again, "yet another password"));
    CHECK_FALSE(door.accounts.actor_of(signed_in->token, ""));
    door.world.clock.advance(30s);
    CHECK_FALSE(tanaka_in(password));
    CHECK_FALSE(door.accounts.sign_in("tanaka@centre.example", "yet another password", spare->front(),
                                      Door::at("192.0.2.1")));
    CHECK(tanaka_in("yet another password"));
  }
  SECTION("too late") {
    door.world.clock.advance(72h);
    CHECK_FALSE(door.accounts.accept_invitation("tanaka@centre.example", *code, password));
  }
  SECTION("not after a newer one") {
    REQUIRE(door.accounts.invite(tanaka));
    CHECK_FALSE(door.accounts.accept_invitation("tanaka@centre.example", *code, password));
  }
}

}  // namespace kintsugi::toy

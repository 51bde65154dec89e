#pragma once

#include "engine/accounts/accounts.h"
#include "engine/base/digest.h"
#include "tests/support/toy_engine.h"

#include <string>
#include <string_view>

namespace kintsugi::toy {

inline constexpr std::string_view password = "correct horse battery";

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
    return accounts.sign_in("sato@hospital.example", secret, code, at(from));
  }
  static Accounts::Client at(const std::string& address) {
    return {.address = address, .name = "test/1", .key = {}, .remember = false};
  }
  std::string code() const { return std::to_string(world.clock.now().time_since_epoch() / 30s); }
  // With a generator whose first code has been shown.
  void with_generator() {
    REQUIRE(accounts.enrol_code(sato));
    REQUIRE(in(password, code()));
    world.clock.advance(30s);
  }
};

}  // namespace kintsugi::toy

#include "engine/accounts/attempts.h"

#include "engine/accounts/limits.h"
#include "engine/accounts/recovery.h"
#include "engine/base/entropy.h"
#include "engine/base/network.h"

#include <catch2/catch.hpp>

#include <set>

// Who must wait, and whom an attacker cannot make wait.
namespace kintsugi {
namespace {

const Instant noon = *instant_from("2026-03-04T12:00:00Z");

Attempts::Knock stranger(const std::string& who, const std::string& network) {
  return {.who = who, .network = network, .place = network, .familiar = false};
}
Attempts::Knock familiar(const std::string& who, const std::string& place) {
  return {.who = who, .network = place, .place = place, .familiar = true};
}

}  // namespace

TEST_CASE("a pair of person and place waits, longer each time, and nobody else does", "[accounts][attempts]") {
  Attempts attempts;
  const auto pair = stranger("sato", "192.0.2.1");
  for (int i = 1; i < accounts::failures_free; ++i)
    CHECK(attempts.failed(pair, noon) == Instant{});
  CHECK(attempts.failed(pair, noon) == noon + accounts::wait_first);
  CHECK_FALSE(attempts.may_try(pair, noon));
  CHECK(attempts.may_try(stranger("sato", "192.0.2.2"), noon));
  CHECK(attempts.may_try(stranger("tanaka", "192.0.2.1"), noon));
  CHECK(attempts.may_try(pair, noon + accounts::wait_first));
  CHECK(attempts.failed(pair, noon + 1min) == noon + 1min + 2 * accounts::wait_first);
  Instant until{};
  for (int i = 0; i < 20; ++i)
    until = attempts.failed(pair, noon + 2min);
  CHECK(until == noon + 2min + accounts::wait_max);
  attempts.succeeded(pair);
  CHECK(attempts.may_try(pair, noon + 2min));
}

TEST_CASE("a network that fails on many people is refused as a stranger and not where it is familiar",
          "[accounts][attempts]") {
  Attempts attempts;
  for (int i = 0; i < accounts::network_failures_max; ++i)
    attempts.failed(stranger("nobody" + std::to_string(i), "192.0.2.1"), noon);
  CHECK_FALSE(attempts.may_try(stranger("sato", "192.0.2.1"), noon));
  CHECK(attempts.may_try(familiar("sato", "192.0.2.1"), noon));
  CHECK(attempts.may_try(stranger("sato", "192.0.2.1"), noon + accounts::network_window));
}

TEST_CASE("strangers share what their tries may cost, and the familiar do not pay for it", "[accounts][attempts]") {
  Attempts attempts;
  int tried = 0;
  for (int i = 0; i < 10'000; ++i)
    if (attempts.may_try(stranger("sato", "198.51.100." + std::to_string(i)), noon)) ++tried;
  CHECK(tried == static_cast<int>(accounts::stranger_tries_burst));
  CHECK(attempts.may_try(familiar("sato", "192.0.2.1"), noon));
  CHECK(attempts.may_try(stranger("sato", "203.0.113.1"), noon + 1s));
}

TEST_CASE("strangers who fail too often on one person are told apart from those on another", "[accounts][attempts]") {
  Attempts attempts;
  for (int i = 0; i < accounts::stranger_failures_max; ++i) {
    CHECK_FALSE(attempts.closed_to_strangers("sato", noon));
    attempts.failed(stranger("sato", std::to_string(i)), noon);
  }
  CHECK(attempts.closed_to_strangers("sato", noon));
  CHECK_FALSE(attempts.closed_to_strangers("tanaka", noon));
  CHECK_FALSE(attempts.closed_to_strangers("sato", noon + accounts::stranger_window));
  CHECK(attempts.may_tell("sato", noon));
  CHECK_FALSE(attempts.may_tell("sato", noon + 1min));
  CHECK(attempts.may_tell("sato", noon + accounts::lock_told_every));
}

TEST_CASE("an IPv6 client is counted by its 64 bits of network, an IPv4 one by itself", "[accounts][network]") {
  CHECK(network_of("192.0.2.7") == "192.0.2.7");
  CHECK(network_of("::ffff:192.0.2.7") == "192.0.2.7");
  CHECK(network_of("2001:db8:1:2:aaaa::1") == "2001:db8:1:2::/64");
  CHECK(network_of("2001:db8:1:2::ffff") == network_of("2001:0db8:0001:0002:1::"));
  CHECK(network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1"));
  CHECK(network_of("fe80::1%eth0") == "fe80::/64");
  CHECK(network_of("unknown") == "unknown");
  CHECK(is_address("::1"));
  CHECK_FALSE(is_address("192.0.2.7, 10.0.0.1"));
  CHECK_FALSE(is_address(""));
}

TEST_CASE("a recovery code is read however it was typed, and is no code of a generator", "[accounts][recovery]") {
  SeededEntropy entropy(3);
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string code = new_recovery_code(entropy);
    REQUIRE(code.size() == 19);
    CHECK(seen.insert(code).second);
    const auto digest = recovery_digest(code);
    REQUIRE(digest);
    std::string typed;
    for (const char c : code)
      typed += c == '-' ? ' ' : static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    CHECK(recovery_digest(typed) == digest);
  }
  CHECK(recovery_digest("OIL0-AAAA-AAAA-AAAA") == recovery_digest("0110-AAAA-AAAA-AAAA"));
  CHECK_FALSE(recovery_digest("123456"));
  CHECK_FALSE(recovery_digest(""));
  CHECK_FALSE(recovery_digest("AAAA-AAAA-AAAA-AAAA-A"));
  CHECK_FALSE(recovery_digest("AAAA-AAAA-AAAA-AAU!"));
}

}  // namespace kintsugi

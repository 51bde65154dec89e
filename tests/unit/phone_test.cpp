#include "adapters/sodium/phone.h"

#include "adapters/sodium/hasher.h"
#include "engine/base/private_file.h"
#include "tests/support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <set>

namespace kintsugi::testing {
namespace {

const Instant morning = *instant_from("2026-03-04T09:00:00Z");

struct Person {
  TemporaryDirectory directory;
  std::filesystem::path file = directory.path("sato.otpauth");
  Person() { std::ofstream(file) << "otpauth://totp/Kintsugi:sato?secret=GEZDGNBVGY3TQOJQ&issuer=Kintsugi\n"; }
};

}  // namespace

TEST_CASE("a telephone gives out every code that a server would take now, each once, also after a restart",
          "[sodium]") {
  const Person person;
  ManualClock clock(morning);
  std::set<std::string> codes;
  for (int n = 0; n < 2 * sodium::code_steps_off_max + 1; ++n) {
    const sodium::Phone phone(person.file);  // another process each time
    REQUIRE(phone.has_code(clock));
    codes.insert(*phone.next_code(clock));
  }
  CHECK(codes.size() == 3);
  CHECK_FALSE(sodium::Phone(person.file).has_code(clock));
  clock.advance(sodium::code_step);
  REQUIRE(sodium::Phone(person.file).has_code(clock));
  codes.insert(*sodium::Phone(person.file).next_code(clock));
  CHECK(codes.size() == 4);
}

TEST_CASE("no code is given out that ends before somebody has typed it", "[sodium]") {
  const Person person;
  ManualClock clock(morning + 20s);
  const std::string code = *sodium::Phone(person.file).next_code(clock);
  clock.advance(14s);
  const auto now = sodium::step_of(clock.now());
  const std::string secret =
      *sodium::secret_of("otpauth://totp/Kintsugi:sato?secret=GEZDGNBVGY3TQOJQ&issuer=Kintsugi");
  CHECK(code == sodium::code_of(secret, now - sodium::code_steps_off_max));
}

TEST_CASE("what is no telephone is told apart from one that holds no secret", "[sodium]") {
  const TemporaryDirectory directory;
  const ManualClock clock(morning);
  CHECK(sodium::Phone(directory.path("nothing")).next_code(clock).error().code == Errc::NotFound);
  std::ofstream(directory.path("letter")) << "dear Sato\n";
  CHECK(sodium::Phone(directory.path("letter")).next_code(clock).error().code == Errc::Invalid);
}

TEST_CASE("a private file is its owner's alone, whole or not there, and replaces what was there", "[base]") {
  const TemporaryDirectory directory;
  const std::filesystem::path file = directory.path("secret");
  std::ofstream(file) << "before";
  std::filesystem::permissions(file, std::filesystem::perms::all);
  REQUIRE(write_private_file(file, "after"));
  std::string text;
  std::ifstream(file) >> text;
  CHECK(text == "after");
  CHECK(std::filesystem::status(file).permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  CHECK(write_private_file(directory.path("nowhere/secret"), "x").error().code == Errc::Transient);
}

}  // namespace kintsugi::testing

#include "engine/run/bundling.h"

#include <catch2/catch.hpp>

using namespace kintsugi;

namespace {

const Instant noon{std::chrono::hours{500'000}};
using Way = Bundling::Way;

}  // namespace

TEST_CASE("a few letters to the same people go alone, many within minutes gather and then go together") {
  Bundling bundling({.alone = 3, .within = 5min, .gather = 60s, .letter_max = 500});
  for (int i = 0; i < 3; ++i)
    CHECK(bundling.plan("desk", noon + i * 1s).way == Way::alone);
  const auto fourth = bundling.plan("desk", noon + 3s);
  CHECK(fourth.way == Way::gather);
  CHECK(fourth.until == noon + 63s);
  CHECK(bundling.plan("desk", noon + 30s).until == noon + 63s);
  CHECK(bundling.plan("others", noon + 30s).way == Way::alone);
  CHECK(bundling.plan("desk", noon + 63s).way == Way::share);
  bundling.shared("desk", 40, noon + 63s);
  CHECK(bundling.plan("desk", noon + 64s).until == noon + 123s);
}

TEST_CASE("what one full letter leaves over goes in the next at once") {
  Bundling bundling({.alone = 1, .within = 5min, .gather = 60s, .letter_max = 500});
  CHECK(bundling.plan("desk", noon).way == Way::alone);
  CHECK(bundling.plan("desk", noon).way == Way::gather);
  CHECK(bundling.plan("desk", noon + 60s).way == Way::share);
  bundling.shared("desk", 500, noon + 60s);
  CHECK(bundling.plan("desk", noon + 60s).way == Way::share);
}

TEST_CASE("when nothing gathers any more letters go alone again") {
  Bundling bundling({.alone = 1, .within = 5min, .gather = 60s, .letter_max = 500});
  bundling.plan("desk", noon);
  bundling.plan("desk", noon);
  CHECK(bundling.plan("desk", noon + 60s).way == Way::share);
  bundling.shared("desk", 1, noon + 60s);
  CHECK(bundling.plan("desk", noon + 6min).way == Way::alone);
}

TEST_CASE("a clock that is set back keeps no letter waiting longer than it should") {
  Bundling bundling({.alone = 1, .within = 5min, .gather = 60s, .letter_max = 500});
  bundling.plan("desk", noon);
  bundling.plan("desk", noon);
  CHECK(bundling.plan("desk", noon - 24h).way == Way::share);
}

TEST_CASE("urgent letters and installations that want none are never bundled") {
  Bundling bundling({.alone = 0, .within = 5min, .gather = 60s, .letter_max = 500});
  for (int i = 0; i < 100; ++i)
    CHECK(bundling.plan("desk", noon).way == Way::alone);
  Bundling other({.alone = 1, .within = 5min, .gather = 60s, .letter_max = 500});
  for (int i = 0; i < 100; ++i)
    CHECK(other.plan("", noon).way == Way::alone);
}

TEST_CASE("what bundling remembers is bounded by the receivers of the last minutes") {
  Bundling bundling({.alone = 1, .within = 5min, .gather = 60s, .letter_max = 500});
  for (std::size_t i = 0; i < Bundling::receivers_max; ++i)
    bundling.plan("desk " + std::to_string(i), noon);
  // Full: a new receiver's letters go alone, without being counted.
  CHECK(bundling.plan("new", noon).way == Way::alone);
  CHECK(bundling.plan("new", noon).way == Way::alone);
  // Later the old ones are forgotten.
  CHECK(bundling.plan("new", noon + 6min).way == Way::alone);
  CHECK(bundling.plan("new", noon + 6min).way == Way::gather);
}

#include "engine/base/quiet_hours.h"

#include <catch2/catch.hpp>

using namespace kintsugi;

namespace {

Instant at(std::string_view text) {
  return instant_from(text).value();
}
constexpr QuietHours nights{.from = 22 * 60, .until = 7 * 60, .zone = {}};

}  // namespace

TEST_CASE("quiet hours end at a civil time, on the next day if they pass midnight") {
  const std::string tokyo = "Asia/Tokyo";
  CHECK(quiet_until(nights, tokyo, at("2026-03-04T21:59:59+09:00")) == at("2026-03-04T21:59:59+09:00"));
  CHECK(quiet_until(nights, tokyo, at("2026-03-04T22:00:00+09:00")) == at("2026-03-05T07:00:00+09:00"));
  CHECK(quiet_until(nights, tokyo, at("2026-03-05T06:59:59+09:00")) == at("2026-03-05T07:00:00+09:00"));
  CHECK(quiet_until(nights, tokyo, at("2026-03-05T07:00:00+09:00")) == at("2026-03-05T07:00:00+09:00"));
  const QuietHours noon{.from = 12 * 60, .until = 13 * 60, .zone = "Asia/Tokyo"};
  CHECK(quiet_until(noon, "America/New_York", at("2026-03-04T12:30:00+09:00")) == at("2026-03-04T13:00:00+09:00"));
  CHECK(quiet_until({}, tokyo, at("2026-03-04T23:00:00+09:00")) == at("2026-03-04T23:00:00+09:00"));
}

TEST_CASE("quiet hours of the night in which summer time begins or ends last until the same clock time") {
  CHECK(quiet_until(nights, "Europe/Berlin", at("2026-03-28T23:30:00+01:00")) == at("2026-03-29T07:00:00+02:00"));
  CHECK(quiet_until(nights, "Europe/Berlin", at("2026-10-24T23:30:00+02:00")) == at("2026-10-25T07:00:00+01:00"));
  CHECK(quiet_until(nights, "America/New_York", at("2026-11-01T01:30:00-04:00")) == at("2026-11-01T07:00:00-05:00"));
}

TEST_CASE("quiet hours say what is wrong with them") {
  CHECK(mistakes_in(nights).empty());
  CHECK(mistakes_in(QuietHours{.from = -1, .until = 1441, .zone = "Nowhere/At_All"}).size() == 3);
}

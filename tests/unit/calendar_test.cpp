#include "engine/base/calendar.h"

#include <catch2/catch.hpp>

namespace kintsugi {
namespace {

Instant at(const char* text) {
  return *instant_from(text);
}

}  // namespace

TEST_CASE("a working day after Friday is Monday at the same time", "[calendar]") {
  const Calendar tokyo;
  CHECK(add_working_days(tokyo, at("2026-03-06T10:00:00+09:00"), 1) == at("2026-03-09T10:00:00+09:00"));
}

TEST_CASE("holidays are no working days", "[calendar]") {
  Calendar tokyo;
  tokyo.holidays = {"2026-03-20"};
  CHECK(add_working_days(tokyo, at("2026-03-19T16:00:00+09:00"), 1) == at("2026-03-23T16:00:00+09:00"));
}

TEST_CASE("a start outside working hours counts from the next opening", "[calendar]") {
  const Calendar tokyo;
  CHECK(add_working_days(tokyo, at("2026-03-07T20:00:00+09:00"), 1) == at("2026-03-10T09:00:00+09:00"));
  CHECK(add_working_days(tokyo, at("2026-03-04T06:00:00+09:00"), 1) == at("2026-03-05T09:00:00+09:00"));
}

TEST_CASE("working time stops at night", "[calendar]") {
  const Calendar tokyo;
  CHECK(add_working_time(tokyo, at("2026-03-06T16:00:00+09:00"), 2h) == at("2026-03-09T10:00:00+09:00"));
}

TEST_CASE("a working day keeps its local hour over a change to summer time", "[calendar]") {
  Calendar berlin;
  berlin.zone = "Europe/Berlin";
  CHECK(add_working_days(berlin, at("2026-03-27T10:00:00+01:00"), 1) == at("2026-03-30T10:00:00+02:00"));
}

TEST_CASE("nobody is at work at closing time or on Sunday", "[calendar]") {
  const Calendar tokyo;
  CHECK(is_working_time(tokyo, at("2026-03-06T16:59:59+09:00")));
  CHECK_FALSE(is_working_time(tokyo, at("2026-03-06T17:00:00+09:00")));
  CHECK_FALSE(is_working_time(tokyo, at("2026-03-08T12:00:00+09:00")));
}

}  // namespace kintsugi

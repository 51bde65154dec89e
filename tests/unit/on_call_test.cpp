#include "engine/on_call/on_call.h"

#include "engine/base/local_time.h"

#include <catch2/catch.hpp>

#include <map>

using namespace kintsugi;
using namespace std::chrono_literals;

namespace {

const OrganisationId centre{"org_R"};
const OnCallFor mr{.at = centre, .product_line = "mr", .tier = 1};

PersonId who(std::string_view nick) {
  return PersonId{"person_" + std::string(nick)};
}
Instant at(std::string_view text) {
  return instant_from(text).value();
}

struct World {
  Directory directory;
  explicit World(const std::string& zone) {
    Organisation org;
    org.id = centre;
    org.side = Side::rsc;
    org.calendar.zone = zone;
    org.calendar.holidays = {"2027-01-01"};
    directory.put(org);
    for (const char* nick : {"anna", "ben", "cem", "dora"}) {
      Person one;
      one.id = who(nick);
      directory.put(one);
    }
  }
  void roster(std::vector<Layer> layers, std::string product_line = "mr", int tier = 1) {
    Roster one;
    one.id = RosterId{"roster_" + product_line + std::to_string(tier)};
    one.at = centre;
    one.product_line = std::move(product_line);
    one.tier = tier;
    one.layers = std::move(layers);
    directory.put(one);
  }
  void shift(std::string_view nick, std::string_view from, std::string_view until, std::string_view instead_of = "",
             DutyReason reason = DutyReason::planned) {
    Duty one;
    one.person = who(nick);
    one.at = centre;
    one.from = at(from);
    one.until = at(until);
    if (!instead_of.empty()) one.instead_of = who(instead_of);
    one.reason = reason;
    directory.put(one);
  }
  std::string on(std::string_view when, const OnCallFor& whom = mr) const {
    std::string out;
    for (const PersonId& one : people_on_call(directory, whom, at(when)))
      out += (out.empty() ? "" : " ") + one.text().substr(7);
    return out;
  }
};

Layer layer(std::vector<PersonId> people, TurnUnit unit, int length = 1) {
  Layer out;
  out.name = "primary";
  out.people = std::move(people);
  out.first_day = "2026-01-05";  // a Monday
  out.unit = unit;
  out.length = length;
  return out;
}

}  // namespace

TEST_CASE("turns of days and weeks hand over at a civil time of their zone") {
  World weeks("Asia/Tokyo");
  weeks.roster({layer({who("anna"), who("ben"), who("cem")}, TurnUnit::week)});
  CHECK(weeks.on("2026-01-05T08:59:59+09:00").empty());  // nobody before the first hand-over
  CHECK(weeks.on("2026-01-05T09:00:00+09:00") == "anna");
  CHECK(weeks.on("2026-01-12T08:59:59+09:00") == "anna");
  CHECK(weeks.on("2026-01-12T09:00:00+09:00") == "ben");
  CHECK(weeks.on("2026-01-26T09:00:00+09:00") == "anna");

  World days("Asia/Tokyo");
  days.roster({layer({who("anna"), who("ben")}, TurnUnit::day, 2)});
  CHECK(days.on("2026-01-07T08:00:00+09:00") == "anna");
  CHECK(days.on("2026-01-07T09:00:00+09:00") == "ben");
  CHECK(days.on("2026-01-09T09:00:00+09:00") == "anna");
}

TEST_CASE("no turn is lost or doubled by a change of summer time, whatever the zone and the hand-over") {
  // Every hour of three years, at hand-overs that the changes skip and repeat: turn n of one day belongs to one
  // person and lasts 23 to 25 hours.
  for (const char* zone : {"Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe"})
    for (const int hands_over : {0, 2 * 60 + 30, 9 * 60}) {
      World world(zone);
      Layer daily = layer({who("anna"), who("ben"), who("cem")}, TurnUnit::day);
      daily.hands_over = hands_over;
      world.roster({daily});
      const Instant from = instant_of(*civil_day_from("2026-01-05"), hands_over, zone);
      int turns = 0;
      PersonId last;
      for (int part = 0; part < 12; ++part) {
        const Instant begin =
            instant_of(*civil_day_from("2026-01-05") + std::chrono::days{90 * part}, hands_over, zone);
        const Instant end =
            instant_of(*civil_day_from("2026-01-05") + std::chrono::days{90 * (part + 1)}, hands_over, zone);
        for (const Stretch& one : stretches(world.directory, mr, begin, end)) {
          INFO(zone << " " << hands_over << " " << to_text(one.from));
          REQUIRE(one.people.size() == 1);
          CHECK(one.people.front().person != last);
          last = one.people.front().person;
          CHECK(one.until - one.from >= 23h);
          CHECK(one.until - one.from <= 25h);
          ++turns;
        }
      }
      CHECK(from < at("2026-01-06T00:00:00Z"));
      CHECK(turns == 12 * 90);
    }
}

TEST_CASE("a week with a change of summer time is an hour shorter or longer and hands over at the same clock time") {
  World berlin("Europe/Berlin");
  berlin.roster({layer({who("anna"), who("ben")}, TurnUnit::week)});
  const auto spring = stretches(berlin.directory, mr, at("2026-03-23T08:00:00Z"), at("2026-04-06T07:00:00Z"));
  REQUIRE(spring.size() == 2);
  CHECK(to_text(spring[0].until) == "2026-03-30T07:00:00.000000Z");  // 09:00 in summer time
  CHECK(spring[0].until - spring[0].from == 7 * 24h - 1h);
  World york("America/New_York");
  york.roster({layer({who("anna"), who("ben")}, TurnUnit::week)});
  const auto autumn = stretches(york.directory, mr, at("2026-10-26T13:00:00Z"), at("2026-11-09T14:00:00Z"));
  REQUIRE(autumn.size() == 2);
  CHECK(to_text(autumn[0].until) == "2026-11-02T14:00:00.000000Z");
  CHECK(autumn[0].until - autumn[0].from == 7 * 24h + 1h);
}

TEST_CASE("the first layer with somebody on counts, by weekday, hour and holiday") {
  World world("Asia/Tokyo");
  Layer holidays = layer({who("dora")}, TurnUnit::week);
  holidays.name = "holidays";
  holidays.holidays = OnHolidays::only;
  Layer office = layer({who("anna")}, TurnUnit::week);
  office.name = "office";
  office.hours = {{.days = {1, 2, 3, 4, 5}, .from = 9 * 60, .until = 17 * 60}};
  Layer nights = layer({who("ben"), who("cem")}, TurnUnit::day);
  nights.name = "nights";
  nights.hours = {{.days = {}, .from = 17 * 60, .until = 9 * 60}};
  world.roster({holidays, office, nights});
  CHECK(world.on("2026-12-30T10:00:00+09:00") == "anna");
  CHECK(world.on("2027-01-01T10:00:00+09:00") == "dora");
  CHECK(world.on("2027-01-01T00:00:00+09:00") == "dora");
  CHECK(world.on("2026-12-30T16:59:59+09:00") == "anna");
  const std::string night = world.on("2026-12-30T17:00:00+09:00");
  CHECK((night == "ben" || night == "cem"));
  CHECK(world.on("2026-12-31T08:59:59+09:00") == night);
  CHECK(world.on("2027-01-03T12:00:00+09:00").empty());  // Sunday by day: nobody, and gaps_in says so
  const auto found = on_call(world.directory, mr, at("2027-01-01T10:00:00+09:00"));
  REQUIRE(found.size() == 1);
  CHECK(found[0].layer == "holidays");
  CHECK(found[0].by == OnCallBy::turn);
}

TEST_CASE("a shift overrides everybody, or one person only where it is his turn") {
  World world("Asia/Tokyo");
  world.roster({layer({who("anna"), who("ben")}, TurnUnit::week)});
  world.shift("cem", "2026-01-05T00:00:00Z", "2026-01-20T00:00:00Z", "anna", DutyReason::sick);
  CHECK(world.on("2026-01-06T12:00:00Z") == "cem");
  CHECK(world.on("2026-01-14T12:00:00Z") == "ben");  // not anna's turn: the shift changes nothing
  const auto found = on_call(world.directory, mr, at("2026-01-06T12:00:00Z"));
  REQUIRE(found.size() == 1);
  CHECK(found[0].by == OnCallBy::shift);
  CHECK(found[0].instead_of == who("anna"));
  CHECK(found[0].reason == DutyReason::sick);
  CHECK(found[0].layer == "primary");

  world.shift("dora", "2026-01-14T00:00:00Z", "2026-01-15T00:00:00Z");
  CHECK(world.on("2026-01-14T12:00:00Z") == "dora");
  CHECK(world.on("2026-01-15T00:00:00Z") == "ben");  // ends are exclusive
}

TEST_CASE("a roster of the product line comes before the one for every line, and tiers are apart") {
  World world("Asia/Tokyo");
  world.roster({layer({who("anna")}, TurnUnit::week)}, "mr");
  world.roster({layer({who("ben")}, TurnUnit::week)}, "");
  world.roster({layer({who("cem")}, TurnUnit::week)}, "", 2);
  CHECK(world.on("2026-02-01T00:00:00Z") == "anna");
  CHECK(world.on("2026-02-01T00:00:00Z", {.at = centre, .product_line = "ct", .tier = 1}) == "ben");
  CHECK(world.on("2026-02-01T00:00:00Z", {.at = centre, .product_line = "mr", .tier = 2}) == "cem");
}

TEST_CASE("whoever has left is not on call and the next layer takes his turn") {
  World world("Asia/Tokyo");
  Layer backup = layer({who("ben")}, TurnUnit::week);
  backup.name = "backup";
  world.roster({layer({who("anna")}, TurnUnit::week), backup});
  Person anna;
  anna.id = who("anna");
  anna.left_at = at("2026-02-01T00:00:00Z");
  world.directory.put(anna);
  CHECK(world.on("2026-01-31T23:59:59Z") == "anna");
  CHECK(world.on("2026-02-01T00:00:00Z") == "ben");
  const auto both = stretches(world.directory, mr, at("2026-01-30T00:00:00Z"), at("2026-02-03T00:00:00Z"));
  REQUIRE(both.size() == 2);
  CHECK(both[0].until == anna.left_at);
}

TEST_CASE("a roster says every mistake that it has by itself") {
  Roster roster;
  roster.at = centre;
  roster.zone = "Mars/Olympus";
  Layer wrong = layer({}, TurnUnit::week, 0);
  wrong.first_day = "2026-02-30";
  wrong.hands_over = 1440;
  wrong.hours = {{.days = {8}, .from = -1, .until = 2000}};
  roster.layers = {wrong};
  CHECK(mistakes_in(roster).size() == 7);
  roster.zone.clear();
  roster.layers = {layer({who("anna")}, TurnUnit::week)};
  CHECK(mistakes_in(roster).empty());
  roster.layers[0].unit = TurnUnit::week;
  roster.layers[0].length = 613'566'757;  // weeks that are 3 days when an int overflows
  CHECK(mistakes_in(roster).size() == 1);
}

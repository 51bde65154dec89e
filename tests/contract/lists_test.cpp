#include "tests/support/store_fixtures.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <utility>

// What engine/ports/store.h promises about lists that are paged through, of every store.
namespace kintsugi::testing {

#define EVERY_STORE MemoryStore, SqliteStore

TEMPLATE_TEST_CASE("a list of cases is sorted as asked, and its pages leave nothing out and repeat nothing",
                   "[store]", EVERY_STORE) {
  TestType fixture;
  auto& store = fixture.store();
  auto batch = *store.begin();
  const auto opens_one = [&](int n, Priority priority, int number, Duration due) {
    auto file = a_case("case_" + std::to_string(n), "device_" + std::to_string(n));
    file.priority = priority;
    file.number = case_number(2026, number);
    file.opened_at = noon + std::chrono::hours(n);
    if (due > Duration{}) file.timers = {{.event = "t_a", .due = noon + due}};
    REQUIRE(batch->write(opens(file)));
    if (n == 6) REQUIRE(batch->write(moves(file, false)));
  };
  opens_one(1, Priority::p2, 31, 3h);
  opens_one(2, Priority::p1, 12, 0h);
  opens_one(3, Priority::p3, 25, 1h);
  opens_one(4, Priority::p2, 44, 0h);
  opens_one(5, Priority::p1, 53, 2h);
  opens_one(6, Priority::p1, 60, 0h);
  REQUIRE(batch->commit());
  // All pages of this many, one after the other.
  const auto ids = [&](CaseFilter filter, int page) {
    std::string out;
    filter.limit = page;
    for (;;) {
      const auto listed = store.list_cases(filter);
      REQUIRE(listed);
      for (const CaseBrief& brief : *listed) {
        out += brief.id.text().back();
        filter.after = brief.id;
        filter.after_key = sort_key_of(brief, filter.order);
      }
      if (std::cmp_less(listed->size(), page) || out.size() > 100) return out;
    }
  };
  using enum CaseOrder;
  const struct {
    CaseOrder order;
    const char* upwards;
  } expected[] = {{opened, "12345"}, {number, "23145"}, {priority, "25143"}, {due, "35124"}};
  for (const auto& [order, upwards] : expected)
    for (const int page : {1, 2, 5, 100}) {
      CAPTURE(name_of(order), page);
      std::string downwards = upwards;
      std::reverse(downwards.begin(), downwards.end());
      CHECK(ids({.open = true, .order = order}, page) == upwards);
      CHECK(ids({.open = true, .order = order, .descending = true}, page) == downwards);
    }
  CHECK(ids({.descending = true}, 2) == "654321");
  CHECK(ids({.priorities = {Priority::p1, Priority::p3}}, 2) == "2356");
  CHECK(ids({.numbers = {case_number(2026, 60), case_number(2026, 12), case_number(2025, 12)}}, 1) == "26");
  CHECK(ids({.opened_from = noon + 2h, .opened_before = noon + 4h}, 1) == "23");
  CHECK(ids({.states = {"reported", "nowhere"}}, 3) == "123456");
  CHECK(ids({.states = {"nowhere"}}, 3).empty());
  CHECK(store.list_cases({.numbers = {case_number(2026, 25)}})->front().next_due == noon + 1h);
}

}  // namespace kintsugi::testing

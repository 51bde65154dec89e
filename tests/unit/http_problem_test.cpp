#include "adapters/http/problem.h"
#include "adapters/http/rate_limit.h"
#include "engine/base/clock.h"
#include "tests/support/places.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <set>
#include <sstream>

namespace kintsugi::http {
namespace {

Text no_words(std::string_view) {
  return {};
}

}  // namespace

TEST_CASE("docs/api/problems.md lists the problems of the code, each with its status", "[http]") {
  std::ifstream file(std::string(testing::source_directory) + "/docs/api/problems.md");
  std::set<std::string> written;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| `")) continue;
    const auto end = line.find('`', 3);
    written.insert(line.substr(3, end - 3) + " " + line.substr(end + 4, 3));
  }
  std::set<std::string> known;
  for (const ProblemType& type : problem_types())
    known.insert(std::string(type.name) + " " + std::to_string(type.status));
  CHECK(written == known);
}

TEST_CASE("every problem has its words in both languages", "[http]") {
  for (const ProblemType& type : problem_types()) {
    CAPTURE(std::string(type.name));
    CHECK_FALSE(type.title_ja.empty());
    CHECK_FALSE(type.title_en.empty());
    CHECK_FALSE(type.detail_ja.empty());
    CHECK_FALSE(type.detail_en.empty());
  }
}

TEST_CASE("a refusal is named after the rule that people ask about", "[http]") {
  for (const char* check : {"requester_may_not_approve", "worker_may_not_approve", "person_counts_once",
                            "vendor_in_hcf_slot", "step_up_missing", "hash_differs"}) {
    Outcome outcome;
    outcome.kind = Outcome::Kind::refused;
    outcome.refusal_kind = "guard";
    outcome.failed = {FailedCheck{.name = check, .lifted_by = {}, .since = {}}};
    CHECK(problem_of(outcome).name == check);
    CHECK(problem_type(check).name == check);
  }
  Outcome outcome;
  outcome.kind = Outcome::Kind::refused;
  outcome.refusal_kind = "not_applicable";
  CHECK(problem_of(outcome).name == "illegal_transition");
}

TEST_CASE("of several rules the first names the refusal, and the reply tells them all", "[http]") {
  Outcome outcome;
  outcome.kind = Outcome::Kind::refused;
  outcome.refusal_kind = "guard";
  for (const char* check : {"report_not_approved", "data_not_accounted", "step_up_missing"})
    outcome.failed.push_back({.name = check, .lifted_by = {}, .since = {}});
  const Problem problem = problem_of(outcome);
  CHECK(problem.name == "blocked");
  const Json reply = to_json(problem, Language::en, no_words, "");
  REQUIRE(reply["failed"].size() == 3);
  CHECK(reply["failed"][0]["name"] == "report_not_approved");
  CHECK(reply["failed"][2]["name"] == "step_up_missing");
}

TEST_CASE("a problem is RFC 9457 in the reader's language", "[http]") {
  const Problem problem{.name = "invalid", .errors = {{"/code", "must be a string"}}};
  const Json en = to_json(problem, Language::en, no_words, "/api/v1/faults");
  CHECK(en["type"] == "urn:kintsugi:problem:invalid");
  CHECK(en["status"] == 422);
  CHECK(en["errors"][0]["pointer"] == "/code");
  CHECK(en["retryable"] == false);
  CHECK(to_json(problem, Language::ja, no_words, "")["title"] != en["title"]);
}

TEST_CASE("the better liked language wins, and Japanese when nothing is said", "[http]") {
  CHECK(language_of("") == Language::ja);
  CHECK(language_of("en") == Language::en);
  CHECK(language_of("ja-JP,en;q=0.8") == Language::ja);
  CHECK(language_of("en-GB;q=0.9, ja;q=0.3") == Language::en);
  CHECK(language_of("fr, de") == Language::ja);
  CHECK(language_of("en;q=0, ja;q=0.1") == Language::ja);
}

TEST_CASE("a client gets its burst, then its rate, and others are not touched", "[http]") {
  ManualClock clock(*instant_from("2026-03-04T09:00:00Z"));
  RateLimit limit(2, 3, 100);
  for (int i = 0; i < 3; ++i)
    CHECK(limit.take("a", clock.now()) == Duration{});
  CHECK(limit.take("a", clock.now()) == 500ms);
  CHECK(limit.take("b", clock.now()) == Duration{});
  clock.advance(500ms);
  CHECK(limit.take("a", clock.now()) == Duration{});
  CHECK(limit.take("a", clock.now()) > Duration{});
}

}  // namespace kintsugi::http

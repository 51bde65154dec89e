#include "adapters/http/listing.h"
#include "engine/base/entropy.h"
#include "workflows/fault_response/workflow.h"

#include <catch2/catch.hpp>

#include <algorithm>

namespace kintsugi::http {
namespace {

const Workflow& workflow() {
  return fault_response::fault_response();
}

tl::expected<CaseFilter, InputError> filter_of(std::string_view text, const Roles& mine = {}) {
  const auto terms = read_filter(text, case_filterables());
  if (!terms) return tl::make_unexpected(terms.error());
  return case_filter(*terms, workflow(), mine);
}

std::string objection_to(std::string_view text) {
  const auto filter = filter_of(text);
  return filter ? "" : filter.error().pointer + ": " + filter.error().detail;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a filter is terms joined by AND, and several values mean any of them", "[http]") {
  const auto filter = filter_of(
      R"(state=notified,acknowledged AND priority=p1,p2 AND open=true AND opened_at>=2026-03-01T00:00:00Z AND device="d x")");
  REQUIRE(filter);
  CHECK(filter->states == std::vector<std::string>{"acknowledged", "notified"});
  CHECK(filter->priorities == std::vector{Priority::p1, Priority::p2});
  CHECK(filter->open == true);
  CHECK(filter->opened_from == instant_from("2026-03-01T00:00:00Z"));
  CHECK(filter->device == DeviceId{"d x"});
  CHECK(filter_of("")->states.empty());
  CHECK(filter_of("opened_at<2026-03-02T00:00:00Z AND opened_at>=2026-03-01T00:00:00Z"));
}

TEST_CASE("a filter that is wrong is told what would be right", "[http]") {
  CHECK(has(objection_to("colour=red"), "knows no 'colour'; there are state, step, access, waits_for, open, number"));
  CHECK(has(objection_to("state=asleep"), "'state' is one of "));
  CHECK(has(objection_to("state=asleep"), "conn_requested"));
  CHECK(has(objection_to("priority=p9"), "'priority' is one of p1, p2, p3"));
  CHECK(has(objection_to("open=maybe"), "'open' is true or false"));
  CHECK(has(objection_to("number=seven"), "is like K26-0000012-4, or only 12"));
  CHECK(has(objection_to("state>=notified"), "'state' takes ="));
  CHECK(has(objection_to("opened_at=2026-03-01T00:00:00Z"), "'opened_at' takes >= and <"));
  CHECK(has(objection_to("opened_at>=yesterday"), "is a time like"));
  CHECK(has(objection_to("open=true OR open=false"), "joined by AND"));
  CHECK(has(objection_to("open=true AND "), "joined by AND"));
  CHECK(has(objection_to("=true"), "must begin with a name"));
  CHECK(has(objection_to("open=true AND open=false"), "may be said once"));
  CHECK(has(objection_to("device=\"x"), "does not end"));
  CHECK(has(objection_to("device="), "has no value"));
  CHECK(has(objection_to(std::string(3000, 'x')), "may have 2000 bytes"));
  std::string many = "open=true";
  for (int i = 0; i < 20; ++i)
    many += " AND open=true";
  CHECK(has(objection_to(many), "may have 16 terms"));
}

TEST_CASE("several terms about states leave what all of them allow", "[http]") {
  CHECK(filter_of("step=2 AND state=conn_requested,closed")->states == std::vector<std::string>{"conn_requested"});
  CHECK(filter_of("state=closed AND access=open")->states == std::vector<std::string>{"-"});
  CHECK(filter_of("access=open")->states == std::vector<std::string>{"check_online", "connected"});
}

TEST_CASE("a case waits for the roles that can move it", "[http]") {
  const auto waiting = [](const Roles& roles, const char* state) {
    const auto states = states_waiting_for(workflow(), roles);
    return std::ranges::find(states, state) != states.end();
  };
  CHECK(waiting({Role::hcf_netadm}, "conn_requested"));
  CHECK_FALSE(waiting({Role::hcf_netadm}, "acknowledged"));
  CHECK(waiting({Role::rsc_svc}, "acknowledged"));
  CHECK_FALSE(waiting({Role::rsc_svc}, "closed"));
  CHECK(waiting({Role::hcf_clin}, "check_online"));
  CHECK_FALSE(waiting({Role::auditor}, "conn_requested"));
  CHECK(filter_of("waits_for=me", {Role::hcf_clin})->states == states_waiting_for(workflow(), {Role::hcf_clin}));
  CHECK(filter_of("waits_for=me")->states == std::vector<std::string>{"-"});
}

TEST_CASE("a number is found whole or by its running part, of any year", "[http]") {
  CHECK(case_numbers("K26-0000012-4") == std::vector<std::string>{"K26-0000012-4"});
  const auto some = case_numbers("12");
  CHECK(some.size() == 100);
  CHECK(std::ranges::find(some, case_number(2026, 12)) != some.end());
  CHECK(case_numbers("").empty());
  CHECK(case_numbers("0").empty());
  CHECK(case_numbers("12x").empty());
  CHECK(case_numbers("-1").empty());
  CHECK(case_numbers("12345678901234567890").empty());
}

TEST_CASE("an order is one of the known ones, and desc turns it round", "[http]") {
  CHECK(read_order("", case_orders())->by == "opened");
  CHECK_FALSE(read_order("due", case_orders())->descending);
  CHECK(read_order("due desc", case_orders())->descending);
  CHECK(read_order("colour", case_orders()).error().detail ==
        "must be one of opened, number, priority, due, with or without desc behind it");
  CHECK_FALSE(read_order("due downwards", case_orders()));
}

TEST_CASE("a page's token is good for its own list only", "[http]") {
  const std::string token = token_of({"p1", "case_7"}, "/cases?filter=open=true");
  const auto place = read_token(token, "/cases?filter=open=true");
  REQUIRE(place);
  REQUIRE(*place);
  CHECK((*place)->key == "p1");
  CHECK((*place)->id == "case_7");
  CHECK(has(read_token(token, "/cases?filter=open=false").error().detail, "is of another list"));
  for (const char* bad : {"case_7", "00", "zz", "0011223344556677"})
    CHECK(has(read_token(bad, "/cases").error().detail, "as it came"));
  CHECK_FALSE(read_token("", "/cases")->has_value());
}

TEST_CASE("a list in the order of opening begins where its times do", "[http]") {
  const Instant at = *instant_from("2026-03-01T00:00:00Z");
  CaseFilter from{.opened_from = at};
  begin_at_time(from);
  CaseFilter back{.opened_before = at, .descending = true};
  begin_at_time(back);
  const Digest chance{};
  for (const auto& [age, of] : {std::pair{-1ms, "before"}, std::pair{0ms, "at"}, std::pair{1ms, "after"}}) {
    CAPTURE(of);
    const std::string id = new_id_text("case", at + age, chance, 0);
    CHECK((id > from.after.text()) == (age >= 0ms));
    if (age < 0ms) CHECK(id < back.after.text());
  }
}

TEST_CASE("a page has as many as were asked for, up to a limit", "[http]") {
  CHECK(read_page_size("") == 50);
  CHECK(read_page_size("7") == 7);
  CHECK(read_page_size("5000") == 200);
  CHECK_FALSE(read_page_size("0"));
  CHECK_FALSE(read_page_size("7x"));
}

}  // namespace kintsugi::http

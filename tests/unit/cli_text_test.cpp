#include "programs/cli/client/case_text.h"
#include "programs/cli/client/problem.h"
#include "programs/cli/client/reading.h"
#include "programs/cli/client/table.h"

#include <catch2/catch.hpp>

#include <cstdlib>

// What the command line shows, and what it makes of what it is told: pure functions.
namespace kintsugi::cli {
namespace {

// Times are shown in the terminal's zone; unless a test says otherwise that is UTC.
const int utc = ::setenv("TZ", "UTC", 1);

const Tongue english(Language::en);
const Tongue japanese(Language::ja);

Reply reply_of(int status, const Json& body) {
  Reply out;
  out.status = status;
  out.json = body;
  out.body = body.dump();
  return out;
}

const Json blocked = {
    {"code", "blocked"},
    {"title", "Something is missing"},
    {"detail", "Conditions do not hold."},
    {"failed", Json::array({{{"name", "hold_not_set"},
                             {"text", "The device is still in use."},
                             {"lifted_by", Json::array({{{"role", "hcf_clin"}, {"label", "clinician"}}})},
                             {"since", "2026-03-04T09:35:05.005005Z"}}})}};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a wide character takes two columns and a combining one none", "[cli]") {
  CHECK(columns_of("K26") == 3);
  CHECK(columns_of("病院") == 4);
  CHECK(columns_of("か\u3099") == 2);
  CHECK(padded("病院", 6) == "病院  ");
  const std::string table = to_table({"状態", "ID"}, {{"完了", "a"}, {"closed", "b"}}, Paint{});
  CHECK(table == "状態    ID\n完了    a\nclosed  b\n");
}

TEST_CASE("what a server sends cannot repaint the terminal", "[cli]") {
  CHECK(harmless("a\x1b[2Jb") == "a\uFFFD[2Jb");
  CHECK(harmless("line\n\tnext") == "line\n\tnext");
  CHECK(harmless("\u0085\u009b") == "\uFFFD\uFFFD");
  CHECK(harmless("病院") == "病院");
  CHECK(text_of(Json{{"label", "x\x07"}}, "label") == "x\uFFFD");
}

TEST_CASE("of an attachment it is said whether anybody has judged it, who and when, in both languages", "[cli]") {
  Json document = {{"id", "doc_1"}, {"label", "Attachment 1 (image)"}};
  CHECK(judgement_text(document, english).empty());
  document["attachment"] = {{"number", 1}, {"judged", false}, {"phi", "unknown"}, {"phi_label", "unknown"}};
  CHECK(judgement_text(document, english) == "not judged");
  CHECK(judgement_text(document, japanese) == "未判定");
  document["attachment"] = {{"number", 1},
                            {"judged", true},
                            {"phi", "none"},
                            {"phi_label", "none"},
                            {"judged_by", {{"name", "mori"}}},
                            {"judged_at", "2026-03-04T09:35:05.005005Z"}};
  CHECK(judgement_text(document, english) == "none (mori, 2026-03-04 09:35:05Z)");
}

TEST_CASE("colours stand around the text only when they are welcome", "[cli]") {
  CHECK(Paint{}.strong("x") == "x");
  CHECK(Paint{.on = true}.strong("x") == "\x1b[1mx\x1b[0m");
}

TEST_CASE("a span of time is read and said with its unit", "[cli]") {
  CHECK(*span_from("60s") == std::chrono::seconds(60));
  CHECK(*span_from("2h") == std::chrono::hours(2));
  for (const char* wrong : {"", "60", "h", "-1s", "1.5h", "99999999999999999999s", "1w", "10ms"})
    CHECK_FALSE(span_from(wrong));
  CHECK(to_text(Duration{}) == "0s");
  CHECK(to_text(std::chrono::minutes(61)) == "1h 1m");
  CHECK(to_text(std::chrono::hours(49) + std::chrono::seconds(5)) == "2d 1h");
}

TEST_CASE("a moment is now, with a span before or after it, and nothing else", "[cli]") {
  const Instant now = *instant_from("2026-03-04T09:00:00Z");
  CHECK(moment_from("now", now) == now);
  CHECK(moment_from("now+1h", now) == now + std::chrono::hours(1));
  CHECK(moment_from("now-30m", now) == now - std::chrono::minutes(30));
  for (const char* wrong : {"", "later", "now+", "now1h", "now+1", "nowadays"})
    CHECK_FALSE(moment_from(wrong, now));
}

TEST_CASE("a refusal says what failed, who can lift it and since when, in both languages", "[cli]") {
  const About about{.server = "https://a", .case_ref = "K26-0000001-8", .event = "start_connection"};
  const std::string en = to_text(reply_of(409, blocked), about, english, Paint{});
  CHECK(holds(en, "Something is missing (blocked)"));
  CHECK(holds(en, "The device is still in use. (hold_not_set)"));
  CHECK(holds(en, "who can lift it: clinician (hcf_clin)"));
  CHECK(holds(en, "since 2026-03-04 09:35:05Z"));
  CHECK(holds(to_text(reply_of(409, blocked), about, japanese, Paint{}), "解消できる人: clinician (hcf_clin)"));
}

TEST_CASE("a refusal that lists what is wrong does not say beside it that it does", "[cli]") {
  Json listed = blocked;
  listed["detail"] = "`failed` names them.";
  CHECK_FALSE(holds(to_text(reply_of(409, listed), {}, english, Paint{}), "`failed`"));
  listed.erase("failed");
  CHECK(holds(to_text(reply_of(409, listed), {}, english, Paint{}), "`failed`"));
}

TEST_CASE("a time is said in the zone of the terminal", "[cli]") {
  REQUIRE(::setenv("TZ", "Asia/Tokyo", 1) == 0);
  CHECK(to_the_second("2026-03-04T20:35:05.005005Z") == "2026-03-05 05:35:05+09:00");
  REQUIRE(::setenv("TZ", "UTC", 1) == 0);
  CHECK(to_the_second("2026-03-04T20:35:05.005005Z") == "2026-03-04 20:35:05Z");
  CHECK(to_the_second("soon") == "soon");
}

TEST_CASE("a refusal says what to do next", "[cli]") {
  const About about{.server = "https://a", .case_ref = "K26-0000001-8", .event = "approve"};
  const auto said = [&](int status, const char* code) {
    return to_text(reply_of(status, {{"code", code}, {"title", "t"}, {"detail", "d"}, {"retryable", status >= 500}}),
                   about, english, Paint{});
  };
  CHECK(holds(said(401, "unauthenticated"), "kintsugi login"));
  CHECK(holds(said(412, "version_conflict"), "kintsugi case show K26-0000001-8"));
  CHECK(holds(said(422, "invalid"), "kintsugi case form approve"));
  CHECK(holds(said(503, "unavailable"), "try again"));
  Reply silent;
  silent.missing = Reply::Missing::answer;
  CHECK(holds(to_text(silent, about, english, Paint{}), "https://a does not answer"));
}

TEST_CASE("each kind of answer has the exit code that operating.md promises", "[cli]") {
  const auto code = [](int status) { return exit_of(reply_of(status, Json::object())); };
  CHECK(code(200) == ok);
  CHECK(code(422) == usage);
  CHECK(code(404) == not_found);
  CHECK(code(410) == not_found);
  CHECK(code(401) == denied);
  CHECK(code(403) == denied);
  CHECK(code(409) == conflict);
  CHECK(code(412) == conflict);
  CHECK(code(429) == unavailable);
  CHECK(code(503) == unavailable);
  CHECK(code(418) == failed);
  Reply silent;
  silent.missing = Reply::Missing::answer;
  CHECK(exit_of(silent) == unavailable);
  silent.missing = Reply::Missing::certificate;
  CHECK(exit_of(silent) == denied);
}

TEST_CASE("a case is shown with what its reader may do, what is missing and who else may act", "[cli]") {
  const Json lifted = Json::array({{{"role", "hcf_clin"}, {"label", "clinician"}}});
  const auto by = [&](const char* check) {
    return Json::array({{{"name", check}, {"text", "why"}, {"lifted_by", lifted}}});
  };
  const Json seen = {
      {"id", "case_1"},
      {"number", "K26-0000001-8"},
      {"version", 7},
      {"state", "conn_approved"},
      {"label", "Connection approved"},
      {"state_since", "2026-03-04T09:00:00Z"},
      {"access", "open"},
      {"access_label", "connected"},
      {"fault", {{"code", "E-217"}, {"occurrences", 3}, {"care", "degraded"}, {"care_label", "degraded"}}},
      {"hold", {{"is_set", true}, {"by", {{"name", "Dr Tanaka"}}}, {"at", "2026-03-04T09:00:00Z"}}},
      {"deadlines",
       Json::array({{{"event", "t_window_end"}, {"label", "Window ends"}, {"due", "2026-03-04T10:00:00Z"}}})},
      {"actions", Json::array({{{"event", "revoke"}, {"label", "Revoke"}, {"allowed", true}, {"needs_step_up", true}},
                               {{"event", "start_connection"},
                                {"label", "Start"},
                                {"allowed", false},
                                {"blocked_by", by("hold_not_set")}},
                               {{"event", "set_hold"},
                                {"label", "Hold"},
                                {"allowed", false},
                                {"blocked_by", by("role_not_allowed")}}})}};
  const std::string text =
      case_text(seen, {.tongue = english, .paint = {}, .now = *instant_from("2026-03-04T09:36:00Z")});
  CHECK(holds(text, "version 7"));
  CHECK(holds(text, "E-217 (3 times), care degraded"));
  CHECK(holds(text, "access            connected (open)"));
  CHECK(holds(text, "out of use        Dr Tanaka (since 2026-03-04 09:00:00Z)"));
  CHECK(holds(text, "in 24m"));
  CHECK(holds(text, "you may\n  revoke "));
  CHECK(holds(text, "Revoke (asks who you are)"));
  CHECK(holds(text, "not yet\n  start_connection "));
  CHECK(holds(text, "others may\n  set_hold "));
  CHECK(holds(text, "Hold: clinician (hcf_clin)"));
}

TEST_CASE("a case that was cut off shows who did it, which door is not closed, and what is to be assessed", "[cli]") {
  const Json hop = {{"hop", "access_point"}, {"label", "the hospital's access point"}, {"state", "open"},
                    {"state_label", "open"}, {"at", "2026-03-04T09:40:00Z"},           {"sessions", 2}};
  Json seen = {
      {"number", "K26-0000001-8"},
      {"state", "halted"},
      {"began",
       {{"event", "emergency_disconnect"}, {"label", "Emergency disconnect"}, {"by", {{"name", "Dr Tanaka"}}}}},
      {"grants", Json::array({{{"window", {{"opens", "2026-03-04T09:00:00Z"}, {"closes", "2026-03-04T11:00:00Z"}}},
                               {"end", "halted"},
                               {"end_label", "it was cut off"},
                               {"hops", Json::array({hop})}}})},
      {"incidents", Json::array({{{"id", "incident_1"},
                                  {"type", "policy_violation"},
                                  {"label", "Something outside the grant"},
                                  {"state_label", "not assessed"},
                                  {"opened_at", "2026-03-04T09:40:00Z"}}})}};
  const Page page{.tongue = english, .paint = {}, .now = {}};
  const std::string text = case_text(seen, page);
  CHECK(holds(text, "Emergency disconnect (emergency_disconnect), Dr Tanaka"));
  CHECK(holds(text, "the hospital's access point     open (open)  2026-03-04 09:40:00Z  sessions 2"));
  CHECK(holds(text, "it was cut off\n"));
  CHECK(holds(text, "not proved closed"));
  CHECK(holds(text, "Something outside the grant (policy_violation)  not assessed"));
  seen["grants"][0]["proved_closed_at"] = "2026-03-04T09:41:00Z";
  seen["began"] = {{"event", "policy_violation"}, {"label", "Outside the grant"}, {"why_label", "the wrong device"}};
  const std::string proved = case_text(seen, page);
  CHECK(holds(proved, "proved closed at 2026-03-04 09:41:00Z"));
  CHECK(holds(proved, "Outside the grant (policy_violation), by the device or the engine: the wrong device"));
}

TEST_CASE("who may be inside is shown with until when and for whom", "[cli]") {
  const Page page{.tongue = english, .paint = {}, .now = {}};
  CHECK(inside_text(Json::array(), page) == "No connection is open.\n");
  const Json one = {{"number", "K26-0000001-8"},
                    {"tenant", {{"name", "Midori Hospital"}}},
                    {"access", "open"},
                    {"access_label", "open"},
                    {"grants", Json::array({{{"window", {{"closes", "2026-03-04T11:00:00Z"}}}}})},
                    {"request", {{"workers", Json::array({{{"name", "Yamada"}}, {{"name", "Ito"}}})}}}};
  const std::string text = inside_text(Json::array({one}), page);
  CHECK(holds(text, "Midori Hospital"));
  CHECK(holds(text, "2026-03-04 11:00:00Z"));
  CHECK(holds(text, "Yamada, Ito"));
}

TEST_CASE("an answer of another shape is shown as far as it goes", "[cli]") {
  const Page page{.tongue = english, .paint = {}, .now = {}};
  for (const Json& strange : {Json(), Json(3), Json::array({1, 2}), Json{{"actions", "none"}, {"request", 4}}}) {
    CHECK_FALSE(case_text(strange, page).empty());
    CHECK_NOTHROW(cases_text(Json::array({strange}), page));
    CHECK_NOTHROW(to_text(reply_of(500, strange), {}, english, Paint{}));
  }
}

}  // namespace kintsugi::cli

#include "programs/cli/client/payload.h"
#include "workflows/fault_response/schemas.h"

#include <catch2/catch.hpp>

// From `name=value` to the payload that a schema wants, with the workflow's own schemas.
namespace kintsugi::cli {
namespace {

const Tongue english(Language::en);
const Instant now = *instant_from("2026-03-04T09:00:00Z");

Result<Json> payload(const char* event, std::vector<std::string> data, Json base = Json::object()) {
  return payload_of({.event = event, .data = std::move(data), .base = std::move(base)},
                    fault_response::payload_schema(event), now, english);
}

}  // namespace

TEST_CASE("what was typed becomes what the schema wants", "[cli]") {
  const auto made = payload("request_connection",
                            {"purpose=fault", "needs_restart=true", "sessions_max=2", "workers=person_A,person_B",
                             "window.opens=now", "window.closes=now+1h", "reason=a=b, c", "phi_classes="});
  REQUIRE(made);
  CHECK(*made ==
        Json{{"purpose", "fault"},
             {"needs_restart", true},
             {"sessions_max", 2},
             {"workers", {"person_A", "person_B"}},
             {"window", {{"opens", "2026-03-04T09:00:00.000000Z"}, {"closes", "2026-03-04T10:00:00.000000Z"}}},
             {"reason", "a=b, c"},
             {"phi_classes", Json::array()}});
}

TEST_CASE("typed values stand above those of a file", "[cli]") {
  const auto made = payload("set_hold", {"no_patient=true"}, {{"no_patient", false}, {"note", "from a file"}});
  REQUIRE(made);
  CHECK(*made == Json{{"no_patient", true}, {"note", "from a file"}});
}

TEST_CASE("a text is never taken for something else", "[cli]") {
  CHECK(payload("revise", {"reason=true"})->at("reason") == "true");
  CHECK(payload("revise", {"reason=now"})->at("reason") == "now");
  CHECK(payload("revise", {"reason="})->at("reason") == "");
}

TEST_CASE("a mistake is named with what would be right", "[cli]") {
  const auto said = [](const char* event, std::vector<std::string> data) {
    const auto made = payload(event, std::move(data));
    REQUIRE_FALSE(made);
    CHECK(made.error().code == Errc::Invalid);
    return made.error().what;
  };
  CHECK(said("set_hold", {"no_pateint=true"}) == "set_hold has no field no_pateint; it has: no_patient, note");
  CHECK(said("set_hold", {"no_patient=yes"}) == "no_patient must be true or false.");
  CHECK(said("set_hold", {"no_patient"}) == "no_patient is not of the form name=value.");
  CHECK(said("set_hold", {"=true"}) == "=true is not of the form name=value.");
  CHECK(said("revise", {"reason=a", "reason=b"}) == "reason is given twice.");
  CHECK(said("take_data", {"size_bytes=many"}) == "size_bytes must be a whole number.");
  CHECK(said("clinical_ok", {"checks=[{"}) == "checks cannot be read as JSON.");
  CHECK(said("revise", {"reason=\x97\x9d\x97\x52"}) == "reason is not UTF-8: set the terminal to that encoding.");
  CHECK(said("acknowledge", {"reason=x"}) == "acknowledge has no field reason; it has: none");
}

TEST_CASE("a form names every field with its kind and its meaning", "[cli]") {
  const auto form = form_of(fault_response::payload_schema("request_connection"), Language::en);
  const auto field = [&](std::string_view name) {
    const auto found = std::find_if(form.begin(), form.end(), [&](const FormField& one) { return one.name == name; });
    REQUIRE(found != form.end());
    return *found;
  };
  CHECK(form.front().name == "purpose");
  CHECK(field("window.opens").needed);
  CHECK(field("workers").form == "person_…,…");
  CHECK(field("needs_restart").form == "true|false");
  CHECK_FALSE(field("attendant").needed);
  for (const std::string_view event : fault_response::events())
    for (const Language language : {Language::ja, Language::en})
      for (const FormField& one : form_of(fault_response::payload_schema(event), language)) {
        CAPTURE(event, one.name);
        CHECK_FALSE(one.meaning.empty());
        CHECK_FALSE(one.form.empty());
      }
}

TEST_CASE("what was filled in is shown by the meaning of each field, and what was not is left out", "[cli]") {
  const std::vector<FormField> form = {{"level", "…", "how far", true},
                                       {"window.opens", "…", "from", true},
                                       {"window.closes", "…", "until", true},
                                       {"workers", "…", "who", true},
                                       {"risks", "…", "risks", false}};
  const Json filled = {
      {"level", "control"}, {"window", {{"opens", "nine"}}}, {"workers", {"person_1"}}, {"salt", "x"}};
  CHECK(fields_text(filled, form) == "  how far: control\n  from: nine\n  who: [\"person_1\"]\n");
  CHECK(fields_text(Json(), form).empty());
}

}  // namespace kintsugi::cli

#include "workflows/fault_response/texts.h"

#include "engine/domain/case_file.h"
#include "workflows/fault_response/schemas.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace kintsugi;
using namespace kintsugi::fault_response;

namespace {

void has_both(const Text& words, std::string_view name) {
  INFO(name);
  CHECK_FALSE(words.ja.empty());
  CHECK_FALSE(words.en.empty());
  CHECK(is_utf8(words.ja));
  // Japanese words hold at least one character outside ASCII, English ones none: nobody pasted into the wrong column.
  CHECK(std::ranges::any_of(words.ja, [](char c) { return static_cast<unsigned char>(c) > 0x7f; }));
  CHECK(std::ranges::none_of(words.en, [](char c) { return static_cast<unsigned char>(c) > 0x7f; }));
}

}  // namespace

TEST_CASE("texts: every word stands once in its table, in both languages") {
  for (const auto words : {state_words(), event_words(), check_words(), role_words(), fact_words()}) {
    std::set<std::string_view> seen;
    for (const Word& one : words) {
      has_both({std::string(one.ja), std::string(one.en)}, one.name);
      INFO(one.name);
      CHECK(seen.insert(one.name).second);
    }
  }
}

TEST_CASE("texts: every event with a payload has a label, and every label an event") {
  std::set<std::string_view> known;
  for (const std::string_view event : events()) {
    known.insert(event);
    has_both(event_label(event), event);
  }
  for (const Word& one : event_words()) {
    INFO(one.name);
    CHECK(known.contains(one.name));
  }
}

TEST_CASE("texts: every name of the closed vocabularies can be said") {
  for (const auto& [role, name] : names_of(Role{}))
    has_both(role_name(name), name);
  for (const auto& [hop, name] : names_of(Hop{}))
    has_both(fact_text(name), name);
  for (const auto& [level, name] : names_of(AccessLevel{}))
    has_both(fact_text(name), name);
  for (const auto& [kind, name] : names_of(ItemClass{}))
    has_both(fact_text(name), name);
  for (const auto& [priority, name] : names_of(Priority{}))
    has_both(fact_text(name), name);
  for (const auto& [state, name] : names_of(ItemState{}))
    has_both(fact_text(name), name);
  for (const auto& [phi, name] : names_of(Phi{}))
    has_both(fact_text(name), name);
  for (const auto& [kind, name] : names_of(AttachmentKind{}))
    has_both(fact_text(name), name);
  for (const auto& [care, name] : names_of(CareEffect{}))
    has_both(fact_text(name), name);
  for (const auto& [kind, name] : names_of(ObligationKind{}))
    has_both(fact_text(name), name);
  for (const auto& [end, name] : names_of(GrantEnd{}))
    has_both(fact_text(name), name);
  for (const auto& [access, name] : names_of(Access{}))
    has_both(fact_text("access_" + std::string(name)), name);
  for (const auto& [state, name] : names_of(HopState{}))
    has_both(fact_text("hop_" + std::string(name)), name);
  for (const auto& [state, name] : names_of(IncidentState{}))
    has_both(fact_text("incident_" + std::string(name)), name);
}

TEST_CASE("texts: a name that nobody knows has no words") {
  CHECK(text("open_sesame") == Text{});
  CHECK(text("") == Text{});
}

TEST_CASE("texts: sign_off is said as an event where a button is meant, and as a state where a label is") {
  CHECK(event_label("sign_off").en == "Sign off");
  CHECK(state_label("sign_off").en == "Waiting for sign-off");
  CHECK(text("sign_off") == event_label("sign_off"));
}

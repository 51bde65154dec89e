#include "engine/machine/print.h"
#include "engine/machine/structure.h"
#include "tests/support/places.h"
#include "workflows/fault_response/passages.h"
#include "workflows/fault_response/schemas.h"
#include "workflows/fault_response/texts.h"
#include "workflows/fault_response/workflow.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

using namespace kintsugi;
using namespace kintsugi::fault_response;

namespace {

void has_both(const Text& words, std::string_view name) {
  INFO(name);
  CHECK_FALSE(words.ja.empty());
  CHECK_FALSE(words.en.empty());
}

std::string page() {
  const Workflow& workflow = fault_response::fault_response();
  return "# The fault response, printed\n\n"
         "Printed from the table, as by `kintsugi workflow diagram` and `kintsugi workflow table`; what each row is "
         "for "
         "stands in [rules.md](rules.md).\n\n```mermaid\n" +
         to_mermaid(workflow) + "```\n\n" + to_markdown(workflow);
}

}  // namespace

TEST_CASE("fault response: the table has 22 states and every row from F01 to F95, each told in docs/rules.md") {
  const Workflow& workflow = fault_response::fault_response();
  CHECK(workflow.states.size() == 22);
  std::set<std::string> rows;
  for (const ArcInfo& arc : workflow.arcs)
    if (!arc.note) rows.insert(arc.row);
  CHECK(rows.size() == 95);

  std::ifstream in(std::filesystem::path(testing::source_directory) / "docs/rules.md");
  std::stringstream rules;
  rules << in.rdbuf();
  for (const ArcInfo& arc : workflow.arcs)
    if (!arc.note) {
      INFO(arc.row << " " << arc.event);
      CHECK(rules.str().find("| " + arc.row + " | `" + arc.event + "` |") != std::string::npos);
    }
}

TEST_CASE("fault response: the structure of its table keeps every rule") {
  const auto found = structure_findings(fault_response::fault_response(), structure_rules());
  std::string all;
  for (const Finding& one : found)
    all += to_text(one) + "\n";
  INFO(all);
  CHECK(found.empty());
}

TEST_CASE("fault response: every state, event and check has its words in both languages") {
  const Workflow& workflow = fault_response::fault_response();
  for (const StateInfo& state : workflow.states) {
    has_both(state_label(state.name), state.name);
    CHECK(state.label == state_label(state.name));
  }
  for (const EventInfo& event : workflow.events) {
    has_both(event_label(event.name), event.name);
    CHECK(event.label == event_label(event.name));
  }
  for (const ArcInfo& arc : workflow.arcs) {
    has_both(event_label(arc.event), arc.event);
    for (const std::string& check : arc.checks)
      has_both(check_text(check), check);
  }
}

TEST_CASE("fault response: no word is kept for a check that no row uses") {
  std::set<std::string> used = {"not_a_participant", "role_not_allowed", "not_applicable", "nothing_open",
                                "already_cut"};
  for (const ArcInfo& arc : fault_response::fault_response().arcs)
    used.insert(arc.checks.begin(), arc.checks.end());
  for (const Word& word : check_words()) {
    INFO(word.name);
    CHECK(used.contains(std::string(word.name)));
  }
}

TEST_CASE("fault response: every event has a payload schema of its own") {
  const auto known = events();
  for (const EventInfo& event : fault_response::fault_response().events) {
    INFO(event.name);
    CHECK(std::ranges::find(known, event.name) != known.end());
    CHECK(event.schema == payload_schema(event.name));
  }
}

// KINTSUGI_UPDATE=1 writes the page instead of comparing it.
TEST_CASE("docs: the printed workflow is the one that runs") {
  const std::filesystem::path path = std::filesystem::path(testing::source_directory) / "docs/workflow.md";
  if (const char* update = std::getenv("KINTSUGI_UPDATE"); update != nullptr && std::string_view(update) == "1")
    std::ofstream(path) << page();
  std::ifstream in(path);
  std::stringstream stored;
  stored << in.rdbuf();
  CHECK(stored.str() == page());
}

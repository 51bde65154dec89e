#include "engine/machine/print.h"

#include <catch2/catch.hpp>

using namespace kintsugi;

namespace {

Workflow door() {
  Workflow out;
  out.name = "door";
  out.version = "1";
  out.states = {{.name = "shut", .label = {"閉", "shut"}, .step = 1, .access = Access::closed, .end = false},
                {.name = "ajar", .label = {"開", "ajar"}, .step = 3, .access = Access::open, .end = false},
                {.name = "gone", .label = {"終", "gone"}, .step = 0, .access = Access::closed, .end = true}};
  const auto arc = [](std::string row, std::string from, std::string event, std::string to) {
    ArcInfo made;
    made.row = std::move(row);
    made.from = std::move(from);
    made.event = std::move(event);
    made.to = std::move(to);
    made.by = {Role::hcf_clin};
    return made;
  };
  out.arcs = {arc("D01", "", "build", "shut"),     arc("D02", "shut", "pull", "ajar"),
              arc("D03", "shut", "knock", "shut"), arc("D03", "ajar", "knock", "ajar"),
              arc("D04", "shut", "raze", "gone"),  arc("D04", "ajar", "raze", "gone")};
  out.arcs[1].checks = {"not_locked"};
  out.arcs[1].actions = {"start_alarm"};
  return out;
}

}  // namespace

TEST_CASE("print: the diagram groups states by step and shows moves only") {
  CHECK(to_mermaid(door()) == R"(stateDiagram-v2
  state "終 / gone" as gone
  state "1 障害通知 / fault notification" as step_1 {
    state "閉 / shut" as shut
  }
  state "3 接続作業・修理 / connection and repair" as step_3 {
    state "開 / ajar" as ajar
  }
  [*] --> shut: D01 build
  shut --> ajar: D02 pull
  shut --> gone: D04 raze
  ajar --> gone: D04 raze
  gone --> [*]
  classDef armed fill:#fff3c4,stroke:#8a6d00,color:#222
  classDef open fill:#ffd9d2,stroke:#a32a12,color:#222
  classDef closing fill:#e3e0f7,stroke:#4a3f8f,color:#222
  class ajar open
)");
}

TEST_CASE("print: the table has a row with several from-states once") {
  CHECK(to_markdown(door()) == R"(## States

| state | 日本語 | English | step | access | end |
|---|---|---|---|---|---|
| `shut` | 閉 | shut | 1 | closed |  |
| `ajar` | 開 | ajar | 3 | open |  |
| `gone` | 終 | gone | – | closed | yes |

## Rows

| row | from | event | fired by | checks | to | actions |
|---|---|---|---|---|---|---|
| D01 | (start) | `build` | hcf_clin | – | shut | – |
| D02 | shut | `pull` | hcf_clin | not_locked | ajar | start_alarm |
| D03 | (any open state) | `knock` | hcf_clin | – | (same) | – |
| D04 | (any open state) | `raze` | hcf_clin | – | gone | – |
)");
}

TEST_CASE("print: the JSON table changes with a rule and not with a word") {
  const std::string before = to_table_json(door());
  Workflow reworded = door();
  reworded.states[0].label.en = "closed";
  CHECK(to_table_json(reworded) == before);
  Workflow loosened = door();
  loosened.arcs[1].checks.clear();
  CHECK(to_table_json(loosened) != before);
  CHECK(Json::parse(before)["arcs"].size() == 6);
}

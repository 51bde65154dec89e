#include "engine/machine/print.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace kintsugi {
namespace {

std::string step_title(int step) {
  static const std::map<int, std::string> titles = {{1, "1 障害通知 / fault notification"},
                                                    {2, "2 接続手続き / connection procedure"},
                                                    {3, "3 接続作業・修理 / connection and repair"},
                                                    {4, "4 切断手続き / disconnection procedure"},
                                                    {5, "5 データ削除 / data deletion"}};
  const auto found = titles.find(step);
  return found == titles.end() ? "" : found->second;
}

std::vector<std::string> role_names(const std::vector<Role>& roles) {
  std::vector<std::string> out;
  for (const Role role : roles)
    out.emplace_back(name_of(role));
  return out;
}

std::string cell(const std::vector<std::string>& words) {
  return words.empty() ? "–" : fmt::format("{}", fmt::join(words, ", "));
}

// Rows as a reader counts them: the from-states of one row together.
struct Line {
  const ArcInfo* arc = nullptr;
  std::vector<std::string> from;
  bool same = false;
};
std::vector<Line> lines_of(const Workflow& workflow) {
  std::vector<Line> out;
  for (const ArcInfo& arc : workflow.arcs) {
    const bool same = arc.note || arc.internal || arc.from == arc.to;
    const auto belongs = [&](const Line& line) {
      return line.arc->row == arc.row && line.arc->event == arc.event && line.same == same &&
             (same || line.arc->to == arc.to) && line.arc->by == arc.by && line.arc->checks == arc.checks &&
             line.arc->actions == arc.actions;
    };
    auto found = std::ranges::find_if(out, belongs);
    if (found == out.end()) found = out.insert(out.end(), Line{&arc, {}, same});
    if (std::ranges::find(found->from, arc.from) == found->from.end()) found->from.push_back(arc.from);
  }
  std::ranges::stable_sort(out, [](const Line& a, const Line& b) {
    return std::pair(a.arc->note, a.arc->row) < std::pair(b.arc->note, b.arc->row);
  });
  return out;
}

std::string from_text(const Line& line, std::size_t open_states) {
  if (line.from.size() == 1 && line.from.front().empty()) return "(start)";
  if (line.from.size() > 1 && line.from.size() == open_states) return "(any open state)";
  return cell(line.from);
}

}  // namespace

std::string to_mermaid(const Workflow& workflow) {
  std::string out = "stateDiagram-v2\n";
  const auto put = std::back_inserter(out);
  std::map<int, std::vector<const StateInfo*>> steps;
  for (const StateInfo& state : workflow.states)
    steps[state.step].push_back(&state);
  for (const auto& [step, states] : steps) {
    const std::string title = step_title(step);
    const std::string_view indent = title.empty() ? "  " : "    ";
    if (!title.empty()) fmt::format_to(put, "  state \"{}\" as step_{} {{\n", title, step);
    for (const StateInfo* state : states)
      fmt::format_to(put, "{}state \"{} / {}\" as {}\n", indent, state->label.ja, state->label.en, state->name);
    if (!title.empty()) out += "  }\n";
  }

  std::vector<std::pair<std::string, std::string>> order;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> moves;
  for (const ArcInfo& arc : workflow.arcs) {
    if (arc.note || arc.internal || arc.from == arc.to) continue;
    const std::pair pair{arc.from.empty() ? "[*]" : arc.from, arc.to};
    auto& labels = moves[pair];
    if (labels.empty()) order.push_back(pair);
    const std::string label = arc.row + " " + arc.event;
    if (std::ranges::find(labels, label) == labels.end()) labels.push_back(label);
  }
  for (const auto& pair : order)
    fmt::format_to(put, "  {} --> {}: {}\n", pair.first, pair.second, fmt::join(moves.at(pair), ", "));
  for (const StateInfo& state : workflow.states)
    if (state.end) fmt::format_to(put, "  {} --> [*]\n", state.name);

  out +=
      "  classDef armed fill:#fff3c4,stroke:#8a6d00,color:#222\n"
      "  classDef open fill:#ffd9d2,stroke:#a32a12,color:#222\n"
      "  classDef closing fill:#e3e0f7,stroke:#4a3f8f,color:#222\n";
  for (const StateInfo& state : workflow.states) {
    using enum Access;
    if (state.access == closed) continue;
    const bool is_closing = state.access == closing || state.access == unknown;
    fmt::format_to(put, "  class {} {}\n", state.name,
                   state.access == armed ? "armed" : (is_closing ? "closing" : "open"));
  }
  return out;
}

std::string to_markdown(const Workflow& workflow) {
  std::string out;
  const auto put = std::back_inserter(out);
  fmt::format_to(put, "## States\n\n| state | 日本語 | English | step | access | end |\n|---|---|---|---|---|---|\n");
  for (const StateInfo& state : workflow.states)
    fmt::format_to(put, "| `{}` | {} | {} | {} | {} | {} |\n", state.name, state.label.ja, state.label.en,
                   state.step == 0 ? "–" : std::to_string(state.step), name_of(state.access), state.end ? "yes" : "");
  fmt::format_to(
      put, "\n## Rows\n\n| row | from | event | fired by | checks | to | actions |\n|---|---|---|---|---|---|---|\n");
  const auto open_states =
      static_cast<std::size_t>(std::ranges::count_if(workflow.states, [](const StateInfo& one) { return !one.end; }));
  for (const Line& line : lines_of(workflow))
    fmt::format_to(put, "| {} | {} | `{}` | {} | {} | {} | {} |\n", line.arc->row, from_text(line, open_states),
                   line.arc->event, cell(role_names(line.arc->by)), cell(line.arc->checks),
                   line.same ? "(same)" : line.arc->to, cell(line.arc->actions));
  return out;
}

std::string to_table_json(const Workflow& workflow) {
  Json states = Json::array();
  for (const StateInfo& one : workflow.states)
    states.push_back({{"name", one.name}, {"step", one.step}, {"access", name_of(one.access)}, {"end", one.end}});
  Json arcs = Json::array();
  for (const ArcInfo& one : workflow.arcs)
    arcs.push_back({{"row", one.row},
                    {"from", one.from},
                    {"event", one.event},
                    {"to", one.to},
                    {"by", role_names(one.by)},
                    {"checks", one.checks},
                    {"actions", one.actions},
                    {"internal", one.internal},
                    {"note", one.note}});
  Json events = Json::array();
  for (const EventInfo& one : workflow.events)
    events.push_back({{"name", one.name},
                      {"opens_case", one.opens_case},
                      {"by_people", one.by_people},
                      {"closing", one.closing},
                      {"needs_step_up", one.needs_step_up},
                      {"x", one.x}});
  const Json table{{"name", workflow.name},
                   {"version", workflow.version},
                   {"states", std::move(states)},
                   {"arcs", std::move(arcs)},
                   {"events", std::move(events)}};
  return table.dump();
}

}  // namespace kintsugi

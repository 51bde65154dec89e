#include "engine/machine/structure.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <set>

namespace kintsugi {
namespace {

// Each state found, with the arc by which it was first found; null for the place where the walk began.
using Trail = std::map<std::string, const ArcInfo*>;

bool moves(const ArcInfo& arc) {
  return !arc.note && !arc.internal && arc.from != arc.to;
}

// Breadth first, so that trails are shortest. States that `may_enter` refuses are not entered.
Trail walk(const Workflow& workflow, const std::string& start,
           const std::function<bool(const std::string&)>& may_enter) {
  Trail trail{{start, nullptr}};
  std::deque<std::string> todo{start};
  while (!todo.empty()) {
    const std::string here = todo.front();
    todo.pop_front();
    for (const ArcInfo& arc : workflow.arcs)
      if (moves(arc) && arc.from == here && may_enter(arc.to) && trail.emplace(arc.to, &arc).second)
        todo.push_back(arc.to);
  }
  return trail;
}

std::string step_text(const ArcInfo& arc) {
  return arc.row + " " + arc.event;
}

std::vector<std::string> path_to(const Trail& trail, const std::string& end) {
  std::vector<std::string> path{end};
  for (const ArcInfo* arc = trail.at(end); arc != nullptr; arc = trail.at(arc->from)) {
    path.push_back(step_text(*arc));
    path.push_back(arc->from.empty() ? "(start)" : arc->from);
  }
  std::ranges::reverse(path);
  return path;
}

std::vector<std::string> path_of(const ArcInfo& arc) {
  return {arc.from, step_text(arc), arc.to};
}

bool has(const std::vector<std::string>& list, const std::string& one) {
  return std::ranges::find(list, one) != list.end();
}

bool share_a_role(const ArcInfo& a, const ArcInfo& b) {
  return (a.by.empty() && b.by.empty()) ||
         std::ranges::any_of(a.by, [&](Role role) { return std::ranges::find(b.by, role) != b.by.end(); });
}

bool all_among(const std::vector<std::string>& some, const std::vector<std::string>& all) {
  return std::ranges::all_of(some, [&](const std::string& one) { return has(all, one); });
}

}  // namespace

std::vector<Finding> unsound_states(const Workflow& workflow) {
  std::vector<Finding> out;
  for (const ArcInfo& arc : workflow.arcs)
    for (const std::string* name : {&arc.from, &arc.to})
      if (!name->empty() && workflow.state(*name) == nullptr)
        out.push_back(
            {"known", fmt::format("{} names the state {}, which does not exist", arc.row, *name), path_of(arc)});

  const auto anywhere = [](const std::string&) { return true; };
  const Trail reached = walk(workflow, "", anywhere);
  for (const StateInfo& state : workflow.states) {
    if (!reached.contains(state.name))
      out.push_back({"reachable", fmt::format("{} cannot be reached", state.name), {state.name}});
    const Trail ahead = walk(workflow, state.name, anywhere);
    const bool ends = std::ranges::any_of(workflow.states,
                                          [&](const StateInfo& one) { return one.end && ahead.contains(one.name); });
    if (!ends) {
      auto path = reached.contains(state.name) ? path_to(reached, state.name) : std::vector<std::string>{state.name};
      out.push_back({"can_end", fmt::format("no end can be reached from {}", state.name), std::move(path)});
    }
  }
  return out;
}

std::vector<Finding> uncuttable_states(const Workflow& workflow, const StructureRules& rules) {
  std::vector<Finding> out;
  const auto is_cut_off = [&](const StateInfo& state) {
    return std::ranges::any_of(workflow.arcs, [&](const ArcInfo& arc) {
      return arc.event == rules.cut_event && arc.to == state.name && moves(arc);
    });
  };
  for (const StateInfo& state : workflow.states) {
    if (state.access == Access::closed || is_cut_off(state)) continue;
    for (const Role role : rules.cut_by) {
      const bool can_cut = std::ranges::any_of(workflow.arcs, [&](const ArcInfo& arc) {
        return arc.from == state.name && arc.event == rules.cut_event && moves(arc) &&
               std::ranges::find(arc.by, role) != arc.by.end();
      });
      if (!can_cut)
        out.push_back({"cut",
                       fmt::format("in {} access is {} and {} has no {}", state.name, name_of(state.access),
                                   name_of(role), rules.cut_event),
                       {state.name}});
    }
  }
  return out;
}

std::vector<Finding> ways_around(const Workflow& workflow, const Passage& passage) {
  const Trail trail =
      walk(workflow, passage.from, [&](const std::string& state) { return !has(passage.through, state); });
  if (!trail.contains(passage.to) || passage.from == passage.to) return {};
  return {{"passage",
           fmt::format("a path from {} to {} avoids {}", passage.from.empty() ? "the start" : passage.from,
                       passage.to, fmt::join(passage.through, ", ")),
           path_to(trail, passage.to)}};
}

std::vector<Finding> unproved_closings(const Workflow& workflow, const StructureRules& rules) {
  std::vector<Finding> out;
  for (const ArcInfo& arc : workflow.arcs) {
    const StateInfo* from = workflow.state(arc.from);
    const StateInfo* to = workflow.state(arc.to);
    if (!moves(arc) || from == nullptr || to == nullptr || from->access == Access::closed) continue;
    const bool was_closing = from->access == Access::closing || from->access == Access::unknown;
    const bool still_closing = to->access == Access::closing || to->access == Access::unknown;
    if (!(to->access == Access::closed || (was_closing && !still_closing))) continue;
    if (std::ranges::any_of(arc.checks, [&](const std::string& check) { return has(rules.proofs, check); })) continue;
    out.push_back({"proof",
                   fmt::format("{} leaves {} ({}) for {} ({}) without a proof of closing", arc.row, arc.from,
                               name_of(from->access), arc.to, name_of(to->access)),
                   path_of(arc)});
  }
  return out;
}

std::vector<Finding> ambiguous_arcs(const Workflow& workflow) {
  std::vector<Finding> out;
  for (auto a = workflow.arcs.begin(); a != workflow.arcs.end(); ++a) {
    if (a->note) continue;
    for (auto b = a + 1; b != workflow.arcs.end(); ++b) {
      if (b->note || a->from != b->from || a->event != b->event || !share_a_role(*a, *b)) continue;
      if (!all_among(a->checks, b->checks) && !all_among(b->checks, a->checks)) continue;
      out.push_back({"exclusive",
                     fmt::format("in {} both {} and {} can take {}", a->from.empty() ? "(start)" : a->from, a->row,
                                 b->row, a->event),
                     path_of(*a)});
    }
  }
  return out;
}

std::vector<Finding> structure_findings(const Workflow& workflow, const StructureRules& rules) {
  std::vector<Finding> out;
  const auto add = [&](std::vector<Finding> more) { std::ranges::move(more, std::back_inserter(out)); };
  add(unsound_states(workflow));
  add(uncuttable_states(workflow, rules));
  for (const Passage& passage : rules.passages)
    add(ways_around(workflow, passage));
  add(unproved_closings(workflow, rules));
  add(ambiguous_arcs(workflow));
  return out;
}

std::string to_text(const Finding& finding) {
  return fmt::format("{}: {}\n  {}", finding.rule, finding.what, fmt::join(finding.path, " > "));
}

}  // namespace kintsugi

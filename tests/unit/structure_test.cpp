#include "engine/machine/structure.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace kintsugi;

namespace {

StateInfo state(std::string name, Access access = Access::closed, bool end = false) {
  return {.name = name, .label = {name, name}, .step = 1, .access = access, .end = end};
}
ArcInfo arc(std::string row, std::string from, std::string event, std::string to,
            std::vector<std::string> checks = {}) {
  ArcInfo out;
  out.row = std::move(row);
  out.from = std::move(from);
  out.event = std::move(event);
  out.to = std::move(to);
  out.by = {Role::hcf_clin, Role::rsc_netadm};
  out.checks = std::move(checks);
  return out;
}

// A small hospital's table that keeps every rule: ask, open, cut or close, prove, delete.
Workflow sound() {
  Workflow out;
  out.states = {state("waiting"),
                state("approved", Access::armed),
                state("inside", Access::open),
                state("stopped", Access::closing),
                state("leaving", Access::closing),
                state("deleting"),
                state("done", Access::closed, true)};
  out.arcs = {arc("T01", "", "notify", "waiting"),
              arc("T02", "waiting", "approve", "approved"),
              arc("T03", "approved", "start", "inside"),
              arc("T04", "inside", "finish", "leaving"),
              arc("T05", "approved", "cut", "stopped"),
              arc("T05", "inside", "cut", "stopped"),
              arc("T05", "leaving", "cut", "stopped"),
              arc("T06", "stopped", "release", "deleting", {"hops_closed"}),
              arc("T07", "leaving", "proved", "deleting", {"hops_closed"}),
              arc("T08", "deleting", "all_erased", "done")};
  return out;
}
StructureRules rules() {
  return {.cut_event = "cut",
          .cut_by = {Role::hcf_clin, Role::rsc_netadm},
          .proofs = {"hops_closed"},
          .passages = {{"inside", "done", {"deleting"}},
                       {"", "inside", {"approved"}},
                       {"inside", "deleting", {"leaving", "stopped"}}}};
}
// The one rule that a change of the sound table breaks.
Finding only_finding(const Workflow& workflow) {
  const auto found = structure_findings(workflow, rules());
  for (const Finding& one : found)
    INFO(to_text(one));
  REQUIRE(found.size() == 1);
  return found.front();
}

}  // namespace

TEST_CASE("structure: a table that keeps every rule has no findings") {
  CHECK(structure_findings(sound(), rules()).empty());
}

TEST_CASE("structure: a state that no arc enters is found") {
  Workflow broken = sound();
  broken.states.push_back(state("forgotten"));
  broken.arcs.push_back(arc("T09", "forgotten", "wake", "waiting"));
  CHECK(only_finding(broken).rule == "reachable");
}

TEST_CASE("structure: a state without a way to an end is found with the path that leads into the trap") {
  Workflow broken = sound();
  broken.states.push_back(state("limbo"));
  broken.arcs.push_back(arc("T09", "waiting", "wander", "limbo"));
  const Finding found = only_finding(broken);
  CHECK(found.rule == "can_end");
  CHECK(found.path == std::vector<std::string>{"(start)", "T01 notify", "waiting", "T09 wander", "limbo"});
}

TEST_CASE("structure: an arc to a state that does not exist is found") {
  Workflow broken = sound();
  broken.arcs.push_back(arc("T09", "waiting", "vanish", "nowhere"));
  CHECK(only_finding(broken).rule == "known");
}

TEST_CASE("structure: an open access that somebody cannot cut is found (I4)") {
  SECTION("no cutting arc at all") {
    Workflow broken = sound();
    std::erase_if(broken.arcs, [](const ArcInfo& one) { return one.event == "cut" && one.from == "leaving"; });
    const auto found = uncuttable_states(broken, rules());
    REQUIRE(found.size() == 2);  // one for each role that must be able to
    CHECK(found.front().path == std::vector<std::string>{"leaving"});
  }
  SECTION("one role left out") {
    Workflow broken = sound();
    for (ArcInfo& one : broken.arcs)
      if (one.event == "cut" && one.from == "inside") one.by = {Role::rsc_netadm};
    const Finding found = only_finding(broken);
    CHECK(found.rule == "cut");
    CHECK(found.what.find("hcf_clin") != std::string::npos);
  }
}

TEST_CASE("structure: a way around a state that must be passed is found with a shortest path") {
  Workflow broken = sound();
  broken.arcs.push_back(arc("T09", "leaving", "forget", "done", {"hops_closed"}));
  const Finding found = only_finding(broken);
  CHECK(found.rule == "passage");
  CHECK(found.path == std::vector<std::string>{"inside", "T04 finish", "leaving", "T09 forget", "done"});
}

TEST_CASE("structure: a way in without approval is found from the start") {
  Workflow broken = sound();
  broken.arcs.push_back(arc("T09", "waiting", "sneak", "inside"));
  CHECK(only_finding(broken).path ==
        std::vector<std::string>{"(start)", "T01 notify", "waiting", "T09 sneak", "inside"});
}

TEST_CASE("structure: leaving an access behind without proof of closing is found") {
  Workflow broken = sound();
  SECTION("from closing to closed") {
    for (ArcInfo& one : broken.arcs)
      if (one.row == "T07") one.checks = {"reason_given"};
  }
  SECTION("from armed straight to closed") {
    broken.arcs.push_back(arc("T09", "approved", "withdraw", "waiting"));
  }
  SECTION("from closing back to armed") {
    broken.arcs.push_back(arc("T09", "leaving", "again", "approved"));
  }
  CHECK(only_finding(broken).rule == "proof");
}

TEST_CASE("structure: two arcs that can hold at once are found") {
  Workflow broken = sound();
  SECTION("both without checks") {
    broken.arcs.push_back(arc("T09", "waiting", "approve", "deleting"));
  }
  SECTION("one's checks among the other's") {
    for (ArcInfo& one : broken.arcs)
      if (one.row == "T02") one.checks = {"last_slot"};
    broken.arcs.push_back(arc("T09", "waiting", "approve", "deleting", {"last_slot", "reason_given"}));
  }
  CHECK(only_finding(broken).rule == "exclusive");
}

TEST_CASE("structure: arcs told apart by their checks, or by who fires them, are not ambiguous") {
  Workflow fine = sound();
  SECTION("checks") {
    for (ArcInfo& one : fine.arcs)
      if (one.row == "T02") one.checks = {"last_slot"};
    fine.arcs.push_back(arc("T09", "waiting", "approve", "deleting", {"not_last_slot"}));
  }
  SECTION("roles") {
    fine.arcs.push_back(arc("T09", "waiting", "approve", "deleting"));
    fine.arcs.back().by = {Role::sys};
  }
  SECTION("a note of the same name") {
    fine.arcs.push_back(arc("approve", "waiting", "approve", "waiting"));
    fine.arcs.back().note = true;
  }
  CHECK(structure_findings(fine, rules()).empty());
}

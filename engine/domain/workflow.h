#pragma once

#include "engine/domain/decision.h"
#include "engine/domain/letter.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kintsugi {

enum class Access { closed, armed, opening, open, suspended, closing, unknown };
constexpr auto names_of(Access) {
  using enum Access;
  return names<Access>({{closed, "closed"},
                        {armed, "armed"},
                        {opening, "opening"},
                        {open, "open"},
                        {suspended, "suspended"},
                        {closing, "closing"},
                        {unknown, "unknown"}});
}

struct StateInfo {
  std::string name;
  Text label;
  int step = 0;  // of the guideline's five; 0 beside them
  Access access = Access::closed;
  bool end = false;
};

// One row of the table for one from-state: what the diagram, the table page and the structural checks read.
struct ArcInfo {
  std::string row;   // F15; a note's name for a note
  std::string from;  // "" for a row that opens a case
  std::string event;
  std::string to;  // == from for an internal row
  std::vector<Role> by;
  std::vector<std::string> checks;  // names of the guard's checks, in order
  std::vector<std::string> actions;
  bool internal = false;
  bool note = false;
};

// What one person can do with one case now.
struct ActionView {
  std::string event;
  bool allowed = false;
  std::vector<FailedCheck> blocked_by;
  bool needs_step_up = false;
  bool closing = false;
};

// One event or note as the outside meets it.
struct EventInfo {
  std::string name;
  Text label;
  Json schema;  // JSON Schema of the payload; the only description of it
  bool opens_case = false;
  bool by_people = false;  // may be posted by a signed-in person
  bool closing = false;    // jumps the queue, ignores If-Match, journalled when the store fails
  bool needs_step_up = false;
  bool needs_same_device = false;  // wants Situation::same_device
  std::vector<std::string> x;      // audit members it may write, beside the common ones
};

// To which case, and as which event, something reported by a device or a person on the telephone belongs: a first
// notice opens a case, the same code again counts up, another code on a device with an open case opens a linked one.
struct Route {
  std::string event;
  CaseId case_id;  // empty: opens a case
};

// What a letter needs beside its effect: the case it is about, and where its link leads.
struct LetterContext {
  const CaseFile& file;
  const Directory& directory;
  std::string console_url;  // https://… without a trailing slash; the link needs a sign-in, a GET changes nothing
  std::string mail_domain;  // right-hand side of message ids
};

// One of several effects that share a letter, with its case.
struct Told {
  const Effect& effect;
  const CaseFile& file;
};
struct DigestContext {
  const Directory& directory;
  std::string console_url;
  std::string mail_domain;
};

// The ladder of a case as people see it: who was asked when, who comes next and when, whom to call.
struct LadderView {
  std::string what;  // the timer that climbs, by name; empty: nobody is waited for
  std::vector<Asked> asked;
  int next_level = 0;
  Instant next_at{};  // when the next are asked
  std::vector<PersonId> next_people;
  std::vector<OrganisationId> next_desks;
  // The telephone list, in the order in which to call: a person, or the duty desk of an organisation.
  struct Call {
    PersonId person;
    OrganisationId desk;
    int level = 0;  // of the ladder
  };
  std::vector<Call> call;
};

// A workflow as a value: programs hand it to run, and run knows no other way to decide. All functions are pure and
// may be called from any thread.
struct Workflow {
  std::string name;  // fault_response
  std::string version;
  Digest digest{};  // of `workflow table -o json`
  std::vector<StateInfo> states;
  std::vector<ArcInfo> arcs;
  std::vector<EventInfo> events;

  std::function<Verdict(const Situation&)> decide;
  // The automatic event that must follow at once, if any: path_confirmed, close_confirmed, all_accounted …
  std::function<std::optional<std::string>(const CaseFile&)> follow_up;
  // What the engine owes a case because of what the masters say by now: somebody who may work there, or whose
  // approval is counted, has lost what he did it by. The event, by name; nothing while everything stands. Asked of
  // cases in `reviewed` states.
  std::function<std::optional<std::string>(const CaseFile&, const Directory&, const Policy&, Instant now)> review;
  std::vector<std::string> reviewed;
  // For event `fault` only: where it belongs. situation.file is empty, same_device holds the device's open cases.
  std::function<Route(const Situation&)> route;
  std::function<Letter(const Effect&, const LetterContext&)> letter;
  // One letter for several effects of one bundle, at least two; its id is the first one's. Empty: no letters are
  // shared.
  std::function<Letter(const std::vector<Told>&, const DigestContext&)> digest_letter;
  // Empty: the workflow has no ladders.
  std::function<LadderView(const CaseFile&, const Directory&, Instant now)> ladder;
  // The words of a state, event, check or problem, by name; empty texts if there is none.
  std::function<Text(std::string_view)> text;
  std::function<std::vector<ActionView>(const Situation&)> actions;  // event.actor asks; event.name is ignored

  const StateInfo* state(std::string_view wanted) const;
  const EventInfo* event(std::string_view wanted) const;
  bool is_open(std::string_view state_name) const;
};

}  // namespace kintsugi

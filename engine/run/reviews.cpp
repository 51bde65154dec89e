#include "engine/run/reviews.h"

#include "engine/base/log.h"

#include <algorithm>

namespace kintsugi {
namespace {

constexpr int page = 200;  // cases read from the store at a time

Submission submission_of(const CaseId& id, std::string event, const std::string& node) {
  Submission out;
  out.event = std::move(event);
  out.case_id = id;
  out.actor.id = node;
  out.actor.kind = Role::sys;
  out.actor.auth = "job";
  return out;
}

// Has one of the days come on which this person loses something?
bool loses_something(const Person& person, Instant after, Instant upto) {
  const auto comes = [&](Instant at) { return at != Instant{} && after < at && at <= upto; };
  return comes(person.left_at) || comes(person.pledge_until) || comes(person.training_until) ||
         std::ranges::any_of(person.roles, [&](const RoleHeld& one) { return comes(one.until); }) ||
         std::ranges::any_of(person.deputies, [&](const Deputy& one) { return comes(one.until); });
}

}  // namespace

Result<std::vector<Submission>> owed_reviews(const Workflow& workflow, Store& store, const Directory& directory,
                                             Instant now, const std::string& node) {
  std::vector<Submission> out;
  if (!workflow.review || workflow.reviewed.empty()) return out;
  CaseFilter filter;
  filter.states = workflow.reviewed;
  filter.open = true;
  filter.limit = page;
  for (;;) {
    const auto open = store.list_cases(filter);
    if (!open) return pass(open);
    for (const CaseBrief& brief : *open) {
      filter.after = brief.id;
      const auto file = store.read_case(brief.id);
      if (!file) return pass(file);
      const Policy& policy = directory.policy_of(file->tenant, file->policy_version);
      if (auto event = workflow.review(*file, directory, policy, now))
        out.push_back(submission_of(brief.id, std::move(*event), node));
    }
    if (open->size() < page) return out;
  }
}

Reviews::Reviews(Conductor& conductor, Store& store, const Workflow& workflow, const Clock& clock, std::string node)
    : conductor_(conductor), store_(store), workflow_(workflow), clock_(clock), node_(std::move(node)) {}

int Reviews::step() {
  const Instant now = clock_.now();
  auto directory = conductor_.directory();
  const bool look = directory != seen_ || std::ranges::any_of(directory->people(), [&](const auto& one) {
                      return loses_something(one.second, upto_, now);
                    });
  int done = 0;
  if (look) {
    const auto owed = owed_reviews(workflow_, store_, *directory, now, node_);
    if (!owed) {
      log::run().warn("reviews: open cases cannot be read: {}", owed.error().what);
      return 0;
    }
    for (const Submission& one : *owed) {
      const Outcome outcome = conductor_.submit(one);
      if (outcome.kind == Outcome::Kind::transient && outcome.problem != "closing-journalled") return done;
      log::run().warn("case={} {}: who was counted on may not act any more", one.case_id.text(), one.event);
      ++done;
    }
    // More than one approval of a case may have lapsed: the next step looks again.
    if (done > 0) return done;
  }
  seen_ = std::move(directory);
  upto_ = now;
  return done;
}

}  // namespace kintsugi

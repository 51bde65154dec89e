#include "engine/run/leavers.h"

#include "engine/base/log.h"

#include <algorithm>

namespace kintsugi {
namespace {

constexpr int page = 200;  // cases read from the store at a time
constexpr std::string_view revoke = "revoke";

Submission revocation(const CaseId& id, const std::string& node) {
  Submission out;
  out.event = revoke;
  out.case_id = id;
  out.actor.id = node;
  out.actor.kind = Role::sys;
  out.actor.auth = "job";
  return out;
}

}  // namespace

Leavers::Leavers(Conductor& conductor, Store& store, const Workflow& workflow, const Clock& clock, std::string node)
    : conductor_(conductor), store_(store), workflow_(workflow), clock_(clock), node_(std::move(node)) {}

int Leavers::step() {
  const Instant now = clock_.now();
  auto directory = conductor_.directory();
  const bool changed = directory != seen_;
  std::vector<PersonId> left;
  for (const auto& [id, person] : directory->people()) {
    const bool gone = person.left_at != Instant{} && person.left_at <= now;
    if (gone && (changed || person.left_at > upto_)) left.push_back(id);
  }
  int revoked = 0;
  if (!left.empty() && !revoke_all(left, revoked)) return revoked;
  seen_ = std::move(directory);
  upto_ = now;
  return revoked;
}

bool Leavers::can_revoke(std::string_view state) const {
  return std::ranges::any_of(workflow_.arcs,
                             [&](const ArcInfo& arc) { return arc.from == state && arc.event == revoke; });
}

bool Leavers::revoke_all(const std::vector<PersonId>& left, int& revoked) {
  CaseFilter filter;
  filter.open = true;
  filter.limit = page;
  for (;;) {
    const auto open = store_.list_cases(filter);
    if (!open) {
      log::run().warn("leavers: cannot list open cases: {}", open.error().what);
      return false;
    }
    for (const CaseBrief& brief : *open) {
      filter.after = brief.id;
      if (!brief.live_grant || !can_revoke(brief.state)) continue;
      const auto file = store_.read_case(brief.id);
      if (!file) return false;
      if (std::ranges::none_of(left, [&](const PersonId& one) { return grants_access_to(*file, one); })) continue;
      const Outcome outcome = conductor_.submit(revocation(brief.id, node_));
      if (outcome.kind == Outcome::Kind::transient && outcome.problem != "closing-journalled") return false;
      log::run().warn("case={} grant revoked: a listed worker has left", brief.id.text());
      ++revoked;
    }
    if (open->size() < page) return true;
  }
}

}  // namespace kintsugi

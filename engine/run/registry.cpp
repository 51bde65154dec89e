#include "engine/run/registry.h"

#include "engine/base/digest.h"
#include "engine/base/log.h"
#include "engine/masters/mistakes.h"
#include "engine/masters/sight.h"

#include <algorithm>
#include <set>

namespace kintsugi {
namespace {

constexpr int page = 200;               // cases read from the store at a time
constexpr int cases_looked_at = 5'000;  // open ones, for one plan

// Whose cases a change could concern: both ends of what it touches.
std::vector<OrganisationId> concerned(const Directory& before, const Masters& change) {
  std::set<OrganisationId> out;
  for_each_list([&](const auto& list) {
    for (const auto& one : change.*list.at)
      out.insert(owner_of(one));
  });
  for (const Contract& one : change.contracts)
    out.insert(one.rsc);
  for (const Person& one : change.people) {
    for (const RoleHeld& held : one.roles)
      out.insert(held.at);
    if (const Person* was = before.person(one.id))
      for (const RoleHeld& held : was->roles)
        out.insert(held.at);
  }
  return {out.begin(), out.end()};
}

Digest digest_of_plan(const Directory& before, const Registry::Plan& plan) {
  std::string text = to_json_text(plan.change);
  for_each_list([&](const auto& list) {
    for (const auto& one : plan.change.*list.at) {
      const auto* was = stored(before, one);
      text += "\n" + (was == nullptr ? std::string("-") : to_json_text(*was));
    }
  });
  for (const Consequence& one : plan.consequences) {
    text += "\n" + one.name + " " + one.case_id.text();
    for (const auto& [name, value] : one.facts)
      text += " " + name + "=" + value;
  }
  return sha256(text);
}

// A new policy changes its hospital, too.
std::vector<Mistake> already_there(const std::vector<Difference>& differences) {
  std::vector<Mistake> out;
  for (const Difference& one : differences)
    if (one.how != Difference::How::added && one.kind != MasterKind::policy && one.kind != MasterKind::organisation)
      out.push_back({"", "すでに登録されています: " + one.id, "is there already: " + one.id});
  if (differences.empty()) out.push_back({"", "すでに登録されています", "is there already"});
  return out;
}

}  // namespace

bool Registry::Plan::blocked() const {
  return std::ranges::any_of(consequences, &Consequence::blocks);
}

Result<std::vector<std::shared_ptr<const CaseFile>>> Registry::open_cases(const std::vector<OrganisationId>& of,
                                                                          bool& all) const {
  std::map<CaseId, std::shared_ptr<const CaseFile>> found;
  const auto directory = conductor_.directory();
  for (const OrganisationId& id : of) {
    const Organisation* organisation = directory->organisation(id);
    if (organisation == nullptr) continue;
    CaseFilter filter;
    (organisation->side == Side::rsc ? filter.rsc : filter.tenant) = id;
    filter.open = true;
    filter.limit = page;
    for (;;) {
      const auto briefs = store_.list_cases(filter);
      if (!briefs) return pass(briefs);
      for (const CaseBrief& brief : *briefs) {
        filter.after = brief.id;
        if (found.contains(brief.id)) continue;
        if (std::cmp_greater_equal(found.size(), cases_looked_at)) {
          all = false;
          break;
        }
        auto file = conductor_.case_file(brief.id);
        if (!file) return pass(file);
        found.emplace(brief.id, std::move(*file));
      }
      if (!all || std::cmp_less(briefs->size(), page)) break;
    }
  }
  std::vector<std::shared_ptr<const CaseFile>> out;
  for (auto& [id, file] : found)
    out.push_back(std::move(file));
  return out;
}

Result<Registry::Planned> Registry::plan_on(const Directory& directory, const Actor& actor, const Masters& written,
                                            bool only_new) const {
  const Proposer who{
      .person = actor.person, .now = clock_.now(), .chance = entropy_.digest(), .at_the_machine = false};
  Planned out;
  const Masters whole = complete(directory, written, who);
  out.mistakes = not_his_in(directory, whole, who);
  if (!out.mistakes.empty()) {
    out.kind = Planned::Kind::not_his;
    return out;
  }
  out.mistakes = mistakes_in(directory, whole, who.now);
  if (!out.mistakes.empty()) {
    out.kind = Planned::Kind::invalid;
    return out;
  }
  Plan& plan = out.plan;
  plan.change = without_unchanged(directory, whole);
  plan.differences = differences_of(directory, plan.change, who.now);
  if (only_new) {
    out.mistakes = already_there(plan.differences);
    if (!out.mistakes.empty()) {
      out.kind = Planned::Kind::invalid;
      return out;
    }
  }
  auto cases = open_cases(concerned(directory, plan.change), plan.all_cases_seen);
  if (!cases) return pass(cases);
  // What happens elsewhere by it he may not know more of than of the cases there.
  const Sight sight(directory, actor.person, who.now);
  std::erase_if(*cases, [&](const auto& file) {
    return !sight.own().contains(file->tenant) && !sight.own().contains(file->rsc);
  });
  plan.consequences = consequences_of(directory, changed(directory, plan.change), plan.change, *cases, who.now);
  plan.digest = digest_of_plan(directory, plan);
  return out;
}

Result<Registry::Planned> Registry::plan(const Actor& actor, const Masters& written, bool only_new) const {
  return plan_on(*conductor_.directory(), actor, written, only_new);
}

Result<Registry::Applied> Registry::apply(const Actor& actor, const Order& order) const {
  Applied out;
  const auto stop = [&](Applied::Kind kind) {
    out.kind = kind;
    return fail(Errc::Refused, "the change was not made");
  };
  const auto make = [&](const Directory& directory) -> Result<MastersChange> {
    if (order.unchanged && !order.unchanged(directory)) return stop(Applied::Kind::conflict);
    auto planned = plan_on(directory, actor, order.written, order.only_new);
    if (!planned) return pass(planned);
    out.plan = std::move(planned->plan);
    out.mistakes = std::move(planned->mistakes);
    if (planned->kind == Planned::Kind::not_his) return stop(Applied::Kind::not_his);
    // What was planned on other masters may break a rule on these: that the world moved says more.
    const bool moved = order.digest && *order.digest != out.plan.digest;
    if (planned->kind == Planned::Kind::invalid) return stop(Applied::Kind::invalid);
    if (moved) return stop(Applied::Kind::conflict);
    if (out.plan.blocked()) return stop(Applied::Kind::blocked);
    const Directory after = changed(directory, out.plan.change);
    MastersChange rows = rows_of(directory, after, out.plan.change, order.reason);
    rows.reply = order.reply(out.plan, after);
    if (order.also) rows.also = [&](Batch& batch) { return order.also(batch, out.plan); };
    return rows;
  };
  const MastersAsked asked{.actor = actor,
                           .as = registrar_role(*conductor_.directory(), actor, clock_.now()),
                           .key = order.key,
                           .request = order.request};
  auto done = conductor_.change_masters(asked, make);
  if (!done) {
    if (out.kind == Applied::Kind::applied) return pass(done);
    if (out.kind == Applied::Kind::not_his) note_refusal(actor);
    return out;
  }
  if (done->reused) out.kind = Applied::Kind::reused;
  out.reply = std::move(done->reply);
  out.replayed = done->replayed;
  return out;
}

// Somebody tried to change what is not his: that stands in the log of his own organisation.
void Registry::note_refusal(const Actor& actor) const {
  const auto directory = conductor_.directory();
  const Organisation* employer = directory->organisation(actor.org);
  const bool hospital = employer != nullptr && employer->side == Side::hcf;
  const auto told = conductor_.record("refused", hospital ? employer->id : OrganisationId{}, actor,
                                      registrar_role(*directory, actor, clock_.now()),
                                      {{"event", "change_masters"}, {"check", "not_his_to_change"}});
  if (!told) log::run().warn("a refused change of masters was not recorded: {}", told.error().what);
}

}  // namespace kintsugi

#include "engine/masters/authority.h"

#include "engine/domain/may.h"
#include "engine/masters/mistakes.h"

#include <fmt/format.h>

#include <algorithm>

namespace kintsugi {
namespace {

class Judge {
 public:
  Judge(const Directory& directory, const Masters& change, const Proposer& who)
      : directory_(directory), change_(change), who_(who) {}

  std::vector<Mistake> all() {
    for_each_list([&](const auto& list) {
      std::size_t i = 0;
      for (const auto& one : change_.*list.at) {
        place_ = fmt::format("/{}/{}", list.name, i++);
        const auto* before = stored(directory_, one);
        if (before == nullptr || *before != one) judge(before, one);
      }
    });
    return std::move(out_);
  }

 private:
  bool is_his(const OrganisationId& at) const { return administers(directory_, who_, at); }

  void refuse(std::string_view below, std::string ja, std::string en) {
    out_.push_back({place_ + std::string(below), std::move(ja), std::move(en)});
  }
  void demand(const OrganisationId& at, std::string_view below = {}) {
    if (is_his(at)) return;
    const Organisation* one = directory_.organisation(at);
    if (one == nullptr)
      return refuse(below, fmt::format("「{}」という組織はありません", at.text()),
                    fmt::format("there is no organisation '{}'", at.text()));
    const auto role = name_of(administering_role(one->side));
    refuse(below, fmt::format("{} の管理者 ({}) だけが変えられます", one->name.ja, role),
           fmt::format("only the administrators ({}) of {} may change this", role, one->name.en));
  }

  void judge(const Organisation* before, const Organisation& after) {
    if (before == nullptr)
      return refuse("", "新しい組織は、環境の運用担当者が kintsugi import で登録します",
                    "a new organisation is brought in by the operator of the installation: kintsugi import");
    demand(after.id);
    if (before->test_hospital != after.test_hospital)
      refuse("/test_hospital", "試験用かどうかは、環境の運用担当者だけが変えられます",
             "whether it is a test hospital only the operator of the installation may change");
  }
  void judge(const Site* before, const Site& after) {
    demand(after.organisation);
    if (before != nullptr && before->organisation != after.organisation) demand(before->organisation);
  }
  void judge(const Roster* before, const Roster& after) {
    demand(after.at);
    if (before != nullptr && before->at != after.at) demand(before->at);
  }
  void judge(const Duty* before, const Duty& after) {
    demand(after.at);
    if (before != nullptr && before->at != after.at) demand(before->at);
  }
  void judge(const Policy*, const Policy& after) { demand(after.tenant); }

  void judge(const Person* before, const Person& after) {
    static const Person nobody;
    Person rest = before == nullptr ? nobody : *before;
    rest.roles = after.roles;
    rest.deputies = after.deputies;
    if (before == nullptr || rest != after) demand(after.employer);
    if (before != nullptr && before->employer != after.employer) demand(before->employer, "/employer");
    judge_each(before == nullptr ? nobody.roles : before->roles, after.roles, "/roles");
    judge_each(before == nullptr ? nobody.deputies : before->deputies, after.deputies, "/deputies");
  }
  // Each that came or went needs the word of the organisation where it is held.
  template <class T>
  void judge_each(const std::vector<T>& before, const std::vector<T>& after, std::string_view list) {
    for (std::size_t i = 0; i < after.size(); ++i)
      if (!std::ranges::count(before, after[i])) demand(after[i].at, fmt::format("{}/{}", list, i));
    for (const T& one : before)
      if (!std::ranges::count(after, one)) demand(one.at, list);
  }

  void judge(const AccessPoint* before, const AccessPoint& after) {
    for (const OrganisationId* owner : {&after.owner, before == nullptr ? &after.owner : &before->owner})
      if (!keeps_doors(directory_, who_, *owner)) return demand(*owner);
  }

  void judge(const Device* before, const Device& after) {
    if (before != nullptr && before->tenant == after.tenant && !is_his(after.tenant)) {
      Device rest = *before;
      rest.exit = after.exit;
      const Contract* contract = directory_.contract_of(after.id, who_.now);
      if (rest == after && contract != nullptr) return demand(contract->rsc, "/exit");
    }
    demand(after.tenant);
    if (before != nullptr && before->tenant != after.tenant) demand(before->tenant, "/tenant");
  }

  // Proposed by one side, confirmed by the other; declined or withdrawn by either; ended by the hospital.
  void judge(const Contract* before, const Contract& after) {
    if (before == nullptr) return demand(after.proposed_by, "/proposed_by");
    const bool either = is_his(after.tenant) || is_his(after.rsc);
    if (!before->is_proposed()) {
      if (is_ended_by_another(*before, after)) return;
      return demand(before->tenant);
    }
    Contract ended = *before;
    ended.until = after.until;
    if (ended == after && after.until != Instant{} && after.until <= std::max(who_.now, after.from))
      return either ? void() : demand(before->tenant);
    if (after.is_proposed()) {
      demand(before->proposed_by);
      if (after.proposed_by != before->proposed_by)
        refuse("/proposed_by", "提案した側は変えられません", "who proposed it does not change");
      return;
    }
    demand(before->proposed_by == before->tenant ? before->rsc : before->tenant, "/proposed_by");
    Contract confirmed = *before;
    confirmed.proposed_by = {};
    if (confirmed != after)
      refuse("", "確認するときは、提案された内容のままにしてください。変えたいときは新しく提案してください",
             "confirm it as it was proposed, or propose another");
  }

  // Does this change also confirm the contract that replaces it?
  bool is_ended_by_another(const Contract& before, const Contract& after) const {
    Contract ended = before;
    ended.until = after.until;
    return ended == after && std::ranges::any_of(change_.contracts, [&](const Contract& one) {
             const Contract* proposal = directory_.contract(one.id);
             return one.replaces == before.id && !one.is_proposed() && proposal != nullptr &&
                    proposal->is_proposed() && proposal->replaces == before.id &&
                    after.until == std::max(one.from, before.from);
           });
  }

  const Directory& directory_;
  const Masters& change_;
  const Proposer& who_;
  std::string place_;
  std::vector<Mistake> out_;
};

// In a role of his own, and as one of theirs: masters outlive a deputy, and a vendor's people change no hospital's.
bool acts_for(const Directory& directory, const Proposer& who, Act act, const OrganisationId& at) {
  const Person* person = directory.person(who.person);
  if (person == nullptr || directory.organisation(at) == nullptr) return false;
  Actor actor;
  actor.id = person->id.text();
  actor.kind = Role::none;
  actor.person = person->id;
  actor.org = person->employer;
  const Permission permission = may(directory, actor, act, matter_of(directory, at), who.now);
  return permission.granted && permission.as != Role::none &&
         directory.belongs_to(*person, permission.as, at, who.now) &&
         !directory.deputises_for(*person, permission.as, at, who.now);
}

}  // namespace

bool administers(const Directory& directory, const Proposer& who, const OrganisationId& at) {
  return who.at_the_machine || acts_for(directory, who, Act::change_masters, at);
}

bool keeps_doors(const Directory& directory, const Proposer& who, const OrganisationId& at) {
  return administers(directory, who, at) || acts_for(directory, who, Act::administer_point, at);
}

std::vector<Mistake> not_his_in(const Directory& directory, const Masters& change, const Proposer& who) {
  if (who.at_the_machine) return {};
  return Judge(directory, change, who).all();
}

}  // namespace kintsugi

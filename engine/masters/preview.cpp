#include "engine/masters/preview.h"

#include "engine/domain/standing.h"
#include "engine/masters/mistakes.h"
#include "engine/on_call/gaps.h"
#include "engine/on_call/on_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace kintsugi {
namespace {

bool works_for(const Directory& directory, const PersonId& id, const OrganisationId& at, Instant now) {
  const Person* person = directory.person(id);
  return person != nullptr && !directory.roles_of(*person, at, now).empty();
}

bool has_live_grant(const CaseFile& file) {
  return file.grant() != nullptr && file.grant()->proved_closed_at == Instant{};
}

// Of a request that waits for answers; none of one that has them, was given up, or took the short way.
std::vector<Role> open_slots(const CaseFile& file, const Policy& policy) {
  if (!file.request || file.request->dead || file.request->break_glass) return {};
  std::vector<Role> out = policy.slots;
  std::erase_if(out, [&](Role slot) {
    return std::ranges::any_of(file.request->approvals,
                               [&](const Approval& one) { return one.slot == slot && one.approved; });
  });
  return out;
}

std::string in_words(const Term& term, bool ja) {
  if (term.business_days > 0)
    return fmt::format(fmt::runtime(ja ? "{} 営業日" : "{} working days"), term.business_days);
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(term.wall).count();
  if (minutes == 0)
    return fmt::format(fmt::runtime(ja ? "{} 秒" : "{} s"),
                       std::chrono::duration_cast<std::chrono::seconds>(term.wall).count());
  return fmt::format(fmt::runtime(ja ? "{} 分" : "{} min"), minutes);
}

class Preview {
 public:
  Preview(const Directory& before, const Directory& after, Instant now) : before_(before), after_(after), now_(now) {}

  // A case keeps the version that it began with: while one runs, that version is not over.
  void of_retired(const Policy& policy, std::span<const std::shared_ptr<const CaseFile>> open_cases) {
    const auto was = before_.policies().find(std::pair(policy.tenant, policy.version));
    if (policy.retired_at == Instant{} || (was != before_.policies().end() && was->second.retired_at != Instant{}))
      return;
    for (const auto& file : open_cases) {
      if (file->tenant != policy.tenant || file->policy_version != policy.version) continue;
      file_ = file.get();
      add("policy_in_use", {{"organisation", policy.tenant.text()}, {"version", std::to_string(policy.version)}},
          fmt::format("この案件は方針の版 {} のもとで進んでいます。終わるまで廃止できません", policy.version),
          fmt::format("it runs under version {} of the policy, which cannot be retired before it has ended",
                      policy.version),
          true);
      file_ = nullptr;
    }
  }

  void of_case(const CaseFile& file) {
    file_ = &file;
    doors(file);
    contract(file);
    people(file);
    approvers(file);
    policy(file);
    file_ = nullptr;
  }

  void of_hospital(const OrganisationId& id) {
    for (const Role slot : after_.policy_of(id).slots) {
      if (side_of(slot) != Side::hcf) continue;
      const auto could = who_could_fill(before_, slot, id, {}, now_);
      const auto can = who_could_fill(after_, slot, id, {}, now_);
      for (const PersonId& one : could)
        if (!std::ranges::count(can, one))
          add("approver_gone", {{"slot", role(slot)}, {"person", one.text()}},
              fmt::format("{} さんは {} として承認できなくなります", name(one).ja, role(slot)),
              fmt::format("{} can no longer approve as {}", name(one).en, role(slot)));
      if (can.empty() && (!could.empty() || policy_changes(id)))
        add("slot_without_anybody", {{"slot", role(slot)}, {"organisation", id.text()}},
            fmt::format("{} の枠に答えられる人が一人もいません。接続はできなくなります", role(slot)),
            fmt::format("nobody is left who could fill the slot of {}: no connection would be possible", role(slot)));
    }
    policy_change(id);
  }

  void of_device(const Device& device) {
    const Device* known = before_.device(device.id);
    const bool was = known == nullptr || before_.contract_of(device.id, now_) != nullptr;
    const bool over = device.retired_at != Instant{} && device.retired_at <= now_;
    if (was && !over && after_.contract_of(device.id, now_) == nullptr)
      add("device_without_contract", {{"device", device.id.text()}},
          fmt::format("{} を保守する契約がありません。障害を受け付けるサービスセンターがありません",
                      device.nickname.ja),
          fmt::format("{} is under no contract: no service centre takes its faults", device.nickname.en));
    const Device* is = after_.device(device.id);
    if (over || is == nullptr) return;
    const bool is_written = known == nullptr || *known != *is;
    const auto goes_without = [&](auto member) { return is_written && (is->*member).empty(); };
    if (goes_without(&Device::access_point))
      add("device_without_access_point", {{"device", device.id.text()}},
          fmt::format("{} にはアクセスポイントがありません。決めるまで接続できません", is->nickname.ja),
          fmt::format("{} has no access point: until it has one, no connection to it can open", is->nickname.en));
    if (goes_without(&Device::exit))
      add("device_without_exit", {{"device", device.id.text()}},
          fmt::format("{} にはサービスセンターの出口がありません。決めるまで接続できません", is->nickname.ja),
          fmt::format("{} has no exit of a service centre: until it has one, no connection to it can open",
                      is->nickname.en));
    if (goes_without(&Device::product_line))
      add("device_without_product_line", {{"device", device.id.text()}},
          fmt::format("{} "
                      "には製品系列がありません。資格を製品系列で決められた作業者は作業できず、製品系列ごとの当番とメ"
                      "ールの様式も使われません",
                      is->nickname.ja),
          fmt::format("{} has no product line: whoever is qualified for product lines may not work on it, and their "
                      "duties and mail "
                      "templates pass it by",
                      is->nickname.en));
  }

  void of_duties(const OrganisationId& at, const std::string& line) {
    const OnCallFor whom{.at = at, .product_line = line, .tier = 1};
    if (!people_on_call(before_, whom, now_).empty() && people_on_call(after_, whom, now_).empty())
      add("nobody_on_duty", {{"organisation", at.text()}, {"product_line", line}},
          fmt::format("いま当番の人がいなくなります{}", line.empty() ? "" : " (" + line + ")"),
          fmt::format("nobody would be on duty now{}", line.empty() ? "" : " (" + line + ")"));
  }

  void of_on_call(const OrganisationId& id) {
    const auto known = gaps_in(before_, id, now_, now_ + gaps_ahead);
    for (const Gap& gap : check_on_call(before_, after_, id, now_).warnings) {
      if (std::ranges::count(known, gap)) continue;
      Text text = in_words(gap, after_, id);
      add(name_of(gap.kind), {{"organisation", id.text()}, {"subject", gap.subject}}, std::move(text.ja),
          std::move(text.en));
    }
  }

  void of_person(const Person& person) {
    const auto acts = [&](const Directory& directory) {
      const Person* one = directory.person(person.id);
      return one != nullptr && std::ranges::any_of(directory.organisations(), [&](const auto& organisation) {
               return !directory.roles_of(*one, organisation.first, now_).empty();
             });
    };
    if (acts(before_) && !acts(after_))
      add("sign_in_ends", {{"person", person.id.text()}},
          fmt::format("{} さんはサインインできなくなります", person.name.ja),
          fmt::format("{} can no longer sign in", person.name.en));
  }

  std::vector<Consequence> done() { return std::move(out_); }

 private:
  static std::string role(Role one) { return std::string(name_of(one)); }
  Text name(const PersonId& id) const {
    const Person* person = after_.person(id);
    return person == nullptr ? Text{id.text(), id.text()} : person->name;
  }

  void add(std::string_view what, std::map<std::string, std::string> facts, std::string ja, std::string en,
           bool blocks = false) {
    Consequence one{.name = std::string(what),
                    .blocks = blocks,
                    .case_id = {},
                    .number = {},
                    .facts = std::move(facts),
                    .text = {std::move(ja), std::move(en)}};
    if (file_ != nullptr) {
      one.case_id = file_->id;
      one.number = file_->number;
    }
    if (!std::ranges::count(out_, one)) out_.push_back(std::move(one));
  }

  // What is open must be closed where it was opened.
  void doors(const CaseFile& file) {
    if (!has_live_grant(file) || file.device.empty()) return;
    const Device* was = before_.device(file.device);
    const Device* is = after_.device(file.device);
    if (was == nullptr || is == nullptr) return;
    const auto same_door = [&](const AccessPointId& id) {
      const AccessPoint* a = before_.access_point(id);
      const AccessPoint* b = after_.access_point(id);
      return a == nullptr || b == nullptr || (a->kind == b->kind && a->url == b->url && a->owner == b->owner);
    };
    if (was->access_point != is->access_point || was->exit != is->exit || was->address != is->address ||
        !same_door(was->access_point) || !same_door(was->exit))
      add("door_moves", {{"device", file.device.text()}},
          "接続の許可が生きている間は、通り道を変えられません。先に切断してください",
          "the way to it cannot be changed while a grant lives: cut the connection first", true);
  }

  void contract(const CaseFile& file) {
    if (file.device.empty()) return;
    const Contract* was = before_.contract_of(file.device, now_);
    const Contract* is = after_.contract_of(file.device, now_);
    if (was != nullptr && is == nullptr)
      add("no_contract", {{"contract", was->id.text()}}, "この案件の装置は、どの契約にも入らなくなります",
          "its device would be under no contract any more");
    else if (was != nullptr && was->id != is->id)
      add("contract_other", {{"contract", is->id.text()}},
          "この案件の装置は別の契約に移ります。案件は開始時の契約のまま進みます",
          "its device moves under another contract; the case goes on under the one it began with");
  }

  void people(const CaseFile& file) {
    const auto goes = [&](const PersonId& id, const OrganisationId& at) {
      return !id.empty() && works_for(before_, id, at, now_) && !works_for(after_, id, at, now_);
    };
    if (goes(file.owner, file.rsc))
      add("owner_gone", {{"person", file.owner.text()}},
          fmt::format("担当の {} さんがいなくなります。担当を替えてください", name(file.owner).ja),
          fmt::format("{}, whose case it is, goes: hand it to somebody else", name(file.owner).en));
    if (!file.request || file.request->dead) return;
    const auto lost = workers_lost(after_, file, now_);
    for (const PersonId& worker : file.request->workers) {
      const Instant until = std::max(now_, file.request->window.opens);
      const bool worked = may_work(before_, file, worker, now_, until);
      if (!std::ranges::count(lost, worker) && !(worked && !may_work(after_, file, worker, now_, until))) continue;
      if (grants_access_to(file, worker))
        add("grant_revoked", {{"person", worker.text()}},
            fmt::format("作業者 {} さんが外れるため、接続の許可が取り消され、開いている接続は切られます",
                        name(worker).ja),
            fmt::format("{} may work under its grant: the grant is revoked, and what is open is cut",
                        name(worker).en));
      else
        add("worker_gone", {{"person", worker.text()}},
            fmt::format("作業者 {} さんが外れます。申請し直しが必要です", name(worker).ja),
            fmt::format("{} is to work under its request, which must be made again", name(worker).en));
    }
  }

  void approvers(const CaseFile& file) {
    if (file.request && !file.request->dead &&
        (file.grant() == nullptr || file.request->hash != file.grant()->request_hash))
      for (const Approval& one : file.request->approvals)
        if (stands(before_, file, one, now_) && !stands(after_, file, one, now_))
          add("approval_lapses", {{"slot", role(one.slot)}, {"person", one.by.text()}},
              fmt::format("{} さんが {} の枠で行った承認は無効になり、あらためて求められます", name(one.by).ja,
                          role(one.slot)),
              fmt::format("what {} approved as {} counts no more, and is asked again", name(one.by).en,
                          role(one.slot)));
    for (const Role slot : open_slots(file, before_.policy_of(file.tenant, file.policy_version))) {
      const auto could = who_could_fill(before_, slot, file, now_);
      const auto can = who_could_fill(after_, slot, file, now_);
      for (const PersonId& one : could)
        if (!std::ranges::count(can, one))
          add("approver_gone", {{"slot", role(slot)}, {"person", one.text()}},
              fmt::format("{} さんはこの申請の {} の枠に答えられなくなります", name(one).ja, role(slot)),
              fmt::format("{} can no longer answer its request as {}", name(one).en, role(slot)));
      if (!could.empty() && can.empty())
        add("slot_without_anybody", {{"slot", role(slot)}},
            fmt::format("この申請の {} の枠に答えられる人がいなくなります", role(slot)),
            fmt::format("nobody is left who could answer its request as {}", role(slot)));
    }
  }

  bool policy_changes(const OrganisationId& tenant) const {
    Policy was = before_.policy_of(tenant);
    Policy is = after_.policy_of(tenant);
    was.version = is.version;  // the text counts, not its number
    was.tenant = is.tenant;
    return was != is;
  }

  void policy_change(const OrganisationId& tenant) {
    if (!policy_changes(tenant)) return;
    const auto version = std::to_string(after_.policy_of(tenant).version);
    add("policy_for_new_cases", {{"organisation", tenant.text()}, {"version", version}},
        fmt::format("版 {} は、これから開く案件に使われます。開いている案件は開いたときの版のまま進みます", version),
        fmt::format("version {} holds for cases opened from now on; open ones go on under their own", version));
  }

  void policy(const CaseFile& file) {
    if (!policy_changes(file.tenant)) return;
    const Policy& was = before_.policy_of(file.tenant, file.policy_version);
    const Policy& is = after_.policy_of(file.tenant);
    if (!open_slots(file, was).empty()) {
      for (const Role slot : was.slots)
        if (!std::ranges::count(is.slots, slot))
          add("slot_would_go", {{"slot", role(slot)}},
              fmt::format("新しい方針では {} の承認は要りません (この申請では必要なままです)", role(slot)),
              fmt::format("under the new policy {} would not be asked (this request still needs it)", role(slot)));
      for (const Role slot : is.slots)
        if (!std::ranges::count(was.slots, slot))
          add("slot_would_come", {{"slot", role(slot)}},
              fmt::format("新しい方針では {} の承認も要ります (この申請では求めません)", role(slot)),
              fmt::format("under the new policy {} would be asked too (this request does not)", role(slot)));
    }
    for (const Timer& timer : file.timers)
      deadline(file, timer, was, is);
  }

  void deadline(const CaseFile& file, const Timer& timer, const Policy& was, const Policy& is) {
    constexpr std::string_view ending = "_expired";
    constexpr std::string_view last = "t_approve_final";
    const bool answer = timer.event == last && file.request;
    if (!answer && !timer.event.ends_with(ending)) return;
    const auto name = answer ? std::optional(TimerName::t_approve)
                             : from_name<TimerName>(timer.event.substr(0, timer.event.size() - ending.size()));
    if (!name) return;
    const Term& old = term_of(was, *name, file.priority);
    const Term& now = term_of(is, *name, file.priority);
    if (old == now) return;
    std::map<std::string, std::string> facts{{"timer", timer.event}, {"due", to_text(timer.due)}};
    std::string ja = fmt::format("期限 {} は {} ではなく {}", timer.event, in_words(old, true), in_words(now, true));
    std::string en = fmt::format("the deadline {} would be {} instead of {}", timer.event, in_words(now, false),
                                 in_words(old, false));
    // Between two wall-clock times the other date is known, too.
    if (old.business_days == 0 && now.business_days == 0) {
      const Instant would = answer ? last_answer(*file.request, now.wall) : timer.due - old.wall + now.wall;
      if (would == timer.due) return;
      facts["would_be"] = to_text(would);
      ja += fmt::format(" ({})", to_text(would));
      en += fmt::format(" ({})", to_text(would));
    }
    add("deadline_would_be", std::move(facts), ja + " になるところです (この案件では変わりません)",
        en + "; for this case it stays");
  }

  // As F14 sets it: two rounds, but before the work is to begin, and a window that begins at once leaves one.
  static Instant last_answer(const Request& request, Duration round) {
    return std::min(
        {request.at + 2 * round, std::max(request.window.opens, request.at + round), request.window.closes});
  }

  const Directory& before_;
  const Directory& after_;
  const Instant now_;
  const CaseFile* file_ = nullptr;
  std::vector<Consequence> out_;
};

}  // namespace

std::vector<PersonId> who_could_fill(const Directory& directory, Role slot, const OrganisationId& tenant,
                                     const OrganisationId& rsc, Instant now) {
  const OrganisationId& at = side_of(slot) == Side::hcf ? tenant : rsc;
  std::vector<PersonId> out = directory.holders(slot, at, now);
  std::erase_if(out, [&](const PersonId& id) { return !directory.belongs_to(*directory.person(id), slot, at, now); });
  return out;
}

std::vector<PersonId> who_could_fill(const Directory& directory, Role slot, const CaseFile& file, Instant now) {
  std::vector<PersonId> out = who_could_fill(directory, slot, file.tenant, file.rsc, now);
  const Request& request = *file.request;
  std::erase_if(out, [&](const PersonId& id) {
    return id == request.by || std::ranges::count(request.workers, id) > 0 ||
           std::ranges::count(request.approvals, id, &Approval::by) > 0;
  });
  return out;
}

std::vector<Consequence> consequences_of(const Directory& before, const Directory& after, const Masters& change,
                                         std::span<const std::shared_ptr<const CaseFile>> open_cases, Instant now) {
  Preview preview(before, after, now);
  for (const auto& file : open_cases)
    preview.of_case(*file);
  for (const auto& [id, organisation] : after.organisations())
    if (organisation.side == Side::hcf) {
      const bool touched = !change.people.empty() || !change.policies.empty() ||
                           std::ranges::count(change.organisations, id, &Organisation::id) > 0;
      if (touched) preview.of_hospital(id);
    }
  for (const Policy& policy : change.policies)
    preview.of_retired(policy, open_cases);
  for (const auto& [id, device] : after.devices())
    preview.of_device(device);
  std::set<std::pair<OrganisationId, std::string>> lines;
  for (const auto& [id, organisation] : before.organisations())
    for (const Duty& duty : before.duties_of(id))
      lines.emplace(duty.at, duty.product_line);
  for (const auto& [id, roster] : before.rosters())
    lines.emplace(roster.at, roster.product_line);
  for (const auto& [at, line] : lines)
    preview.of_duties(at, line);
  for (const Person& person : change.people)
    preview.of_person(person);
  for (const OrganisationId& id : whose_on_call(change))
    preview.of_on_call(id);
  return preview.done();
}

}  // namespace kintsugi

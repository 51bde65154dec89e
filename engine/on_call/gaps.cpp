#include "engine/on_call/gaps.h"

#include "engine/on_call/on_call.h"
#include "engine/on_call/reach.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace kintsugi {
namespace {

constexpr std::array every_ladder = {
    LadderName::unanswered,      LadderName::stalled, LadderName::clinical_check, LadderName::closing_unproved,
    LadderName::deletion_failed, LadderName::halted,  LadderName::sign_off};

class Search {
 public:
  Search(const Directory& directory, const OrganisationId& org, Instant from, Instant until)
      : directory_(directory), org_(org), from_(from), until_(until) {
    const Organisation* found = directory.organisation(org);
    if (found != nullptr) side_ = found->side;
  }

  std::vector<Gap> all() {
    look_at_desk();
    for (const auto& [id, roster] : directory_.rosters())
      if (roster.at == org_) look_at(roster);
    look_at_shifts();
    for (const std::string& line : product_lines())
      look_for_holes(line);
    if (side_ == Side::hcf) look_at_ladders();
    std::ranges::sort(out_, [](const Gap& a, const Gap& b) {
      return std::tie(a.from, a.kind, a.where, a.subject) < std::tie(b.from, b.kind, b.where, b.subject);
    });
    out_.erase(std::ranges::unique(out_).begin(), out_.end());
    return std::move(out_);
  }

 private:
  void say(Gap::Kind kind, bool refuses, std::string where, std::string subject, Instant from, Instant until = {}) {
    out_.push_back({.kind = kind,
                    .refuses = refuses,
                    .where = std::move(where),
                    .subject = std::move(subject),
                    .from = from,
                    .until = until});
  }

  void look_at_desk() {
    const Organisation* org = directory_.organisation(org_);
    if (org != nullptr && org->duty_desk_mail.empty() && org->duty_desk_phone.empty())
      say(Gap::Kind::desk_no_contact, false, org_.text(), org_.text(), from_);
  }

  void look_at_person(const PersonId& id, const std::string& where) {
    const Person* person = directory_.person(id);
    if (person == nullptr) {
      say(Gap::Kind::unknown_person, true, where, id.text(), from_);
      return;
    }
    if (person->left_at != Instant{} && person->left_at < until_)
      say(Gap::Kind::left, false, where, id.text(), std::max(person->left_at, from_));
    if (person->mail.empty() && person->phone.empty()) say(Gap::Kind::no_contact, true, where, id.text(), from_);
    const auto roles = directory_.roles_of(*person, org_, from_);
    const bool entitled = side_ == Side::rsc ? std::ranges::count(roles, Role::rsc_svc) > 0 : !roles.empty();
    if (!entitled) say(Gap::Kind::not_entitled, false, where, id.text(), from_);
  }

  void look_at(const Roster& roster) {
    for (const Layer& layer : roster.layers)
      for (const PersonId& id : layer.people)
        look_at_person(id, fmt::format("{}/{}", roster.id.text(), layer.name));
  }

  void look_at_shifts() {
    for (const Duty& duty : directory_.duties_of(org_))
      if (duty.from < until_ && (duty.until == Instant{} || duty.until > from_)) look_at_person(duty.person, "shift");
  }

  // Those that have rosters, and those of devices that are served.
  std::set<std::string> product_lines() const {
    std::set<std::string> out;
    bool any = !directory_.duties_of(org_).empty();
    for (const auto& [id, roster] : directory_.rosters())
      if (roster.at == org_) {
        any = true;
        if (!roster.product_line.empty()) out.insert(roster.product_line);
      }
    if (!any) return {};
    if (side_ == Side::rsc)
      for (const auto& [id, contract] : directory_.contracts())
        if (contract.rsc == org_)
          for (const DeviceId& one : contract.devices)
            if (const Device* device = directory_.device(one)) out.insert(device->product_line);
    if (out.empty()) out.insert("");
    return out;
  }

  // Does a contract make somebody answer for this product line at some moment of the stretch?
  bool is_owed(const std::string& line, Instant from, Instant until) const {
    for (const auto& [id, contract] : directory_.contracts()) {
      if (contract.rsc != org_ || contract.from >= until || (contract.until != Instant{} && contract.until <= from))
        continue;
      const bool serves = std::ranges::any_of(contract.devices, [&](const DeviceId& one) {
        const Device* device = directory_.device(one);
        return device != nullptr && (line.empty() || device->product_line == line);
      });
      if (!serves) continue;
      if (contract.around_the_clock || add_working_time(contract.hours, from, 1min) <= until) return true;
    }
    return false;
  }

  void look_for_holes(const std::string& line) {
    for (const Stretch& one : stretches(directory_, {.at = org_, .product_line = line, .tier = 1}, from_, until_))
      if (one.people.empty())
        say(Gap::Kind::nobody_on_call, is_owed(line, one.from, one.until), "", line, one.from, one.until);
  }

  // ---- ladders ----------------------------------------------------------------------------------------------

  struct Served {
    OrganisationId rsc;
    std::string line;
    auto operator<=>(const Served&) const = default;
  };
  std::set<Served> served() const {
    std::set<Served> out;
    for (const auto& [id, contract] : directory_.contracts())
      if (contract.tenant == org_ && (contract.until == Instant{} || contract.until > from_))
        for (const DeviceId& one : contract.devices)
          if (const Device* device = directory_.device(one)) out.insert({contract.rsc, device->product_line});
    return out;
  }

  // When who holds a role or is on call may change.
  std::set<Instant> edges(const Served& one) const {
    std::set<Instant> out{from_};
    const auto add = [&](Instant at) {
      if (from_ < at && at < until_) out.insert(at);
    };
    for (const auto& [id, person] : directory_.people()) {
      const auto here = [&](const OrganisationId& at) { return at == org_ || at == one.rsc; };
      for (const RoleHeld& held : person.roles)
        if (here(held.at)) {
          add(held.from);
          add(held.until);
          add(person.left_at);
        }
      for (const Deputy& deputy : person.deputies)
        if (here(deputy.at)) {
          add(deputy.from);
          add(deputy.until);
        }
    }
    for (const OrganisationId& at : {org_, one.rsc})
      for (int tier = 1; tier <= tiers_max; ++tier)
        for (const Stretch& stretch : stretches(directory_, {at, one.line, tier}, from_, until_))
          add(stretch.from);
    return out;
  }

  bool reaches_somebody(const Rung& rung, const Sides& sides, Instant when) const {
    const Reached found = reached(directory_, rung, sides, when);
    const auto desk = [&](const OrganisationId& id) {
      const Organisation* org = directory_.organisation(id);
      return org != nullptr && (!org->duty_desk_mail.empty() || !org->duty_desk_phone.empty());
    };
    const auto person = [&](const PersonId& id) {
      const Person* one = directory_.person(id);
      return one != nullptr && (!one->phone.empty() || (rung.by == AskedBy::mail && !one->mail.empty()));
    };
    return std::ranges::any_of(found.people, person) || std::ranges::any_of(found.desks, desk);
  }

  void look_at_ladders() {
    const Policy& policy = directory_.policy_of(org_);
    for (const LadderName name : every_ladder)
      if (std::ranges::count(policy.ladders, name, &Ladder::name) > 0)
        for (const Rung& rung : ladder_of(policy, name).rungs)
          for (const Target& target : rung.ask)
            if (target.whom == Whom::person && directory_.person(target.person) == nullptr)
              say(Gap::Kind::unknown_person, true, std::string(name_of(name)), target.person.text(), from_);
    for (const Served& one : served()) {
      const Sides sides{.hospital = org_, .rsc = one.rsc, .product_line = one.line, .owner = {}};
      const auto times = edges(one);
      for (const LadderName name : every_ladder) {
        const bool own = std::ranges::count(policy.ladders, name, &Ladder::name) > 0;
        const Ladder ladder = ladder_for(directory_, policy, one.rsc, name);
        for (std::size_t i = 0; i < ladder.rungs.size(); ++i)
          look_at(ladder.rungs[i], sides, times, own, fmt::format("{}/{}", name_of(name), i + 1));
      }
    }
  }

  void look_at(const Rung& rung, const Sides& sides, const std::set<Instant>& times, bool own,
               const std::string& where) {
    std::optional<Instant> since;
    for (const Instant at : times) {
      const bool somebody = reaches_somebody(rung, sides, at);
      if (somebody && since) {
        say(Gap::Kind::rung_reaches_nobody, own, where, sides.product_line, *since, at);
        since.reset();
      } else if (!somebody && !since) {
        since = at;
      }
    }
    if (since) say(Gap::Kind::rung_reaches_nobody, own, where, sides.product_line, *since, until_);
  }

  const Directory& directory_;
  const OrganisationId& org_;
  const Instant from_;
  const Instant until_;
  Side side_ = Side::system;
  std::vector<Gap> out_;
};

Text name_of_subject(const Gap& gap, const Directory& directory) {
  if (const Person* person = directory.person(PersonId{gap.subject})) return person->name;
  if (const Organisation* org = directory.organisation(OrganisationId{gap.subject})) return org->name;
  if (gap.subject.empty()) return {"全製品群", "every product line"};
  return {gap.subject, gap.subject};
}

Text kind_in_words(Gap::Kind kind) {
  switch (kind) {
    case Gap::Kind::nobody_on_call: return {"当番がいません", "nobody is on call"};
    case Gap::Kind::no_contact: return {"メールも電話番号もありません", "has neither mail nor telephone"};
    case Gap::Kind::desk_no_contact:
      return {"当直窓口にメールも電話番号もありません", "its duty desk has neither mail nor telephone"};
    case Gap::Kind::left: return {"退職しています", "has left"};
    case Gap::Kind::unknown_person: return {"登録されていない人です", "is not a known person"};
    case Gap::Kind::not_entitled: return {"案件を担当する役割がありません", "holds no role to take a case"};
    case Gap::Kind::rung_reaches_nobody: return {"この段では誰にも届きません", "this rung reaches nobody"};
  }
  return {};
}

}  // namespace

std::vector<Gap> gaps_in(const Directory& directory, const OrganisationId& org, Instant from, Instant until) {
  return Search(directory, org, from, until).all();
}

SaveCheck check_on_call(const Directory& before, const Directory& after, const OrganisationId& org, Instant now) {
  const auto known = gaps_in(before, org, now, now + gaps_ahead);
  SaveCheck out;
  for (Gap& gap : gaps_in(after, org, now, now + gaps_ahead)) {
    const bool fresh = gap.refuses && !std::ranges::count(known, gap);
    (fresh ? out.mistakes : out.warnings).push_back(std::move(gap));
  }
  return out;
}

Text in_words(const Gap& gap, const Directory& directory, const OrganisationId& org) {
  const Organisation* at = directory.organisation(org);
  const Calendar calendar = at == nullptr ? Calendar{} : at->calendar;
  std::string when = to_local_text(calendar, gap.from);
  if (gap.until != Instant{}) when += " – " + to_local_text(calendar, gap.until);
  const Text subject = name_of_subject(gap, directory);
  const Text kind = kind_in_words(gap.kind);
  const std::string place = gap.where.empty() ? "" : " [" + gap.where + "]";
  return {fmt::format("{}{}: {}: {}", subject.ja, place, kind.ja, when),
          fmt::format("{}{}: {}: {}", subject.en, place, kind.en, when)};
}

}  // namespace kintsugi

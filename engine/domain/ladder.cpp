#include "engine/domain/ladder.h"

#include "engine/base/ensure.h"

#include <algorithm>
#include <array>

namespace kintsugi {
namespace {

Target holders_of(Role role) {
  return {.whom = Whom::role, .role = role, .side = side_of(role), .tier = 1, .person = {}};
}
Target desk_of(Side side) {
  return {.whom = Whom::duty_desk, .role = Role::none, .side = side, .tier = 1, .person = {}};
}
const Target owner{.whom = Whom::owner, .role = Role::none, .side = Side::rsc, .tier = 1, .person = {}};

// The duty desks are on every rung.
Rung rung(std::initializer_list<Target> people) {
  Rung out{.ask = people, .by = AskedBy::mail, .waits = {}, .repeats = 0};
  out.ask.push_back(desk_of(Side::hcf));
  out.ask.push_back(desk_of(Side::rsc));
  return out;
}

std::array<Ladder, 7> built_in() {
  using enum Role;
  const auto one = holders_of;
  const auto remind = TimerName::t_remind;
  const std::vector<Rung> hospital = {rung({one(hcf_sysadm)}), rung({one(hcf_sysadm), one(hcf_sec), one(hcf_duty)}),
                                      rung({one(hcf_sysadm), one(hcf_sec), one(hcf_duty), one(hcf_priv)})};
  return {{
      // Everybody who could take it, not only who is on duty.
      {LadderName::unanswered,
       remind,
       {rung({one(rsc_svc), one(hcf_sysadm)}), rung({one(rsc_svc), one(rsc_mgr), one(hcf_sysadm)})}},
      {LadderName::stalled, remind, {rung({owner, one(rsc_mgr), one(hcf_sysadm)})}},
      {LadderName::clinical_check,
       remind,
       {rung({one(hcf_clin), one(hcf_psm)}), rung({one(hcf_clin), one(hcf_psm), one(hcf_sysadm)})}},
      {LadderName::closing_unproved,
       remind,
       {rung({one(hcf_netadm), one(rsc_netadm), one(hcf_sysadm)}),
        rung({one(hcf_netadm), one(rsc_netadm), one(hcf_sysadm), one(hcf_sec), one(rsc_mgr)})}},
      {LadderName::deletion_failed,
       remind,
       {rung({one(rsc_mgr), one(hcf_sysadm), one(hcf_priv)}),
        rung({one(rsc_mgr), one(hcf_sysadm), one(hcf_priv), one(hcf_sec)})}},
      {LadderName::halted, remind, hospital},
      // Paper: nobody is woken every quarter of an hour for a signature.
      {LadderName::sign_off, TimerName::t_sign, hospital},
  }};
}

}  // namespace

Side side_of(const Target& target) {
  switch (target.whom) {
    case Whom::role: return side_of(target.role);
    case Whom::owner: return Side::rsc;
    case Whom::person: return Side::system;
    default: return target.side;
  }
}

const Ladder& built_in_ladder(LadderName name) {
  static const std::array<Ladder, 7> ladders = built_in();
  const auto found = std::ranges::find(ladders, name, &Ladder::name);
  ensure(found != ladders.end(), "every matter has a built-in ladder");
  return *found;
}

Ladder joined(const Ladder& hospital, const Ladder* rsc) {
  if (rsc == nullptr || rsc->rungs.empty() || hospital.rungs.empty()) return hospital;
  const auto nth = [](const Ladder& ladder, std::size_t i) -> const Rung& {
    return ladder.rungs[std::min(i, ladder.rungs.size() - 1)];
  };
  Ladder out{.name = hospital.name, .then_every = hospital.then_every, .rungs = {}};
  for (std::size_t i = 0; i < std::max(hospital.rungs.size(), rsc->rungs.size()); ++i) {
    Rung one = nth(hospital, i);
    std::erase_if(one.ask, [](const Target& target) { return side_of(target) == Side::rsc; });
    for (const Target& target : nth(*rsc, i).ask)
      if (side_of(target) != Side::hcf && !std::ranges::count(one.ask, target)) one.ask.push_back(target);
    out.rungs.push_back(std::move(one));
  }
  return out;
}

std::size_t rung_of(const Ladder& ladder, int asking) {
  ensure(!ladder.rungs.empty(), "a ladder has a rung");
  int left = std::max(asking, 1);
  for (std::size_t i = 0; i + 1 < ladder.rungs.size(); ++i) {
    left -= 1 + ladder.rungs[i].repeats;
    if (left <= 0) return i;
  }
  return ladder.rungs.size() - 1;
}

}  // namespace kintsugi

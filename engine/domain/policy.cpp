#include "engine/domain/policy.h"

#include "engine/domain/roster.h"

#include <fmt/format.h>

#include <algorithm>

namespace kintsugi {
namespace {

constexpr Term wall(Duration time) {
  return {.wall = time, .business_days = 0};
}
constexpr Term days(int count) {
  return {.wall = {}, .business_days = count};
}
constexpr Term none{};

const std::vector<Terms>& default_terms() {
  using enum TimerName;
  static const std::vector<Terms> terms = {
      {t_dedup, wall(30min), wall(30min), wall(4h)},
      {t_ack, wall(15min), wall(60min), days(1)},
      {t_triage, wall(30min), wall(4h), days(2)},
      {t_approve, wall(20min), wall(2h), days(1)},
      {t_bg, wall(60min), none, none},
      {t_post, wall(24h), none, none},
      {t_noshow, wall(15min), wall(30min), wall(60min)},
      {t_open, wall(90s), wall(90s), wall(90s)},
      {t_hb, wall(30s), wall(30s), wall(30s)},
      {t_reconnect, wall(20min), wall(30min), wall(30min)},
      {t_idle, wall(10min), wall(10min), wall(10min)},
      {t_maxwindow, wall(4h), wall(4h), wall(8h)},
      {t_grace, wall(10min), wall(10min), wall(10min)},
      {t_close, wall(60s), wall(60s), wall(60s)},
      {t_clin, wall(30min), wall(4h), days(1)},
      {t_onsite, wall(4h), days(1), days(5)},
      {t_delete, wall(24h), wall(24h), wall(24h)},
      {t_delete_max, wall(72h), wall(72h), wall(72h)},
      {t_report, days(1), days(1), days(2)},
      {t_log, days(1), days(1), days(3)},
      {t_sign, days(3), days(5), days(10)},
      {t_reopen, wall(14 * 24h), wall(14 * 24h), wall(14 * 24h)},
      {t_remind, wall(15min), wall(4h), days(1)},
  };
  return terms;
}

const Terms* find(const std::vector<Terms>& list, TimerName timer) {
  const auto found = std::ranges::find(list, timer, &Terms::timer);
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

const Term& term_of(const Policy& policy, TimerName timer, Priority priority) {
  const Terms* own = find(policy.terms, timer);
  return (own != nullptr ? own : find(default_terms(), timer))->of(priority);
}

const Ladder& ladder_of(const Policy& policy, LadderName name) {
  const auto own = std::ranges::find(policy.ladders, name, &Ladder::name);
  return own != policy.ladders.end() && !own->rungs.empty() ? *own : built_in_ladder(name);
}

namespace {

bool is_sound(const Term& term) {
  return term.wall >= Duration{} && term.business_days >= 0 && (term.wall == Duration{} || term.business_days == 0);
}

std::string mistake_in(const Target& target) {
  if (target.whom == Whom::role && side_of(target.role) == Side::system) return "a role of the hospital or the RSC";
  if (target.whom == Whom::person && target.person.empty()) return "a person's id";
  if ((target.whom == Whom::on_call || target.whom == Whom::duty_desk) && target.side == Side::system)
    return "a side, hcf or rsc";
  if (target.tier < 1 || target.tier > tiers_max) return fmt::format("a tier from 1 to {}", tiers_max);
  return "";
}

void look_at(const Ladder& ladder, std::vector<std::string>& out) {
  const std::string place = fmt::format("ladder {}", name_of(ladder.name));
  if (ladder.rungs.empty() || ladder.rungs.size() > rungs_max)
    out.push_back(fmt::format("{}: it has {} rungs, allowed 1..{}", place, ladder.rungs.size(), rungs_max));
  for (std::size_t i = 0; i < ladder.rungs.size(); ++i) {
    const Rung& rung = ladder.rungs[i];
    const std::string here = fmt::format("{}, rung {}", place, i + 1);
    if (rung.ask.empty()) out.push_back(here + ": it asks nobody");
    if (rung.ask.size() > targets_max) out.push_back(fmt::format("{}: more than {} to ask", here, targets_max));
    if (rung.repeats < 0 || rung.repeats > repeats_max)
      out.push_back(fmt::format("{}: repeats is {}, allowed 0..{}", here, rung.repeats, repeats_max));
    if (!is_sound(rung.waits)) out.push_back(here + ": give either a wall-clock time or working days, not negative");
    for (const Target& target : rung.ask)
      if (const std::string mistake = mistake_in(target); !mistake.empty())
        out.push_back(fmt::format("{}: {} needs {}", here, name_of(target.whom), mistake));
  }
}

}  // namespace

std::vector<std::string> mistakes_in(const Policy& policy) {
  std::vector<std::string> out;
  const auto has = [&](Side side) {
    return std::ranges::any_of(policy.slots, [&](Role role) { return side_of(role) == side; });
  };
  if (!has(Side::hcf)) out.emplace_back("slots: at least one role of the hospital must approve");
  if (!has(Side::rsc)) out.emplace_back("slots: at least one role of the remote service centre must approve");
  for (const Role role : policy.slots) {
    if (side_of(role) == Side::system) out.push_back(fmt::format("slots: {} cannot approve", name_of(role)));
    if (std::ranges::count(policy.slots, role) > 1)
      out.push_back(fmt::format("slots: {} is named twice", name_of(role)));
  }
  if (policy.connect_attempts_max < 1 || policy.connect_attempts_max > 10)
    out.push_back(fmt::format("connect_attempts_max is {}, allowed 1..10", policy.connect_attempts_max));
  if (policy.site_window_max < 5min || policy.site_window_max > 24h)
    out.emplace_back("site_window_max must be between 5 minutes and 24 hours");
  for (const Terms& terms : policy.terms)
    for (const Term* term : {&terms.p1, &terms.p2, &terms.p3})
      if (!is_sound(*term))
        out.push_back(
            fmt::format("{}: give either a wall-clock time or working days, not negative", name_of(terms.timer)));
  for (const Ladder& ladder : policy.ladders) {
    look_at(ladder, out);
    if (std::ranges::count(policy.ladders, ladder.name, &Ladder::name) > 1)
      out.push_back(fmt::format("ladder {}: it is there twice", name_of(ladder.name)));
  }
  return out;
}

}  // namespace kintsugi

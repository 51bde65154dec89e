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
constexpr Term never{};

const std::vector<Terms>& default_terms() {
  using enum TimerName;
  static const std::vector<Terms> terms = {
      {t_dedup, wall(30min), wall(30min), wall(4h)},
      {t_ack, wall(15min), wall(60min), days(1)},
      {t_triage, wall(30min), wall(4h), days(2)},
      {t_approve, wall(20min), wall(2h), days(1)},
      {t_bg, wall(60min), never, never},
      {t_post, wall(24h), never, never},
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
  return term.wall >= Duration{} && term.wall <= term_wall_max && term.business_days >= 0 &&
         term.business_days <= term_days_max && (term.wall == Duration{} || term.business_days == 0);
}

std::pair<std::string, std::string> lack_in(const Target& target) {
  if (target.whom == Whom::role && side_of(target.role) == Side::system)
    return {"病院または RSC の役割を書いてください", "needs a role of the hospital or the RSC"};
  if (target.whom == Whom::person && target.person.empty())
    return {"person に人の id を書いてください", "needs a person's id"};
  if ((target.whom == Whom::on_call || target.whom == Whom::duty_desk) && target.side == Side::system)
    return {"side に hcf か rsc を書いてください", "needs a side, hcf or rsc"};
  if (target.tier < 1 || target.tier > tiers_max)
    return {fmt::format("tier は 1 から {} までです", tiers_max),
            fmt::format("needs a tier from 1 to {}", tiers_max)};
  return {};
}

void look_at(const Ladder& ladder, const std::string& place, std::vector<Mistake>& out) {
  if (ladder.rungs.empty() || ladder.rungs.size() > rungs_max)
    out.push_back({place + "/rungs", fmt::format("段は 1 から {} までです", rungs_max),
                   fmt::format("it has {} rungs, allowed 1..{}", ladder.rungs.size(), rungs_max)});
  for (std::size_t i = 0; i < ladder.rungs.size(); ++i) {
    const Rung& rung = ladder.rungs[i];
    const std::string here = fmt::format("{}/rungs/{}", place, i);
    if (rung.ask.empty()) out.push_back({here + "/ask", "だれにも連絡しません", "it asks nobody"});
    if (rung.ask.size() > targets_max)
      out.push_back({here + "/ask", fmt::format("連絡先は {} までです", targets_max),
                     fmt::format("more than {} to ask", targets_max)});
    if (rung.repeats < 0 || rung.repeats > repeats_max)
      out.push_back({here + "/repeats", fmt::format("0 から {} までにしてください", repeats_max),
                     fmt::format("is {}, allowed 0..{}", rung.repeats, repeats_max)});
    if (!is_sound(rung.waits))
      out.push_back({here + "/waits", "時間か営業日数のどちらか一方を、負でなく一年以内の値で書いてください",
                     "give either a wall-clock time or working days, not negative and at most a year"});
    for (std::size_t j = 0; j < rung.ask.size(); ++j)
      if (auto [ja, en] = lack_in(rung.ask[j]); !en.empty())
        out.push_back({fmt::format("{}/ask/{}", here, j), std::move(ja), std::move(en)});
  }
}

}  // namespace

std::vector<Mistake> mistakes_in(const Policy& policy) {
  std::vector<Mistake> out;
  const auto has = [&](Side side) {
    return std::ranges::any_of(policy.slots, [&](Role role) { return side_of(role) == side; });
  };
  if (!has(Side::hcf))
    out.push_back(
        {"/slots", "病院側の役割を少なくとも一つ入れてください", "at least one role of the hospital must approve"});
  if (!has(Side::rsc))
    out.push_back({"/slots", "リモートサービスセンター側の役割を少なくとも一つ入れてください",
                   "at least one role of the remote service centre must approve"});
  for (std::size_t i = 0; i < policy.slots.size(); ++i) {
    const Role role = policy.slots[i];
    const std::string place = fmt::format("/slots/{}", i);
    if (side_of(role) == Side::system)
      out.push_back({place, fmt::format("{} は承認できません", name_of(role)),
                     fmt::format("{} cannot approve", name_of(role))});
    if (std::ranges::find(policy.slots, role) != policy.slots.begin() + static_cast<std::ptrdiff_t>(i))
      out.push_back(
          {place, fmt::format("{} が二度あります", name_of(role)), fmt::format("{} is named twice", name_of(role))});
  }
  if (policy.connect_attempts_max < 1 || policy.connect_attempts_max > 10)
    out.push_back({"/connect_attempts_max",
                   fmt::format("{} です。1 から 10 までにしてください", policy.connect_attempts_max),
                   fmt::format("is {}, allowed 1..10", policy.connect_attempts_max)});
  if (policy.site_window_max < 5min || policy.site_window_max > 24h)
    out.push_back(
        {"/site_window_max", "5 分から 24 時間までにしてください", "must be between 5 minutes and 24 hours"});
  for (std::size_t i = 0; i < policy.terms.size(); ++i) {
    const Terms& terms = policy.terms[i];
    const std::string place = fmt::format("/terms/{}", i);
    if (find(policy.terms, terms.timer) != &terms)
      out.push_back({place, fmt::format("{} が二度あります", name_of(terms.timer)),
                     fmt::format("{} is named twice", name_of(terms.timer))});
    for (const auto& [name, term] : {std::pair{"p1", terms.p1}, std::pair{"p2", terms.p2}, std::pair{"p3", terms.p3}})
      if (!is_sound(term))
        out.push_back({place + "/" + name, "時間か営業日数のどちらか一方を、負でなく一年以内の値で書いてください",
                       "give either a wall-clock time or working days, not negative and at most a year"});
  }
  for (std::size_t i = 0; i < policy.ladders.size(); ++i) {
    const Ladder& ladder = policy.ladders[i];
    const std::string place = fmt::format("/ladders/{}", i);
    look_at(ladder, place, out);
    if (std::ranges::find(policy.ladders, ladder.name, &Ladder::name) !=
        policy.ladders.begin() + static_cast<std::ptrdiff_t>(i))
      out.push_back({place, fmt::format("{} が二度あります", name_of(ladder.name)),
                     fmt::format("{} is named twice", name_of(ladder.name))});
  }
  return out;
}

}  // namespace kintsugi

#pragma once

#include "engine/base/fields.h"

namespace kintsugi {

// How long something may take, in one of two kinds of time: the wall clock, or the working time of the side that
// must act (P1 cases always run on the wall clock).
struct Term {
  Duration wall{};  // wall-clock time, if not zero
  int business_days = 0;
  auto operator<=>(const Term&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("wall", &Term::wall), field("business_days", &Term::business_days)};
  }
};

// The longest term that anybody may set: a deadline must be a time that can be written, whenever it begins.
inline constexpr Duration term_wall_max = std::chrono::hours(366 * 24);
inline constexpr int term_days_max = 366;

// The timers of the workflow, one Term for each priority. Names are the ones of docs/rules.md.
enum class TimerName {
  t_dedup,
  t_ack,
  t_triage,
  t_approve,
  t_bg,
  t_post,
  t_noshow,
  t_open,
  t_hb,
  t_reconnect,
  t_idle,
  t_maxwindow,
  t_grace,
  t_close,
  t_clin,
  t_onsite,
  t_delete,
  t_delete_max,
  t_report,
  t_log,
  t_sign,
  t_reopen,
  t_remind,
};
constexpr auto names_of(TimerName) {
  using enum TimerName;
  return names<TimerName>({{t_dedup, "t_dedup"},         {t_ack, "t_ack"},       {t_triage, "t_triage"},
                           {t_approve, "t_approve"},     {t_bg, "t_bg"},         {t_post, "t_post"},
                           {t_noshow, "t_noshow"},       {t_open, "t_open"},     {t_hb, "t_hb"},
                           {t_reconnect, "t_reconnect"}, {t_idle, "t_idle"},     {t_maxwindow, "t_maxwindow"},
                           {t_grace, "t_grace"},         {t_close, "t_close"},   {t_clin, "t_clin"},
                           {t_onsite, "t_onsite"},       {t_delete, "t_delete"}, {t_delete_max, "t_delete_max"},
                           {t_report, "t_report"},       {t_log, "t_log"},       {t_sign, "t_sign"},
                           {t_reopen, "t_reopen"},       {t_remind, "t_remind"}});
}

}  // namespace kintsugi

#pragma once

#include "engine/base/calendar.h"
#include "engine/domain/ids.h"
#include "engine/domain/role.h"

#include <array>
#include <map>
#include <string>
#include <vector>

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

struct Terms {
  TimerName timer{};
  Term p1, p2, p3;
  const Term& of(Priority priority) const {
    return priority == Priority::p1 ? p1 : priority == Priority::p2 ? p2 : p3;
  }
  auto operator<=>(const Terms&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("timer", &Terms::timer), field("p1", &Terms::p1), field("p2", &Terms::p2),
                      field("p3", &Terms::p3)};
  }
};

// What a hospital may choose, versioned. The rules that may not be switched off (one approver of each side, two
// people, nobody his own request, silence is refusal) are code and are not here.
struct Policy {
  OrganisationId tenant;  // empty in the built-in default
  int version = 0;
  std::vector<Role> slots = {Role::hcf_sysadm, Role::hcf_netadm, Role::rsc_netadm};
  bool allow_combined_hcf_slots = false;  // one person fills both HCF slots with two separate confirmations
  bool allow_break_glass = true;
  bool attendance_required = true;
  int connect_attempts_max = 3;                  // F29
  Duration site_window_max = 8h;                 // no window at this hospital is longer
  std::vector<Terms> terms;                      // timers that differ from the default
  std::vector<std::string> product_line_checks;  // check list of F50/F51 by name
  auto operator<=>(const Policy&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("tenant", &Policy::tenant),
                      field("version", &Policy::version),
                      field("slots", &Policy::slots),
                      field("allow_combined_hcf_slots", &Policy::allow_combined_hcf_slots),
                      field("allow_break_glass", &Policy::allow_break_glass),
                      field("attendance_required", &Policy::attendance_required),
                      field("connect_attempts_max", &Policy::connect_attempts_max),
                      field("site_window_max", &Policy::site_window_max),
                      field("terms", &Policy::terms),
                      field("product_line_checks", &Policy::product_line_checks)};
  }
};

// The term of a timer: the hospital's, or the default of docs/rules.md.
const Term& term_of(const Policy& policy, TimerName timer, Priority priority);

// Every mistake of a policy: slots without one role of each side, timers named twice, negative terms.
std::vector<Mistake> mistakes_in(const Policy& policy);

}  // namespace kintsugi

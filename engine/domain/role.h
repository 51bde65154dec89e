#pragma once

#include "engine/base/fields.h"

namespace kintsugi {

// The two sides of the guideline. `system` is the engine itself: its timers, and the points it talks to.
enum class Side { system, hcf, rsc };
constexpr auto names_of(Side) {
  return names<Side>({{Side::system, "system"}, {Side::hcf, "hcf"}, {Side::rsc, "rsc"}});
}

// What a person may act as. A person holds roles at a hospital (or, for the RSC's people, at the RSC), each dated.
enum class Role {
  none,
  hcf_clin,    // 医師等: user of the device; sets the hold, checks after repair
  hcf_psm,     // 1次サービスマン: primary serviceman on site; may be employed by the vendor
  hcf_sysadm,  // システム管理者: business owner on the hospital's side
  hcf_netadm,  // HCFネットワーク管理者: owns the access point
  hcf_priv,    // 個人情報保護責任者
  hcf_sec,     // 医療情報システム安全管理責任者
  hcf_duty,    // 当直責任者: out-of-hours officer
  rsc_svc,     // RSCサービスマン: the worker
  rsc_l2,      // 二次対応者
  rsc_mgr,     // サービス責任者
  rsc_netadm,  // RSCネットワーク管理者: owns the RSC exit, verifies erasure
  auditor,     // 監査者: reads, never changes
  device,      // the device or its agent
  sys,         // the engine: timers, access point reports, automatic steps
};
constexpr auto names_of(Role) {
  return names<Role>({{Role::none, "none"},
                      {Role::hcf_clin, "hcf_clin"},
                      {Role::hcf_psm, "hcf_psm"},
                      {Role::hcf_sysadm, "hcf_sysadm"},
                      {Role::hcf_netadm, "hcf_netadm"},
                      {Role::hcf_priv, "hcf_priv"},
                      {Role::hcf_sec, "hcf_sec"},
                      {Role::hcf_duty, "hcf_duty"},
                      {Role::rsc_svc, "rsc_svc"},
                      {Role::rsc_l2, "rsc_l2"},
                      {Role::rsc_mgr, "rsc_mgr"},
                      {Role::rsc_netadm, "rsc_netadm"},
                      {Role::auditor, "auditor"},
                      {Role::device, "device"},
                      {Role::sys, "sys"}});
}

// The side a role acts for. An auditor belongs to the organisation that employs him.
constexpr Side side_of(Role role) {
  if (role >= Role::hcf_clin && role <= Role::hcf_duty) return Side::hcf;
  if (role >= Role::rsc_svc && role <= Role::rsc_netadm) return Side::rsc;
  return Side::system;
}

enum class Priority { p1, p2, p3 };  // patient care stopped, degraded, neither
constexpr auto names_of(Priority) {
  return names<Priority>({{Priority::p1, "p1"}, {Priority::p2, "p2"}, {Priority::p3, "p3"}});
}

}  // namespace kintsugi

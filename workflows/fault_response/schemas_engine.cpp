#include "workflows/fault_response/schema_words.h"

namespace kintsugi::fault_response::schema {

void add_engine(Catalogue& out) {
  // A timer says nothing beyond its name: what it is about stands in the event itself.
  for (const char* name :
       {"t_ack_expired",    "t_triage_expired", "t_approve_expired",   "t_approve_final", "t_window_unused",
        "t_open_expired",   "t_close_expired",  "t_reconnect_expired", "t_window_end",    "t_idle_final",
        "t_onsite_expired", "t_delete_warn",    "t_delete_overdue",    "t_sign_expired",  "t_clin_expired",
        "t_reminder",       "t_decide_expired", "window_warning",      "t_close_recheck", "t_obligation_due",
        "t_incident_due",   "t_retention_over"})
    out[name] = object({});

  // Automatic laps: the case file holds what they need.
  for (const char* name : {"path_confirmed", "close_confirmed", "close_confirmed_late", "all_accounted", "opened",
                           "linked", "approval_lapsed"})
    out[name] = object({});

  out["report_hop"] = object({
      needs("hop", {"経路の区間", "Hop"}, name_in<Hop>()),
      needs("state", {"状態", "State"}, name_in<HopState>()),
      needs("generation", {"接続許可の世代", "Generation of the grant"}, number(0, 1'000'000)),
      may("grant", {"接続許可", "Grant"}, id("grant")),
      may("sessions", {"残っている接続数", "Connections still alive"}, number(0, 1'000'000)),
      may("identity", {"装置の応答した識別", "What the device said it is"},
          Json{{"type", "string"}, {"maxLength", line_max}}),
      may("accounts_disabled", {"一時アカウントは無効", "Temporary accounts are disabled"}, yes_or_no()),
  });
  out["connection_lost"] = object({
      may("hop", {"途絶えた区間", "Hop that was lost"}, name_in<Hop>()),
      may("generation", {"接続許可の世代", "Generation of the grant"}, number(0, 1'000'000)),
  });
  out["policy_violation"] = object({
      needs("violation", {"違反の種類", "Violation"},
            one_of({"traffic_outside_grant", "identity_mismatch", "unknown_account", "unregistered_file",
                    "recorder_down", "audit_export_down"})),
      may("hop", {"経路の区間", "Hop"}, name_in<Hop>()),
      may("generation", {"接続許可の世代", "Generation of the grant"}, number(0, 1'000'000)),
  });
  out["mail_bounced"] = object({
      needs("mail", {"メール番号", "Mail"}, Json{{"type", "string"}, {"maxLength", 3}, {"pattern", "^M[0-9]{2}$"}}),
      needs("to", {"届かなかった宛先", "Recipients it did not reach"}, list(id("person"), 0, items_max)),
      may("effect", {"送信", "Delivery"}, id("effect")),
      may("gave_up", {"送信を断念した", "Delivery was given up"}, yes_or_no()),
  });
}

}  // namespace kintsugi::fault_response::schema

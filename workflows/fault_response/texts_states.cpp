#include "workflows/fault_response/texts.h"

namespace kintsugi::fault_response {

// clang-format off
std::span<const Word> state_words() {
  static constexpr Word words[] = {
    {"notified",        "障害通知受付",           "Fault received"},
    {"acknowledged",    "受付済・切り分け中",     "Taken on, being narrowed down"},
    {"conn_requested",  "接続申請中",             "Connection requested"},
    {"conn_rejected",   "接続却下",               "Connection rejected"},
    {"conn_approved",   "接続承認済",             "Connection approved"},
    {"connecting",      "接続処理中(①②③)",        "Connecting (1)(2)(3)"},
    {"connect_failed",  "接続失敗",               "Connecting failed"},
    {"connected",       "接続・修理中",           "Connected, under repair"},
    {"conn_lost",       "接続断",                 "Connection lost"},
    {"check_online",    "動作確認待ち(接続中)",   "Waiting for the check, still connected"},
    {"check_offline",   "動作確認待ち(切断済)",   "Waiting for the check, disconnected"},
    {"halted",          "緊急切断・停止",         "Cut off, halted"},
    {"disconnecting",   "切断手続中",             "Disconnecting"},
    {"disc_unverified", "切断未確認",             "Disconnection not proved"},
    {"onsite",          "現地対応中",             "On-site work"},
    {"data_deletion",   "データ削除中",           "Deleting data"},
    {"deletion_failed", "削除失敗・未確認",       "Deletion failed or not verified"},
    {"sign_off",        "完了確認中",             "Waiting for sign-off"},
    {"closed",          "完了",                   "Closed"},
    {"cancelled",       "取消",                   "Cancelled"},
    {"false_alarm",     "誤報",                   "False alarm"},
    {"merged",          "統合",                   "Merged into another case"},
  };
  return words;
}

std::span<const Word> role_words() {
  static constexpr Word words[] = {
    {"none",       "(なし)",                       "nobody"},
    {"hcf_clin",   "医師等",                         "clinical user"},
    {"hcf_psm",    "1次サービスマン",                "primary serviceman"},
    {"hcf_sysadm", "病院のシステム管理者",           "the hospital's system administrator"},
    {"hcf_netadm", "病院のネットワーク管理者",       "the hospital's network administrator"},
    {"hcf_priv",   "個人情報保護責任者",             "the hospital's privacy officer"},
    {"hcf_sec",    "医療情報システム安全管理責任者", "the hospital's information safety officer"},
    {"hcf_duty",   "当直責任者",                     "the hospital's duty officer"},
    {"rsc_svc",    "RSCサービスマン",                "RSC serviceman"},
    {"rsc_l2",     "二次対応者",                     "second-level specialist"},
    {"rsc_mgr",    "サービス責任者",                 "the RSC's service manager"},
    {"rsc_netadm", "RSCネットワーク管理者",          "the RSC's network administrator"},
    {"auditor",    "監査者",                         "auditor"},
    {"device",     "装置",                           "the device"},
    {"sys",        "システム(自動)",               "the engine"},
  };
  return words;
}
// clang-format on

}  // namespace kintsugi::fault_response

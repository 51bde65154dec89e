#include "workflows/fault_response/texts.h"

namespace kintsugi::fault_response {

// clang-format off
std::span<const Word> fact_words() {
  static constexpr Word words[] = {
    // Hops
    {"exit",                         "RSC出口",                     "the RSC's exit"},
    {"access_point",                 "病院のアクセスポイント",      "the hospital's access point"},
    {"route",                        "装置までの経路",              "the route to the device"},
    {"probe",                        "RSC側からの確認接続",         "the probe from the RSC's network"},
    // Priorities and effect on care
    {"p1",                           "P1(診療停止)",              "P1 (care stopped)"},
    {"p2",                           "P2(診療に支障)",            "P2 (care degraded)"},
    {"p3",                           "P3(その他)",                "P3 (other)"},
    // How a grant ended
    {"used",                         "作業終了",                    "the work was finished"},
    {"revoked",                      "接続許可の取消し",            "the grant was revoked"},
    {"expired",                      "期限切れ",                    "it expired"},
    {"withdrawn",                    "申請の取下げ",                "the request was withdrawn"},
    {"failed",                       "接続失敗",                    "connecting failed"},
    // Access levels
    {"view",                         "画面閲覧",                    "view"},
    {"control",                      "操作",                        "control"},
    {"file",                         "ファイル転送",                "file transfer"},
    {"service_mode",                 "サービスモード",              "service mode"},
    // Items
    {"image_study",                  "画像検査",                    "image study"},
    {"log",                          "ログ",                        "log"},
    {"dump",                         "メモリダンプ",                "memory dump"},
    {"screenshot",                   "画面キャプチャ",              "screenshot"},
    {"screen_recording",             "画面録画",                    "screen recording"},
    {"backup",                       "バックアップ",                "backup"},
    {"telemetry",                    "稼働データ",                  "telemetry"},
    {"print",                        "印刷物",                      "print"},
    {"note",                         "メモ書き",                    "written note"},
    {"medium",                       "可搬媒体",                    "removable medium"},
    {"device_part",                  "記憶を持つ部品",              "device part with memory"},
    // Why something ended or changed
    {"timeout",                      "期限までに回答なし",          "no answer in time"},
    {"rejected",                     "承認者による却下",            "an approver refused"},
    {"amended",                      "申請内容の変更",              "the request was changed"},
    {"restart",                      "再起動",                      "restart"},
    {"waiting_for_part",             "部品待ち",                    "waiting for a part"},
    {"waiting_for_test",             "試験待ち",                    "waiting for a test"},
    {"arrived",                      "到着",                        "arrived"},
    {"waiting_for_parts",            "部品待ち",                    "waiting for parts"},
    {"delayed",                      "遅れ",                        "delayed"},
    {"working",                      "作業中",                      "working"},
    {"aborted",                      "作業の中止",                  "aborted"},
    {"aborted_by_hcf",               "病院による打切り",            "aborted by the hospital"},
    {"cancelled_after_access",       "接続後の取消し",              "cancelled after access"},
    {"false_alarm_after_access",     "接続後に誤報と判明",          "false alarm after access"},
    {"device_withdrawn",             "装置の使用中止",              "device withdrawn"},
    // Violations and incidents
    {"traffic_outside_grant",        "許可外の通信",                "traffic outside the grant"},
    {"identity_mismatch",            "装置の識別不一致",            "the device is not the one expected"},
    {"unknown_account",              "不明なアカウント",            "an unknown account"},
    {"unregistered_file",            "未登録のファイル",            "an unregistered file"},
    {"recorder_down",                "記録装置の停止",              "the recorder is down"},
    {"audit_export_down",            "監査記録送出の停止",          "the audit export is down"},
    {"breach",                       "漏えい等",                    "breach"},
    {"overrun",                      "時間超過",                    "overrun"},
    {"unverified_closing",           "切断未確認",                  "unproved closing"},
    {"error",                        "消去エラー",                  "error while erasing"},
    {"trace_found",                  "痕跡の発見",                  "a trace was found"},
    {"not_verifiable",               "確認不能",                    "not verifiable"},
    {"overdue",                      "期限超過",                    "overdue"},
  };
  return words;
}
// clang-format on

}  // namespace kintsugi::fault_response

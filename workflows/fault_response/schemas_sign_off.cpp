#include "workflows/fault_response/schema_words.h"

namespace kintsugi::fault_response::schema {
namespace {

Json chapter() {
  return typed(KeyClass::evidence, "report", report_max);
}

// D4, the work report (作業報告書). Times, sessions, data items and deviations are not typed: the engine knows them.
Json report() {
  return object({
      needs("cause_code", {"原因コード", "Cause code"}, code()),
      needs("cause", {"判明した原因", "What was found"}, chapter()),
      needs("work", {"作業内容(手順ごと)", "What was done, step by step"}, chapter()),
      may("parts", {"交換部品", "Parts"}, chapter()),
      may("settings", {"設定の変更(前後)", "Settings before and after"}, chapter()),
      may("software_before", {"ソフトウェア版数(前)", "Software before"}, code()),
      may("software_after", {"ソフトウェア版数(後)", "Software after"}, code()),
      needs("nature", {"修理・改造の別", "Repair or modification"}, one_of({"repair", "modification"})),
      may("licence_category", {"修理業の区分", "Repair licence category"}, code()),
      may("responsible_engineer", {"責任技術者", "Responsible engineer"}, id("person")),
      needs("phi_accessed", {"患者データに触れた", "Patient data was accessed"}, yes_or_no()),
      may("phi_list", {"対象患者と理由", "Whose, and why"}, typed(KeyClass::care, "phi", report_max)),
      needs("tests", {"試験・測定結果", "Test and measurement results"}, chapter()),
      needs("output_may_have_changed", {"画質または線量が変わった可能性がある", "Image or dose may have changed"},
            yes_or_no()),
      may("restrictions", {"使用上の制限", "Restrictions on use"}, chapter()),
      may("follow_up_due", {"次回対応の期限", "Follow-up due"}, instant()),
      needs("left_behind", {"残した一時アカウント・ポート・ファイル", "Accounts, ports or files left behind"},
            one_of({"none", "listed"})),
      may("left_behind_list", {"残したものの一覧", "What was left behind"}, chapter()),
      may("deviations", {"逸脱の説明", "Deviations explained"}, chapter()),
  });
}

}  // namespace

void add_sign_off(Catalogue& out) {
  out["submit_report"] = report();
  out["approve_report"] = object({
      needs("read", {"報告書を読んだ", "I have read the report"}, yes_or_no()),
      may_reason(),
  });
  out["review_log"] = object({
      needs("access_list_seen", {"患者別アクセス一覧を確認した", "The list of access by patient was displayed"},
            yes_or_no()),
      needs("operations_seen", {"操作ログを確認した", "The operation log was displayed"}, yes_or_no()),
      needs("finding", {"所見", "Finding"}, one_of({"nothing_unusual", "questions", "violation"})),
      may("remarks", {"所見の説明", "Remarks"}, typed(KeyClass::evidence, "text", text_max)),
  });
  out["answer_nonconformity"] = object({
      needs("about", {"不適合の元の行", "Row that raised it"},
            Json{{"type", "string"}, {"maxLength", 8}, {"pattern", "^F[0-9]{2}$"}}),
      needs("answer", {"原因と是正処置", "Cause and correction"}, typed(KeyClass::evidence, "text", text_max)),
  });
  out["submit_safety_report"] = object({
      needs("authority", {"報告先", "Reported to"}, one_of({"regulator", "manufacturer", "hospital", "none_needed"})),
      needs("report", {"報告の内容(患者を特定しない)", "What was reported; names no patient"}, chapter()),
  });
  out["sign_off"] = object({may_reason()});
  out["refuse_repair"] = object({needs_reason()});
  out["refuse_data"] = object({needs_reason()});
  out["reopen"] = object({needs_reason()});
}

}  // namespace kintsugi::fault_response::schema

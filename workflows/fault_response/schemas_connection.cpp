#include "workflows/fault_response/schema_words.h"

namespace kintsugi::fault_response::schema {
namespace {

Json purpose() {
  return one_of({"fault", "preventive", "revision", "investigation"});
}
Json window() {
  return object({
      needs("opens", {"開始", "Opens"}, instant()),
      needs("closes", {"終了", "Closes"}, instant()),
  });
}
Json workers() {
  return list(id("person"), 1, workers_max);
}
Json plan() {
  return typed(KeyClass::evidence, "text", text_max);
}
Json evidence(int length_max = text_max) {
  return typed(KeyClass::evidence, "text", length_max);
}
Json because() {
  return object({needs_reason()});
}

// D2, the work application (作業申請).
Json connection_request() {
  Json port = object({
      needs("protocol", {"プロトコル", "Protocol"}, one_of({"tcp", "udp"})),
      needs("port", {"ポート番号", "Port"}, number(1, 65'535)),
      needs("direction", {"方向", "Direction"}, one_of({"inbound", "outbound"})),
  });
  Json out = object({
      needs("purpose", {"目的", "Purpose"}, purpose()),
      needs_reason(),
      needs("work_plan",
            {"作業計画(手順・ツール・期待結果・中止基準・復元方法)",
             "Work plan: steps, tools, expected result, when to stop, how to go back"},
            plan()),
      needs("effect_on_operation", {"診療・運用への影響", "Effect on operation"}, plan()),
      needs("substitute_measure", {"代替措置", "Substitute measure"}, plan()),
      needs("needs_restart", {"装置の再起動が必要", "The device must be restarted"}, yes_or_no()),
      needs("level", {"アクセスの範囲", "Access level"}, name_in<AccessLevel>()),
      needs("window", {"作業時間帯", "Window"}, window()),
      needs("sessions_max", {"接続回数の上限", "Connections at most"}, number(1, sessions_max)),
      needs("workers", {"作業者", "Workers"}, workers()),
      may("terminal", {"RSC端末", "Terminal at the RSC"}, code()),
      may("ports", {"使用するインタフェースとポート", "Interfaces and ports"}, list(std::move(port), 0, ports_max)),
      may("files", {"送り込むファイルのハッシュ値", "Hashes of the files to be sent"}, list(digest(), 0, files_max)),
      may("attendant", {"立会者", "Attendant"}, id("person")),
      may("attendance_waived", {"立会いを省略したい", "Attendance to be waived"}, yes_or_no()),
      needs("phi_seen", {"患者データを見る可能性がある", "Patient data may be seen"}, yes_or_no()),
      needs("phi_taken", {"患者データを持ち出す可能性がある", "Patient data may be taken out"}, yes_or_no()),
      may("phi_classes", {"持ち出すデータの種類", "Classes of data taken out"},
          list(name_in<ItemClass>(), 0, items_max)),
      may("phi_reason", {"持ち出しが避けられない理由と保管場所", "Why it cannot be avoided, and where it is kept"},
          plan()),
      may("phi_until", {"保管期限", "Kept until"}, instant()),
      may("deidentified_on_device", {"装置上で匿名化できる", "De-identification is possible on the device"},
          yes_or_no()),
      may("not_deidentified_reason", {"匿名化できない理由", "Why de-identification is not possible"}, plan()),
      may("hold_needed", {"装置の使用中止が必要", "The device must be out of clinical use"}, yes_or_no()),
      may("subcontractor", {"再委託先", "Subcontractor"}, evidence(line_max)),
      may("risks", {"関係するリスク項目", "Risk rows touched"},
          list(Json{{"type", "string"}, {"maxLength", 4}, {"pattern", "^RA[0-9]{2}$"}}, 0, risks_max)),
  });
  out["x-hash"] = true;
  return out;
}

// The short form of F21.
Json break_glass() {
  Json out = object({
      needs("purpose", {"目的", "Purpose"}, purpose()),
      needs_reason(),
      needs("level", {"アクセスの範囲", "Access level"}, name_in<AccessLevel>()),
      needs("window", {"作業時間帯", "Window"}, window()),
      needs("workers", {"作業者", "Workers"}, workers()),
      may("attendant", {"立会者", "Attendant"}, id("person")),
      may("phi_seen", {"患者データを見る可能性がある", "Patient data may be seen"}, yes_or_no()),
      may("phi_taken", {"患者データを持ち出す可能性がある", "Patient data may be taken out"}, yes_or_no()),
  });
  out["x-hash"] = true;
  return out;
}

Json answer(bool reason_needed, bool may_narrow = false) {
  Json out = object({
      needs("slot", {"承認枠", "Approval slot"},
            one_of({"hcf_sysadm", "hcf_netadm", "hcf_priv", "hcf_sec", "hcf_clin", "rsc_netadm", "rsc_mgr"})),
      needs("request_hash", {"申請のハッシュ値", "Hash of the request"}, digest()),
      reason_needed ? needs_reason() : may_reason(),
  });
  if (may_narrow) {
    Member narrower =
        may("window", {"より短い時間帯(申請の範囲内)", "A narrower window, inside the one asked for"}, window());
    out["properties"][narrower.name] = std::move(narrower.schema);
    out["x-order"].push_back(narrower.name);
  }
  return out;
}

void add_request(Catalogue& out) {
  out["request_connection"] = connection_request();
  out["break_glass"] = break_glass();
  out["consent_break_glass"] = object({
      may("request_hash", {"申請のハッシュ値", "Hash of the request"}, digest()),
      may_reason(),
  });
  out["approve"] = answer(false, true);
  out["reject"] = answer(true);
  out["post_approve"] = answer(false);
  out["amend_or_withdraw"] = object({may_reason()});
  out["revise"] = object({may_reason()});
  out["assign_attendant"] = object({
      may("attendant", {"立会者", "Attendant"}, id("person")),
  });
  out["set_hold"] = object({
      needs("no_patient",
            {"患者はおらず、臨床使用していない", "No patient is present; the device is out of clinical use"},
            yes_or_no()),
      may("note", {"備考", "Note"}, typed(KeyClass::care, "text", text_max)),
  });
  out["lift_hold"] = object({
      needs("restricted_use", {"使用制限付き", "With restrictions on use"}, yes_or_no()),
      may("restriction", {"使用制限の内容", "What the restriction is"}, evidence()),
      may("until", {"制限の期限", "Restricted until"}, instant()),
  });
}

// The RSC's terminal at which the work is done (I13). The address behind it is kept without being asked for.
Member terminal() {
  return may("terminal", {"作業端末", "Terminal"}, evidence(line_max));
}

void add_session(Catalogue& out) {
  out["start_connection"] = object({
      needs("case_number", {"案件番号", "Case number"}, code()),
      terminal(),
      may("endpoint_healthy", {"RSC側端末は正常", "The RSC's end point is healthy"}, yes_or_no()),
  });
  out["start_connection"]["x-origin"] = true;
  out["retry"] = object({});
  out["give_up"] = object({may_reason()});
  out["reconnect"] = object({terminal()});
  out["reconnect"]["x-origin"] = true;
  out["disconnect_for_now"] = object({
      needs("cause", {"一時切断の理由", "Why"}, one_of({"restart", "waiting_for_part", "waiting_for_test"})),
      may_reason(),
  });
  out["request_extension"] = object({
      needs("until", {"延長後の終了", "New end"}, instant()),
      needs_reason(),
  });
  out["extend_window"] = object({
      needs("until", {"延長後の終了", "New end"}, instant()),
      may_reason(),
  });
  out["propose_l2"] = object({
      needs("person", {"二次対応者", "Second-level specialist"}, id("person")),
      needs_reason(),
  });
  out["allow_l2"] = object({
      needs("person", {"二次対応者", "Second-level specialist"}, id("person")),
      may_reason(),
  });
  out["approve_file"] = object({
      needs("content", {"ファイルのハッシュ値", "Hash of the file"}, digest()),
      needs_reason(),
  });
  out["confirm_device_safe"] = object({
      needs("safe", {"装置は安全な状態にある", "The device is in a safe state"}, yes_or_no()),
      may("note", {"備考", "Note"}, typed(KeyClass::care, "text", text_max)),
  });
  out["consent_grace"] = object({});
  out["write_started"] = object({
      may("note", {"書込みの内容", "What is written"}, typed(KeyClass::care, "cmd", text_max)),
  });
  out["write_finished"] = object({});

  out["log_work"] = object({
      needs("kind", {"種別", "Kind"}, one_of({"command", "screen", "file", "setting", "part", "observation"})),
      needs("entry", {"作業内容", "What was done"}, typed(KeyClass::care, "cmd", text_max)),
      may("phi_seen", {"患者データを見た", "Patient data was seen"}, yes_or_no()),
  });
  out["put_file"] = object({
      needs("content", {"ファイルのハッシュ値", "Hash of the file"}, digest()),
      needs("size_bytes", {"大きさ(バイト)", "Size in bytes"}, number(0, bytes_max)),
      needs("signature_ok", {"署名を確認した", "Signature verified"}, yes_or_no()),
      needs("malware_clean", {"マルウェア検査で異常なし", "Malware check clean"}, yes_or_no()),
      may("name", {"ファイル名", "File name"}, typed(KeyClass::care, "file", line_max)),
  });
  out["repair_done"] = object({
      needs("test_result", {"試験結果", "Test result"}, one_of({"passed", "passed_with_restrictions"})),
      needs("summary", {"修理内容", "What was repaired"}, typed(KeyClass::care, "text", text_max)),
  });
  out["repair_impossible"] = because();
  out["abort"] = because();
  Json check = object({
      needs("check", {"点検項目", "Check"}, code()),
      needs("passed", {"良", "Passed"}, yes_or_no()),
  });
  out["clinical_ok"] = object({
      needs("checks", {"点検表", "Check list"}, list(check, 0, checks_max)),
      needs("restricted_use", {"使用制限付きで使用再開する", "Return to use with restrictions"}, yes_or_no()),
      may("restriction", {"使用制限の内容", "What the restriction is"}, evidence()),
      may("until", {"制限の期限", "Restricted until"}, instant()),
  });
  out["clinical_ng"] = object({
      needs("failed", {"不良の内容", "What failed"}, typed(KeyClass::care, "text", text_max)),
      may("checks", {"点検表", "Check list"}, list(check, 0, checks_max)),
  });
}

void add_closing(Catalogue& out) {
  // The red button asks nothing first (I4, W15).
  out["emergency_disconnect"] = object({may_reason()});
  out["revoke"] = object({may_reason()});
  out["release"] = object({
      needs("cause", {"停止の原因", "What caused the halt"}, evidence()),
  });
  out["abandon"] = object({may_reason()});
  out["manual_close"] = object({
      needs("hops", {"人手で閉じた箇所", "Closed by hand"}, list(name_in<Hop>(), 1, 4)),
      needs("closed_at", {"閉じた時刻", "Closed at"}, instant()),
      needs("accounts_disabled", {"一時アカウントを無効にした", "Temporary accounts are disabled"}, yes_or_no()),
      needs("evidence", {"何を外した・遮断したか、その証拠", "What was unplugged or blocked, and the evidence"},
            evidence()),
  });
}

}  // namespace

void add_connection(Catalogue& out) {
  add_request(out);
  add_session(out);
  add_closing(out);
}

}  // namespace kintsugi::fault_response::schema

#include "workflows/fault_response/schema_words.h"

namespace kintsugi::fault_response::schema {
namespace {

Json items() {
  return list(id("item"), 1, items_max);
}
Json evidence(std::string_view label = "text") {
  return typed(KeyClass::evidence, label, text_max);
}
// The four ways of SP 800-88 as far as software can honestly claim them; for a file on shared storage that is
// `clear` or `crypto_erase`.
Json method() {
  return one_of({"clear", "purge", "destroy", "crypto_erase"});
}
Json medium() {
  return one_of({"shared_storage", "disk", "ssd", "removable", "optical", "paper", "device_part", "mail", "other"});
}

}  // namespace

void add_data(Catalogue& out) {
  // D5, the register of what was taken out (持ち出し台帳).
  out["item_declared"] = object({
      needs("kind", {"種類", "Class"}, name_in<ItemClass>()),
      needs("phi", {"患者情報の有無", "Patient data"}, name_in<Phi>()),
      needs("reason", {"持ち出す理由", "Why it is taken"}, evidence()),
      may("patients", {"関係する患者数", "Number of patients"},
          one_of({"unknown", "none", "1", "2-10", "11-100", "over_100"})),
      needs("planned_end", {"処分の予定", "Planned end"}, one_of({"erase", "return", "retain", "deidentify"})),
      may("holder", {"保管者", "Holder"}, id("person")),
      may("part_of", {"コピー元の項目", "Item it is a copy of"}, id("item")),
      may("origin", {"取得元", "From where"}, typed(KeyClass::care, "text", line_max)),
      may("destination", {"保管先", "To where"}, typed(KeyClass::care, "text", line_max)),
      may("medium", {"媒体", "Medium"}, medium()),
      may("medium_serial", {"媒体の製造番号", "Serial number of the medium"}, code()),
  });
  out["authorise_export"] = object({
      needs("items", {"データ項目", "Data items"}, items()),
      needs("allow", {"持ち出しを許可する", "Allow the export"}, yes_or_no()),
      may_reason(),
  });
  out["take_data"] = object({
      needs_item(),
      needs("content", {"内容のコミットメント", "Salted commitment to the content"}, digest()),
      needs("size_bytes", {"大きさ(バイト)", "Size in bytes"}, number(0, bytes_max)),
      may("holder", {"保管者", "Holder"}, id("person")),
      may("encrypted", {"暗号化して転送した", "Encrypted on the way"}, yes_or_no()),
  });

  // D6, the certificate of deletion (データ消去証明書), from the hand of him who erases and of him who verifies.
  out["nothing_taken"] = object({
      needs("transfers_checked", {"転送記録に持ち出しがない", "The transfer log shows no export"}, yes_or_no()),
      needs("screens_checked", {"画面取得の記録に持ち出しがない", "The screen-capture log shows no export"},
            yes_or_no()),
      needs("recording_checked", {"接続記録に持ち出しがない", "The session recording shows no export"}, yes_or_no()),
  });
  out["countersign"] = object({may_reason()});
  out["item_erased"] = object({
      needs_item(),
      needs("method", {"消去の区分", "Kind of erasure"}, method()),
      needs("medium", {"媒体", "Medium"}, medium()),
      needs("technique", {"消去方法", "Technique"},
            one_of({"overwrite", "block_erase", "crypto_erase", "degauss", "shred", "delete_and_key_destruction"})),
      may("tool", {"使用ツール", "Tool"}, code(line_max)),
      may("tool_version", {"ツールの版数", "Version of the tool"}, code()),
      may("medium_serial", {"媒体の製造番号", "Serial number of the medium"}, code()),
      may("backups_until", {"バックアップに残る期限", "Backups still hold it until"}, instant()),
      needs("evidence", {"消去の証拠", "Evidence of the erasure"}, evidence("cert")),
  });
  out["item_verified"] = object({
      needs_item(),
      needs("verification", {"確認方法", "How it was verified"}, one_of({"full", "sampled"})),
      needs("searched", {"探索した場所", "Searched"},
            list(one_of({"store", "mail", "backup", "terminal", "recycle_area", "log"}), 1, checks_max)),
      needs("found", {"見つかった痕跡の数", "Traces found"}, number(0, 1'000'000)),
      needs("certificate", {"証明書の記載", "Statement for the certificate"}, evidence("cert")),
  });
  out["item_returned"] = object({
      needs_item(),
      needs("received_by", {"受領者", "Received by"}, id("person")),
      may("evidence", {"受領の証拠", "Evidence"}, evidence("cert")),
  });
  out["item_deidentified"] = object({
      needs_item(),
      needs("technique", {"匿名化の方法", "Technique"},
            one_of({"dicom_profile", "field_removal", "aggregation", "masking"})),
      needs("evidence", {"匿名化の証拠", "Evidence"}, evidence("cert")),
  });
  out["item_retained"] = object({
      needs_item(),
      needs("until", {"保管期限", "Kept until"}, instant()),
      needs("reason", {"目的と保管場所", "Purpose and place"}, evidence()),
  });
  out["legal_hold"] = object({needs("items", {"データ項目", "Data items"}, items()), needs_reason()});
  out["lift_legal_hold"] = object({needs("items", {"データ項目", "Data items"}, items()), needs_reason()});
  out["erasure_failed"] = object({
      needs_item(),
      needs("cause", {"失敗の区分", "What went wrong"}, one_of({"error", "trace_found", "not_verifiable"})),
      needs_reason(),
  });
  // Without an item where none is owed and only the statement "nothing taken" is late.
  out["retry_or_stronger"] = object({
      may("item", {"データ項目", "Data item"}, id("item")),
      may("method", {"次の消去の区分", "Next kind of erasure"}, method()),
      may("found_copy", {"見つかったコピー(新しい項目)", "Copy found, as a new item"}, name_in<ItemClass>()),
      may_reason(),
  });
  out["accept_residual"] = object({
      needs_item(),
      needs_reason(),
      needs("measure", {"残るリスクへの措置", "Measure against what remains"}, evidence()),
  });

  // D9.
  Json type = one_of({"breach", "overrun", "unverified_closing", "policy_violation"});
  Json incident = object({
      needs("type", {"種別", "Type"}, std::move(type)),
      may("owner", {"責任者", "Owner"}, id("person")),
      may("malice_possible", {"不正の目的のおそれがある", "Malicious intent is possible"}, yes_or_no()),
      needs_reason(),
  });
  out["raise_incident"] = incident;
  out["open_incident"] = incident;
  out["assess_incident"] = object({
      needs("incident", {"インシデント", "Incident"}, id("incident")),
      needs("owner", {"責任者", "Owner"}, id("person")),
      needs("malice_possible", {"不正の目的のおそれがある", "Malicious intent is possible"}, yes_or_no()),
      needs("sensitive", {"要配慮個人情報を含む", "Sensitive personal data is involved"}, yes_or_no()),
      needs("finding", {"評価結果", "Finding"}, evidence()),
  });
  out["report_incident"] = object({
      needs("incident", {"インシデント", "Incident"}, id("incident")),
      needs("stage", {"報告の段階", "Stage"}, one_of({"preliminary", "final"})),
      needs("report", {"報告内容", "Report"}, typed(KeyClass::evidence, "report", report_max)),
  });
  out["close_incident"] = object({
      needs("incident", {"インシデント", "Incident"}, id("incident")),
      needs_reason(),
  });
}

}  // namespace kintsugi::fault_response::schema

#include "engine/domain/attachment.h"
#include "workflows/fault_response/schema_words.h"

namespace kintsugi::fault_response::schema {
namespace {

// The mail that brought it, in base64. It is for the way in for mails; a form leaves it out.
Member may_message() {
  Json message = bytes(KeyClass::care, "file", message_max);
  message["x-channel"] = name_of(Channel::mail);
  return may("message", {"受信した電子メール", "Mail as received"}, std::move(message));
}

// What hung on it. Two may be alike. No file names: they are in the mail.
Member may_attachments() {
  Json one = object({
      needs("kind", {"種類", "Kind"}, name_in<AttachmentKind>()),
      needs("content", {"内容", "Content"}, bytes(KeyClass::care, "file", attachment_max)),
  });
  Json all = list(std::move(one), 0, mail_attachments_max);
  all.erase("uniqueItems");
  all["x-channel"] = name_of(Channel::mail);
  return may("attachments", {"添付ファイル", "Attachments"}, std::move(all));
}

// D1. What only a person can know may be missing until triage.
Json notice() {
  Json details = typed(KeyClass::care, "phi", notice_max);
  details["type"] = Json::array({"string", "object"});  // as the device speaks; sealed as it came
  details["maxProperties"] = details_max;
  return object({
      needs("action", {"種別", "Kind of report"}, one_of({"trigger", "resolve"})),
      needs("dedup_key", {"重複判定キー", "Key that tells repeats"}, code(200)),
      may("severity", {"装置の重大度", "Severity given by the device"},
          one_of({"info", "warning", "error", "critical"})),
      may("device", {"装置", "Device"}, id("device")),
      may("serial", {"製造番号", "Serial number"},
          Json{{"type", "string"}, {"minLength", 1}, {"maxLength", name_max}}),
      may("code", {"故障コード", "Fault code"}, code()),
      may("occurred_at", {"発生日時(装置の時計)", "Occurred at, by the device's clock"}, instant()),
      may("channel", {"通知経路", "Channel"}, name_in<Channel>()),
      may("care", {"診療への影響", "Effect on patient care"}, name_in<CareEffect>()),
      may("harmed", {"患者または使用者に健康被害があった", "A patient or user was harmed"}, yes_or_no()),
      may("patient_involved", {"現在、患者が関わっている", "A patient is involved now"}, yes_or_no()),
      may("substitute_available", {"代替手段がある", "A substitute is available"}, yes_or_no()),
      may("software_version", {"ソフトウェア版数", "Software version"}, code()),
      may("details", {"通知の内容", "What the notice says"}, std::move(details)),
      may_message(),
      may_attachments(),
  });
}

Json because() {
  return object({needs_reason()});
}

}  // namespace

void add_fault(Catalogue& out) {
  for (const char* name :
       {"fault", "notify", "notify_unknown", "notify_duplicate", "notify_second_fault", "device_normal"})
    out[name] = notice();

  out["identify_device"] = object({needs("device", {"装置", "Device"}, id("device")), may_reason()});
  out["acknowledge"] = object({});
  out["reassign"] = object({
      needs("person", {"新しい担当者", "New owner"}, id("person")),
      needs("handover", {"引継ぎ事項", "Hand-over note"}, typed(KeyClass::care, "text", text_max)),
  });
  out["escalate_l2"] = object({
      needs("person", {"二次対応者", "Second-level specialist"}, id("person")),
      needs_reason(),
  });
  out["set_priority"] = object({
      needs("priority", {"優先度", "Priority"}, name_in<Priority>()),
      needs_reason(),
  });
  out["resolved_without_access"] = object({
      needs("advice", {"電話での助言", "Advice given by telephone"}, typed(KeyClass::care, "text", text_max)),
  });
  out["dispatch_onsite"] = object({
      may("person", {"派遣する1次サービスマン", "Primary serviceman sent"}, id("person")),
      may("arrives_at", {"到着予定", "Expected arrival"}, instant()),
      may("parts", {"持参する部品", "Parts to bring"}, typed(KeyClass::care, "text", text_max)),
  });
  out["onsite_progress"] = object({
      needs("progress", {"状況", "Progress"}, one_of({"arrived", "waiting_for_parts", "delayed", "working"})),
      may("arrives_at", {"到着予定", "Expected arrival"}, instant()),
      may("note", {"備考", "Note"}, typed(KeyClass::care, "text", text_max)),
  });
  out["need_remote_help"] = object({
      may("note", {"必要な支援", "What help is needed"}, typed(KeyClass::care, "text", text_max)),
  });
  out["onsite_done"] = object({
      needs("report", {"作業報告", "Work report"}, typed(KeyClass::evidence, "report", report_max)),
      needs("items_registered",
            {"現地で取得した媒体とファイルをすべて登録した", "All media and files taken on site are registered"},
            yes_or_no()),
  });
  out["withdraw_device"] = object({needs_reason()});

  out["propose_cancel"] = because();
  out["propose_false_alarm"] = because();
  out["propose_merge"] = object({
      needs("target", {"統合先の案件", "Case to merge into"}, id("case")),
      needs_reason(),
  });
  out["cancel"] = because();
  out["confirm_false_alarm"] = object({may_reason()});
  out["merge_into"] = object({needs("target", {"統合先の案件", "Case to merge into"}, id("case"))});
  out["stop_after_access"] = object({
      needs("resolution", {"終了区分", "How it ends"},
            one_of({"cancelled_after_access", "false_alarm_after_access"})),
      needs_reason(),
  });
  out["add_note"] = object({
      needs("note", {"メモ", "Note"}, typed(KeyClass::care, "text", text_max)),
      may_message(),
      may_attachments(),
  });
  out["judge_attachment"] = object({
      needs("attachment", {"添付ファイル", "Attachment"}, id("doc")),
      needs("phi", {"患者情報の有無", "Patient data"}, one_of({"none", "pseudonymised", "identifiable"})),
      may_reason(),
  });
}

}  // namespace kintsugi::fault_response::schema

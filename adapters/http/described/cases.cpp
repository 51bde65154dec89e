#include "adapters/http/described/case_schemas.h"
#include "adapters/http/described/described.h"
#include "engine/domain/document.h"

namespace kintsugi::http::described {
namespace {

Parameter case_id() {
  return {.name = "case_id", .text = {"案件の id", "Id of the case"}, .schema = id("case")};
}
Parameter as_role() {
  return {.name = "as",
          .text = {"複数の役割を持つ人が、どれとして行うか", "In which role, for somebody who holds several"},
          .schema = name_in<Role>()};
}

}  // namespace

Description list_cases() {
  return {.id = "list_cases",
          .tag = "cases",
          .summary = {"見ることのできる案件の一覧", "Cases that you may see"},
          .answers = {{200, {"1 ページ分の案件", "One page of cases"}, page_of("cases", ref("CaseBrief"))}},
          .text = {"病院の人には自院の案件、サービスセンターの人には自社の契約の案件だけが見えます。",
                   "A hospital's people see its cases, a service centre's those under its contracts."},
          .query = {{.name = "state", .text = {"状態の名前", "Name of a state"}, .schema = word()},
                    {.name = "device", .text = {"装置の id", "Id of a device"}, .schema = id("device")},
                    {.name = "open",
                     .text = {"終わっていない案件だけ", "Only cases that are not over"},
                     .schema = yes_or_no()}},
          .problems = {"invalid"}};
}

Description show_case() {
  return {.id = "show_case",
          .tag = "cases",
          .summary = {"案件の全体と、今できること", "One case whole, and what you may do with it now"},
          .answers = {{200, {"案件", "The case"}, ref("Case"), {"ETag"}}},
          .text = {"見たことは 1 時間に 1 回、病院のログに記録されます。",
                   "That you looked is recorded in the hospital's log, once in an hour."},
          .path = {case_id()},
          .headers = {"If-None-Match"},
          .problems = {"not_found"}};
}

Description submit_event() {
  Json moved =
      object({has("case_id", id("case")), has("number", text()),
              has("event", says(word(), {"実際のイベント", "The event as it was routed"})),
              has("row", says(text(), {"遷移表の行", "Row of the table of transitions"})), has("from", text()),
              has("state", word()), has("version", number()),
              has("followed_by",
                  says(list_of(text()), {"直後に自動で進んだ行", "Rows that followed at once by themselves"})),
              may_have("label", text()),
              may_have("opened", says(id("case"), {"このとき開いた別の案件", "Another case that this opened"}))});
  return {
      .id = "submit_event",
      .tag = "events",
      .summary = {"案件のイベント", "An event on a case"},
      .answers = {{200, {"確定しました", "Done, and durable"}, std::move(moved), {"ETag", "Idempotency-Replayed"}}},
      .path = {case_id(), {.name = "event", .text = {"イベントの名前", "Name of the event"}, .schema = word()}},
      .query = {as_role()},
      .headers = {"If-Match", "Idempotency-Key", "Step-Up"},
      .problems = {"not_found", "malformed_header", "forbidden", "illegal_transition", "blocked", "hash_differs",
                   "version_conflict", "invalid", "key_reused", "if_match_required", "requester_may_not_approve",
                   "worker_may_not_approve", "person_counts_once", "vendor_in_hcf_slot", "step_up_missing"},
      .for_each_event = true};
}

Description read_document() {
  return {
      .id = "read_document",
      .tag = "cases",
      .summary = {"文書を読む", "Read a document"},
      .answers = {{200,
                   {"文書。UTF-8 なら text、そうでなければ base64", "The document: text if it is UTF-8, else base64"},
                   object({has("id", id("doc")), has("case_id", id("case")), has("place", text()),
                           has("kind", text()), has("key", name_in<KeyClass>()), has("at", time()), has("by", text()),
                           may_have("text", text()), may_have("base64", text())})}},
      .text = {"読んだことは、見せる前に病院のログに記録されます。",
               "That you read it is recorded in the hospital's log before it is shown."},
      .path = {case_id(), {.name = "document_id", .text = {"文書の id", "Id of the document"}, .schema = id("doc")}},
      .problems = {"not_found", "erased"}};
}

Description show_schema() {
  return {.id = "show_schema",
          .tag = "events",
          .summary = {"イベントの入力項目 (JSON Schema)", "What an event takes, as JSON Schema"},
          .answers = {{200, {"JSON Schema", "The schema"}, Json{{"type", "object"}}}},
          .path = {{.name = "event", .text = {"イベントの名前", "Name of the event"}, .schema = word()}},
          .problems = {"not_found"}};
}

Description report_fault() {
  Json clock = object({has("device_minus_engine_us", number()), has("absurd", yes_or_no())});
  Json taken =
      object({has("case_id", id("case")), has("event", word()),
              has("deduplicated", says(yes_or_no(), {"既存の案件の再通知", "It repeats a notice of that case"})),
              may_have("number", text()), may_have("state", word()), may_have("version", number()),
              may_have("occurrences", number()),
              may_have("linked_to", says(id("case"), {"同じ装置の先の案件", "The device's earlier case"})),
              may_have("clock", std::move(clock))});
  return {.id = "report_fault",
          .tag = "faults",
          .summary = {"故障の通知", "Report a fault"},
          .answers = {{201,
                       {"新しい案件を確定しました", "A new case, and durable"},
                       taken,
                       {"Location", "Idempotency-Replayed"}},
                      {200,
                       {"既存の案件に数えました", "Counted to the case that it repeats"},
                       taken,
                       {"Location", "Idempotency-Replayed"}}},
          .text = {"装置と人のどちらからでも。答えたときには保存されています。",
                   "By a device or a person. It is stored before it is answered."},
          .headers = {"Idempotency-Key"},
          .body = Json{{"x-event", "fault"}},
          .problems = {"forbidden", "invalid", "malformed_header", "key_reused", "not_found", "illegal_transition",
                       "blocked"}};
}

}  // namespace kintsugi::http::described

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

std::vector<Parameter> case_query() {
  std::vector<Parameter> out = paged(
      {"条件を AND でつないだもの。= は , で区切った値のどれか。\n"
       "state、step (0 から 5)、access (open など)、waits_for (役割の名前か me)、open、number "
       "(番号、または通し番号だけ)、"
       "priority、device、hospital、vendor、opened_at (>= と <)",
       "Terms joined by AND; = means any of the values behind it, separated by commas.\n"
       "state, step (0 to 5), access (as open), waits_for (name of a role, or me), open, number (whole, or only its "
       "running part), priority, device, hospital, vendor, opened_at (>= and <)"},
      {"opened", "number", "priority", "due"});
  out[2].example = "state=notified,acknowledged AND priority=p1 AND opened_at>=2026-03-01T00:00:00Z";
  out.push_back({.name = "state", .text = {"filter=state=… と同じ", "The same as filter=state=…"}, .schema = word()});
  out.push_back(
      {.name = "device", .text = {"filter=device=… と同じ", "The same as filter=device=…"}, .schema = text()});
  out.push_back(
      {.name = "open", .text = {"filter=open=… と同じ", "The same as filter=open=…"}, .schema = yes_or_no()});
  return out;
}

}  // namespace

Description list_cases() {
  return {
      .id = "list_cases",
      .tag = "cases",
      .summary = {"見ることのできる案件の一覧", "Cases that you may see"},
      .answers = {{200, {"1 ページ分の案件", "One page of cases"}, page_of("cases", ref("CaseBrief")), {"Link"}}},
      .text = {"病院の人には自院の案件、サービスセンターの人には自社の契約の案件だけが見えます。"
               "opened 以外の順は、open=true、device、number のどれかと一緒に使います。",
               "A hospital's people see its cases, a service centre's those under its contracts. Orders other than "
               "opened come with open=true, device or number."},
      .query = case_query(),
      .problems = {"invalid"}};
}

Description show_case() {
  return {.id = "show_case",
          .tag = "cases",
          .summary = {"案件の全体と、今できること", "One case whole, and what you may do with it now"},
          .answers =
              {{200, {"案件", "The case"}, ref("Case"), {"ETag"}},
               {304, {"この人に見えるものは変わっていません", "Nothing that you see has changed"}, Json(), {"ETag"}}},
          .text = {"見たことは 1 時間に 1 回、病院のログに記録されます。",
                   "That you looked is recorded in the hospital's log, once in an hour."},
          .path = {case_id()},
          .headers = {"If-None-Match"},
          .problems = {"not_found", "no_case_of_your_hospital", "no_case_under_your_contracts"}};
}

Description list_documents() {
  std::vector<Parameter> query =
      paged({"条件を AND でつないだもの: kind、key (care か evidence)、event (どの操作で打ち込まれたか)",
             "Terms joined by AND: kind, key (care or evidence), event (typed with which)"},
            {"at"});
  query[2].example = "key=evidence AND event=request_connection";
  return {.id = "list_documents",
          .tag = "cases",
          .summary = {"案件の文書の一覧", "The documents of a case"},
          .answers = {{200,
                       {"1 ページ分の文書", "One page of documents"},
                       page_of("documents", ref("DocumentBrief")),
                       {"Link"}}},
          .text = {"中身は読みません。読むには href をたどります。", "Not what they say: follow href to read one."},
          .path = {case_id()},
          .query = std::move(query),
          .problems = {"not_found", "no_case_of_your_hospital", "no_case_under_your_contracts", "invalid"}};
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
  return {.id = "submit_event",
          .tag = "events",
          .summary = {"案件のイベント", "An event on a case"},
          .answers = {{200, {"確定しました", "Done, and durable"}, std::move(moved), {"ETag"}}},
          .path = {case_id(), {.name = "event", .text = {"イベントの名前", "Name of the event"}, .schema = word()}},
          .query = {as_role()},
          .headers = {"If-Match", "Step-Up"},
          .problems = {"not_found", "no_case_of_your_hospital", "no_case_under_your_contracts", "malformed_header",
                       "forbidden", "illegal_transition", "blocked", "hash_differs", "version_conflict", "invalid",
                       "key_reused", "closing_under_way", "if_match_required", "requester_may_not_approve",
                       "worker_may_not_approve", "person_counts_once", "vendor_in_hcf_slot", "step_up_missing"},
          .for_each_event = true};
}

Description watch() {
  return {
      .id = "watch",
      .tag = "feed",
      .summary = {"変化を続けて受け取る (server-sent events)", "What changes, as it happens (server-sent events)"},
      .answers =
          {{200,
            {"`event: case` の data は Change です。`event: reset` は、そこまでさかのぼれないので一覧を読み直す合図、"
             "`event: end` はサインインが終わった合図です。コメント行は、つながっている印です。",
             "The data of `event: case` is a Change. `event: reset` says that it cannot go back that far: read "
             "the list again. `event: end` says that the sign-in has ended. Comments show that it is alive."},
            Json{{"type", "string"}, {"contentMediaType", "application/json"}, {"contentSchema", ref("Change")}},
            {},
            "text/event-stream"}},
      .text = {"見ることのできる案件の変化だけが、起きた順に、一度ずつ届きます。id は監査ログ全体での位置です。"
               "切れたら Last-Event-ID に最後の id を付けて続けます。何も付けなければ今からです。",
               "Every change of a case that you may see, once, in the order in which they were made. The id is its "
               "position in all audit logs: go on with the last one in Last-Event-ID. Without one it begins now."},
      .query = {{.name = "after",
                 .text = {"この位置の次から。Last-Event-ID が優先",
                          "Behind this position; Last-Event-ID goes before"},
                 .schema = {{"type", "integer"}, {"minimum", 0}}},
                {.name = "case_id", .text = {"この案件だけ", "This case only"}, .schema = id("case")}},
      .headers = {"Last-Event-ID"},
      .problems = {"malformed_header", "invalid", "not_found", "too_many_streams", "streams_full"}};
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
      .text =
          {"読んだことは、見せる前に病院のログに記録されます。電子メールの添付ファイルは、判定されるまで "
           "judge_attachment を行える病院の人だけが、患者情報を含むと判定されたものは病院の人だけが読めます。"
           "読めなかった試みも記録されます。",
           "That you read it is recorded in the hospital's log before it is shown. What hung on a mail is opened by "
           "the hospital's people who may judge_attachment until they have, and by the hospital's people only if it "
           "was judged to hold patient data. Attempts that were refused are recorded, too."},
      .path = {case_id(), {.name = "document_id", .text = {"文書の id", "Id of the document"}, .schema = id("doc")}},
      .problems = {"not_found", "no_case_of_your_hospital", "no_case_under_your_contracts", "forbidden",
                   "attachment_not_judged", "holds_patient_data", "erased"}};
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
          .answers = {{201, {"新しい案件を確定しました", "A new case, and durable"}, taken, {"Location"}},
                      {200, {"既存の案件に数えました", "Counted to the case that it repeats"}, taken, {"Location"}}},
          .text = {"装置と人のどちらからでも。答えたときには保存されています。",
                   "By a device or a person. It is stored before it is answered."},
          .body = Json{{"x-event", "fault"}},
          .problems = {"forbidden", "invalid", "malformed_header", "key_reused", "not_found", "illegal_transition",
                       "blocked"}};
}

}  // namespace kintsugi::http::described

#include "adapters/http/openapi_words.h"

#include "adapters/http/described/words.h"
#include "adapters/http/problem.h"
#include "adapters/http/version.h"

#include <map>

namespace kintsugi::http {
namespace {

const Text title{"Kintsugi: 遠隔保守の故障対応", "Kintsugi: the handling of faults in remotely serviced devices"};

const Text about{
    "故障の通知から、接続の承認、修理、切断の確認、データの消去まで。\n\n"
    "誤りはすべて `application/problem+json` (RFC 9457) で、`code` で見分けます。言葉は `Accept-Language` "
    "に従います。"
    "一覧は `page_size`、`page_token`、`filter`、`order_by` を受け取ります。変化は `GET /api/v1/events` "
    "で続けて受け取れます。"
    "GET は HEAD にも答えます。日時は UTC の RFC 3339 です。\n\n"
    "入力の JSON Schema にある独自の語:\n"
    "`x-text`: 項目の名前 (日本語と英語)。`x-order`: 画面での項目の順。"
    "`x-document`: 打ち込んだ文章。暗号化した文書になり、記録には残りません。`key` は鍵 "
    "(`care` は消去で破棄され、`evidence` は保存期間のあいだ残ります)、`label` は文書の種類です。"
    "`x-hash`: 入力全体が承認の対象となる申請で、承認はそのハッシュ値を名指しします。"
    "`x-origin`: 送信元のアドレスを文書として残します。`x-channel`: その経路で届いたときだけの項目です。",
    "From the notice of a fault through approval, connection, repair and proved disconnection to the deletion of "
    "data.\n\n"
    "Every error is `application/problem+json` (RFC 9457); `code` tells them apart. Words follow `Accept-Language`. "
    "Lists take `page_size`, `page_token`, `filter` and `order_by`. What changes comes by itself from "
    "`GET /api/v1/events`. Whatever answers GET answers HEAD. Times are RFC 3339 in UTC.\n\n"
    "Words of our own in the JSON Schemas of what is sent:\n"
    "`x-text`: what a member is called, in Japanese and English. `x-order`: the order of members in a form. "
    "`x-document`: typed text. It becomes an encrypted document and stands in no record; `key` says under which key "
    "(`care` is destroyed with the data, `evidence` is kept for the retention time), `label` of what kind. "
    "`x-hash`: the whole payload is a request that approvers approve by naming its hash. "
    "`x-origin`: the address it came from is kept as a document. `x-channel`: only for what comes that way."};

const std::map<std::string, Text> known_tags{
    {"sign-ins", {"サインインと本人確認", "Signing in, and confirming that it is you"}},
    {"people", {"自組織の人", "The people of your side"}},
    {"machines", {"機器のトークンと証明書", "Tokens and certificates of machines"}},
    {"faults", {"故障の通知", "Notices of faults"}},
    {"cases", {"案件と文書", "Cases and their documents"}},
    {"events", {"案件を進めるイベント", "The events that move a case"}},
    {"feed", {"変化を続けて受け取る", "Changes as they happen"}},
    {"outbox", {"届けるもの", "What is to be delivered"}},
    {"webhooks", {"変更を知らせる先", "Where changes are announced"}},
    {"compat", {"ほかのシステムの形式での通知", "Faults in the words of other systems"}},
    {"audit", {"監査ログ", "The audit logs"}},
    {"masters", {"マスタ: 誰と何があり、何を決めたか", "Masters: who and what exists, and what was chosen"}},
    {"on_call", {"当番", "Who is on call"}},
    {"operation", {"運用", "For whoever runs the server"}},
};

struct HeaderWords {
  Text text;
  Json schema;
};
const std::map<std::string, HeaderWords>& known_headers() {
  static const std::map<std::string, HeaderWords> all{
      {"ETag",
       {{"版。If-Match と If-None-Match に", "The version, for If-Match and If-None-Match"}, {{"type", "string"}}}},
      {"Location", {{"作られたもののパス", "Path of what was made"}, {{"type", "string"}}}},
      {"Link", {{"rel=next: 次のページ", "rel=next: the next page"}, {{"type", "string"}}}},
      {"Idempotency-Replayed",
       {{"前の答えをもう一度返しました", "This is the stored answer to an earlier request"}, {{"type", "string"}}}},
      {"Retry-After", {{"待つ秒数", "Seconds to wait"}, {{"type", "integer"}}}},
      {"WWW-Authenticate", {{"Bearer", "Bearer"}, {{"type", "string"}}}},
      {"Accept-Post", {{"受け付ける形式", "What may be sent"}, {{"type", "string"}}}},
  };
  return all;
}

}  // namespace

const Text this_server{"このサーバー", "This server"};
const Text closes{"接続を終わらせる操作です。版が変わっていても、待たずに通ります。",
                  "It ends a connection: it waits for nothing and passes whatever the version is."};

Json info(const Workflow& workflow, Language language) {
  return {{"title", in(language, title)},
          {"version", version_text},
          {"description", in(language, about)},
          {"x-workflow", {{"name", workflow.name}, {"version", workflow.version}}}};
}

Json tags(const std::set<std::string>& used, Language language) {
  Json out = Json::array();
  for (const std::string& name : used) {
    Json tag{{"name", name}};
    if (const auto known = known_tags.find(name); known != known_tags.end())
      tag["description"] = in(language, known->second);
    out.push_back(std::move(tag));
  }
  return out;
}

Json security_schemes(Language language) {
  return {{"sign_in",
           {{"type", "http"},
            {"scheme", "bearer"},
            {"description", in(language, Text{"人: POST /api/v1/sign-ins で得たトークン",
                                              "A person: the token of POST /api/v1/sign-ins"})}}},
          {"machine_token",
           {{"type", "http"},
            {"scheme", "bearer"},
            {"description", in(language, Text{"装置とアクセスポイント: 発行された長いトークン",
                                              "A device or an access point: the long token that it was given"})}}}};
}

Json security_of(Caller caller) {
  const Json person{{"sign_in", Json::array()}};
  const Json machine{{"machine_token", Json::array()}};
  switch (caller) {
    case Caller::anyone: break;
    case Caller::person: return Json::array({person});
    case Caller::known: return Json::array({person, machine});
  }
  return Json::array();
}

Json reply_headers(const std::set<std::string>& used, Language language) {
  Json out = Json::object();
  for (const std::string& name : used)
    if (const auto known = known_headers().find(name); known != known_headers().end())
      out[name] = {{"description", in(language, known->second.text)}, {"schema", known->second.schema}};
  return out;
}

Parameter accept_language() {
  return {.name = "Accept-Language",
          .text = {"答えの言葉。ja か en。省くと ja", "Language of the answer: ja or en; ja unless told"},
          .schema = {{"type", "string"}},
          .example = "en"};
}

Json problem_schema() {
  using namespace described;
  Json codes = Json::array();
  for (const ProblemType& type : problem_types())
    codes.push_back(type.name);
  Json out =
      object({has("type", Json{{"type", "string"}, {"pattern", "^urn:kintsugi:problem:[a-z_]+$"}}),
              has("title", text()), has("status", number()), has("detail", text()), has("instance", text()),
              has("code", says(Json{{"type", "string"}, {"enum", std::move(codes)}},
                               {"種類の名前。変わりません。", "Name of the type; for ever."})),
              has("retryable",
                  says(yes_or_no(), {"あとで同じ要求が通るかもしれない", "The same request may succeed later"})),
              may_have("case_id", text()),
              may_have("errors", says(list_of(object({has("pointer", text()), has("detail", text())})),
                                      {"入力の誤りの場所", "Places in the input"})),
              may_have("failed", says(list_of(ref("Check")), {"満たされていない条件と、解消できる人",
                                                              "Rules that do not hold, and who can lift each"})),
              may_have("version", says(number(), {"案件の今の版", "Version of the case now"}))});
  out["examples"] =
      Json::array({Json{{"type", "urn:kintsugi:problem:if_match_required"},
                        {"title", "If-Match needed"},
                        {"status", 428},
                        {"detail", "Send the version of the case that you have read in the header If-Match."},
                        {"instance", "/api/v1/cases/case_01M2R3S4T5V6W7X8Y9Z0ABCDEF/events/add_note"},
                        {"code", "if_match_required"},
                        {"retryable", false}}});
  return out;
}

}  // namespace kintsugi::http

#include "adapters/http/problem.h"

#include "adapters/http/input_words.h"
#include "adapters/http/limits.h"

#include <algorithm>
#include <array>

namespace kintsugi::http {
namespace {

constexpr std::array types = {
    ProblemType{"malformed_body", 400, false, "本文を読めません", "The body cannot be read",
                "本文は UTF-8 の JSON ひとつで、同じ名前の項目は一度だけ、深さは 32 段までです。",
                "The body must be one JSON value in UTF-8, each member once, at most 32 levels deep."},
    ProblemType{"malformed_header", 400, false, "ヘッダーを読めません", "A header cannot be read",
                "ヘッダーの形式が正しくありません。", "A header does not have the form it must have."},
    ProblemType{"malformed_request", 400, false, "要求を読めません", "The request cannot be read",
                "HTTP の要求として正しくありません。", "This is not a well-formed HTTP request."},
    ProblemType{"unauthenticated", 401, false, "サインインが必要です", "Sign-in needed",
                "有効なトークンがありません。サインインしてください。", "There is no valid token. Please sign in."},
    ProblemType{"sign_in_refused", 401, false, "サインインできません", "Sign-in refused",
                "メールアドレス、パスワード、コードのいずれかが違うか、一時的にロックされています。",
                "Mail address, password or code are not right, or the account is locked for a while."},
    ProblemType{"proof_refused", 401, false, "本人確認ができません", "Your identity is not proved",
                "パスワードかコードが違うか、一時的にロックされています。サインインはそのままです。",
                "Password or code are not right, or the account is locked for a while. You are still signed in."},
    ProblemType{"forbidden", 403, false, "権限がありません", "Not allowed", "この操作を行う権限がありません。",
                "You may not do this."},
    ProblemType{"requester_may_not_approve", 403, false, "自分の申請は承認できません",
                "Nobody approves his own request", "申請者本人と作業者は承認できません。別の方が承認してください。",
                "The requester and the listed workers cannot approve. Another person must."},
    ProblemType{"worker_may_not_approve", 403, false, "作業者は承認できません", "A worker cannot approve",
                "申請に作業者として載っている方は承認できません。別の方が承認してください。",
                "Who is listed as a worker cannot approve. Another person must."},
    ProblemType{"person_counts_once", 403, false, "一人一枠です", "A person counts once",
                "この申請にはすでに回答しています。一人が複数の枠を埋めることはできません。",
                "You have already answered this request. One person cannot fill two slots."},
    ProblemType{"vendor_in_hcf_slot", 403, false, "病院側の枠です", "A slot of the hospital",
                "病院の職員または病院が書面で指名した方だけが、病院側の枠に回答できます。",
                "Only people employed or appointed in writing by the hospital can fill its slots."},
    ProblemType{"step_up_missing", 403, false, "本人確認が必要です", "Confirm that it is you",
                "パスワードとコードをもう一度入力し、得られたトークンを Step-Up ヘッダーで送ってください。",
                "Give password and code again and send the token you get in the header Step-Up."},
    ProblemType{
        "attachment_not_judged", 403, false, "まだ判定されていません", "Nobody has judged it",
        "患者情報の有無をまだ誰も判定していません。failed に示す病院の人だけが開いて判定できます。",
        "Nobody has judged whether patient data is in it. Only the hospital's people whom `failed` names open "
        "it, to judge it."},
    ProblemType{"holds_patient_data", 403, false, "患者情報を含みます", "It holds patient data",
                "患者情報を含むと判定されています。failed に示す病院の人だけが読めます。",
                "It was judged to hold patient data: only the hospital's people whom `failed` names read it."},
    ProblemType{"not_found", 404, false, "見つかりません", "Not found", "存在しないか、あなたには見えません。",
                "It does not exist, or is not for you to see."},
    ProblemType{"no_case_of_your_hospital", 404, false, "貴院の案件ではありません", "No case of your hospital",
                "貴院にこの案件はありません。", "Your hospital has no such case."},
    ProblemType{"no_case_under_your_contracts", 404, false, "契約内の案件ではありません",
                "No case under your contracts", "貴社の保守契約の範囲にこの案件はありません。",
                "There is no such case under the contracts of your service centre."},
    ProblemType{"method_not_allowed", 405, false, "この方法では使えません", "Method not allowed",
                "この場所では使えない HTTP メソッドです。", "This place does not know that HTTP method."},
    ProblemType{"illegal_transition", 409, false, "今の状態ではできません", "Not possible in this state",
                "案件の今の状態に、この操作はありません。", "The case is in a state that does not know this event."},
    ProblemType{"blocked", 409, false, "条件が満たされていません", "Something is missing",
                "満たされていない条件があります。誰が解消できるかは failed に示します。",
                "Conditions do not hold; `failed` names them and who can lift them."},
    ProblemType{
        "masters_blocked", 409, false, "今は変更できません", "Not possible now",
        "開いている案件がまだ必要としているため、変更しませんでした。errors に示すものを先に終わらせてください。",
        "Something open still needs it as it is, so nothing was changed. First end what `errors` names."},
    ProblemType{"hash_differs", 409, false, "申請内容が変わりました", "The request has changed",
                "表示された申請は最新ではありません。もう一度読んでから回答してください。",
                "The request you answered is not the present one. Read it again before you answer."},
    ProblemType{"request_running", 409, true, "処理中です", "Still being carried out",
                "同じ Idempotency-Key の要求をまだ処理しています。少し待ってからもう一度送ってください。",
                "A request with this Idempotency-Key is still being carried out. Wait a little, then send it again."},
    ProblemType{
        "reply_shown_once", 409, false, "答えは一度だけ表示されました", "The answer was shown once",
        "この Idempotency-Key の要求は完了していますが、答えの秘密は保存されていません。"
        "受け取れなかったときは、それを終わらせて作り直してください。",
        "The request with this Idempotency-Key was carried out, and the secret in its answer is kept nowhere. "
        "If you did not get it, end what it made and make another."},
    ProblemType{
        "reply_unknown", 409, false, "結果が分かりません", "Nobody knows how it ended",
        "この Idempotency-Key の要求は途中で止まり、結果の記録がありません。今の状態を確かめてから、"
        "必要なら新しいキーで送ってください。",
        "The request with this Idempotency-Key was begun and its answer was not kept. Look how things are, and "
        "send it with a new key if it has to be done."},
    ProblemType{"erased", 410, false, "消去済みです", "Erased",
                "鍵が破棄されたため、内容は誰にも読めません。証跡には残っています。",
                "Its key was destroyed: nobody can read it any more. The trail still tells that it existed."},
    ProblemType{"version_conflict", 412, false, "ほかの方が先に進めました", "Somebody was faster",
                "案件の版が If-Match と異なります。読み直してからもう一度行ってください。",
                "The case has another version than If-Match names. Read it again, then try again."},
    ProblemType{"masters_moved", 412, false, "ほかの方が先に変更しました", "Somebody was faster",
                "マスタが、読んだときや計画したときから変わっています。読み直すか、計画し直してください。",
                "The masters are not as they were when you read them or planned. Read or plan again."},
    ProblemType{"too_large", 413, false, "大きすぎます", "Too large", "本文は 1 MiB までです。",
                "A body may have 1 MiB."},
    ProblemType{"unsupported_media_type", 415, false, "JSON ではありません", "Not JSON",
                "Content-Type は application/json にしてください。", "Content-Type must be application/json."},
    ProblemType{"invalid", 422, false, "入力に誤りがあります", "Mistakes in the input",
                "誤りの場所は errors に示します。", "`errors` names the places."},
    ProblemType{"key_reused", 422, false, "キーは使用済みです", "The key was used before",
                "この Idempotency-Key は別の内容で使われています。",
                "This Idempotency-Key came with another body before."},
    ProblemType{"if_match_required", 428, false, "If-Match が必要です", "If-Match needed",
                "読んだ案件の版を If-Match ヘッダーで送ってください。",
                "Send the version of the case that you have read in the header If-Match."},
    ProblemType{"rate_limited", 429, true, "要求が多すぎます", "Too many requests",
                "少し待ってからもう一度送ってください。", "Wait a little, then try again."},
    ProblemType{"too_many_streams", 429, true, "受信が多すぎます", "Too many streams",
                "一人が同時に開ける受信は 8 本までです。使っていないものを閉じてください。",
                "A person may have 8 streams open at a time. Close one that you do not use."},
    ProblemType{"internal", 500, true, "内部の誤り", "Internal error",
                "この要求は処理できませんでした。運用担当者に知らせてください。",
                "This request could not be handled. Please tell the operator."},
    ProblemType{"streams_full", 503, true, "受信の空きがありません", "No stream is free",
                "このサーバーで同時に開ける受信は 200 本までです。少し待つか、一覧を読み直してください。",
                "This server keeps 200 streams at a time. Wait a little, or read the list instead."},
    ProblemType{"unavailable", 503, true, "今は処理できません", "Not available now",
                "何も変更されていません。少し待ってからもう一度送ってください。",
                "Nothing was changed. Wait a little, then try again."},
    ProblemType{
        "not_writable", 503, true, "記録を書き込めません", "The record cannot be written",
        "何も変更されていません。サーバーがデータベースに書き込めません。運用担当者に知らせ、直ったら同じ要求を"
        "もう一度送ってください。切断は今でもできます。",
        "Nothing was changed. The server cannot write to its database. Tell the operator, and send the same "
        "request again when it is mended. Cutting a connection works all the same."},
    ProblemType{
        "closing_under_way", 503, true, "切断を進めています", "The closing is under way",
        "切断の命令は送りました。記録はデータベースに書けるようになりしだい残します。もう一度送る必要はありません。"
        "運用担当者に、サーバーが書き込めないことを知らせてください。",
        "The orders to close have been sent, and it is recorded as soon as the database can be written. It "
        "need not be sent again. Tell the operator that the server cannot write."},
};

// Refusals that have a type of their own: the type is called like the check that failed.
constexpr std::array own_types = {
    std::string_view("requester_may_not_approve"), std::string_view("worker_may_not_approve"),
    std::string_view("person_counts_once"),        std::string_view("vendor_in_hcf_slot"),
    std::string_view("step_up_missing"),           std::string_view("hash_differs"),
};

}  // namespace

std::span<const ProblemType> problem_types() {
  return types;
}

const ProblemType& problem_type(std::string_view name) {
  const auto found = std::ranges::find(types, name, &ProblemType::name);
  return found != types.end() ? *found : *std::ranges::find(types, "internal", &ProblemType::name);
}

Problem problem_of(const Outcome& outcome) {
  Problem out;
  out.case_id = outcome.case_id.text();
  out.errors = outcome.errors;
  out.failed = outcome.failed;
  switch (outcome.kind) {
    case Outcome::Kind::invalid: out.name = "invalid"; break;
    case Outcome::Kind::not_found: out.name = "not_found"; break;
    case Outcome::Kind::reused: out.name = "key_reused"; break;
    case Outcome::Kind::conflict:
      out.name = "version_conflict";
      out.version = outcome.version;
      break;
    case Outcome::Kind::refused: {
      out.name = outcome.refusal_kind == name_of(Refusal::Kind::not_applicable) ? "illegal_transition"
                 : outcome.refusal_kind == name_of(Refusal::Kind::forbidden)    ? "forbidden"
                                                                                : "blocked";
      if (!outcome.failed.empty())
        if (const auto own = std::ranges::find(own_types, outcome.failed.front().name); own != own_types.end())
          out.name = *own;
      break;
    }
    case Outcome::Kind::transient:
    case Outcome::Kind::moved:
      out.name = outcome.problem == "closing-journalled"  ? "closing_under_way"
                 : outcome.problem == "store-unavailable" ? "not_writable"
                                                          : "unavailable";
      out.retry_after = retry_after;
      break;
  }
  return out;
}

Json to_json(const std::vector<FailedCheck>& failed, Language language, const Words& words) {
  Json out = Json::array();
  for (const FailedCheck& one : failed) {
    Json lifted_by = Json::array();
    for (const Role role : one.lifted_by)
      lifted_by.push_back({{"role", name_of(role)}, {"label", in(language, words(name_of(role)))}});
    Json check = {{"name", one.name}, {"text", in(language, words(one.name))}, {"lifted_by", std::move(lifted_by)}};
    if (one.since != Instant{}) check["since"] = to_text(one.since);
    out.push_back(std::move(check));
  }
  return out;
}

Json to_json(const Problem& problem, Language language, const Words& words, std::string_view instance) {
  const ProblemType& type = problem_type(problem.name);
  const bool ja = language == Language::ja;
  Json out = {{"type", "urn:kintsugi:problem:" + std::string(type.name)},
              {"title", ja ? type.title_ja : type.title_en},
              {"status", type.status},
              {"detail", ja ? type.detail_ja : type.detail_en},
              {"instance", instance},
              {"code", type.name},
              {"retryable", type.retryable}};
  if (!problem.reason.empty())
    if (const std::string& text = in(language, words(problem.reason)); !text.empty()) out["detail"] = text;
  if (!problem.case_id.empty()) out["case_id"] = problem.case_id;
  if (!problem.errors.empty()) {
    Json& errors = out["errors"] = Json::array();
    for (const InputError& one : problem.errors)
      errors.push_back({{"pointer", one.pointer}, {"detail", in(language, input_words(one.detail))}});
  }
  if (!problem.failed.empty()) out["failed"] = to_json(problem.failed, language, words);
  if (problem.version) out["version"] = *problem.version;
  return out;
}

}  // namespace kintsugi::http

#pragma once

#include <string_view>

// Everything the command line says by itself, in both languages. What the server says comes from the server, in the
// language that was asked for; what commands and options are for stands in programs/cli/descriptions.cpp.
namespace kintsugi::cli {

struct Said {
  std::string_view name;
  std::string_view ja;
  std::string_view en;
};

// clang-format off
inline constexpr Said catalogue[] = {
    // asking
    {"ask.password", "パスワード: ", "Password: "},
    {"ask.new_password", "新しいパスワード: ", "New password: "},
    {"ask.again", "もう一度: ", "Once more: "},
    {"ask.code", "ワンタイムコード: ", "One-time code: "},
    {"ask.invitation", "招待コード: ", "Code of the invitation: "},
    {"ask.mail", "メールアドレス: ", "Mail address: "},
    {"ask.differ", "二つの入力が一致しません。", "The two differ."},
    {"ask.no_terminal", "端末がありません。{} を付けて標準入力から渡してください。",
     "There is no terminal to ask at; give {} and send it on standard input."},
    {"ask.no_line", "標準入力から {} を読めません。", "Standard input holds no {}."},
    {"ask.one_input", "標準入力は一度しか読めません。--json - と --code-stdin は同時に使えません。",
     "Standard input can be read for one thing only: --json - and --code-stdin exclude each other."},
    {"ask.why", "この操作には本人確認が必要です: {}", "This act asks who you are: {}"},

    // profiles and sign-ins
    {"profile.name", "プロファイル名 {} は使えません。英数字と . _ - で 64 文字までです。",
     "{} is no name of a profile: letters, digits and . _ - only, at most 64."},
    {"profile.none", "プロファイル {0} はサインインしていません。kintsugi login --profile {0} を実行してください。",
     "Profile {0} is not signed in. Run: kintsugi login --profile {0}"},
    {"profile.open", "{0} をほかの利用者が読めます。chmod 600 {0} を実行し、サインインし直してください。",
     "Others can read {0}. Run chmod 600 {0} and sign in again."},
    {"profile.unreadable", "{} を読めません。サインインし直してください。",
     "{} cannot be read. Sign in again."},
    {"profile.unwritable", "{} に書けません。", "{} cannot be written."},
    {"profile.no_server", "サーバーが分かりません。--server URL を付けてください。",
     "Which server? Give --server URL."},
    {"profile.ca", "CA ファイル {} を読めません。", "The CA file {} cannot be read."},
    {"profile.expired", "サインインは {} に切れました。kintsugi login を実行してください。",
     "The sign-in ended at {}. Run: kintsugi login"},
    {"login.done", "{0} としてサインインしました ({1} まで有効)", "Signed in as {0}, until {1}"},
    {"logout.done", "サインアウトしました", "Signed out"},
    {"logout.alone", "サーバーに届かないため、この端末のトークンだけを消しました。",
     "The server could not be told; only the token on this machine was removed."},
    {"join.done", "{} さん、登録できました。認証アプリに次のアドレスを登録してください。",
     "Welcome, {}. Put this address into your authenticator app:"},
    {"join.kept", "ワンタイムコードの秘密は {} にあります。ほかの人に見せないでください。",
     "The secret of your one-time codes is in {}. Show it to nobody."},
    {"code.secret", "{} に otpauth アドレスがありません。", "{} holds no otpauth address."},
    {"token.file", "トークンのファイル {} を読めません。", "The token file {} cannot be read."},
    {"who.roles", "役割", "roles"},
    {"who.until", "有効期限", "good until"},
    {"who.server", "サーバー", "server"},

    // the way to the server
    {"server.url", "{} はサーバーのアドレスではありません。https://ホスト:ポート の形にしてください。",
     "{} is no address of a server; it looks like https://host:port"},
    {"server.plain", "{} へは TLS なしでは接続しません。https:// を使ってください。",
     "{} is not on this machine, and without TLS the token would travel in the open: use https://"},
    {"server.silent", "{} が応答しません。アドレスと、サーバーが動いているかを確認してください。",
     "{} does not answer. Check the address and that the server runs."},
    {"server.certificate", "{} の証明書を信用できません。病院から受け取った証明書を --ca で指定してください。",
     "The certificate of {} does not hold. Give the one you were handed with --ca FILE."},
    {"server.strange", "{0} の応答 {1} を理解できません。", "{0} answered {1}, which is nothing this program knows."},
    {"server.again", "応答がありません。同じ鍵でもう一度送ります ({0}/{1})",
     "No answer; sending the same once more ({0}/{1})"},

    // problems
    {"problem.lift", "解消できる人: {}", "who can lift it: {}"},
    {"problem.since", "{} から", "since {}"},
    {"problem.sign_in", "kintsugi login でサインインしてください。", "Sign in: kintsugi login"},
    {"problem.look", "kintsugi case show {} で今の状態を確認してから、もう一度行ってください。",
     "Look at it again (kintsugi case show {}), then decide again."},
    {"problem.later", "少し待ってからもう一度行ってください。", "Wait a little, then try again."},
    {"problem.wait", "{} 秒待ってからもう一度行ってください。", "Wait {} s, then try again."},
    {"problem.step_up", "この操作には本人確認が必要です。端末から実行するか、--code-stdin を付けてください。",
     "This act asks who you are: run it at a terminal, or with --code-stdin."},
    {"problem.form", "入力項目は kintsugi case form {} で分かります。", "kintsugi case form {} tells what it takes."},

    // what was typed
    {"data.shape", "{} は 名前=値 の形ではありません。", "{} is not of the form name=value."},
    {"data.unknown", "{0} は {1} の項目ではありません。項目: {2}", "{1} has no field {0}; it has: {2}"},
    {"data.none", "なし", "none"},
    {"data.twice", "{} が二度あります。", "{} is given twice."},
    {"data.number", "{} は整数でなければなりません。", "{} must be a whole number."},
    {"data.boolean", "{} は true か false でなければなりません。", "{} must be true or false."},
    {"data.json", "{} を JSON として読めません。", "{} cannot be read as JSON."},
    {"data.object", "{} は JSON のオブジェクトでなければなりません。", "{} must be a JSON object."},
    {"data.file", "ファイル {} を読めません。", "The file {} cannot be read."},
    {"data.time", "{} は時間ではありません。30s、15m、2h、1d のように書きます。",
     "{} is no span of time; write 30s, 15m, 2h or 1d."},

    // cases
    {"case.none", "該当する案件はありません。", "No such cases."},
    {"case.more", "ほかにもあります。--limit を増やしてください。", "There are more; raise --limit."},
    {"case.number", "開いている案件に {} はありません。案件の id (case_…) を指定してください。",
     "No open case that you may see has the number {}. Give its id (case_…)."},
    {"case.id", "{} は案件の番号でも id でもありません。", "{} is neither a case number nor a case id."},
    {"case.late", "{0} 以内に {1} になりませんでした。今は {2} です。", "Not {1} within {0}; it is in {2}."},
    {"case.ended", "案件は {0} で終わりました。{1} にはなりません。", "The case has ended in {0}; it will not reach {1}."},
    {"case.version", "版 {}", "version {}"},
    {"case.state", "状態", "state"},
    {"case.step", "段階 {}", "step {}"},
    {"case.since", "{} から", "since {}"},
    {"case.hospital", "病院", "hospital"},
    {"case.centre", "サービスセンター", "service centre"},
    {"case.device", "装置", "device"},
    {"case.priority", "優先度", "priority"},
    {"case.owner", "担当者", "owner"},
    {"case.request", "申請", "request"},
    {"case.window", "作業時間帯", "window"},
    {"case.workers", "作業者", "workers"},
    {"case.hash", "ハッシュ値", "hash"},
    {"case.approved", "承認", "approved"},
    {"case.rejected", "却下", "rejected"},
    {"case.unanswered", "未回答", "not answered"},
    {"case.deadlines", "期限", "deadlines"},
    {"case.owed", "未了の義務", "still owed"},
    {"case.items", "データ項目", "data items"},
    {"case.may", "今できること", "you may"},
    {"case.may_not", "今はできないこと", "not yet"},
    {"case.asks", "本人確認あり", "asks who you are"},
    {"case.documents", "文書 {0} 件: kintsugi case documents {1}", "{0} documents: kintsugi case documents {1}"},
    {"case.in", "あと {}", "in {}"},
    {"case.ago", "{} 超過", "{} ago"},
    {"case.over", "終了", "over"},
    {"case.needed", "必須", "needed"},
    {"case.fields_none", "この操作に入力項目はありません。", "It takes no data."},

    // headings of tables
    {"head.number", "番号", "NUMBER"},
    {"head.id", "ID", "ID"},
    {"head.priority", "優先度", "PRIO"},
    {"head.state", "状態", "STATE"},
    {"head.since", "開始", "SINCE"},
    {"head.hospital", "病院", "HOSPITAL"},
    {"head.device", "装置", "DEVICE"},
    {"head.fault", "故障コード", "FAULT"},
    {"head.kind", "種類", "KIND"},
    {"head.key", "鍵", "KEY"},
    {"head.length", "大きさ", "BYTES"},
    {"head.at", "日時", "AT"},
    {"head.field", "項目", "FIELD"},
    {"head.form", "形式", "FORM"},
    {"head.meaning", "意味", "MEANING"},
    {"head.verdict", "判定", "VERDICT"},
    {"head.check", "検査", "CHECK"},
    {"head.found", "結果", "FOUND"},
};
// clang-format on

}  // namespace kintsugi::cli

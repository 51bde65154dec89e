#pragma once

#include "programs/cli/client/catalogue_doctor.h"
#include "programs/cli/client/catalogue_installation.h"

#include <algorithm>
#include <array>
#include <iterator>

// Everything the command line says by itself, in both languages. What the server says comes from the server, in the
// language that was asked for; what commands and options are for stands in programs/cli/descriptions.cpp.
namespace kintsugi::cli {

// clang-format off
inline constexpr Said said_to_a_server[] = {
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
    {"ask.broken_off", "中断しました。", "Broken off."},
    {"ask.no_line", "標準入力から {} を読めません。", "Standard input holds no {}."},
    {"ask.one_input", "標準入力は一度しか読めません。--json - と --code-stdin は同時に使えません。",
     "Standard input can be read for one thing only: --json - and --code-stdin exclude each other."},
    {"ask.why", "この操作には本人確認が必要です: {}", "This act asks who you are: {}"},

    // a word that is no command
    {"command.none", "'{0}' は {1} のコマンドではありません。{1} --help を見てください。",
     "'{0}' is no command of {1}; see {1} --help"},
    {"command.near", "'{0}' は {1} のコマンドではありません。'{2}' のことですか。{1} --help を見てください。",
     "'{0}' is no command of {1}; did you mean '{2}'? see {1} --help"},

    {"option.none", "'{0}' は {1} のオプションではありません。{1} --help を見てください。",
     "'{0}' is no option of {1}; see {1} --help"},
    {"option.near", "'{0}' は {1} のオプションではありません。'{2}' のことですか。{1} --help を見てください。",
     "'{0}' is no option of {1}; did you mean '{2}'? see {1} --help"},
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
    {"join.spent",
     "招待コードは一度しか使えません。前の試みで使われたかもしれません。新しいコードを管理者に頼んでください (kintsugi person "
     "invite)。",
     "An invitation is good once, and an earlier try may have used it. Ask your administrator for a new one (kintsugi "
     "person invite)."},
    {"join.kept", "ワンタイムコードの秘密は {} にあります。ほかの人に見せないでください。",
     "The secret of your one-time codes is in {}. Show it to nobody."},
    {"code.secret", "{} に otpauth アドレスがありません。", "{} holds no otpauth address."},
    {"ask.first_code", "新しいワンタイムコード: ", "First code of the new generator: "},
    {"generator.show", "認証アプリに次のアドレスを登録し、最初のコードを入力してください。入力するまでは古いものが有効です。",
     "Put this address into your authenticator app, then give its first code. Until then the old one is good:"},
    {"generator.done", "新しい認証アプリに切り替わりました。", "The new generator holds from now on."},
    {"recovery.show", "リカバリーコードです。一度だけ表示します。紙に書いて保管してください。それぞれ一度だけ使えます。",
     "Your recovery codes, shown this once. Keep them on paper; each is good for one sign-in:"},
    {"recovery.none", "リカバリーコードがありません。kintsugi recovery-codes で作ってください。",
     "You have no recovery codes. Make some: kintsugi recovery-codes"},
    {"sign_in.with_code", "コードあり", "with code"},
    {"sign_in.without_code", "コードなし", "no code"},
    {"sign_in.which", "signin_… の id か --others のどちらか一つを指定してください。", "Give the id of one (signin_…) or --others."},
    {"sign_in.ended", "サインインを終わらせました。", "Ended."},
    {"person.no_mail", "メールアドレス {} の人はいません", "nobody here has the mail address {}"},
    {"person.not_held", "{0} は {1} で持っている役割ではありません。", "He does not hold {0} at {1}."},
    {"person.left", "{0} は {1} に退職しました。サインインは終わり、取り消した許可は {2} 件です。",
     "{0} left at {1}. All sign-ins have ended; grants revoked: {2}"},
    {"expiry.none", "30 日以内に期限が切れるものはありません。", "Nothing runs out within 30 days."},
    {"expiry.never", "未登録", "never there"},
    {"expiry.over", "期限切れ", "OVER"},
    {"credential.live", "有効", "good"},
    {"credential.soon", "まもなく期限切れ", "runs out soon"},
    {"credential.over", "終了", "over"},
    {"credential.bound", "{0} を登録しました ({1} まで有効)", "{0} is bound; the certificate is good until {1}"},
    {"credential.ended", "終わらせました。次の要求から使えません。", "Ended, from the next request on."},
    {"who.expiring", "期限", "runs out"},
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
    {"data.large", "ファイル {0} は大きすぎます。{1} MiB までです。", "The file {0} is too large; {1} MiB at most."},
    {"data.time", "{} は時間ではありません。30s、15m、2h、1d のように書きます。",
     "{} is no span of time; write 30s, 15m, 2h or 1d."},

    // mails of the demo
    {"mail.none", "{} にメールはありません。", "There are no mails in {}."},
    {"mail.number", "{0} に {1} 番のメールはありません。", "There is no mail number {1} in {0}."},
    {"head.to", "宛先", "TO"},
    {"head.subject", "件名", "SUBJECT"},

    // what is to be done in the world, at a server
    {"outbox.none", "状態 {} のものはありません。", "none is {}"},
    {"outbox.then", "原因を直してから: kintsugi outbox redrive {}", "put the cause right, then: kintsugi outbox redrive {}"},
    {"outbox.again", "{} をもう一度送ります。", "{} is sent again"},
    {"head.case", "案件", "CASE"},

    // cases
    {"case.none", "該当する案件はありません。", "No such cases."},
    {"case.more", "ほかにもあります。--limit を増やしてください。", "There are more; raise --limit."},
    {"case.number", "見ることのできる案件に番号 {} はありません。", "No case that you may see has the number {}."},
    {"case.id", "{} は案件の番号でも id でもありません。", "{} is neither a case number nor a case id."},
    {"case.signed_out", "サインインが終わりました。", "The sign-in has ended."},
    {"case.still", "{0} たちましたが、{1} のままです。", "Still {1} after {0}."},
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
    {"case.attachments", "添付ファイル(患者情報の有無)", "attachments (patient data)"},
    {"case.not_judged", "未判定", "not judged"},
    {"case.judged", "{0} ({1}、{2})", "{0} ({1}, {2})"},
    {"case.file_exists", "{} はすでにあります。", "{} is there already."},
    {"case.written", "{0} に書きました ({1} バイト)。", "Written to {0} ({1} bytes)."},
    {"case.may", "今できること", "you may"},
    {"case.may_not", "今はできないこと", "not yet"},
    {"case.asks", "本人確認あり", "asks who you are"},
    {"case.documents", "文書: {0} 件 (kintsugi case documents {1})", "documents: {0} (kintsugi case documents {1})"},
    {"case.others", "ほかの人ができること", "others may"},
    {"case.in", "あと {}", "in {}"},
    {"case.ago", "{} 超過", "{} ago"},
    {"case.over", "終了", "over"},
    {"case.needed", "必須", "needed"},
    {"case.fields_none", "この操作に入力項目はありません。", "It takes no data."},
    {"case.fault", "障害", "fault"},
    {"case.times", "({} 回)", "({} times)"},
    {"case.care", "診療への影響 {}", "care {}"},
    {"case.access", "接続", "access"},
    {"case.hold", "使用中止", "out of use"},
    {"case.hold_by", "{0} ({1} から)", "{0} (since {1})"},
    {"case.attendant", "立会者", "attendant"},
    {"case.phi", "患者データ", "patient data"},
    {"case.phi_seen", "見る可能性あり", "may be seen"},
    {"case.phi_taken", "持ち出す可能性あり", "may be taken out"},
    {"case.whole", "全文", "the whole text"},
    {"act.then", "続いて {}", "then {}"},
    {"act.none", "{0} という操作はありません。kintsugi case show {1} で、できる操作を確認してください。",
     "There is no event {0}. kintsugi case show {1} lists those that there are."},
    {"form.none", "{} という操作はありません。", "There is no event {}."},
    {"request.none", "この案件に申請はありません。", "Nothing is requested in this case."},
    {"fault.no_code", "--code で故障コードを、なければ --dedup-key でその障害を見分けるキーを指定してください。",
     "Give the fault's code with --code, or with --dedup-key something to tell this fault from others."},
    {"fault.no_device", "どの装置か示されていないため手動受付になります。分かれば --device か --serial で指定してください。",
     "No device was named, so somebody has to find out; --device or --serial name it."},
    {"case.ladder", "督促", "escalation"},
    {"case.asked", "{0} 段階 {1}: {2}", "{0} level {1}: {2}"},
    {"case.next", "次は {0} に段階 {1}: {2}", "next at {0} level {1}: {2}"},
    {"case.call", "電話: {0} {1}", "call: {0} {1}"},

    // who is on call
    {"oncall.turn", "当番表「{}」の番", "turn of “{}”"},
    {"oncall.shift", "シフト ({})", "shift ({})"},
    {"oncall.instead", "{0} の代わり ({1})", "instead of {0} ({1})"},
    {"oncall.nobody", "誰もいません", "NOBODY"},
    {"oncall.holds", "{0} が {1} から {2} まで当番です", "{0} is on call from {1} to {2}"},
    {"oncall.wrong", "要修正", "WRONG"},
    {"oncall.warning", "注意", "warning"},
    {"oncall.sound", "抜けはありません", "no gaps"},
    {"oncall.moment", "時刻ではありません: {} (2026-03-04T09:35:05Z または now+8h)",
     "no time: {} (2026-03-04T09:35:05Z or now+8h)"},

    // headings of tables
    {"head.number", "番号", "NUMBER"},
    {"head.id", "ID", "ID"},
    {"head.from", "から", "FROM"},
    {"head.until", "まで", "UNTIL"},
    {"head.who", "人", "WHO"},
    {"head.telephone", "電話", "TELEPHONE"},
    {"head.why", "理由", "WHY"},
    {"head.priority", "優先度", "PRIO"},
    {"head.state", "状態", "STATE"},
    {"head.since", "開始", "SINCE"},
    {"head.hospital", "病院", "HOSPITAL"},
    {"head.device", "装置", "DEVICE"},
    {"head.fault", "故障コード", "FAULT"},
    {"head.kind", "種類", "KIND"},
    {"head.key", "鍵", "KEY"},
    {"head.phi", "患者情報", "PATIENT DATA"},
    {"head.length", "大きさ", "BYTES"},
    {"head.at", "日時", "AT"},
    {"head.used", "最終使用", "LAST USED"},
    {"head.address", "接続元", "FROM"},
    {"head.client", "クライアント", "CLIENT"},
    {"head.code", "コード", "CODE"},
    {"head.mark", "目印", "MARK"},
    {"head.good_until", "期限", "UNTIL"},
    {"head.what", "種類", "WHAT"},
    {"head.about", "内容", "ABOUT"},
    {"head.name", "名前", "NAME"},
    {"head.owner", "組織", "OWNER"},
    {"head.changes", "変更", "CHANGES"},
    {"head.effect", "効果", "EFFECT"},
    {"head.attempt", "回", "ATTEMPT"},
    {"head.status", "応答", "STATUS"},
    {"head.error", "失敗", "ERROR"},

    // webhooks
    {"webhook.public_key", "公開鍵: {}", "public key: {}"},
    {"webhook.until", "この鍵は {} まで署名します", "this key signs until {}"},
    {"webhook.secret", "共有の秘密 (表示は一度だけ): {}", "shared secret (shown once): {}"},
    {"webhook.enabled", "有効", "enabled"},
    {"webhook.disabled", "停止", "disabled"},
    {"webhook.gone", "{} に 410 と答えて停止", "disabled, answered 410 at {}"},
    {"webhook.taken", "受け取られました ({})", "it was taken ({})"},
    {"webhook.not_taken", "受け取られませんでした: {}", "it was not taken: {}"},
    {"head.field", "項目", "FIELD"},
    {"head.form", "形式", "FORM"},
    {"head.meaning", "意味", "MEANING"},

    // masters
    {"masters.header",
     "# Kintsugi のマスタです。直してから kintsugi masters plan FILE で変更と影響を確認し、\n"
     "# kintsugi masters apply FILE で反映します。書かれていないものは変わりません。\n"
     "# 時間は 15m や 4h、新しいものの id は書かなくてかまいません。終わらせるものは retire = [\"id\"] とします。",
     "# Masters of Kintsugi. Edit them, see what that would do with kintsugi masters plan FILE, and make it so with\n"
     "# kintsugi masters apply FILE. What is not written here does not change. Times are 15m or 4h; what is new\n"
     "# needs no id; what is to end is named in retire = [\"id\"], above the first [[list]]."},
    {"masters.no_json", "JSON として読めません。", "It cannot be read as JSON."},
    {"masters.no_utf8", "UTF-8 ではありません。UTF-8 で保存し直してください。",
     "It is not UTF-8: save it again in that encoding."},
    {"masters.no_toml", "TOML として読めません: {}", "It cannot be read as TOML: {}"},
    {"masters.nothing", "(なし)", "(none)"},
    {"masters.same", "変わるものはありません。", "Nothing changes."},
    {"masters.effect", "影響:", "What it would do:"},
    {"masters.no_effect", "開いている案件にも、両者のできることにも影響しません。",
     "nothing to open cases or to what either side can do"},
    {"masters.more_cases", "開いている案件が多いため、一部だけを調べました。",
     "More cases are open than were looked through."},
    {"masters.blocked", "このままでは反映できません。", "It cannot be done while that is so."},
    {"masters.sure", "反映しますか? (yes) ", "Make it so? (yes) "},
    {"masters.not_done", "何も変えませんでした。", "Nothing was changed."},
    {"masters.done", "反映しました。", "Done."},
    {"masters.digest", "計画のダイジェスト: {}", "digest of the plan: {}"},
    {"masters.other_digest", "計画は {} ではなくなっています。もう一度 kintsugi masters plan で確認してください。",
     "The plan is not {} any more. Look again: kintsugi masters plan"},
    {"masters.none", "見えるものはありません。", "There are none that you may see."},
    {"head.role", "役割", "ROLES"},
    {"head.at_whom", "組織", "AT"},
    {"head.ended", "終了", "ENDED"},
    {"head.serial", "製造番号", "SERIAL"},
    {"head.line", "製品", "LINE"},
    {"head.side", "側", "SIDE"},
    {"head.version", "版", "VERSION"},
    {"head.layers", "層", "LAYERS"},
    {"head.slots", "承認者", "SLOTS"},
    {"head.person", "人", "PERSON"},
    {"head.proposed", "提案", "PROPOSED BY"},
    {"head.devices", "装置数", "DEVICES"},
    {"head.centre", "サービスセンター", "CENTRE"},
};
// clang-format on

template <std::size_t... Sizes>
consteval auto joined(const Said (&... parts)[Sizes]) {
  std::array<Said, (Sizes + ...)> out{};
  auto next = out.begin();
  ((next = std::copy(std::begin(parts), std::end(parts), next)), ...);
  return out;
}

inline constexpr auto catalogue = joined(said_to_a_server, said_of_installations, said_by_doctor);

// Of two texts of one name the second would never be said.
consteval bool each_name_is_there_once() {
  for (const Said& one : catalogue)
    for (const Said* other = &one + 1; other != std::end(catalogue); ++other)
      if (other->name == one.name) return false;
  return true;
}
static_assert(each_name_is_there_once());

}  // namespace kintsugi::cli

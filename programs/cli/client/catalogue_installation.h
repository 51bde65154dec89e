#pragma once

#include "programs/cli/client/said.h"

namespace kintsugi::cli {

// What the commands say that work in the directory of an installation. Part of the catalogue.
// clang-format off
inline constexpr Said said_of_installations[] = {
    // a server that does not start
    {"start.in_use", "{} は別の kintsugi が使っています。それを止めるか、別のディレクトリを指定してください。何も変更していません。",
     "Another kintsugi uses {}. Stop it first, or name another directory. Nothing was changed."},
    {"start.read_only", "{} は読み取り専用です。書き込めるように戻してから (例: mount -o remount,rw) もう一度起動してください。"
     "応答済みの記録は失われていません。",
     "{} is read-only. Make it writable again (as with mount -o remount,rw) and start once more. Nothing that was answered "
     "is lost."},
    {"start.disk_full", "{} のディスクに空きがありません。空きを作ってからもう一度起動してください。応答済みの記録は失われていません。",
     "The disk of {} is full. Make room and start once more. Nothing that was answered is lost."},
    {"start.older", "{} のデータベースには署名済みの記録が足りません。古い控えに置き換わっています。新しいデータベースを探して"
     "戻してから起動してください。signer/ を消さないでください。",
     "The database in {} lacks records that have been signed: it is an older copy. Find the newer one, put it back, and "
     "start then. Do not remove signer/."},
    {"start.port", "{} は別のプログラムが使っています。それを止めるか、--listen で別のポートを指定してください。",
     "Another program listens on {}. Stop it, or name another port with --listen."},
    {"start.clock", "この機械の時計 ({}) は最後の記録 ({}) より遅れています。時刻同期 (chrony など) を直してください。それまで期限は遅れます。",
     "The clock of this machine ({}) is behind the newest record ({}). Mend the time service (chrony); until then "
     "deadlines are late."},

    // failures of an installation, where nobody has better words for them
    {"error.not_found", "見つかりません", "not found"},
    {"error.refused", "許されていません", "refused"},
    {"error.conflict", "今の状態と食い違います", "does not go with what is there"},
    {"error.invalid", "指定に誤りがあります", "a mistake in what was given"},
    {"error.transient", "今はできません", "not possible now"},
    {"error.corrupt", "保存された内容に矛盾があります", "what is stored contradicts itself"},

    // an installation: to make it, to serve it, to fill it
    {"init.ready", "{0} の準備ができました。ログは {1}/… です", "{0} is ready; its logs are {1}/…"},
    {"init.code", "{0}  ワンタイムコード {1}  (72 時間有効。POST /api/v1/invitations/accept)",
     "{0}  one-time code {1}  (good for 72 h; POST /api/v1/invitations/accept)"},
    {"serve.listening", "{} で受け付けています", "listening on {}"},
    {"import.done", "{} 件のマスタを取り込みました", "{} masters imported"},
    {"token.nothing", "{} は登録されていません", "nothing is known as {}"},
    {"intake.unreadable", "標準入力を読めません", "standard input cannot be read"},
    {"demo.no_story", "「{}」という物語はありません。kintsugi demo --list-stories を見てください",
     "no story '{}'; see kintsugi demo --list-stories"},
    {"demo.no_play", "「{}」に続きからできる物語はありません", "no play to take up in '{}'"},
    {"workflow.findings", "指摘 {} 件", "{} findings"},

    // its database and the keys of its cases
    {"db.head", "{0}  記録 {1} 件  根 {2}", "{0}  {1} records  root {2}"},
    {"db.steps", "{} 段階を実行しました", "{} steps made"},
    {"db.wrong", "異常 {}", "WRONG {}"},
    {"db.sound", "スキーマ {}: 正常", "schema {}: sound"},
    {"db.not_sound", "スキーマ {}: 異常あり", "schema {}: NOT SOUND"},
    {"db.copied", "{} に写しました。kek と signer/ は入っていません。別に保管してください",
     "copied to {}; keep kek and signer/ elsewhere, they are not in it"},
    {"db.bring_back", "動かす前に、別に保管した次のものを元に戻してください：{}",
     "before it is served, bring back from where they are kept: {}"},
    {"db.webhooks_without_keys",
     "署名の鍵がない Webhook が {} 件あります。webhooks/ も元に戻すか、kintsugi webhook rotate で新しい鍵を作ってください：",
     "{} webhooks have no key to sign with: bring back webhooks/ as well, or make new ones with kintsugi webhook rotate:"},
    {"db.restored", "{0} の状態を {1} に戻しました", "the state of {0} is in {1}"},
    {"db.verified", "{} のバックアップは復元できます", "the backup of {} can be put back"},
    {"vault.rotated", "{0} 個の鍵を包み直しました。世代 {1} の鍵はもうありません",
     "{0} keys wrapped anew; the wrapping key of generation {1} is gone"},
    {"vault.unopened", "{} 個の鍵は前から開かず、今も開きません", "{} keys did not open before and do not open now"},
    {"vault.backups", "これより前のバックアップではもう何も開きません。今すぐ新しく作ってください",
     "backups made before open nothing any more: make one now"},

    // what is to be done in the world
    {"outbox.tried", "{0} から  試行 {1} 回", "since {0}  {1} attempts"},
    {"outbox.count", "{1} の効果 {0} 件", "{0} effects {1}"},
    {"outbox.redrive", "原因を直してから: kintsugi outbox redrive --data {0} {1}",
     "put the cause right, then: kintsugi outbox redrive --data {0} {1}"},
    {"outbox.waits", "{} は次の試行を待っています。サーバーを起動すると実行されます",
     "{} waits for its next attempt; the server makes it when it is started"},

    // audit logs
    {"audit.nowhere", "{} はデータディレクトリでも書き出したログでもありません。場所を確かめてください。",
     "{} is neither an installation nor an exported log. Check the path."},
    {"audit.key", "--vkey でログの検証鍵を指定してください。鍵は別の経路で受け取ってください。",
     "give the log's key with --vkey, got by another way"},
    {"audit.verified", "VERIFIED 検証できました", "VERIFIED"},
    {"audit.not_verified", "NOT VERIFIED 検証できません", "NOT VERIFIED"},
    {"audit.written", "{1} の記録 {0} 件を {2} に書き出しました", "{0} records of {1} in {2}"},
    {"audit.log", "{0}  記録 {1} 件  {2}", "{0}  {1} records  {2}"},
    {"audit.sound", "正常", "sound"},
    {"audit.not_sound", "異常あり", "NOT SOUND"},
    {"audit.counts", "記録 {0} 件 (案件 {1} 件)、署名済み {2} 件、未署名 {3} 件",
     "records {0} of {1} cases, signed {2}, not yet signed {3}"},
    {"audit.root", "根 {0}\n立会人 {1}", "root {0}\nwitnesses {1}"},
    {"audit.no_log", "{0} というログはありません。ログ: {1}", "There is no log {0}; there are: {1}"},
    {"audit.owed", "案件 {1} に未精算の項目が {0} 件あります", "owed {0} items of {1}"},
    {"audit.record", " 記録 {}", " record {}"},
    {"audit.defect", "異常{0}{1}: {2}", "defect{0}{1}: {2}"},
    {"audit.more", "ほか {} 件", "and {} more"},
};
// clang-format on

}  // namespace kintsugi::cli

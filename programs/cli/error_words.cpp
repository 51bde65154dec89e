#include "programs/cli/report.h"

#include <array>

namespace kintsugi::cli {
namespace {

constexpr std::array words{
    // the file of the cases' keys
    Wording{"slot {} holds no key", "スロット {0} に鍵がありません"},
    Wording{"slot {} does not hold", "スロット {0} が正しくありません"},
    Wording{"cannot read the slot file: {}", "鍵のスロットのファイルを読めません: {0}"},
    Wording{"cannot write a slot: {}", "鍵のスロットに書けません: {0}"},
    Wording{"cannot sync the slot file: {}", "鍵のスロットのファイルを書き込めません: {0}"},
    Wording{"a case id is too long for a slot", "案件の id がスロットに対して長すぎます"},

    // an installation and its files
    Wording{"{} is no installation; make one with kintsugi init",
            "{0} に環境がありません。kintsugi init で作ってください"},
    Wording{"{} is an installation already", "{0} にはすでに環境があります"},
    Wording{"the data directory {} is in use by another kintsugi{}",
            "環境 {0} は別の kintsugi が使っています{1}。先に止めてください"},
    Wording{"the data directory {} is in use by another kintsugi",
            "環境 {0} は別の kintsugi が使っています。先に止めてください"},
    Wording{"cannot make the data directory {}: {}", "環境のディレクトリ {0} を作れません: {1}"},
    Wording{"cannot make {}: {}", "{0} を作れません: {1}"},
    Wording{"cannot open {}: {}", "{0} を開けません: {1}"},
    Wording{"cannot read {}", "{0} を読めません"},
    Wording{"cannot write {}: {}", "{0} に書けません: {1}"},
    Wording{"cannot write {}", "{0} に書けません"},
    Wording{"cannot rename {}: {}", "{0} の名前を変えられません: {1}"},
    Wording{"cannot remove {}: {}", "{0} を消せません: {1}"},
    Wording{"cannot look at {}: {}", "{0} を調べられません: {1}"},
    Wording{"cannot sync the directory of {}: {}", "{0} のあるディレクトリを書き込めません: {1}"},
    Wording{"OpenSSL made no key", "OpenSSL が鍵を作れませんでした"},
    Wording{"OpenSSL made no certificate", "OpenSSL が証明書を作れませんでした"},

    // the database, its backups, its keys
    Wording{"{} has the schema of an older build: kintsugi db migrate",
            "{0} は古い版のスキーマです。kintsugi db migrate を実行してください"},
    Wording{"this database has an older schema: run `kintsugi db migrate` first",
            "このデータベースは古い版のスキーマです。先に kintsugi db migrate を実行してください"},
    Wording{"this database has schema {} and this build knows only {}: use the newer build",
            "このデータベースのスキーマは {0} ですが、このプログラムが知るのは {1} "
            "までです。新しいプログラムを使ってください"},
    Wording{"migration {} of this database is not this build's",
            "このデータベースの移行 {0} はこのプログラムのものではありません"},
    Wording{"{} was opened to be looked at", "{0} は読み取り用に開かれています"},
    Wording{"there is no database in {}", "{0} にデータベースがありません"},
    Wording{"{} does not exist", "{0} がありません"},
    Wording{"{} is not sound: {} ({} in all)", "{0} に異常があります: {1} (全部で {2} 件)"},
    Wording{"{} is not empty: a backup overwrites nothing",
            "{0} は空ではありません。バックアップは何も上書きしません"},
    Wording{"{} is no backup: it has no {}", "{0} はバックアップではありません。{1} がありません"},
    Wording{"the manifest cannot be read: {}", "目録を読めません: {0}"},
    Wording{"this backup is of a newer format", "このバックアップは新しい形式です。新しいプログラムを使ってください"},
    Wording{"{} has a {} already: a restore overwrites nothing",
            "{0} にはすでに {1} があります。復元は何も上書きしません"},
    Wording{"{} is not what the manifest says", "{0} が目録と一致しません"},
    Wording{"the audit logs of this backup are not those of its manifest",
            "このバックアップの監査ログが目録と一致しません"},
    Wording{"the key file {} is missing: without it no document can be read",
            "鍵のファイル {0} がありません。これがないと文書は一つも読めません"},
    Wording{"{} can be read by others than its owner: chmod 600 it, and ask who has read it",
            "{0} を持ち主以外も読めます。chmod 600 とし、誰が読んだかを確かめてください"},
    Wording{"{} does not hold a key of 32 bytes", "{0} に 32 バイトの鍵がありません"},
    Wording{"{} is no slot file", "{0} は鍵のスロットのファイルではありません"},
    Wording{"case {} has no keys", "案件 {0} に鍵がありません"},
    Wording{"there is none", "ありません"},
    Wording{"the {} key of case {} is destroyed", "案件 {1} の {0} 鍵は破棄されています"},
    Wording{"the key of document {} is destroyed", "文書 {0} の鍵は破棄されています"},
    Wording{"the key of case {} was overwritten and still opens", "案件 {0} の鍵は上書きしたのにまだ開きます"},
    Wording{"a document may have at most {} bytes", "文書は {0} バイトまでです"},
    Wording{"a stored document has no known key", "保存された文書の鍵の種類が分かりません"},
    Wording{"there are no keys at {}", "{0} に鍵がありません"},
    Wording{"{} opens none of the keys: it is not the one they were wrapped with",
            "{0} ではどの鍵も開きません。これらを包んだ鍵ではありません"},
    Wording{"the key of case {} does not open: is this the right kek?",
            "案件 {0} の鍵が開きません。正しい kek ですか"},
    Wording{"no case {}", "案件 {0} はありません"},
    Wording{"no document {}", "文書 {0} はありません"},

    // the mistakes that `db check` finds
    Wording{"case {} cannot be read: {}", "案件 {0} を読めません: {1}"},
    Wording{"case {} says something else in its columns than in its body", "案件 {0} の列と本体が食い違います"},
    Wording{"table {} refers to a row of {} that is not there", "表 {0} が、ない {1} の行を指しています"},
    Wording{"audit rows between {} and {} are missing", "監査の行 {0} と {1} の間が欠けています"},
    Wording{"audit row {} belongs to no log", "監査の行 {0} はどのログのものでもありません"},
    Wording{"audit row {} was changed: its leaf is not that of its body",
            "監査の行 {0} は書き換えられています。葉が本体のものではありません"},
    Wording{"audit row {} is out of order in its log", "監査の行 {0} がログの順序と合いません"},
    Wording{"tile {} of log {} is not the tree's", "ログ {1} のタイル {0} が木と一致しません"},
    Wording{"bundle {} of log {} names other rows than are there",
            "ログ {1} の束 {0} が、あるものと違う行を指しています"},
    Wording{"the checkpoint of log {} at size {} is not the tree's",
            "ログ {0} の大きさ {1} のチェックポイントが木と一致しません"},
    Wording{"log {} has tiles beyond its rows", "ログ {0} に、行を超えるタイルがあります"},
    Wording{"log {} is shorter than a checkpoint says: rows are gone",
            "ログ {0} がチェックポイントより短くなっています。行が失われています"},
    Wording{"file: {}", "ファイル: {0}"},

    // audit logs
    Wording{"nothing has been signed yet", "まだ何も署名されていません"},
    Wording{"record {} is missing", "記録 {0} がありません"},
    Wording{"not a verifier key (name+id+key): {}", "検証鍵 (名前+id+鍵) ではありません: {0}"},
    Wording{"not a signed note: {}", "署名された書き付けではありません: {0}"},
    Wording{"the signature of {} is missing", "{0} の署名がありません"},
    Wording{"the signature of {} is wrong", "{0} の署名が正しくありません"},
    Wording{"the checkpoint signs {} records, only {} are here",
            "チェックポイントは {0} 件に署名していますが、{1} 件しかありません"},
    Wording{"the checkpoint signs records 0 to {}", "チェックポイントが署名しているのは記録 0 から {0} までです"},
    Wording{"the records do not give the root that the checkpoint signed; run `audit verify`",
            "記録から、署名された根が得られません。kintsugi audit verify を実行してください"},
    Wording{"{}: an export goes into a new or empty directory", "{0}: 書き出しは新しいか空のディレクトリへ行います"},
    Wording{"{}: too large for a file of an audit log", "{0}: 監査ログのファイルとしては大きすぎます"},
    Wording{"{}: another signer is running on this directory; stop it first",
            "{0}: 別の署名プログラムが動いています。先に止めてください"},
    Wording{"{}: not a seed of 32 bytes", "{0}: 32 バイトの種ではありません"},
    Wording{
        "{} is missing although logs have been signed; bring it back from its own safe copy, or close the logs and "
        "open new ones (origin/2)",
        "ログには署名があるのに {0} がありません。別に保管した写しから戻すか、ログを閉じて新しいログ (origin/2) を"
        "始めてください"},
    Wording{
        "{}: asked to sign {} records, but {} were signed before. The database is older than its signatures, "
        "perhaps a restored backup. Bring the missing records back from the hospital's mirror; if they are lost, "
        "close this log and open {}/2. Never delete the signer's memory.",
        "{0}: {1} 件への署名を求められましたが、以前に {2} 件へ署名しています。データベースが署名より古く、復元した"
        "バックアップかもしれません。足りない記録を病院の写しから戻してください。失われたのなら、このログを閉じて "
        "{3}/2 を"
        "始めてください。署名プログラムの記憶は消さないでください。"},
    Wording{
        "{}: the {} records do not begin with the {} that were signed before. History was changed, or another "
        "engine wrote on a copy of the database. Stop all engines but one, run `audit verify` on each copy, and "
        "keep the one that verifies.",
        "{0}: {1} 件の記録の始まりが、以前に署名した {2} 件と違います。履歴が書き換えられたか、データベースの写しに"
        "別のエンジンが書き込みました。一つを残してエンジンを止め、それぞれの写しで audit verify を実行し、検証できる"
        "ものを残してください。"},

    // what `audit verify` finds
    Wording{"the log is {} and not {}", "ログは {1} ではなく {0} です"},
    Wording{"the log cannot be read: {}", "ログを読めません: {0}"},
    Wording{"checkpoint: {}", "チェックポイント: {0}"},
    Wording{"an older checkpoint: {}", "以前のチェックポイント: {0}"},
    Wording{"the checkpoint", "チェックポイント"},
    Wording{"an older checkpoint", "以前のチェックポイント"},
    Wording{"the first {} records do not give the root that {} signed",
            "最初の {0} 件の記録から、{1}が署名した根が得られません"},
    Wording{"record {} was expected here", "ここには記録 {0} があるはずです"},
    Wording{"the stored leaf hash is not that of the record", "保存された葉のハッシュが記録のものではありません"},
    Wording{"not a record: {}", "記録ではありません: {0}"},
    Wording{"the record belongs to the log {}", "この記録はログ {0} のものです"},
    Wording{"cn is {}, expected {}", "cn は {1} のはずですが {0} です"},
    Wording{"the case was in '{}', the record goes from '{}'", "案件は {0} でしたが、記録は {1} から進んでいます"},
    Wording{"'{}' with {} items still owed", "{1} 件が未精算のまま {0} になっています"},
    Wording{"{} was received twice", "{0} を二度受け取っています"},
    Wording{"{} was settled and not owed", "{0} は預かっていないのに精算されています"},
    Wording{"{} signed {} records, only {} are here: records were cut off",
            "{0}は {1} 件に署名していますが、{2} 件しかありません。記録が切り取られています"},

    // exports
    Wording{"{}: not the head of {}; nothing is signed until it is brought back from the newest checkpoint that the "
            "hospital holds",
            "{0}: {1} の先頭ではありません。病院が持つ最新のチェックポイントから戻すまで、何も署名しません"},
    Wording{"'{}' cannot be the origin of a log: {}", "「{0}」はログの起点になれません: {1}"},
    Wording{"vkey: not the key that was demanded", "vkey: 求められた鍵ではありません"},
    Wording{"{}: not the hashes of the records", "{0}: 記録のハッシュではありません"},
    Wording{"{}: does not belong to the log", "{0}: ログのものではありません"},
    Wording{"the directory cannot be listed: {}", "ディレクトリの一覧を読めません: {0}"},

    // people, machines, other systems, what is to be done in the world
    Wording{"no hospital {}", "病院 {0} はありません"},
    Wording{"no integration {}", "連携 {0} はありません"},
    Wording{"no such token", "そのトークンはありません"},
    Wording{"no such person", "その人は登録されていません"},
    Wording{"open cases are in states that workflow {} {} does not know: {}",
            "進行中の案件が、業務の流れ {0} {1} の知らない状態にあります: {2}"},
    Wording{"the closings in the journal could not be replayed", "控えに残る切断を記録し直せませんでした"},

    // kintsugi.toml
    Wording{"listen.certificate and listen.key belong together", "listen.certificate と listen.key は両方必要です"},
    Wording{"listen.client_ca needs TLS here: it goes neither with plain_http nor with behind_proxy",
            "listen.client_ca にはここでの TLS が必要です。plain_http や behind_proxy とは一緒に使えません"},
    Wording{"controller must be a table of access points", "controller はアクセスポイントの表にしてください"},
    Wording{"the name must be the access point's id, ap_…", "名前はアクセスポイントの id (ap_…) にしてください"},
    Wording{"metrics.token_file must hold at least {} characters", "metrics.token_file には {0} 文字以上が必要です"},
    Wording{"log.level must be debug, info, warn, error or off",
            "log.level は debug、info、warn、error、off のどれかです"},
    Wording{"client certificates need TLS: give a certificate for the server too",
            "クライアント証明書には TLS が必要です。サーバーの証明書も指定してください"},
    Wording{"{}:{} is taken", "{0}:{1} は別のプログラムが使っています"},
    Wording{"a log's name is a host name, as audit.example.jp, and perhaps a path behind it: {}",
            "ログの名前は audit.example.jp のようなホスト名で、後にパスを続けられます: {0}"},
    Wording{
        "{} does not hold the key that signed {}: bring it back from its own safe copy, or close the log and open "
        "{}/2; nothing was changed",
        "{0} に {1} へ署名した鍵がありません。別に保管した控えから戻すか、このログを閉じて {2}/2 を開いてください。"
        "何も変更していません"},
    Wording{
        "{} was moved or replaced under the running server; put the file back that it had, or stop the server first",
        "{0} は動作中に移動または置き換えられました。元のファイルを戻すか、先にサーバーを止めてください"},
    Wording{"certificate or key cannot be used: {}", "証明書か鍵を使えません: {0}"},
    Wording{"authorities of client certificates cannot be read: {}", "クライアント証明書の認証局を読めません: {0}"},
    Wording{"'host' of the mail server is required, e.g. \"mail.hospital.example\"",
            "メールサーバーの host が必要です。例: \"mail.hospital.example\""},
    Wording{"'host' is not a host name or an IPv4 address", "host がホスト名でも IPv4 アドレスでもありません"},
    Wording{"'user' and 'password' belong together", "user と password は両方必要です"},
    Wording{"'user' or 'password' has control characters", "user か password に制御文字があります"},
    Wording{"a password needs 'starttls' to be required, or off for a server on the same machine",
            "password を使うには starttls を required に、同じ機械のサーバーなら off にしてください"},
    Wording{"'{}' must be a mail address", "{0} はメールアドレスにしてください"},
    Wording{"'{}' must be one line of UTF-8", "{0} は UTF-8 の一行にしてください"},
    Wording{"'{}' must be a host name", "{0} はホスト名にしてください"},
    Wording{"'{}' must look like a host name", "{0} はホスト名の形にしてください"},
    Wording{"'{}' must be visible ASCII", "{0} は印字できる ASCII 文字にしてください"},
    Wording{"the controller's 'url' must be {}", "制御装置の url は {0} の形にしてください"},
    Wording{"plain http:// is only for this machine", "http:// はこの機械の中でだけ使えます"},
    Wording{"the idempotency key must be visible ASCII", "冪等キーは印字できる ASCII 文字にしてください"},
    Wording{"our certificate or key for the controller cannot be read", "制御装置に示す証明書か鍵を読めません"},
    Wording{"{}; its state is unknown", "{0}。状態は分かりません"},
    Wording{"certificate and key belong together", "certificate と key は両方必要です"},
    Wording{"ca_file {} cannot be read", "ca_file {0} を読めません"},
    Wording{"private_hosts: '{}' is no host as a URL names it, in lower case",
            "private_hosts: 「{0}」は URL に書く小文字のホスト名ではありません"},
    Wording{"mailbox: host is missing", "mailbox: host がありません"},
    Wording{"user and password or password_file are needed", "user と、password か password_file が必要です"},
    Wording{"tls may be off only for a server on this machine",
            "tls を off にできるのは、この機械のサーバーだけです"},
    Wording{"folders are written with letters, digits and . _ - /",
            "フォルダー名は英数字と . _ - / で書いてください"},
    Wording{"taken_folder must be another one", "taken_folder は別のフォルダーにしてください"},
    Wording{"hospital is missing: it gets the mails that nobody can assign",
            "hospital がありません。誰も割り当てられないメールの届け先です"},
    Wording{"authserv_id is missing: without it no sender is believed",
            "authserv_id がありません。これがないとどの差出人も信用できません"},
    Wording{"accept: '{}' must be dmarc, dkim, spf or auth",
            "accept: 「{0}」は dmarc、dkim、spf、auth のどれかにしてください"},
    Wording{"sender '{}' is no mail address", "差出人「{0}」はメールアドレスではありません"},
    Wording{"sender '{}' has no device", "差出人「{0}」に装置がありません"},
    Wording{"there may be at most {} templates", "ひな型は {0} までです"},
    Wording{"there may be at most {} patterns", "パターンは {0} までです"},
    Wording{"there is no hospital {}", "病院 {0} はありません"},
    Wording{"there is no device {}, for which a sender is registered", "差出人が登録されている装置 {0} がありません"},
    Wording{"template of '{}': {}", "「{0}」のひな型: {1}"},
    Wording{"product_line is missing", "product_line がありません"},
    Wording{"zone: there is no time zone {}", "zone: 時間帯 {0} はありません"},
    Wording{"no pattern gives the {code}", "{code} を示すパターンがありません"},
    Wording{"recovery: there are too many words", "recovery: 語が多すぎます"},
    Wording{"recovery: '{}' must be words, without fields and not too long",
            "recovery: 「{0}」は項目を含まない、長すぎない語にしてください"},
    Wording{"severity: '{}' must be info, warning, error or critical",
            "severity: 「{0}」は info、warning、error、critical のどれかにしてください"},
    Wording{"'{}' is too long", "「{0}」は長すぎます"},
    Wording{"there is no field {}", "{0} という項目はありません"},
    Wording{"the mail names no code", "メールにコードがありません"},
    Wording{"a brace is not closed", "波括弧が閉じていません"},
    Wording{"two fields need words between them", "二つの項目の間には語が必要です"},
    Wording{"it has no field", "項目がありません"},
    Wording{"it has no words", "語がありません"},

    // said of one place or another; last, because they fit much
    Wording{"{}: {}", "{0}: {1}"},
    Wording{"{} must be a table", "{0} は表にしてください"},
    Wording{"{} is not known", "{0} という設定はありません"},
    Wording{"{} must be a text", "{0} は文字列にしてください"},
    Wording{"{} must be a list of texts", "{0} は文字列のリストにしてください"},
    Wording{"{} must be a list of tables, {}", "{0} は表のリスト {1} にしてください"},
    Wording{"{} must be a number from {} to {}", "{0} は {1} から {2} までの数にしてください"},
    Wording{"{} must be host:port, as {}", "{0} は ホスト:ポート の形 (例: {1}) にしてください"},
    Wording{"{} must be {} to {}", "{0} は {1} から {2} までにしてください"},
    Wording{"{} must be {}, {} or {}", "{0} は {1}、{2}、{3} のどれかにしてください"},
    Wording{"{} must be {}", "{0} は {1}でなければなりません"},
    Wording{"{} cannot be read", "{0} を読めません"},
    Wording{"{} cannot be written", "{0} に書けません"},
};

}  // namespace

std::span<const Wording> error_wordings() {
  return words;
}

}  // namespace kintsugi::cli

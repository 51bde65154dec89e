#include "programs/cli/tree.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace kintsugi::cli {
namespace {

struct Description {
  std::string_view en;
  const char* ja;
};

// clang-format off
constexpr std::array descriptions = {
    Description{"Kintsugi: the handling of a fault in a remotely serviced medical device",
                "Kintsugi: 遠隔保守される医療機器の障害対応"},
    Description{"Print this help message and exit", "この説明を表示して終わる"},
    Description{"ja or en; else as LC_ALL, LC_MESSAGES or LANG say",
                "ja または en。なければ LC_ALL、LC_MESSAGES、LANG に従う"},

    // an installation
    Description{"make an installation: directory, keys, first administrators",
                "新しい環境を作る: ディレクトリ、鍵、最初の管理者"},
    Description{"directory to make", "作成するディレクトリ"},
    Description{"masters file to begin with", "最初に読み込むマスタのファイル"},
    Description{"name of its audit logs, as audit.example.jp; for ever",
                "監査ログの名前 (audit.example.jp など)。後から変えられない"},
    Description{"name of the first hospital", "最初の病院の名前"},
    Description{"name of the first service centre", "最初のサービスセンターの名前"},
    Description{"mail address of its administrator", "その管理者のメールアドレス"},
    Description{"run the engine and its API", "エンジンと API を動かす"},
    Description{"the installation", "環境のディレクトリ"},
    Description{"TOML file; default is kintsugi.toml of the installation",
                "設定の TOML ファイル。なければ環境の kintsugi.toml"},
    Description{"host:port", "ホスト:ポート"},
    Description{"put masters from a file; the server must not be running",
                "マスタをファイルから取り込む。サーバーは止めておくこと"},
    Description{"masters file", "マスタのファイル"},
    Description{"devices", "装置"},
    Description{"access points", "アクセスポイント"},
    Description{"a new token for one of them; shown once", "一つに新しいトークンを出す。表示は一度だけ"},
    Description{"device_…", "device_…"},
    Description{"ap_…", "ap_…"},
    Description{"how long the old token stays good", "古いトークンを使える時間"},
    Description{"what this is", "プログラムの名前と版"},
    Description{"people of an installation", "環境に登録された人"},
    Description{"codes with which they set their first passwords, good for 72 h; the server must not be running",
                "最初のパスワードを設定するための招待コードを出す (72 時間有効)。サーバーは止めておくこと"},
    Description{"mail addresses, as the masters have them", "メールアドレス (マスタの通り)"},
    Description{"the keys of the cases", "案件の鍵"},
    Description{"a new key to wrap them with, and the old one destroyed; with the server stopped",
                "鍵を包む鍵を新しくし、古いものを破棄する。サーバーは止めておくこと"},
    Description{"what comes in by mail", "メールで届くもの"},
    Description{"take one mail from standard input, for a mail server's pipe; exit codes are those of sysexits",
                "標準入力からメールを一通受け取る。メールサーバーのパイプ用で、終了コードは sysexits のもの"},

    // the demo
    Description{"a small world, and one fault played to its end", "小さな世界で障害を一件、最後まで演じる"},
    Description{"directory; one in which a play was interrupted is taken up",
                "ディレクトリ。中断した続きがあればそこから始める"},
    Description{"of the API; 0 takes any free one", "API のポート。0 なら空いているもの"},
    Description{"which story to play; straight if none is named (see --list-stories)",
                "演じる話。指定がなければ straight (--list-stories を参照)"},
    Description{"the stories with a line each", "話の一覧"},
    Description{"leave when the case is closed and its log verified", "案件が終結しログを検証したら終わる"},
    Description{"leave the directory behind", "ディレクトリを残す"},
    Description{"take up the play in --data; it must be there", "--data にある続きから始める。なければ誤り"},

    Description{"mails that the demo kept instead of sending them", "デモが送らずに取っておいたメール"},
    Description{"to whom, about what; oldest first", "宛先と件名を古い順に並べる"},
    Description{"the directory mail of the demo's data", "デモのデータにある mail ディレクトリ"},
    Description{"one of them, decoded", "一通を読める形で示す"},
    Description{"its number in the list", "一覧での番号"},

    // what is in a directory
    Description{"the workflow as this build knows it", "このプログラムの業務の流れ"},
    Description{"Mermaid", "Mermaid の図"},
    Description{"states and rows", "状態と遷移の表"},
    Description{"table or json", "table または json"},
    Description{"prove what can be proved about the table", "表について証明できることを証明する"},
    Description{"the audit logs; also while the server runs", "監査ログ。サーバーの動作中でも使える"},
    Description{"an installation or an exported log", "環境、または書き出したログのディレクトリ"},
    Description{"check every record, root and signature; exit 7 if one is wrong",
                "すべての記録、ルート、署名を検証する。誤りがあれば終了コード 7"},
    Description{"the log's verifier key, or the file that holds it", "ログの検証鍵、またはそのファイル"},
    Description{"the logs and their keys", "ログとその鍵の一覧"},
    Description{"a proof that one record is in the log", "記録がログにあることの証明"},
    Description{"its origin", "ログの名前 (origin)"},
    Description{"of the record", "記録の番号"},
    Description{"write a log as a directory that anybody can check", "誰でも検証できるディレクトリとしてログを書き出す"},
    Description{"the database of an installation", "環境のデータベース"},
    Description{"bring it to this build's schema; the server must not be running",
                "このプログラムのスキーマにする。サーバーは止めておくこと"},
    Description{"read everything, also while the server runs; exit 7 if something is wrong",
                "すべてを読んで検査する。動作中でもよい。誤りがあれば終了コード 7"},
    Description{"copy database and key slots, also while the server runs, and check the copy",
                "データベースと鍵の控えを取り、検査する。動作中でもよい"},
    Description{"new or empty directory", "新しい、または空のディレクトリ"},
    Description{"put a backup into a directory that has no database", "控えをデータベースのないディレクトリに戻す"},
    Description{"the backup", "控えのディレクトリ"},
    Description{"what is to be done in the world", "外に向けて行うこと"},
    Description{"effects in one state", "ある状態の効果の一覧"},
    Description{"waiting, leased, delivered or gave_up", "waiting、leased、delivered、gave_up のいずれか"},
    Description{"try one again that was given up; the server must not be running",
                "あきらめたものをもう一度試す。サーバーは止めておくこと"},
    Description{"effect_…", "effect_…"},

    // at a server
    Description{"whose sign-in to use", "どのサインインを使うか"},
    Description{"table, json (the server's answer as it came) or jsonl",
                "table、json (サーバーの応答そのまま)、jsonl のいずれか"},
    Description{"https://host:port, instead of the profile's", "https://ホスト:ポート。プロファイルのものの代わり"},
    Description{"PEM file: the only certificate or authority to trust", "信用する唯一の証明書または認証局の PEM ファイル"},
    Description{"act as the machine whose token this file holds", "このファイルのトークンを持つ機械として行う"},
    Description{"mail address; the profile's if there is one", "メールアドレス。なければプロファイルのもの"},
    Description{"turn in an invitation: set a password, get the secret of the codes",
                "招待に応じる: パスワードを決め、ワンタイムコードの秘密を受け取る"},
    Description{"invitation code and new password, a line each, from standard input",
                "招待コードと新しいパスワードを一行ずつ標準入力から読む"},
    Description{"file for the secret of the codes, instead of showing it",
                "ワンタイムコードの秘密を表示せず、このファイルに書く"},
    Description{"sign in at a server; the profile remembers server and sign-in",
                "サーバーにサインインする。プロファイルがサーバーとサインインを覚える"},
    Description{"password and code, a line each, from standard input", "パスワードとコードを一行ずつ標準入力から読む"},
    Description{"end the sign-in, here and at the server", "サインインを、ここでもサーバーでも終える"},
    Description{"who is signed in, in which roles, until when", "誰がどの役割で、いつまでサインインしているか"},
    Description{"a one-time code that was not given out before; may wait half a minute",
                "まだ出していないワンタイムコード。30 秒ほど待つことがある"},
    Description{"the secret of the codes, as join --otpauth-file wrote it",
                "join --otpauth-file が書いた、コードの秘密のファイル"},
    Description{"cases, as the server shows them to you", "あなたに見える案件"},
    Description{"case_… or the number of an open case", "case_… または開いている案件の番号"},
    Description{"cases that you may see, oldest first", "見ることのできる案件を古い順に並べる"},
    Description{"only those in this state", "この状態のものだけ"},
    Description{"only those of this device", "この装置のものだけ"},
    Description{"only those that are not over", "終わっていないものだけ"},
    Description{"how many at most", "最大の件数"},
    Description{"where it stands, what runs out, what you may do, what blocks the rest",
                "今の状態、期限、できること、できないことの理由"},
    Description{"tell every change until it is over", "終わるまで変化を知らせる"},
    Description{"stop when it is in this state", "この状態になったら終わる"},
    Description{"give up after this time, as 60s or 2h; exit 8", "この時間でやめる (60s、2h など)。終了コード 8"},
    Description{"what was written about it", "案件の文書の一覧"},
    Description{"one of its documents; that you read it is recorded", "文書を読む。読んだことは記録される"},
    Description{"doc_…", "doc_…"},
    Description{"what an event takes", "操作の入力項目"},
    Description{"name of the event, as approve", "操作の名前 (approve など)"},
    Description{"let an event happen to a case", "案件に操作を行う"},
    Description{"name=value of its payload; again for each (see case form)",
                "入力項目の 名前=値。項目ごとに繰り返す (case form を参照)"},
    Description{"file with the payload as JSON, or - for standard input", "入力項目の JSON ファイル。- なら標準入力"},
    Description{"the same as --data reason=TEXT", "--data reason=… と同じ"},
    Description{"in which of your roles, as hcf_sysadm", "どの役割で行うか (hcf_sysadm など)"},
    Description{"the version that you looked at; else the one of now", "見たときの版。なければ今の版"},
    Description{"then wait until the case is in this state", "続けて、案件がこの状態になるまで待つ"},
    Description{"how long to wait, as 60s or 2h; exit 8", "待つ時間 (60s、2h など)。過ぎたら終了コード 8"},
    Description{"password and code, a line each, from standard input if the act asks for them",
                "本人確認が必要なら、パスワードとコードを一行ずつ標準入力から読む"},
    Description{"notices of faults", "障害の通知"},
    Description{"report a fault, as a device or as a person of the hospital", "装置または病院の人として障害を通知する"},
    Description{"trigger, or resolve when the device is normal again", "trigger、または装置が正常に戻ったときの resolve"},
    Description{"the device's fault code", "装置の故障コード"},
    Description{"what the notice says; sealed under the key of the case", "通知の内容。案件の鍵で封じられる"},
    Description{"tells a repeat from a new fault; the fault code if not given",
                "繰り返しと新しい障害を見分けるキー。なければ故障コード"},

    // about itself
    Description{"find what is wrong with an installation or a server, and say what to do",
                "環境またはサーバーの悪いところを見つけ、すべきことを示す"},
    Description{"the installation; without it, the server of the profile",
                "環境のディレクトリ。なければプロファイルのサーバーを調べる"},
    Description{"table, json or jsonl", "table、json、jsonl のいずれか"},
    Description{"what a shell needs to complete commands and options", "シェルがコマンドとオプションを補完するためのもの"},
    Description{"as: source <(kintsugi completion bash)", "例: source <(kintsugi completion bash)"},
    Description{"the manual page, as: kintsugi man > kintsugi.1", "マニュアルページ。例: kintsugi man > kintsugi.1"},
};
// clang-format on

}  // namespace

const char* japanese_of(const std::string& english) {
  const auto found = std::ranges::find(descriptions, std::string_view(english), &Description::en);
  return found == descriptions.end() ? nullptr : found->ja;
}

}  // namespace kintsugi::cli

#include "adapters/intake/words.h"

#include "adapters/intake/japanese.h"
#include "adapters/intake/limits.h"

#include <fmt/format.h>

namespace kintsugi::intake {
namespace {

// One sentence for each thing that a reader might miss. What is called `mail as received` is its whole, kept beside.
void add_attachments(std::string& out, const Mail& mail, Kept kept) {
  const auto say = [&](auto count, const char* words) {
    if (count > 0) out += fmt::format(fmt::runtime(words), count);
  };
  const int left = mail.attachments_too_many + mail.attachments_too_large;
  if (kept == Kept::text_only) {
    say(static_cast<int>(mail.attachments.size()) + left,
        "添付ファイル {0}件は、同じ差出人の電子メールが多すぎるため保存していません。 / "
        "Attachments not kept: {0}. There were too many mails of this sender.\n");
  } else {
    say(mail.attachments.size(),
        "添付ファイル {0}件: 患者情報の有無が判定されるまで、病院の判定者だけが開けます。 / "
        "Attachments: {0}. Until it is judged whether patient data is in them, only the hospital's judges open "
        "them.\n");
    if (left > 0)
      out += fmt::format(
          "添付ファイルのうち {0}件は上限(1通 {1}件、1件 {2} MiB)を超え、受信した電子メールの中にだけあります。 / "
          "Attachments over the limit ({1} a mail, {2} MiB each): {0}. They are only in the mail as received.\n",
          left, attachments_of_mail_max, attachment_bytes_max >> 20U);
    if (mail.tangled)
      out +=
          "部分が多すぎるか深すぎるため、残りは読まず、受信した電子メールの中にだけあります。 / "
          "Too many parts, or too deep: the rest was not looked at and is only in the mail as received.\n";
  }
  if (mail.cut) out += "長すぎるため末尾は保存されていません。 / Too long: its end was not kept.\n";
  if (mail.garbled)
    out += "読めない文字があります。原文を見てください。 / Some characters could not be read; see the original.\n";
}

std::string first_characters(std::string_view utf8, std::size_t most) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < utf8.size(); ++i)
    if ((static_cast<unsigned char>(utf8[i]) & 0xC0) != 0x80 && ++characters > most)
      return std::string(utf8.substr(0, i)) + "\n[…]";
  return std::string(utf8);
}

}  // namespace

Text words_for(Reason reason) {
  switch (reason) {
    case Reason::none: return {"登録された差出人からの通知です。", "A notice from a registered sender."};
    case Reason::not_readable: return {"電子メールを読み取れません。", "The mail cannot be read."};
    case Reason::sender_unknown: return {"差出人は登録されていません。", "The sender is not registered."};
    case Reason::sender_unproved:
      return {"登録された差出人を名乗っていますが、受信サーバの認証がありません。",
              "It claims a registered sender, but the receiving server did not authenticate it."};
    case Reason::no_template:
      return {"この製品群の書式で故障コードを読み取れません。",
              "No template of the product line finds a fault code."};
    case Reason::device_not_named:
      return {"どの装置についての通知か分かりません。", "It does not say which device it is about."};
    case Reason::not_taken:
      return {"案件の規則により受け付けられませんでした。", "The rules of the case did not let it in."};
    case Reason::nothing_open:
      return {"復旧の連絡ですが、未完了の案件がありません。", "A recovery, but no case of it is open."};
    case Reason::own_mail: return {"このシステム自身の電子メールです。", "A mail of our own."};
    case Reason::bounce: return {"不達通知です。", "A delivery report."};
    case Reason::auto_reply: return {"自動応答です。", "An automatic reply."};
  }
  return {};
}

std::string as_document(const Mail& mail, Reason reason, Kept kept) {
  const Text words = words_for(reason);
  std::string out = fmt::format("{} / {}\n", words.ja, words.en);
  out += fmt::format("差出人(名乗り) / From, as claimed: {}\n", one_line(to_utf8(mail.from, "").text));
  out += fmt::format("件名 / Subject: {}\n", mail.subject);
  add_attachments(out, mail, kept);
  return out + "\n" + mail.text;
}

std::string as_note(const Mail& mail, Kept kept) {
  std::string out = "電子メールによるメモ。決定ではありません。 / A note by mail. It decides nothing.\n";
  add_attachments(out, mail, kept);
  return out + "\n" + first_characters(mail.text, note_characters_max);
}

}  // namespace kintsugi::intake

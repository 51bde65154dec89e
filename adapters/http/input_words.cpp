#include "adapters/http/input_words.h"

#include <array>

namespace kintsugi::http {
namespace {

// What valijson says, in words that a person can do something with.
struct Plain {
  std::string_view said;
  std::string_view en;
};
constexpr std::array plain_words{
    Plain{"Missing required property '{}'.", "must have '{0}'"},
    Plain{"Object contains a property that could not be validated using 'properties' or 'additionalProperties' "
          "constraints: '{}'.",
          "knows no '{0}'"},
    Plain{"Value type not permitted by 'type' constraint.", "must be of another type"},
    Plain{"Failed to match against any enum values.", "must be one of its known names"},
    Plain{"Failed to match expected value set by 'const' constraint.", "must be the one value that is allowed"},
    Plain{"Failed to match regex specified by 'pattern' constraint.", "does not have the form it must have"},
    Plain{"Failed to validate item #{} in array.", "has a mistake in item {0}"},
    Plain{"Failed to validate against child schema #{}.", "does not fit"},
    Plain{"Failed to validate against any schemas allowed by anyOf constraint.", "fits none of what is allowed"},
    Plain{"Failed to validate against any child schemas allowed by oneOf constraint.",
          "fits none of what is allowed"},
    Plain{"Failed to validate against exactly one child schema.", "fits more than one of what is allowed"},
    Plain{"Failed to validate against schema associated with property name '{}'.", "has a mistake in '{0}'"},
    Plain{"Failed to validate against a conditional schema set by if-then-else constraints.",
          "lacks what goes with the rest of it"},
    Plain{"Expected number less than or equal to {}", "must be at most {0}"},
    Plain{"Expected number less than {}", "must be less than {0}"},
    Plain{"Expected number greater than or equal to {}", "must be at least {0}"},
    Plain{"Expected number greater than {}", "must be more than {0}"},
    Plain{"Array should contain no more than {} elements.", "may have {0} entries"},
    Plain{"Array should contain no fewer than {} elements.", "must have at least {0} entries"},
    Plain{"String should be no more than {} characters in length.", "may have {0} characters"},
    Plain{"String should be no fewer than {} characters in length.", "must have at least {0} characters"},
    Plain{"Object should have no more than {} properties.", "may have {0} members"},
    Plain{"Object should have no fewer than {} properties.", "must have at least {0} members"},
    Plain{"Elements at indexes #{} and #{} violate uniqueness constraint.",
          "has the same thing twice, at {0} and {1}"},
};

constexpr std::array words{
    // of a payload
    Wording{"must have '{}'", "「{0}」が必要です"},
    Wording{"knows no '{}'", "「{0}」という項目はありません"},
    Wording{"must be of another type", "型が違います"},
    Wording{"must be one of its known names", "決められた名前のどれかにしてください"},
    Wording{"must be the one value that is allowed", "決められた値にしてください"},
    Wording{"does not have the form it must have", "形式が正しくありません"},
    Wording{"has a mistake in item {}", "{0} 番目に誤りがあります"},
    Wording{"does not fit", "条件に合いません"},
    Wording{"fits none of what is allowed", "許されるどの形にも合いません"},
    Wording{"fits more than one of what is allowed", "許される形の二つ以上に当てはまります"},
    Wording{"has a mistake in '{}'", "「{0}」に誤りがあります"},
    Wording{"lacks what goes with the rest of it", "ほかの項目に応じて必要な項目が足りません"},
    Wording{"may have {} entries", "{0} 件までです"},
    Wording{"must have at least {} entries", "{0} 件以上必要です"},
    Wording{"may have {} characters", "{0} 文字までです"},
    Wording{"must have at least {} characters", "{0} 文字以上必要です"},
    Wording{"may have {} members", "項目は {0} までです"},
    Wording{"must have at least {} members", "項目が {0} 以上必要です"},
    Wording{"has the same thing twice, at {} and {}", "{0} 番目と {1} 番目に同じものがあります"},
    Wording{"the payload must be an object", "項目の組にしてください"},
    Wording{"the payload breaks its schema", "決められた形に合いません"},
    Wording{"must be given", "必要です"},

    // of the body as a whole, and of headers
    Wording{"not UTF-8", "UTF-8 ではありません"},
    Wording{"named twice", "同じ名前が二度あります"},
    Wording{"deeper than {} levels", "{0} 段より深く入れ子になっています"},
    Wording{"no JSON at byte {}", "{0} バイト目から JSON として読めません"},
    Wording{"not JSON", "JSON ではありません"},
    Wording{"1 to 255 visible ASCII characters, bare or quoted",
            "印字できる ASCII 文字 1 から 255 文字を、そのまま、または引用符で囲んで書いてください"},
    Wording{"the case's version, quoted: \"7\"", "案件の版を \"7\" のように引用符で囲んで書いてください"},
    Wording{"the id of an event, as it came", "受け取ったイベントの id をそのまま書いてください"},

    // of the query
    Wording{"is no parameter, nor is any other", "使えません。ここにパラメーターはありません"},
    Wording{"is none of {}", "使えません。使えるのは {0} です"},
    Wording{"must be terms like state=notified, joined by AND",
            "state=notified のような条件を AND でつないで書いてください"},
    Wording{"must begin with a name; there are {}", "名前から始めてください。名前: {0}"},
    Wording{"knows no '{}'; there are {}", "「{0}」という名前はありません。名前: {1}"},
    Wording{"may have {} terms", "条件は {0} までです"},
    Wording{"may have {} bytes", "{0} バイトまでです"},
    Wording{"has a quote that does not end", "引用符が閉じていません"},
    Wording{"'{}' takes >= and <", "「{0}」には >= と < を使ってください"},
    Wording{"'{}' takes =", "「{0}」には = を使ってください"},
    Wording{"'{}' takes one time", "「{0}」の時刻は一つだけです"},
    Wording{"'{}' takes one value", "「{0}」の値は一つだけです"},
    Wording{"'{}' takes {} values", "「{0}」の値は {1} までです"},
    Wording{"'{}' has no value", "「{0}」に値がありません"},
    Wording{"'{}' may be said once; several values stand behind one =",
            "「{0}」は一度だけ書けます。値が複数あるときは一つの = の後に並べてください"},
    Wording{"'{}' is true or false", "「{0}」は true か false です"},
    Wording{"'{}' is me or one of {}", "「{0}」は me か次のどれかです: {1}"},
    Wording{"'{}' is one of {}", "「{0}」は次のどれかです: {1}"},
    Wording{"'{}' is a number from {} to {}", "「{0}」は {1} から {2} までの数です"},
    Wording{"'{}' is like {}, or only {}", "「{0}」は {1} のような番号か、{2} だけです"},
    Wording{"'{}' is a time like {}", "「{0}」は {1} のような時刻です"},
    Wording{"'{}' needs a filter with open=true, device= or number=",
            "「{0}」には open=true、device=、number= のどれかで絞り込む必要があります"},
    Wording{"must be one of {}, with or without desc behind it", "次のどれかです (後ろに desc を付けられます): {0}"},
    Wording{"must be a next_page_token as it came", "受け取った next_page_token をそのまま書いてください"},
    Wording{"is of another list: filter and order_by must be those of the page before",
            "別の一覧のものです。filter と order_by は前のページと同じにしてください"},
    Wording{"must be the id of an event", "イベントの id にしてください"},

    // of masters, shifts, machines, people
    Wording{"must be the name of a role", "役割の名前にしてください"},
    Wording{"no event of this workflow", "この業務の流れにない操作です"},
    Wording{"must be key or subject", "key か subject にしてください"},
    Wording{"must be somebody who holds a role there then and has not left",
            "その時にその組織で役割を持ち、退職していない人にしてください"},
    Wording{"has neither mail nor telephone: nobody could call", "メールも電話番号もありません。誰も連絡できません"},
    Wording{"not a shift", "当番として正しくありません"},
    Wording{"must be somebody else", "別の人にしてください"},
    Wording{"must be after from", "from より後にしてください"},
    Wording{"must not be over", "もう終わっています。先の日時にしてください"},
    Wording{"must be at most {} days after from", "from から {0} 日以内にしてください"},
    Wording{"a password has {} to {} bytes", "パスワードは {0} から {1} バイトです"},
    Wording{"no certificate in PEM form", "PEM 形式の証明書ではありません"},
    Wording{"the certificate names nobody", "証明書に名前がありません"},
    Wording{"the certificate has expired", "証明書の期限が切れています"},
    Wording{"a binding by subject needs an end in the future", "subject による登録には、先の終了日時が必要です"},
    Wording{"the certificate is, or was, bound to another machine",
            "この証明書は別の機器に登録されているか、登録されていました"},

    // of webhooks and of other systems
    Wording{"plain http:// is only for this machine", "http:// はこの機械の中でだけ使えます"},
    Wording{"must be https://host[:port][/path], without a user and without a fragment",
            "https://ホスト[:ポート][/パス] の形で、利用者名とフラグメントなしにしてください"},
    Wording{"must be an organisation with fewer than 20 webhooks", "Webhook が 20 未満の組織にしてください"},
    Wording{"must be \"4\"", "\"4\" にしてください"},
    Wording{"must be at most 500; set max_alerts", "500 件までです。max_alerts を設定してください"},
    Wording{"must be firing or resolved", "firing か resolved にしてください"},
    Wording{"must be there", "必要です"},
    Wording{"must be a number from {} to {}", "{0} から {1} までの数にしてください"},
    Wording{"must be {} to {}", "{0} から {1} までにしてください"},
    Wording{"must be one of {}", "次のどれかにしてください: {0}"},

    Wording{"must be a hospital with fewer than {} integrations",
            "連携システムが {0} 件より少ない病院にしてください"},

    // of a number; last, because they fit much
    Wording{"must be at most {}", "{0} 以下にしてください"},
    Wording{"must be less than {}", "{0} より小さくしてください"},
    Wording{"must be at least {}", "{0} 以上にしてください"},
    Wording{"must be more than {}", "{0} より大きくしてください"},
};

// The places of the first list as the second one wants them.
std::string in_plain_english(const std::string& found) {
  for (const Plain& one : plain_words) {
    const Wording wording{one.said, one.en};
    if (std::string said = in_japanese(found, {std::span(&wording, 1)}); !said.empty()) return said;
  }
  return found;
}

// The validator writes every number as a fraction: 10.000000.
std::string with_whole_numbers(std::string text) {
  constexpr std::string_view no_fraction = ".000000";
  for (auto at = text.find(no_fraction); at != std::string::npos; at = text.find(no_fraction, at))
    text.erase(at, no_fraction.size());
  return text;
}

}  // namespace

Text input_words(const std::string& found) {
  const std::string en = in_plain_english(with_whole_numbers(found));
  const std::string ja = in_japanese(en, {words, form_wordings()});
  return {ja.empty() ? en : ja, en};
}

std::span<const Wording> input_wordings() {
  return words;
}

}  // namespace kintsugi::http

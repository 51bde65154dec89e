#include "adapters/http/described/described.h"

#include <algorithm>

namespace kintsugi::http {

std::vector<Parameter> headers() {
  return {
      {.name = "Idempotency-Key",
       .text = {"同じキーと本文なら、前の答えをもう一度返します。24 時間。裸でも引用符付きでもかまいません。",
                "The same key and body give the same answer again, for 24 hours. Bare or quoted."},
       .schema = {{"type", "string"}, {"minLength", 1}, {"maxLength", 257}},
       .example = "018f4e2a-order-1"},
      {.name = "If-Match",
       .text = {"読んだものの ETag (案件では版)。終わらせる操作には要りません。",
                "The ETag of what you have read, of a case its version. Closings need none."},
       .schema = {{"type", "string"}, {"pattern", "^(\"[0-9a-f]+\"|[0-9]+)$"}},
       .example = "\"7\""},
      {.name = "If-None-Match",
       .text = {"持っている版の ETag。変わっていなければ 304 です。",
                "ETag of what you have; 304 if it is still so."},
       .schema = {{"type", "string"}},
       .example = "\"7\""},
      {.name = "Step-Up",
       .text = {"POST /api/v1/step-ups で得た、この操作だけのトークン",
                "The token of POST /api/v1/step-ups, good for this act alone"},
       .schema = {{"type", "string"}}},
      {.name = "Last-Event-ID",
       .text = {"最後に受け取ったイベントの id。その次から続けます。",
                "Id of the last event you have; it goes on behind it."},
       .schema = {{"type", "string"}, {"pattern", "^[0-9]+$"}},
       .example = "4711"},
  };
}

std::vector<Parameter> paged(const Text& filter, const std::vector<std::string>& orders) {
  std::vector<Parameter> out{
      {.name = "page_size",
       .text = {"1 ページの件数。省くと 50、最大 200", "How many on one page: 50 unless told, at most 200"},
       .schema = {{"type", "integer"}, {"minimum", 1}, {"maximum", 200}},
       .example = 50},
      {.name = "page_token",
       .text = {"前のページの next_page_token。filter と order_by は同じにします。",
                "next_page_token of the page before, with the same filter and order_by."},
       .schema = described::text()}};
  if (!filter.en.empty()) out.push_back({.name = "filter", .text = filter, .schema = described::text()});
  if (!orders.empty()) {
    Json names = Json::array();
    for (const std::string& one : orders) {
      names.push_back(one);
      names.push_back(one + " desc");
    }
    out.push_back({.name = "order_by",
                   .text = {"並べる順。desc を付けると逆", "What to sort by; the other way round with desc"},
                   .schema = {{"type", "string"}, {"enum", std::move(names)}}});
  }
  return out;
}

std::vector<Parameter> paged_and(std::vector<Parameter> more, const Text& filter,
                                 const std::vector<std::string>& orders) {
  std::vector<Parameter> out = paged(filter, orders);
  std::ranges::move(more, std::back_inserter(out));
  return out;
}

}  // namespace kintsugi::http

#include "adapters/http/paging.h"

namespace kintsugi::http {

std::optional<Asked> asked_of(Exchange& exchange, std::span<const Filterable> known,
                              std::span<const std::string_view> orders,
                              std::initializer_list<const char*> short_names) {
  const auto refuse = [&](const InputError& what) {
    exchange.problem(Problem{.name = "invalid", .errors = {what}});
    return std::nullopt;
  };
  Asked out;
  auto terms = read_filter(exchange.parameter("filter"), known);
  if (!terms) return refuse(terms.error());
  out.terms = std::move(*terms);
  for (const char* name : short_names)
    if (std::string value = exchange.parameter(name); !value.empty())
      out.terms.push_back({.name = name, .relation = Relation::is, .values = {std::move(value)}});
  auto sorting = read_order(exchange.parameter("order_by"), orders);
  if (!sorting) return refuse(sorting.error());
  out.sorting = std::move(*sorting);
  const auto size = read_page_size(exchange.parameter("page_size"));
  if (!size) return refuse(size.error());
  out.size = *size;
  auto place = read_token(exchange.parameter("page_token"), exchange.asked());
  if (!place) return refuse(place.error());
  out.place = std::move(*place);
  return out;
}

void answer_page(Exchange& exchange, Json body, const std::optional<Place>& end) {
  if (end) {
    const std::string asked = exchange.asked();
    const std::string token = token_of(*end, asked);
    std::string next = asked + (asked.find('?') == std::string::npos ? "?" : "&") + "page_token=" + token;
    if (const std::string size = exchange.parameter("page_size"); !size.empty()) next += "&page_size=" + size;
    exchange.set("Link", "<" + next + ">; rel=\"next\"");
    body["next_page_token"] = token;
  }
  exchange.answer(200, body);
}

}  // namespace kintsugi::http

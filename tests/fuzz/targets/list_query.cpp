#include "adapters/http/language.h"
#include "adapters/http/limits.h"
#include "adapters/http/listing.h"
#include "tests/fuzz/fuzz.h"
#include "workflows/fault_response/workflow.h"

// What a list is asked for, a line each: filter, order_by, page_size, page_token, Accept-Language; and the rest is
// the link that the token is bound to.
namespace kintsugi::fuzz {
namespace {

template <class T>
bool is_clear(const tl::expected<T, InputError>& read) {
  if (!read)
    must(!read.error().pointer.empty() && !read.error().detail.empty(), "a mistake has its place and its rule");
  return read.has_value();
}

void look_at_filter(std::string_view text) {
  const auto terms = http::read_filter(text, http::case_filterables());
  if (!is_clear(terms)) return;
  must(terms->size() <= http::filter_terms_max, "a filter has few terms");
  for (const http::Term& one : *terms) {
    must(!one.values.empty() && one.values.size() <= http::filter_values_max, "a term has some values");
    http::fits(one, "2026-03-04T00:00:00Z");
  }
  auto filter = http::case_filter(*terms, fault_response::fault_response(), {Role::rsc_svc});
  if (!is_clear(filter)) return;
  http::begin_at_time(*filter);
  filter->descending = true;
  http::begin_at_time(*filter);
}

void look_at_token(std::string_view token, std::string_view asked) {
  const auto place = http::read_token(token, asked);
  if (!is_clear(place) || !*place) return;
  must(http::token_of(**place, asked) == token, "a token that is taken is one that was given");
  must(!http::read_token(token, std::string(asked) + "?"), "a token is good for its own list only");
}

}  // namespace
}  // namespace kintsugi::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kintsugi;
  std::string_view rest = fuzz::text_of(data, size);
  fuzz::look_at_filter(fuzz::take_line(rest));
  fuzz::is_clear(http::read_order(fuzz::take_line(rest), http::case_orders()));
  if (const auto page = http::read_page_size(fuzz::take_line(rest)); fuzz::is_clear(page))
    fuzz::must(*page >= 1 && *page <= http::page_size_max, "a page has a size within the limit");
  const std::string_view token = fuzz::take_line(rest);
  http::language_of(fuzz::take_line(rest));
  fuzz::look_at_token(token, rest);
  const http::Place place{std::string(token.substr(0, token.find('\n'))), std::string(rest)};
  const auto back = http::read_token(http::token_of(place, "/a"), "/a");
  fuzz::must(back && *back && (*back)->key == place.key && (*back)->id == place.id, "a place comes back as it was");
  return 0;
}

#pragma once

#include "adapters/http/exchange.h"
#include "adapters/http/listing.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kintsugi::http {

// One page of a list, as it was asked for.
struct Asked {
  std::vector<Term> terms;
  Sorting sorting;
  int size = 0;
  std::optional<Place> place;  // where the page before ended
};

// Reads filter, order_by, page_size and page_token; `short_names` are parameters of their own that stand for a term.
// Nothing when one of them is wrong, and then that is answered.
std::optional<Asked> asked_of(Exchange& exchange, std::span<const Filterable> known,
                              std::span<const std::string_view> orders,
                              std::initializer_list<const char*> short_names = {});

// Answers a page; with `end` there is more behind it: its token stands in the body and in a link (RFC 8288).
void answer_page(Exchange& exchange, Json body, const std::optional<Place>& end);

}  // namespace kintsugi::http

#pragma once

#include "adapters/http/exchange.h"
#include "adapters/http/listing.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>
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

// Puts a list that is in memory in order and cuts it down to the page that was asked for. `place` tells of a row what
// it is sorted by and an id, which together no other row has. Returns where the page ended, if there is more.
enum class Direction { up, down };
template <class Row, class PlaceOf>
std::optional<Place> cut_to_page(std::vector<Row>& rows, const Asked& asked, Direction direction, PlaceOf place) {
  const auto pair = [&](const Row& row) {
    Place at = place(row);
    return std::pair(std::move(at.key), std::move(at.id));
  };
  const bool down = direction == Direction::down;
  std::ranges::sort(rows, [&](const Row& a, const Row& b) { return down ? pair(b) < pair(a) : pair(a) < pair(b); });
  if (asked.place) {
    const std::pair after(asked.place->key, asked.place->id);
    std::erase_if(rows, [&](const Row& row) { return down ? pair(row) >= after : pair(row) <= after; });
  }
  if (std::cmp_less_equal(rows.size(), asked.size)) return std::nullopt;
  rows.resize(static_cast<std::size_t>(asked.size));
  return place(rows.back());
}
inline Direction direction_of(const Asked& asked) {
  return asked.sorting.descending ? Direction::down : Direction::up;
}

// Answers a page; with `end` there is more behind it: its token stands in the body and in a link (RFC 8288).
void answer_page(Exchange& exchange, Json body, const std::optional<Place>& end);

}  // namespace kintsugi::http

#pragma once

#include "adapters/http/problem.h"
#include "engine/domain/workflow.h"
#include "engine/ports/records.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What a caller says about a list: `filter`, `order_by`, `page_size` and `page_token` (AIP-132, AIP-158, AIP-160, of
// which the filter takes the part that people use). Pure.
namespace kintsugi::http {

// ---- filter -------------------------------------------------------------------------------------------------

// `state=notified,acknowledged AND opened_at>=2026-03-01T00:00:00Z`: terms joined by AND; a term is a name, one of
// = >= <, and a value; `=` takes several, separated by commas, and means any of them. A value with a space or a comma
// stands in double quotes.
enum class Relation { is, from, before };
struct Term {
  std::string name;
  Relation relation = Relation::is;
  std::vector<std::string> values;
};

// A name that a list can be filtered by. Those of times take `from` and `before`, all others `is`.
struct Filterable {
  std::string_view name;
  bool time = false;
};

// The terms, or what is wrong with the filter and what would be right.
tl::expected<std::vector<Term>, InputError> read_filter(std::string_view text, std::span<const Filterable> known);

// Does a row whose member has this value pass the term? Times are compared as they are written (RFC 3339, UTC); a row
// without the value passes no comparison.
bool fits(const Term& term, std::string_view value);

// ---- order --------------------------------------------------------------------------------------------------

struct Sorting {
  std::string by;
  bool descending = false;
};
// `due` or `due desc`. Empty text: the first of the known ones.
tl::expected<Sorting, InputError> read_order(std::string_view text, std::span<const std::string_view> known);

// ---- pages --------------------------------------------------------------------------------------------------

// The page's size: `page_size_default` unless told; more than `page_size_max` is that many.
tl::expected<int, InputError> read_page_size(std::string_view text);

// Where a page ended: what the list is sorted by, and an id. As a token it is opaque, good for as long as one likes,
// and bound to what else was asked for: rows that come or go move nobody's place, and a token of another list is
// refused instead of showing a hole.
struct Place {
  std::string key;
  std::string id;
};
std::string token_of(const Place& place, std::string_view asked);
tl::expected<std::optional<Place>, InputError> read_token(std::string_view token, std::string_view asked);

// ---- cases --------------------------------------------------------------------------------------------------

// What a list of cases may be filtered and sorted by.
std::span<const Filterable> case_filterables();
std::span<const std::string_view> case_orders();

// Lets a list in the order of opening begin where its times do: an id begins with the time of its case's opening.
void begin_at_time(CaseFilter& filter);

// The roles that `waits_for=me` stands for.
using Roles = std::vector<Role>;

// The filter of the terms. `mine` are the reader's own roles.
tl::expected<CaseFilter, InputError> case_filter(const std::vector<Term>& terms, const Workflow& workflow,
                                                 const Roles& mine);

// The states from which somebody with one of these roles can move a case, closings left aside: of those states one
// says that the case waits for him.
std::vector<std::string> states_waiting_for(const Workflow& workflow, const Roles& roles);

// A number as people say it: whole, or only the running part (`12` of K26-0000012-4), which may be of any year.
std::vector<std::string> case_numbers(std::string_view said);

}  // namespace kintsugi::http

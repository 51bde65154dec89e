#include "adapters/http/case_view.h"
#include "adapters/http/paging.h"
#include "adapters/http/routes.h"
#include "engine/run/queries.h"

#include <algorithm>
#include <array>

namespace kintsugi::http {
namespace {

using std::string_view_literals::operator""sv;

Queries queries_of(const Exchange& exchange) {
  const Desk& desk = exchange.desk;
  return {desk.conductor, desk.store, desk.workflow, desk.clock};
}

Roles roles_of(const Exchange& exchange, const Directory& directory) {
  Roles out;
  const Person* person = directory.person(exchange.actor.person);
  if (person == nullptr) return out;
  const Instant now = exchange.desk.clock.now();
  for (const auto& [at, organisation] : directory.organisations())
    std::ranges::copy(directory.roles_of(*person, at, now), std::back_inserter(out));
  return out;
}

// Sorting all the closed cases of years for each page would cost what a list may not: everything but the order of
// opening is for lists that something else keeps short.
bool is_short(const CaseFilter& filter) {
  return filter.open.value_or(false) || !filter.device.empty() || !filter.numbers.empty();
}

constexpr std::array document_filterables{Filterable{"kind"}, Filterable{"key"}, Filterable{"event"}};
constexpr std::array document_orders{"at"sv};

bool matches(const DocumentBrief& document, const std::vector<Term>& terms) {
  return std::ranges::all_of(terms, [&](const Term& term) {
    const std::string_view is = term.name == "kind" ? std::string_view(document.label)
                                : term.name == "key"
                                    ? name_of(document.key)
                                    : std::string_view(document.place).substr(0, document.place.find('/'));
    return std::ranges::find(term.values, is) != term.values.end();
  });
}

}  // namespace

void list_cases(Exchange& exchange) {
  const auto asked = asked_of(exchange, case_filterables(), case_orders(), {"state", "device", "open"});
  if (!asked) return;
  const auto directory = exchange.desk.conductor.directory();
  auto filter = case_filter(asked->terms, exchange.desk.workflow, roles_of(exchange, *directory));
  if (!filter) return exchange.problem(Problem{.name = "invalid", .errors = {filter.error()}});
  filter->order = *from_name<CaseOrder>(asked->sorting.by);
  filter->descending = asked->sorting.descending;
  if (filter->order != CaseOrder::opened && !is_short(*filter))
    return exchange.problem(Problem{
        .name = "invalid",
        .errors = {{"order_by", "'" + asked->sorting.by + "' needs a filter with open=true, device= or number="}}});
  if (asked->place) {
    filter->after = CaseId{asked->place->id};
    filter->after_key = asked->place->key;
  } else {
    begin_at_time(*filter);
  }
  filter->limit = asked->size + 1;

  const auto found = queries_of(exchange).cases_of(exchange.actor, *filter);
  if (!found) return exchange.problem(found.error());
  const auto shown = std::min(found->size(), static_cast<std::size_t>(asked->size));
  const CaseViewer viewer{exchange.desk, *directory, exchange.language};
  Json body = {{"cases", Json::array()}};
  for (std::size_t i = 0; i < shown; ++i)
    body["cases"].push_back(brief_json((*found)[i], viewer));
  std::optional<Place> end;
  if (found->size() > shown) {
    const CaseBrief& last = (*found)[shown - 1];
    end = Place{sort_key_of(last, filter->order), last.id.text()};
  }
  answer_page(exchange, std::move(body), end);
}

void list_documents(Exchange& exchange) {
  const auto asked = asked_of(exchange, document_filterables, document_orders);
  if (!asked) return;
  const CaseId id{std::string(exchange.captured.front())};
  const auto file = queries_of(exchange).file_of(exchange.actor, id);
  if (!file) return hide_case(exchange, file.error());
  auto found = exchange.desk.store.documents_of(id);
  if (!found) return exchange.problem(found.error());

  const AttachmentNumbers numbers = attachment_numbers(**file, *found);
  // They come in the order of their ids, which is the order in which they were written.
  if (asked->sorting.descending) std::ranges::reverse(*found);
  const auto beyond = [&](const DocumentBrief& one) {
    if (!asked->place) return true;
    return asked->sorting.descending ? one.id.text() < asked->place->id : one.id.text() > asked->place->id;
  };
  std::erase_if(*found, [&](const DocumentBrief& one) { return !beyond(one) || !matches(one, asked->terms); });
  const auto shown = std::min(found->size(), static_cast<std::size_t>(asked->size));
  const auto directory = exchange.desk.conductor.directory();
  const CaseViewer viewer{exchange.desk, *directory, exchange.language};
  Json body = {{"documents", Json::array()}};
  for (std::size_t i = 0; i < shown; ++i)
    body["documents"].push_back(document_json((*found)[i], **file, numbers, viewer));
  std::optional<Place> end;
  if (found->size() > shown) end = Place{{}, (*found)[shown - 1].id.text()};
  answer_page(exchange, std::move(body), end);
}

}  // namespace kintsugi::http

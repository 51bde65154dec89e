#include "engine/run/integrations.h"

#include "adapters/http/described/bodies.h"
#include "adapters/http/paging.h"
#include "adapters/http/routes.h"

#include <algorithm>
#include <array>

// Other systems that report faults for the devices of a hospital; docs/api/compat.md. Their tokens are in
// machines.cpp.
namespace kintsugi::http {
namespace {

constexpr std::array filterables{Filterable{"tenant"}, Filterable{"enabled"}};
constexpr std::array orders{std::string_view("id")};

bool matches(const Integration& one, const std::vector<Term>& terms) {
  return std::ranges::all_of(terms, [&](const Term& term) {
    if (term.name == "tenant") return fits(term, one.tenant.text());
    return fits(term, one.enabled ? "true" : "false");
  });
}

Json integration_json(const Integration& one) {
  return {{"id", one.id.text()},
          {"tenant", one.tenant.text()},
          {"name", {{"ja", one.name.ja}, {"en", one.name.en}}},
          {"enabled", one.enabled},
          {"device_label", one.device_label},
          {"serial_label", one.serial_label},
          {"code_label", one.code_label},
          {"severity_label", one.severity_label}};
}

IntegrationId id_in_path(const Exchange& exchange) {
  return IntegrationId{std::string(exchange.captured.front())};
}

}  // namespace

void list_integrations(Exchange& exchange) {
  const auto asked = asked_of(exchange, filterables, orders);
  if (!asked) return;
  auto some = exchange.desk.integrations.all(exchange.actor);
  std::erase_if(some, [&](const Integration& one) { return !matches(one, asked->terms); });
  const auto end = cut_to_page(some, *asked, direction_of(*asked),
                               [](const Integration& one) { return Place{.key = {}, .id = one.id.text()}; });
  Json body = {{"integrations", Json::array()}};
  for (const Integration& one : some)
    body["integrations"].push_back(integration_json(one));
  answer_page(exchange, std::move(body), end);
}

void add_integration(Exchange& exchange) {
  const auto wanted = exchange.body_as<IntegrationBody>();
  if (!wanted) return;
  const auto made = exchange.desk.integrations.add(
      exchange.actor, {.id = {},
                       .tenant = wanted->tenant.empty() ? exchange.actor.org : wanted->tenant,
                       .name = wanted->name,
                       .enabled = true,
                       .device_label = wanted->device_label,
                       .serial_label = wanted->serial_label,
                       .code_label = wanted->code_label,
                       .severity_label = wanted->severity_label});
  if (!made) return exchange.refuse(made.error());
  exchange.set("Location", "/api/v1/integrations/" + made->id.text());
  exchange.answer(201, integration_json(*made));
}

void show_integration(Exchange& exchange) {
  const auto one = exchange.desk.integrations.one(exchange.actor, id_in_path(exchange));
  if (!one) return exchange.problem(one.error());
  exchange.answer(200, integration_json(*one));
}

void retire_integration(Exchange& exchange) {
  const auto one = exchange.desk.integrations.retire(exchange.actor, id_in_path(exchange));
  if (!one) return exchange.problem(one.error());
  exchange.answer(200, integration_json(*one));
}

}  // namespace kintsugi::http
